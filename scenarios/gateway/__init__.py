"""Scenarios of the gateway world: a company, its agents and its tasks, as validated data."""
