"""Record types of the API addon."""
