"""Benchmarks of golive itself. Not installed: run it from the repository, beside the rooms.

``python -m benchmarks`` lists the benchmarks; each is a module with a ``command``.
"""
