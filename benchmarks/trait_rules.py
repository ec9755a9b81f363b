"""Searches the adaptive expert's rules by trait."""

from __future__ import annotations

from benchmarks.command import start
from benchmarks.implementation.trait_rules import command

__all__ = ["command"]

if __name__ == "__main__":
    start("benchmarks.trait_rules")
