"""What a worker holds; a module of its own, so that its process loads nothing else."""

from __future__ import annotations

import os

from golive.core.errors import GoliveError


class Counter:
    """Counts from ten times its number."""

    def __init__(self, number):
        self._value = 10 * number

    def add(self, amount):
        self._value += amount
        return self._value

    def process(self):
        return os.getpid()

    def refuse(self):
        raise GoliveError("counter: expected patience")

    def fail(self):
        raise KeyError("lost")

    def unpicklable(self):
        return lambda: None
