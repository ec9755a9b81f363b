"""Checks and page fillers of the repository; not installed."""
