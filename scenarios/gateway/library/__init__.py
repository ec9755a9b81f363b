"""Scenarios and suites of the gateway world."""
