"""Places where work runs."""

from __future__ import annotations

import os
from enum import StrEnum

from ..arguments import one_of


class Backend(StrEnum):
    """Places where tasks run."""

    SERIAL = "serial"
    PROCESS = "process"
    RAY = "ray"


def backend_for(workers: int | None, backend: Backend | str = Backend.PROCESS) -> Backend:
    """The backend asked for; in place of a single worker process, this process.

    Raises:
        GoliveError: there is none of this name.
    """
    one_of("backend", backend, tuple(map(str, Backend)))
    one = workers == 1 and backend == Backend.PROCESS
    return Backend.SERIAL if one else Backend(backend)


def default_workers() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
