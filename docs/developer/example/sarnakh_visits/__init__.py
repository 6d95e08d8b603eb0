"""Visits: an addon for Sarnakh that plans visits to leads."""
