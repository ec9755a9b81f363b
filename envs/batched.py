"""Many environments divided among workers: what Gymnasium's and SB3's faces stand on.

Each worker steps several environments per message and sends their masks along with the
observations, so that asking for them costs no round trip. Workers never import the learning
libraries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.execution.process_worker import ProcessWorker
from ..core.execution.worker import LocalWorker, Worker, close_workers, pickled
from .batch import (
    BatchObservation,
    BatchStep,
    EnvironmentBatch,
    EnvironmentFactory,
    Spaces,
    joined,
)
from .environment import WorldEnv

BACKENDS = ("process", "ray")
"""What workers can be."""


def factories_of(
    environments: Sequence[EnvironmentFactory] | Mapping[str, Any], count: int | None, name: str
) -> list[EnvironmentFactory]:
    """A factory per environment.

    Args:
        environments: factories, or the keyword arguments of ``WorldEnv`` for environments alike.
        count: of the environments; needed with arguments, must match factories if given.
        name: of the count, for messages.

    Raises:
        GoliveError: no or a wrong count.
    """
    if isinstance(environments, Mapping):
        if count is None or count < 1:
            raise GoliveError(f"{name}: {count}: expected at least 1")
        return [partial(WorldEnv, **environments)] * count
    factories = list(environments)
    if not factories or count not in (None, len(factories)):
        raise GoliveError(f"{name}: {count}: expected as many as factories ({len(factories)})")
    return factories


class BatchedEnvironments:
    """Environments in ``workers`` processes or Ray actors, or in this process.

    Args:
        factories: one per environment.
        workers: among which they are divided; 0 steps them in this process.
        start_method: of processes: ``"forkserver"`` or ``"spawn"``; None: forkserver where there
            is one.
        backend: what workers are: ``"process"``, or ``"ray"`` for actors of the Ray session
            that is there (none is started).
        autoreset: when an episode that has ended is followed by the next.

    Attributes:
        count: of the environments.
        workers: that hold them.
        spaces: that the environments have in common.

    Raises:
        GoliveError: arguments that do not fit, or an environment's own.
        WorkerError: a worker failed; ``details`` holds its traceback.
        WorkerLost: a worker is gone: killed, or its machine lost.
    """

    def __init__(
        self,
        factories: Sequence[EnvironmentFactory],
        workers: int = 0,
        start_method: str | None = None,
        backend: str = "process",
        autoreset: AutoresetMode = AutoresetMode.SAME_STEP,
    ) -> None:
        if workers < 0:
            raise GoliveError(f"workers: {workers}: expected at least 0")
        if backend not in BACKENDS:
            raise GoliveError(f"backend: {backend!r}: expected one of {', '.join(BACKENDS)}")
        self.count = len(factories)
        self.workers: list[Worker] = []
        self._parts = _divide(self.count, workers or 1)
        self._home = {i: (p, k) for p, part in enumerate(self._parts) for k, i in enumerate(part)}
        self._masks: NDArray[np.bool_] | None = None
        self._next_options: dict[int, Mapping[str, Any]] = {}
        self._closed = False
        try:
            for part in self._parts:
                chosen = [factories[index] for index in part]
                batch = partial(EnvironmentBatch, chosen, autoreset)
                self.workers.append(_worker(batch, workers, start_method, backend))
            for worker in self.workers:
                worker.begin()
            self._receive_all()
            self.spaces: Spaces = self.ask_all("spaces")[0]
        except BaseException:
            self.close()
            raise

    def reset(
        self,
        seeds: Sequence[int | None],
        options: Sequence[Mapping[str, Any]],
        chosen: Sequence[bool] | None = None,
    ) -> tuple[BatchObservation, list[dict[str, Any]]]:
        """Start an episode in each environment, or in the chosen ones.

        Args:
            seeds: one per environment.
            options: one per environment.
            chosen: whether to, one per environment; None: in all.

        Returns:
            Observations of all, and an info per environment, empty where none was started.
        """
        chosen = [True] * self.count if chosen is None else chosen
        for worker, part in zip(self.workers, self._parts, strict=True):
            own = slice(part.start, part.stop)
            worker.send("reset", list(seeds[own]), list(options[own]), list(chosen[own]))
        observations, infos, masks = zip(*self._receive_all(), strict=True)
        self._keep_masks(masks)
        return joined(observations), list(chain(*infos))

    def send_step(self, actions: NDArray[Any]) -> None:
        """Send every worker its actions, a row per environment."""
        for worker, part in zip(self.workers, self._parts, strict=True):
            pending = self._next_options
            options = {i - part.start: pending[i] for i in part if i in pending}
            worker.send("step", actions[part.start : part.stop], options)
        self._next_options = {}

    def receive_step(self) -> BatchStep:
        """What came of the actions sent before."""
        steps: list[BatchStep] = self._receive_all()
        self._keep_masks([step.masks for step in steps])
        return BatchStep(
            joined([step.observations for step in steps]),
            np.concatenate([step.rewards for step in steps]),
            np.concatenate([step.terminations for step in steps]),
            np.concatenate([step.truncations for step in steps]),
            [info for step in steps for info in step.infos],
            [ending for step in steps for ending in step.endings],
            self._masks,
        )

    def set_next_options(self, options: Mapping[int, Mapping[str, Any]]) -> None:
        """Set options of the next reset of some environments: the level after the running one.

        They travel with the next step and are used once; an environment without any draws its
        next episode itself. ``get_states`` does not hold them: set them again after
        ``set_states``.

        Args:
            options: by the environment's number, as ``WorldEnv.reset`` takes them.
        """
        self._next_options.update(options)

    def action_masks(self) -> NDArray[np.bool_]:
        """Say what is legal now in every environment: bool[environments, choices].

        Raises:
            GoliveError: the environments have no masks.
        """
        if self._masks is None:
            self._keep_masks(self.ask_all("masks"))
        if self._masks is None:
            raise GoliveError("action_masks: these environments have none")
        return self._masks.copy()

    def get_states(self) -> list[Any]:
        """The saved state of every environment (``WorldEnv.get_state``)."""
        return list(chain(*self.ask_all("get_states")))

    def set_states(self, states: Sequence[Any]) -> None:
        """Restore every environment; what follows is what followed when it was saved.

        Raises:
            GoliveError: another number of states, or one that does not fit.
        """
        if len(states) != self.count:
            raise GoliveError(f"states: {len(states)}: expected {self.count}")
        for worker, part in zip(self.workers, self._parts, strict=True):
            worker.send("set_states", list(states[part.start : part.stop]))
        self._keep_masks(self._receive_all())

    def ask(self, indices: Iterable[int] | None, method: str, *arguments: Any) -> list[Any]:
        """Ask one environment after another: for what is not done at every step.

        Args:
            indices: of the environments; None: all.
            method: of ``EnvironmentBatch``, whose first argument is the place in the batch.
            arguments: its others.
        """
        answers = []
        for index in range(self.count) if indices is None else indices:
            part, place = self._home[index]
            self.workers[part].send(method, place, *arguments)
            answers.append(self._received(self.workers[part]))
        return answers

    def call(
        self,
        indices: Iterable[int] | None,
        method: str,
        arguments: tuple[Any, ...] = (),
        named: Mapping[str, Any] | None = None,
    ) -> list[Any]:
        """Call a method of environments, which may change what is legal."""
        self._masks = None
        return self.ask(indices, "call", method, arguments, named or {})

    def ask_all(self, method: str, *arguments: Any) -> list[Any]:
        """Ask all workers at the same time: an answer for each."""
        for worker in self.workers:
            worker.send(method, *arguments)
        return self._receive_all()

    def close(self) -> None:
        """End the workers; again is harmless."""
        if not self._closed:
            self._closed = True
            close_workers(self.workers)

    def _receive_all(self) -> list[Any]:
        return [self._received(worker) for worker in self.workers]

    def _received(self, worker: Worker) -> Any:
        """A worker's answer; after a failure or Ctrl-C in between there is no going on."""
        try:
            return worker.receive()
        except BaseException:
            self.close()
            raise

    def _keep_masks(self, masks: Sequence[NDArray[np.bool_] | None]) -> None:
        known = [part for part in masks if part is not None]
        self._masks = np.concatenate(known) if len(known) == len(masks) else None


def _worker(
    batch: partial[EnvironmentBatch], workers: int, start_method: str | None, backend: str
) -> Worker:
    if workers == 0:
        return LocalWorker(batch, bare=True)
    if backend == "process":
        return ProcessWorker(pickled(batch), start_method=start_method)
    import ray

    from ..core.execution.ray_workers import ActorWorker

    if not ray.is_initialized():
        raise GoliveError(
            "backend: 'ray': expected a session: call ray.init() before the environments "
            "are made, or train with golive train --backend ray"
        )
    # No core is booked: the same training's episodes (validation, demonstrations), for which a
    # core each is booked, run while the environments rest.
    return ActorWorker(pickled(batch), cores=0)


def _divide(count: int, workers: int) -> list[range]:
    """Consecutive environments per worker, as even as can be, none empty."""
    workers = min(workers, count)
    bounds = [count * worker // workers for worker in range(workers + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]
