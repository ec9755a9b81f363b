"""Benchmarks of the implementation world alone."""
