"""Measurements of the gateway world."""
