"""Workers on Ray, wherever there is a free core. Nothing here starts Ray, or imports it early."""

from __future__ import annotations

import gc
import pickle
from collections import deque
from collections.abc import Sequence
from typing import Any

from .answers import Answer, WorkerError, WorkerLost, answered, checked
from .home import Home, settle_process
from .worker import Worker


class RayWorker(Worker):
    """Base of workers on Ray: the answers that they owe are references."""

    def __init__(self) -> None:
        self._owed: deque[Any] = deque()

    def receive(self) -> Any:
        """Wait for the next answer."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        try:
            answer: Answer = ray.get(self._owed.popleft())
        except RayTaskError as error:  # not from what is held, whose errors are answers
            raise WorkerError("a Ray worker cannot do what it was sent", str(error)) from error
        except (RayError, ConnectionError) as error:
            first_line = str(error).strip().partition("\n")[0]
            raise WorkerLost(f"a Ray worker died ({type(error).__name__}: {first_line})") from error
        return checked(answer)

    def finish_close(self) -> None:
        """Do nothing: Ray sees to it."""

    @staticmethod
    def ready(workers: Sequence[RayWorker]) -> list[RayWorker]:
        """Wait for some of them to have answered, or to be gone."""
        import ray

        owed = [worker._owed[0] for worker in workers]
        ray.wait(owed, num_returns=1)
        done = set(ray.wait(owed, num_returns=len(owed), timeout=0)[0])
        return [worker for worker in workers if worker._owed[0] in done]


class ActorWorker(RayWorker):
    """A Ray actor; one that books no core is put where there is most room.

    Attributes:
        actor: Ray's handle.
    """

    def __init__(self, content: Any, arguments: tuple[Any, ...] = (), *, cores: int = 1) -> None:
        super().__init__()
        self._assignment = (content, arguments)
        self._options = {
            "num_cpus": cores,
            "max_restarts": 0,
            "scheduling_strategy": "DEFAULT" if cores else "SPREAD",
        }
        self.actor: Any = None

    def begin(self) -> None:
        """Make the object in a new actor."""
        import ray

        self.begin_close(at_once=True)
        self.actor = ray.remote(**self._options)(Home).remote()  # type: ignore[call-overload]
        self._owed = deque([self.actor.hold.remote(*self._assignment)])

    def send(self, method: str, *arguments: Any) -> None:
        """Ask for a call."""
        self._owed.append(self.actor.call.remote(method, arguments))

    def begin_close(self, at_once: bool) -> None:
        """End the actor, whatever it is at."""
        import ray

        if self.actor is not None and ray.is_initialized():
            ray.kill(self.actor, no_restart=True)
        self.actor = None


class TasksWorker(RayWorker):
    """Ray tasks of one core each, for an object that keeps no state between its calls.

    Which process does a call is Ray's choice; each makes the object once. Processes stay warm
    from one worker to the next, and what a lost machine was at is done on another. Ray is told
    not to try a lost call again, so that a task that kills its workers is found.
    """

    def __init__(self, content: Any, remote: Any) -> None:
        super().__init__()
        self._content = [content]  # in a list, so that Ray hands over the reference
        self._remote = remote

    def begin(self) -> None:
        """Drop what there was; the object is made where it is needed."""
        import ray

        self.begin_close(at_once=True)
        self._owed = deque([ray.put((True, None))])

    def send(self, method: str, *arguments: Any) -> None:
        """Ask for a call."""
        self._owed.append(self._remote.remote(self._content, method, arguments))

    def begin_close(self, at_once: bool) -> None:
        """Cancel what is not done."""
        import ray

        if at_once:
            for reference in self._owed:
                ray.cancel(reference, force=True)


def tasks_workers(content: bytes, count: int) -> list[TasksWorker]:
    """Workers that are fed alike: what they hold is put into Ray's object store once."""
    import ray

    reference: Any = ray.put(content)
    remote = ray.remote(num_cpus=1, max_retries=0)(_call)
    return [TasksWorker(reference, remote) for _ in range(count)]


_installed: tuple[str, Any] = ("", None)
"""In a Ray process: which object it made last, and the object."""


def _call(content: list[Any], method: str, arguments: tuple[Any, ...]) -> Answer:
    """Call a method; the object is made when its first call comes to this process."""

    def call() -> Any:
        global _installed  # noqa: PLW0603 - a Ray process serves one after another
        name = content[0].hex()
        if _installed[0] != name:
            import ray

            settle_process()
            _installed = (name, pickle.loads(ray.get(content[0]))())
            gc.freeze()
        return getattr(_installed[1], method)(*arguments)

    return answered(call)
