"""Demonstration data of the contacts addon."""
