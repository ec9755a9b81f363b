"""Trainings of the gateway world that are known by name."""
