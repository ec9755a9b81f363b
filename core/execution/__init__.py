"""One interface to run work: in this process, in a pool of processes, or on Ray."""

from .answers import TaskError, WorkerError, WorkerLost
from .settings import Backend, backend_for, default_workers
from .tasks import map_chunks, map_tasks

__all__ = [
    "Backend",
    "TaskError",
    "WorkerError",
    "WorkerLost",
    "backend_for",
    "default_workers",
    "map_chunks",
    "map_tasks",
]
