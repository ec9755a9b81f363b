"""Regression benchmarks: suites, their figures, and what moved against a committed baseline."""
