"""Who may do what with the records of the API addon."""
