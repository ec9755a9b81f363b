"""The cross-entropy method over an opponent's preferences, against a fixed policy.

De Boer, Kroese, Mannor & Rubinstein, "A Tutorial on the Cross-Entropy Method" (2005): draw
vectors from a normal distribution, keep those under which the policy scores least, move the
distribution there. All vectors of a generation meet the same customers.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...scenarios import Scenario, SeedRange
from ...scenarios.errors import GoliveError
from ...scenarios.files import write_text_atomically
from ...scenarios.opponents import OpponentPlan
from ..training.workers import EpisodeWorkers
from .episodes import AttackTask, attack
from .preferences import PreferenceSpace

STATE_VERSION = 1


@dataclass(frozen=True, slots=True)
class AdversarySettings:
    """How the search goes.

    Attributes:
        budget: of the opponent.
        generations: of vectors.
        population: vectors of a generation.
        elite: of them, how many move the distribution.
        episodes: that each vector is judged by.
        spread: standard deviation of the first generation.
        least_spread: it never falls below this, so that the search does not freeze.
        step: share of the way to the elite's mean and spread that a generation goes.
        seed: of the vectors and of which customers they meet.
    """

    budget: float = 8.0
    generations: int = 15
    population: int = 32
    elite: int = 8
    episodes: int = 8
    spread: float = 1.5
    least_spread: float = 0.3
    step: float = 0.7
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("generations", "population", "elite", "episodes"):
            if getattr(self, name) < 1:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least 1")
        if self.elite > self.population:
            raise GoliveError(f"elite: {self.elite}: expected at most population")


@dataclass(frozen=True, slots=True)
class LearnedOpponent:
    """What a search found.

    Attributes:
        plan: the opponent in the middle of the last distribution.
        scores: the policy's mean go-live score under each generation.
    """

    plan: OpponentPlan
    scores: tuple[float, ...]


@dataclass(slots=True)
class _Search:
    """The distribution after some generations."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    scores: list[float]


OnGeneration = Callable[[int, float, float], None]
"""Called with (generations done, the policy's mean score, its mean score under the elite)."""


def learn_opponent(
    policy: str,
    scenario: Scenario,
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
    the search was interrupted.

    Args:
        policy: name or path; it does not learn meanwhile.
        scenario: on which they meet.
        seeds: customers are drawn from them, new ones for each generation.
        space: of the preferences.
        settings: of the search.
        workers: processes; 0: this one.
        state_file: kept after each generation; None: nothing is kept.
        resume: go on from the state file if there is one.
        on_generation: hears how it goes.
        name: of the opponent.

    Raises:
        GoliveError: the state file is of another search, or cannot be read or written.
    """
    told = {
        "version": STATE_VERSION,
        "policy": policy,
        "scenario": scenario.name,
        "settings": dataclasses.asdict(settings),
        "kinds": [kind.value for kind in space.kinds],
        "severities": [severity.value for severity in space.severities],
        "phases": space.phases,
        "seeds": [seeds.start, seeds.stop],
    }
    search = _Search(space.start(), np.full(space.size, settings.spread), [])
    if resume and state_file is not None and state_file.exists():
        search = _read(state_file, told)
    pool = EpisodeWorkers(workers)
    try:
        for generation in range(len(search.scores), settings.generations):
            elite_score = _generation(
                generation, search, pool, (policy, scenario), seeds, space, settings
            )
            if state_file is not None:
                _write(state_file, told, search)
            if on_generation is not None:
                on_generation(generation + 1, search.scores[-1], elite_score)
    finally:
        pool.close()
    return LearnedOpponent(space.plan(search.mean, settings.budget, name), tuple(search.scores))


def _generation(
    number: int,
    search: _Search,
    pool: EpisodeWorkers,
    game: tuple[str, Scenario],
    seeds: SeedRange,
    space: PreferenceSpace,
    settings: AdversarySettings,
) -> float:
    """Draw, judge, move; the policy's mean score under the elite."""
    generator = np.random.default_rng([settings.seed, number])
    noise = generator.standard_normal((settings.population, space.size))
    vectors = search.mean + search.spread * noise
    low, high = seeds.start, seeds.stop
    met = tuple(generator.integers(low, high, size=settings.episodes).tolist())
    tasks = [AttackTask(*game, space.plan(vector, settings.budget), met) for vector in vectors]
    scores = np.zeros(len(tasks))
    for index, attacks in pool.map(attack, tasks):
        scores[index] = np.mean([one.score for one in attacks])
    elite = np.argsort(scores, kind="stable")[: settings.elite]
    chosen = vectors[elite]
    search.mean = search.mean + settings.step * (chosen.mean(axis=0) - search.mean)
    spread = search.spread + settings.step * (chosen.std(axis=0) - search.spread)
    search.spread = np.maximum(spread, settings.least_spread)
    search.scores.append(float(scores.mean()))
    return float(scores[elite].mean())


def _write(path: Path, told: dict[str, Any], search: _Search) -> None:
    content = {
        "told": told,
        "mean": search.mean.tolist(),
        "spread": search.spread.tolist(),
        "scores": search.scores,
    }
    write_text_atomically(path, json.dumps(content) + "\n")


def _read(path: Path, told: dict[str, Any]) -> _Search:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        before = content["told"]
        search = _Search(
            np.asarray(content["mean"], np.float64),
            np.asarray(content["spread"], np.float64),
            [float(score) for score in content["scores"]],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoliveError(f"{path}: expected the state of a search: {error!r}") from None
    for field, value in json.loads(json.dumps(told)).items():
        if before.get(field) != value:
            raise GoliveError(
                f"{path}: cannot resume: {field}: {value!r}: expected {before.get(field)!r} "
                "as in the interrupted search"
            )
    return search
