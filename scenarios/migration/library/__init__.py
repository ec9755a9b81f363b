"""Scenarios and suites that come with the migration world."""
