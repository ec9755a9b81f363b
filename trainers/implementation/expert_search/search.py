"""The search for better thresholds of the expert.

All trials meet the same customers with the same luck; a trial is worth its mean gain over the
present thresholds on them. Of every generation the worse half stops after the first third of the
episodes. At the end the best are judged anew, beside the present ones, on training customers that
no trial has met; the interval of a gain is simultaneous over them (Bonferroni), so that choosing
the best of five costs what it should.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....agents.implementation.expert_file import rules_text
from ....agents.implementation.expert_rules import RuleSets
from ....core.errors import GoliveError
from ....scenarios.implementation.scenario import ImplementationScenario
from ....scenarios.suite import SeedRange
from ...evaluation.plan import scenario_fingerprint
from ...evaluation.statistics import Interval
from .episodes import scores_of, sets_in_use
from .journal import Trial, read_journal, write_journal
from .judgement import Finalist, best_of, judged
from .proposals import Proposals
from .space import Axis, axes_of, with_values

JOURNAL_VERSION = 1
_SCREENED = 3
"""The worse half of a generation stops after one episode in so many."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Sizes of a search.

    Attributes:
        trials: sets of thresholds that are tried.
        episodes: of a trial on each scenario.
        finalists: trials that are judged anew.
        episodes_per_finalist: of each of them on each scenario, on other customers.
        seed: of the proposals.
        only: names of the thresholds to search; empty: all of the sets in use.
        generation: trials between two steps of the search.
        start_up: generations of quasi-random trials.
    """

    trials: int = 320
    episodes: int = 64
    finalists: int = 5
    episodes_per_finalist: int = 1_000
    seed: int = 0
    only: tuple[str, ...] = ()
    generation: int = 16
    start_up: int = 2

    def __post_init__(self) -> None:
        for name in ("trials", "episodes", "finalists", "start_up"):
            if getattr(self, name) < 1:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least 1")
        for name, least in (("generation", 4), ("episodes_per_finalist", 2)):
            if getattr(self, name) < least:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least {least}")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Outcome of a search.

    Attributes:
        sets: of thresholds that the scenarios use.
        searched: number of thresholds searched.
        trials: number of trials.
        present: mean score of the present set over the fresh customers.
        finalists: the best first.
        rules: thresholds of the first finalist.
        is_better: whether that is better than the present set beyond luck.
    """

    sets: tuple[str, ...]
    searched: int
    trials: int
    present: Interval
    finalists: tuple[Finalist, ...]
    rules: RuleSets
    is_better: bool


OnNews = Callable[[str], object]
"""Called with a line that says how far a search is."""
Levels = list[tuple[ImplementationScenario, range]]


def search(
    scenarios: Sequence[ImplementationScenario],
    seeds: Sequence[SeedRange],
    present: RuleSets,
    settings: SearchSettings,
    journal: Path,
    *,
    resume: bool = False,
    workers: int = 1,
    on_news: OnNews = lambda _: None,
) -> SearchResult:
    """Search for thresholds that score more than the present ones, and judge the best.

    The journal is written after each generation. The same arguments give the same result, whatever
    the number of workers and however often the search was interrupted; a search that has ended
    can be gone on with for more trials.

    Args:
        scenarios: whose mean scores are averaged.
        seeds: of each scenario's customers: the first for the trials, the next for the judgement.
        present: thresholds to begin with, and to beat.
        settings: sizes.
        journal: file of the trials.
        resume: go on with the search of the journal.
        workers: processes.
        on_news: who hears how far it is.

    Raises:
        GoliveError: too few seeds, a name in ``only`` that no set in use has, or a journal that
            is not of this search.
    """
    levels = _levels(scenarios, seeds, 0, settings.episodes)
    fresh = _levels(scenarios, seeds, settings.episodes, settings.episodes_per_finalist)
    sets = sets_in_use(levels)
    axes = axes_of(present, sets, settings.only)
    told = _told(scenarios, seeds, present, settings)
    stored = read_journal(journal, told) if resume else []
    on_news(f"{len(axes)} thresholds of set {' and '.join(sets)}")
    one = _Search(levels, present, settings, axes, workers, stored)
    trials: list[Trial] = []
    for generation in one.generations():
        trials += generation
        if len(one.played) > len(stored):
            write_journal(journal, told, one.played)
        best = max((trial.gain for trial in trials if one.is_whole(trial)), default=0.0)
        on_news(f"{len(trials)} of {settings.trials} trials; the best gains {best:+.4f}")
    finalists = best_of([trial for trial in trials if one.is_whole(trial)], settings.finalists)
    on_news(f"the best {len(finalists)} on {settings.episodes_per_finalist} other customers each:")
    candidates = [with_values(present, trial.values) for trial in finalists]
    parts = []
    for place, rules in enumerate([present, *candidates]):
        parts.append(scores_of([rules], fresh, workers=workers))
        on_news(f"judged {place} of {len(candidates)}" if place else "judged the present set")
    before, found = judged(present, finalists, np.concatenate(parts))
    # Those that are better for sure come first, whatever the others seem to gain.
    order = sorted(
        range(len(found)), key=lambda i: (found[i].gain.low <= 0.0, -found[i].gain.estimate)
    )
    return SearchResult(
        sets,
        len(axes),
        len(trials),
        before,
        tuple(found[index] for index in order),
        candidates[order[0]],
        found[order[0]].gain.low > 0.0,
    )


class _Search:
    """Generations of trials; those that the journal has are proposed again, but not played."""

    def __init__(
        self,
        levels: Levels,
        present: RuleSets,
        settings: SearchSettings,
        axes: tuple[Axis, ...],
        workers: int,
        stored: list[list[Trial]],
    ) -> None:
        self._levels, self._present, self._settings = levels, present, settings
        self._axes, self._workers, self._stored = axes, workers, stored
        self._scores: NDArray[np.float64] | None = None
        self.played: list[list[Trial]] = []

    def is_whole(self, trial: Trial) -> bool:
        """True if a trial was not stopped early."""
        return trial.episodes == self._settings.episodes

    def generations(self) -> Iterator[list[Trial]]:
        """Play one after the other, until there are enough trials."""
        settings, axes = self._settings, self._axes
        proposals, done = Proposals(len(axes), settings.seed, None), 0
        while done < settings.trials or len(self.played) < len(self._stored):
            number = len(self.played)
            if number == settings.start_up and len(axes) > 1:  # one axis needs no evolution
                axes = self._around_the_best()
                proposals = Proposals(len(axes), settings.seed, settings.generation)
            size = min(settings.generation, settings.trials - done)
            if number < len(self._stored):
                size = len(self._stored[number])
            positions = proposals.ask(size)
            values = [
                {axis.name: axis.value(x) for axis, x in zip(axes, one, strict=True)}
                for one in positions
            ]
            trials = self._known(number, values) or self._play(values)
            proposals.tell([trial.gain for trial in trials])
            self.played.append(trials)
            done += len(trials)
            yield trials

    def _around_the_best(self) -> tuple[Axis, ...]:
        """Axes with the best of the start-up amid; with the present set, if none gained."""
        whole = [trial for one in self.played for trial in one if self.is_whole(trial)]
        gained = [trial for trial in whole if trial.gain > 0.0]
        if not gained:
            return self._axes
        best = max(gained, key=lambda trial: trial.gain)
        return tuple(dataclasses.replace(a, centre=best.values[a.name]) for a in self._axes)

    def _known(self, number: int, values: list[dict[str, float]]) -> list[Trial]:
        if number >= len(self._stored):
            return []
        if [trial.values for trial in self._stored[number]] != values:
            raise GoliveError(
                f"generation {number + 1}: cannot resume: its trials are not those proposed now: "
                "expected the versions of optuna and cmaes that the search began with"
            )
        return self._stored[number]

    def _play(self, values: list[dict[str, float]]) -> list[Trial]:
        """Play all a third of the episodes, then the better half of them the others."""
        episodes = self._settings.episodes
        rules = [with_values(self._present, one) for one in values]
        first = episodes if episodes < _SCREENED else -(-episodes // _SCREENED)
        gains = self._gains(rules, 0, first)
        means = gains.mean(axis=(1, 2))
        going_on = sorted(np.argsort(-means, kind="stable")[: -(-len(rules) // 2)].tolist())
        found = [Trial(v, float(m), first) for v, m in zip(values, means, strict=True)]
        if first == episodes:
            return found
        rest = self._gains([rules[index] for index in going_on], first, episodes)
        for index, later in zip(going_on, rest, strict=True):
            both = np.concatenate([gains[index], later], axis=1)
            found[index] = Trial(values[index], float(both.mean()), episodes)
        return found

    def _gains(self, rules: list[RuleSets], first: int, stop: int) -> NDArray[np.float64]:
        """Score minus the present set's: (rules, scenarios, episodes)."""
        if self._scores is None:
            self._scores = scores_of([self._present], self._levels, workers=self._workers)
        part = [(scenario, seeds[first:stop]) for scenario, seeds in self._levels]
        return scores_of(rules, part, workers=self._workers) - self._scores[:, :, first:stop]


def _levels(
    scenarios: Sequence[ImplementationScenario], seeds: Sequence[SeedRange], first: int, count: int
) -> Levels:
    for scenario, one in zip(scenarios, seeds, strict=True):
        if len(one) < first + count:
            raise GoliveError(
                f"seeds: {one.start}:{one.stop}: {len(one)} of {scenario.name}: expected at least "
                f"{first + count}, for trials and finalists"
            )
    pairs = zip(scenarios, seeds, strict=True)
    return [(one, range(s.start + first, s.start + first + count)) for one, s in pairs]


def _told(
    scenarios: Sequence[ImplementationScenario],
    seeds: Sequence[SeedRange],
    present: RuleSets,
    settings: SearchSettings,
) -> dict[str, Any]:
    """What must be the same when a search is gone on with."""
    text = rules_text(present, "", {}).encode()
    return {
        "journal": JOURNAL_VERSION,
        "scenarios": {one.name: scenario_fingerprint(one) for one in scenarios},
        "seeds": [[one.start, one.stop] for one in seeds],
        "present": blake2b(text, digest_size=8).hexdigest(),
        "episodes": settings.episodes,
        "seed": settings.seed,
        "only": list(settings.only),
        "generation": settings.generation,
        "start_up": settings.start_up,
    }
