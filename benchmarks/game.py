"""Measures whether skill pays in a world's game, by the world's own benchmark."""

from __future__ import annotations

from importlib import import_module

from benchmarks.command import start
from golive.core.worlds import DEFAULT_WORLD

command = import_module(f"benchmarks.{DEFAULT_WORLD}.game").command

if __name__ == "__main__":
    start("benchmarks.game")
