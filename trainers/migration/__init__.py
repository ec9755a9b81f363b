"""Trainings of the migration world that are known by name."""
