"""Prints the dial of difficulty: ``python -m benchmarks.migration``."""

from __future__ import annotations

from benchmarks.command import start

if __name__ == "__main__":
    start("benchmarks.migration.difficulty")
