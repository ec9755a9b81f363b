"""One episode as a row, many rows as Arrow: what workers do and what comes back from them."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...core.errors import GoliveError
from ...core.random_streams import purpose
from ...sim.episodes import Episode, run_episode
from ...sim.observers import LastMorning, Stopwatch
from ...sim.policy import Policy
from ...sim.reproduction import last_morning
from ...sim.rollouts import future_seeds
from ...sim.worlds import DEFAULT_WORLD, kind_of
from .plan import Entrant
from .poisoned import PoisonedEpisode

if TYPE_CHECKING:
    import polars as pl

    from ...scenarios.scenario import Scenario

Row = dict[str, Any]
RunEpisode = Callable[..., Episode]
"""Takes policy, scenario, seed and, of an attempt that is not the first, ``luck``."""
Reproduce = Callable[..., LastMorning | None]
_ATTEMPTS = purpose("evaluation/luck of further attempts")
ATTEMPT = "attempt"
"""Column that numbers attempts at one customer, where there are several."""


@dataclass(frozen=True, slots=True)
class EpisodeTask:
    """One episode to run: indices into the plan's policies and scenarios, seed and attempt."""

    policy: int
    scenario: int
    seed: int
    attempt: int = 0

    @property
    def luck(self) -> dict[str, int]:
        """Argument that makes a later attempt another one: other luck for the same customer."""
        if self.attempt == 0:
            return {}
        return {"luck": future_seeds(self.seed, _ATTEMPTS, 0, self.attempt)[-1]}


@dataclass(frozen=True, slots=True)
class PackedEpisodes:
    """Episodes as they travel: rows as an Arrow IPC stream, perhaps empty; those that failed."""

    arrow: bytes
    poisoned: tuple[PoisonedEpisode, ...]


@dataclass(frozen=True)
class EpisodePlayer:
    """Plays tasks; sent to every worker once, with the scenarios and the policies' names.

    Where there are several attempts at a customer, each row says which one it is.
    """

    entrants: Sequence[Entrant]
    scenarios: Sequence[Scenario]
    run: RunEpisode = run_episode
    reproduce: Reproduce = last_morning
    attempts: int = 1

    def __call__(self, task: EpisodeTask) -> Row | PoisonedEpisode:
        """The episode's row, or what is known of its failure."""
        entrant, scenario = self.entrants[task.policy], self.scenarios[task.scenario]
        try:
            policy = policy_of(entrant, scenario.world)
            outcome = self.run(policy, scenario, task.seed, **task.luck)
        except Exception as error:  # reported with the episode's seed; the others go on
            return self._poisoned(entrant, scenario, task, error)
        return {
            "policy": entrant.label,
            "scenario": scenario.name,
            "seed": task.seed,
            **({ATTEMPT: task.attempt} if self.attempts > 1 else {}),
            "decisions": outcome.decisions,
            "digest": outcome.digest,
            **outcome.scorecard.as_dict(),
            **outcome.figures,
        }

    def _poisoned(
        self, entrant: Entrant, scenario: Scenario, task: EpisodeTask, error: Exception
    ) -> PoisonedEpisode:
        policy = policy_of(entrant, scenario.world)
        morning = self.reproduce(policy, scenario, task.seed, **task.luck)
        return PoisonedEpisode(
            entrant.label,
            scenario.name,
            task.seed,
            f"{type(error).__name__}: {error}",
            "" if isinstance(error, GoliveError) else "".join(traceback.format_exception(error)),
            None if morning is None else morning.decisions,
            None if morning is None else morning.snapshot,
        )


def pack_episodes(episodes: Sequence[Row | PoisonedEpisode]) -> PackedEpisodes:
    """Episodes in the form in which a worker sends them back."""
    rows = [episode for episode in episodes if not isinstance(episode, PoisonedEpisode)]
    poisoned = [episode for episode in episodes if isinstance(episode, PoisonedEpisode)]
    return PackedEpisodes(_arrow_bytes(rows) if rows else b"", tuple(poisoned))


def unpack_rows(packed: PackedEpisodes) -> pl.DataFrame | None:
    """The rows that came back; None without any."""
    import polars as pl

    return pl.read_ipc_stream(io.BytesIO(packed.arrow)) if packed.arrow else None


def watch_episode(
    policy: Policy, scenario: Scenario, seed: int, luck: int | None = None
) -> Episode:
    """The same episode, with what the world has watched, and the time each decision took."""
    watching = (Stopwatch(), *kind_of(scenario).watch())
    return run_episode(policy, scenario, seed, observers=watching, luck=luck)


def policy_of(entrant: Entrant, world: str = DEFAULT_WORLD) -> Policy:
    """The entrant's policy, loaded for a world if it was named.

    Raises:
        GoliveError: no such policy, or not one that can be loaded.
    """
    if isinstance(entrant.policy, str):
        return _loaded_policy(entrant.policy, entrant.fingerprint, world)
    return entrant.policy


@lru_cache(maxsize=256)
def _loaded_policy(spec: str, _fingerprint: str, world: str) -> Policy:
    """A policy, loaded once per process and version of its file."""
    from ...agents.registry import load_policy

    return load_policy(spec, world)


def _arrow_bytes(rows: Sequence[Row]) -> bytes:
    import polars as pl

    buffer = io.BytesIO()
    pl.DataFrame(rows, infer_schema_length=None).write_ipc_stream(buffer)
    return buffer.getvalue()
