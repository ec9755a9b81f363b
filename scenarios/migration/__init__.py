"""Scenarios of the data migration: a customer, its legacy systems and the errors in its data."""
