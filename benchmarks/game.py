"""Measures whether skill pays in a world's game, by the world's own benchmark."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.command import start
from golive.cli.exits import code_of
from golive.core.errors import GoliveError
from golive.core.worlds import DEFAULT_WORLD, WORLDS

command = import_module(f"benchmarks.{DEFAULT_WORLD}.game").command


def _world() -> str:
    """The world that the command line names, which is taken off it."""
    arguments = sys.argv
    for place, argument in enumerate(arguments[1:], start=1):
        if argument == "--world" and place + 1 < len(arguments):
            name = arguments[place + 1]
            del arguments[place : place + 2]
        elif argument.startswith("--world="):
            name = argument.partition("=")[2]
            del arguments[place]
        else:
            continue
        if name not in WORLDS:
            raise GoliveError(f"--world: {name!r}: expected one of {', '.join(WORLDS)}")
        return name
    return DEFAULT_WORLD


if __name__ == "__main__":
    try:
        MODULE = f"benchmarks.{_world()}.game"
    except GoliveError as error:
        sys.exit(code_of(error))
    start(MODULE)
