"""One interface to run work: in this process, in a pool of processes, or on Ray."""

from .tasks import Backend, TaskError, default_workers, map_tasks

__all__ = ["Backend", "TaskError", "default_workers", "map_tasks"]
