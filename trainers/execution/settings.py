"""Where work runs."""

from __future__ import annotations

import os
from enum import StrEnum


class Backend(StrEnum):
    """Where tasks run."""

    SERIAL = "serial"
    PROCESS = "process"
    RAY = "ray"


def default_workers() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
