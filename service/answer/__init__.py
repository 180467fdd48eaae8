"""Ranked passages to checked, cited sentences."""
