"""Chunks as Ray tasks; what they do is put into Ray's object store once."""

from __future__ import annotations

import gc
from typing import Any
from uuid import uuid4

from .ray_session import ray_session
from .work import Chunk, ChunkDone, ChunkLost, Work, run_chunk, settle_worker, task_failure


class RayPool:
    """Ray tasks of one core each.

    Ray is told not to try a lost task again: a chunk whose worker died is reported, so that
    a task that kills its workers is found and the others are done elsewhere.

    Args:
        work: what they do.
        workers: cores, if Ray is started here; None: all.
        address: of a cluster; None: this machine.

    Attributes:
        workers: cores that Ray has.

    Raises:
        GoliveError: there is no cluster at the address.
    """

    def __init__(self, work: Work, workers: int | None, address: str | None) -> None:
        import ray

        self._ray = ray
        self._session = ray_session(address, workers)
        self.workers = self._session.__enter__()
        self._key = uuid4().hex
        self._work = ray.put(work)
        self._run: Any = ray.remote(num_cpus=1, max_retries=0)(_run_installed)
        self._chunks: dict[Any, Chunk] = {}

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk to Ray."""
        self._chunks[self._run.remote(self._key, [self._work], chunk)] = chunk

    def next_finished(self) -> list[ChunkDone | ChunkLost]:
        """Wait until at least one chunk is done or lost."""
        waiting = list(self._chunks)
        done, _ = self._ray.wait(waiting, num_returns=1)
        if len(waiting) > 1:
            done, _ = self._ray.wait(waiting, num_returns=len(waiting), timeout=0)
        return [self._collect(reference) for reference in done]

    def close(self, cancel: bool) -> None:
        """Drop what is not done, and leave Ray."""
        if cancel:
            for reference in self._chunks:
                self._ray.cancel(reference, force=True)
        del self._work
        self._session.__exit__(None, None, None)

    def _collect(self, reference: Any) -> ChunkDone | ChunkLost:
        from ray.exceptions import RayError, RayTaskError

        chunk = self._chunks.pop(reference)
        try:
            done: ChunkDone = self._ray.get(reference)
        except RayTaskError as error:  # before the work began: it, or the chunk, cannot be loaded
            return ChunkDone((), None, 0.0, task_failure(chunk.indices[0], error))
        except RayError as error:
            first_line = str(error).strip().splitlines()[0]
            return ChunkLost(chunk, f"a worker died ({type(error).__name__}: {first_line})")
        return done


_installed: tuple[str, Work] | None = None
"""What this Ray worker process was given last, and the key of the pool that gave it."""


def _run_installed(key: str, reference: list[Any], chunk: Chunk) -> ChunkDone:
    """Do a chunk; the work is fetched when a pool's first chunk comes to this process."""
    global _installed  # noqa: PLW0603 - a worker process serves one pool after another
    if _installed is None or _installed[0] != key:
        import ray

        settle_worker()
        _installed = (key, ray.get(reference[0]))
        gc.freeze()
    return run_chunk(_installed[1], chunk)
