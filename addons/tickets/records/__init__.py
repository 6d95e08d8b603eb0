"""Record types of the tickets addon."""
