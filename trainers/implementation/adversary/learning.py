"""The cross-entropy method over an opponent's preferences, against a fixed policy.

De Boer, Kroese, Mannor & Rubinstein, "A Tutorial on the Cross-Entropy Method" (2005): let the
opponent draw its strikes, keep the episodes in which the policy lost more than it had lost with
the same customer before, and move the probabilities of the choices to how often they were made
there. A loss is against the same customer without an opponent.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....core.errors import GoliveError
from ....core.files import (
    MOST_JSON_BYTES,
    check_same_search,
    read_limited,
    write_text_atomically,
)
from ....scenarios.implementation.opponents import OpponentPlan
from ....scenarios.implementation.scenario import ImplementationScenario
from ....scenarios.suite import SeedRange
from ...training.episodes import chunked, play
from .episodes import Attack, AttackTask, attack
from .preferences import PreferenceSpace, planned_days

STATE_VERSION = 1
_EPISODES_PER_TASK = 8
_LOTS = 10_007
"""Apart stand the opponent's lots of two searches."""


@dataclass(frozen=True, slots=True)
class AdversarySettings:
    """Sizes and rates of a search.

    Attributes:
        budget: of the opponent.
        generations: of episodes.
        episodes: of a generation; their customers are the same in all generations.
        elite: share of them that moves the probabilities.
        step: share of the way to the elite's frequencies that a generation goes.
        exploration: weight of the first table in every later one, so that no choice dies out.
        seed: of the customers and the opponent's lots.
    """

    budget: float = 8.0
    generations: int = 25
    episodes: int = 256
    elite: float = 0.12
    step: float = 0.6
    exploration: float = 0.02
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("generations", "episodes"):
            if getattr(self, name) < 1:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least 1")
        for name in ("elite", "step", "exploration"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected a share above 0")


@dataclass(frozen=True, slots=True)
class LearnedOpponent:
    """The opponent that a search found, and the mean score that each generation took."""

    plan: OpponentPlan
    losses: tuple[float, ...]


@dataclass(slots=True)
class _Search:
    """The table after some generations, scores without an opponent, sums and means of losses."""

    table: NDArray[np.float64]
    free: list[float]
    sums: NDArray[np.float64]
    losses: list[float]


OnGeneration = Callable[[int, float, float], None]
"""Called with (generations done, the policy's mean loss, its mean loss in the elite)."""


def learn_opponent(
    policy: str,
    scenario: ImplementationScenario,
    seeds: SeedRange,
    space: PreferenceSpace,
    settings: AdversarySettings,
    *,
    workers: int = 0,
    state_file: Path | None = None,
    resume: bool = False,
    on_generation: OnGeneration | None = None,
    name: str | None = None,
) -> LearnedOpponent:
    """Search for the opponent that a policy suffers most from.

    The same arguments give the same opponent, whatever the number of workers and however often
    the search was interrupted. A finished one can be gone on with for more generations. The state
    file, if there is one, is written after each generation; 0 workers: this process plays.

    Raises:
        GoliveError: the state file is of another search, or cannot be read or written.
    """
    told = {
        "version": STATE_VERSION,
        "policy": policy,
        "scenario": scenario.name,
        "settings": {**dataclasses.asdict(settings), "generations": None},
        "kinds": [kind.value for kind in space.kinds],
        "severities": [severity.value for severity in space.severities],
        "phases": space.phases,
        "seeds": [seeds.start, seeds.stop],
    }
    generator = np.random.default_rng(settings.seed)
    met = generator.integers(seeds.start, seeds.stop, size=settings.episodes).tolist()

    def attacks_of(plan: OpponentPlan | None) -> list[Attack]:
        pieces = chunked(met, -(-len(met) // _EPISODES_PER_TASK))
        tasks = [AttackTask(policy, scenario, plan, tuple(piece)) for piece in pieces]
        return [one for part in play(attack, tasks, workers=workers) for one in part]

    search = _read(state_file, told) if resume and state_file is not None else None
    if search is None:
        free = [one.score for one in attacks_of(None)]
        search = _Search(space.start(), free, np.zeros(len(free)), [])
    for generation in range(len(search.losses), settings.generations):
        seed = (settings.seed * _LOTS + generation) % 2**32
        attacks = attacks_of(space.plan(search.table, settings.budget, seed=seed))
        worst = _learn(search, attacks, space, settings, planned_days(scenario))
        if state_file is not None:
            _write(state_file, told, search)
        if on_generation is not None:
            on_generation(generation + 1, search.losses[-1], worst)
    plan = space.plan(search.table, settings.budget, name=name)
    return LearnedOpponent(plan, tuple(search.losses))


def _learn(
    search: _Search,
    attacks: Sequence[Attack],
    space: PreferenceSpace,
    settings: AdversarySettings,
    days: int,
) -> float:
    """Move the table to the elite's frequencies; the policy's mean loss in the elite."""
    losses = np.asarray(search.free) - np.array([one.score for one in attacks])
    size = max(1, round(settings.elite * len(losses)))
    usual = search.sums / max(1, len(search.losses))
    elite = np.argsort(usual - losses, kind="stable")[:size]
    search.sums = search.sums + losses
    counts = space.counts([attacks[index].strikes for index in elite], settings.budget, days)
    frequencies = space.frequencies(counts, search.table)
    moved = search.table + settings.step * (frequencies - search.table)
    search.table = (1.0 - settings.exploration) * moved + settings.exploration * space.start()
    search.losses.append(float(losses.mean()))
    return float(losses[elite].mean())


def _write(path: Path, told: dict[str, Any], search: _Search) -> None:
    content = {
        "told": told,
        "table": search.table.tolist(),
        "free": search.free,
        "sums": search.sums.tolist(),
        "losses": search.losses,
    }
    write_text_atomically(path, json.dumps(content) + "\n")


def _read(path: Path, told: dict[str, Any]) -> _Search | None:
    """The search that a file holds; None if there is no file."""
    if not path.exists():
        return None
    try:
        content = json.loads(read_limited(path, MOST_JSON_BYTES, "the state of a search"))
        before = content["told"]
        search = _Search(
            np.asarray(content["table"], np.float64),
            [float(score) for score in content["free"]],
            np.asarray(content["sums"], np.float64),
            [float(loss) for loss in content["losses"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GoliveError(f"{path}: expected the state of a search: {error!r}") from None
    check_same_search(path, before, told)
    return search
