"""One episode as a row, many rows as Arrow: what workers do and what comes back from them."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...core.errors import GoliveError
from ...sim.episodes import Episode, run_episode
from ...sim.observers import LastMorning, Stopwatch
from ...sim.policy import Policy
from ...sim.reproduction import last_morning
from ...sim.worlds import DEFAULT_WORLD, kind_of
from .plan import Entrant
from .poisoned import PoisonedEpisode

if TYPE_CHECKING:
    import polars as pl

    from ...scenarios.scenario import Scenario

Row = dict[str, Any]
RunEpisode = Callable[[Policy, "Scenario", int], Episode]
Reproduce = Callable[[Policy, "Scenario", int], LastMorning | None]


@dataclass(frozen=True, slots=True)
class EpisodeTask:
    """One episode to run: indices into the plan's policies and scenarios, and the seed."""

    policy: int
    scenario: int
    seed: int


@dataclass(frozen=True, slots=True)
class PackedEpisodes:
    """Episodes as they travel: rows as an Arrow IPC stream, perhaps empty; those that failed."""

    arrow: bytes
    poisoned: tuple[PoisonedEpisode, ...]


@dataclass(frozen=True)
class EpisodePlayer:
    """Plays tasks; sent to every worker once, with the scenarios and the policies' names."""

    entrants: Sequence[Entrant]
    scenarios: Sequence[Scenario]
    run: RunEpisode = run_episode
    reproduce: Reproduce = last_morning

    def __call__(self, task: EpisodeTask) -> Row | PoisonedEpisode:
        """The episode's row, or what is known of its failure."""
        entrant, scenario = self.entrants[task.policy], self.scenarios[task.scenario]
        try:
            outcome = self.run(policy_of(entrant, scenario.world), scenario, task.seed)
        except Exception as error:  # reported with the episode's seed; the others go on
            return self._poisoned(entrant, scenario, task.seed, error)
        return {
            "policy": entrant.label,
            "scenario": scenario.name,
            "seed": task.seed,
            "decisions": outcome.decisions,
            "digest": outcome.digest,
            **outcome.scorecard.as_dict(),
            **outcome.figures,
        }

    def _poisoned(
        self, entrant: Entrant, scenario: Scenario, seed: int, error: Exception
    ) -> PoisonedEpisode:
        morning = self.reproduce(policy_of(entrant, scenario.world), scenario, seed)
        return PoisonedEpisode(
            entrant.label,
            scenario.name,
            seed,
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


def watch_episode(policy: Policy, scenario: Scenario, seed: int) -> Episode:
    """The same episode, with what the world has watched, and the time each decision took."""
    return run_episode(policy, scenario, seed, observers=(Stopwatch(), *kind_of(scenario).watch()))


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
