"""Record types of messaging."""
