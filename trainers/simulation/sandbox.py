"""A sandbox: one world in a process of its own, to be played with, reset or thrown away."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from ...core.execution import WorkerLost
from ...core.execution.worker import open_workers
from ...sim.policy import Policy
from .host import new_replica, own_policy
from .profile import Profile, load_profile, plan_replicas, with_changes

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...sim.protocol import Snapshot


class Sandbox:
    """One world that the caller takes on decision by decision, and that cannot touch the caller.

    The world and the policy live in another process. When that dies, or is killed, the next call
    raises ``WorkerLost``, and ``reset`` begins another. Use it as a context manager, or close it.

    Args:
        profile: a profile, its name or file (its first replica is meant), or a scenario.
        seed: of the episode; None: the profile's, or 0.
        policy: who decides where the caller does not; None: the profile's, or the expert.

    Raises:
        GoliveError: a profile, scenario or policy that is not valid.
    """

    def __init__(
        self,
        profile: Profile | Scenario | str = "sandbox",
        seed: int | None = None,
        *,
        policy: str | Policy | None = None,
    ) -> None:
        if isinstance(profile, str):
            profile = load_profile(profile)
        if isinstance(profile, Profile):
            [plan] = plan_replicas(with_changes(profile, {"replicas": 1}))
            scenario, first_seed, usual = plan.scenario, plan.seed, profile.policy
        else:
            scenario, first_seed, usual = profile, 0, "expert"
        chosen = usual if policy is None else policy
        own_policy(chosen, scenario.world)  # a wrong name is refused here and now
        self._seed = first_seed if seed is None else seed
        with ExitStack() as resources:
            one = open_workers(lambda _number: _Isolated(chosen, scenario), 1)
            [self._worker] = resources.enter_context(one)
            self.reset()
            self._resources = resources.pop_all()

    def reset(self, seed: int | None = None) -> Any:
        """Begin the episode again, or that of another seed; after a death in a new process.

        Returns:
            The first briefing.
        """
        if seed is not None:
            self._seed = seed
        try:
            return self._worker.call("reset", self._seed)
        except WorkerLost:
            self._worker.begin()
            self._worker.receive()
            return self._worker.call("reset", self._seed)

    def advance(self, decision: Any = None) -> Any:
        """Run to the next decision point.

        Args:
            decision: what is ordered; None: the policy decides.

        Returns:
            The briefing there.

        Raises:
            WorkerError: the episode is over, or the policy or the world failed.
            WorkerLost: the process is gone; ``reset`` begins another.
        """
        self._ask("advance", decision)
        return self.briefing()

    def briefing(self) -> Any:
        """All that may be known at this decision point."""
        return self._ask("briefing")

    def legal(self) -> Any:
        """The decisions that are allowed at this decision point."""
        return self._ask("legal")

    def scorecard(self) -> Any:
        """The result so far, in the field's own units."""
        return self._ask("scorecard")

    def snapshot(self) -> Snapshot:
        """The whole state of the world, detached from it."""
        snapshot: Snapshot = self._ask("snapshot")
        return snapshot

    def digest(self) -> str:
        """Hash of the state."""
        return str(self._ask("digest"))

    @property
    def finished(self) -> bool:
        """True if the episode is over."""
        return bool(self._ask("finished"))

    def close(self) -> None:
        """End the process; again is harmless."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, name: str, *arguments: Any) -> Any:
        return self._worker.call("ask", name, *arguments)


class _Isolated:
    """The replica in the other process."""

    def __init__(self, policy: str | Policy, scenario: Scenario) -> None:
        self._policy, self._scenario = policy, scenario

    def reset(self, seed: int) -> Any:
        self._replica = new_replica(self._policy, self._scenario, seed)
        return self._replica.briefing()

    def ask(self, name: str, *arguments: Any) -> Any:
        """A method or a property of the replica."""
        value = getattr(self._replica, name)
        return value(*arguments) if callable(value) else value
