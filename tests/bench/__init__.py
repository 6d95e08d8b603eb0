"""Speed, shown and not asserted: figures with the floors they are held against, measured in the same run."""
