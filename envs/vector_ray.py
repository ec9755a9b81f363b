"""A batch of environments in a Ray actor: a worker that may live on another machine.

Nothing here starts Ray; whoever wants actors opens the session. Ray is imported when the
first line is made.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import cloudpickle

from ..core.errors import GoliveError
from .batch import EnvironmentBatch, EnvironmentFactory
from .vector_lines import WorkerError, WorkerLost, checked
from .vector_worker import Answer, answered, settle_process


class BatchActor:
    """What the actor is: ``EnvironmentBatch`` behind one method, whose answers always travel."""

    def __init__(self) -> None:
        self._batch: EnvironmentBatch | None = None

    def build(self, pickled_factories: bytes) -> Answer:
        """Make the environments; the answer are their spaces."""
        settle_process()

        def build() -> Any:
            self._batch = EnvironmentBatch(pickle.loads(pickled_factories))
            return self._batch.spaces

        return answered(build)

    def run(self, command: str, *arguments: Any) -> Answer:
        """Call a method of the batch."""
        return answered(lambda: getattr(self._batch, command)(*arguments))


class RayLine:
    """A Ray actor and the call it is at.

    Args:
        factories: its environments'; cloudpickled, so that they travel by value.

    Raises:
        GoliveError: there is no Ray session.
    """

    def __init__(self, factories: Sequence[EnvironmentFactory]) -> None:
        import ray

        if not ray.is_initialized():
            raise GoliveError(
                "backend: 'ray': expected a session: call ray.init() before the environments "
                "are made, or train with golive train --backend ray"
            )
        self._ray: Any = ray
        # Spread, and no core booked: the same training's episodes (validation, demonstrations),
        # for which a core each is booked, run while the environments rest.
        remote: Any = ray.remote(num_cpus=0, max_restarts=0, scheduling_strategy="SPREAD")(
            BatchActor
        )
        self._actor: Any = remote.remote()
        self._call: Any = self._actor.build.remote(cloudpickle.dumps(list(factories)))

    def send(self, command: str, *arguments: Any) -> None:
        """Call the actor; a dead one is found out when its answer is wanted."""
        self._call = self._actor.run.remote(command, *arguments)

    def receive(self) -> Any:
        """Wait for the actor."""
        from ray.exceptions import RayError, RayTaskError

        try:
            fine, answer = self._ray.get(self._call)
        except RayTaskError as error:  # not from the batch, whose errors are answers
            raise WorkerError("a Ray actor cannot do what it was sent", str(error)) from error
        except (RayError, ConnectionError) as error:
            first_line = str(error).strip().partition("\n")[0]
            raise WorkerLost(f"a Ray actor died ({type(error).__name__}: {first_line})") from error
        return checked(fine, answer)

    def begin_close(self) -> None:
        """End the actor, whatever it is at; environments hold nothing that must be put away."""
        if self._ray.is_initialized():
            self._ray.kill(self._actor, no_restart=True)

    def finish_close(self) -> None:
        """Ray sees to it."""
