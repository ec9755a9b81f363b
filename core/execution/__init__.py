"""One interface to run work: in this process, in a pool of processes, or on Ray."""

from .settings import Backend, backend_for, default_workers
from .tasks import map_chunks, map_tasks
from .work import TaskError

__all__ = ["Backend", "TaskError", "backend_for", "default_workers", "map_chunks", "map_tasks"]
