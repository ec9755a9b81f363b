"""Prints the gateway's queues beside theory: ``python -m benchmarks.gateway``."""

from __future__ import annotations

from benchmarks.command import start

if __name__ == "__main__":
    start("benchmarks.gateway.queues")
