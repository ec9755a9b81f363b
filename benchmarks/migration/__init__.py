"""Measures the data migration."""
