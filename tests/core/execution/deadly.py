"""Tasks that do harm; a module of their own, so that workers load nothing else."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from golive.core.errors import GoliveError


@dataclass
class Square:
    """Kills its worker at some tasks, so many times each."""

    directory: Path
    deadly: frozenset[int]
    times: int

    def __call__(self, value: int) -> int:
        if value in self.deadly:
            marks = self.directory / str(value)
            deaths = len(marks.read_text()) if marks.exists() else 0
            if deaths < self.times:
                marks.write_text("x" * (deaths + 1))
                kill_this_process()
        return value * value


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse_seven(value: int) -> int:
    if value == 7:
        raise GoliveError("task: 7: expected another number")
    return value


def slow_square(value: int) -> int:
    time.sleep(0.1)
    return value * value


def fail_to_load() -> None:
    raise RuntimeError("this machine lacks a library")
