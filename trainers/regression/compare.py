"""Differences of a run of a bench suite from its baseline, and the verdict on them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...core.errors import GoliveError
from ...sim.metrics import Better
from ...sim.world_kind import WorldKind
from .baseline import (
    Baseline,
    CellKey,
    CellRecord,
    Figures,
    SpeedRecord,
    SuiteRecord,
    mean_of,
    this_environment,
)
from .suite import LoadedSuite, Role


class Verdict(StrEnum):
    """Verdicts of a comparison, from good to bad."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    """An exact figure moved, be it to the better: it needs a reason."""
    REGRESSION = "regression"


class FigureKind(StrEnum):
    """Origins of figures."""

    METRIC = "metric"
    REWARD_TERM = "reward_term"


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that moved.

    Attributes:
        scenario: its label.
        policy: its label.
        kind: of the scorecard, or of the reward.
        name: of the field or term.
        better: which way it improves.
        baseline: mean over the seeds; None: the baseline has no such figure.
        now: mean over the seeds; None: there is no such figure any more.
        seeds_moved: on how many seeds it moved.
    """

    scenario: str
    policy: str
    kind: FigureKind
    name: str
    better: Better
    baseline: float | None
    now: float | None
    seeds_moved: int

    @property
    def change(self) -> float | None:
        """Now minus baseline, of the means."""
        return None if self.baseline is None or self.now is None else self.now - self.baseline

    @property
    def worsening(self) -> float:
        """Loss relative to the larger of the two; negative: a gain; 0: neither."""
        if self.change is None or self.better is Better.NEITHER:
            return 0.0
        return -self.relative if self.better is Better.HIGHER else self.relative

    @property
    def relative(self) -> float:
        """The change as a share of the larger of the two; infinite if there is only one."""
        if self.change is None:
            return math.inf
        size = max(abs(self.baseline or 0.0), abs(self.now or 0.0))
        return self.change / size if size else 0.0


@dataclass(frozen=True, slots=True)
class MovedDigests:
    """A policy's final states that are no longer the baseline's, by seed."""

    scenario: str
    policy: str
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WinningProbe:
    """A probe that does not score below the reference."""

    scenario: str
    policy: str
    score: float
    reference: str
    reference_score: float


@dataclass(frozen=True, slots=True)
class LearnedJudgement:
    """A learned policy's mean score against its baseline.

    Attributes:
        exact: whether even the digests are the baseline's; reported only.
        same_file: whether it is the policy file that the baseline was made with.
        fell: whether it lies below the baseline by more than the tolerance.
    """

    scenario: str
    policy: str
    baseline: float
    now: float
    tolerance: float
    exact: bool
    same_file: bool

    @property
    def fell(self) -> bool:
        """True if the score fell by more than the tolerance."""
        return self.now < self.baseline - self.tolerance


@dataclass(frozen=True, slots=True)
class SpeedJudgement:
    """The speed ratio against its baseline."""

    baseline: SpeedRecord
    now: SpeedRecord
    tolerance: float

    @property
    def limit(self) -> float:
        """The speed that the upper end of the interval must reach."""
        return self.baseline.ratio * (1.0 - self.tolerance)

    @property
    def slower(self) -> bool:
        """True if the whole interval lies below the limit."""
        return self.now.high < self.limit


@dataclass(frozen=True)
class Comparison:
    """Everything that moved.

    Attributes:
        score: what tables call the score that policies are judged by.
        cells: exact cells compared.
        differences: moved figures of exact cells and of fallen learned policies, worst first.
        digests: moved final states of exact cells.
        fallen: (scenario, baseline policy) whose mean score fell.
        probes: those that do not lose.
        learned: every learned policy that the baseline has too.
        speed: None if one of the two was not measured.
        unknown: (scenario, policy) that the baseline does not have.
        gone: (scenario, policy) that only the baseline has.
        suite_changed: whether the suite's file is not the one the baseline was made with.
        notes: what may explain a difference.
    """

    score: str
    cells: int
    differences: tuple[Difference, ...]
    digests: tuple[MovedDigests, ...]
    fallen: tuple[Difference, ...]
    probes: tuple[WinningProbe, ...]
    learned: tuple[LearnedJudgement, ...]
    speed: SpeedJudgement | None
    unknown: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    suite_changed: bool
    notes: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on all of it."""
        slower = self.speed is not None and self.speed.slower
        if self.fallen or self.probes or slower or any(j.fell for j in self.learned):
            return Verdict.REGRESSION
        moved = self.differences or self.digests or self.unknown or self.gone
        return Verdict.CHANGED if moved or self.suite_changed else Verdict.UNCHANGED


def suite_record(loaded: LoadedSuite) -> SuiteRecord:
    """Name and content of a suite, as its baseline has them."""
    return SuiteRecord(name=loaded.suite.name, content=loaded.suite.fingerprint())


def check_comparable(
    baseline: Baseline, loaded: LoadedSuite, path: object, *, any_seeds: bool = False
) -> None:
    """See that a baseline can be compared with runs of a suite.

    Raises:
        GoliveError: it is another suite's, or of other seeds unless any will do.
    """
    if baseline.suite.name != loaded.suite.name:
        raise GoliveError(
            f"{path}: suite.name: {baseline.suite.name!r}: expected {loaded.suite.name!r}: "
            "this is the baseline of another suite"
        )
    seeds = baseline.figures.seeds
    if seeds != loaded.seeds and not any_seeds:
        raise GoliveError(
            f"{path}: figures.seeds: {seeds[0]} to {seeds[-1]}: expected the suite's "
            f"{loaded.seeds[0]} to {loaded.seeds[-1]}: renew the baseline with --update --reason"
        )


def compare(baseline: Baseline, loaded: LoadedSuite, now: Figures) -> Comparison:
    """Compare a run with the baseline of its suite.

    Raises:
        GoliveError: they cannot be compared (see ``check_comparable``).
    """
    check_comparable(baseline, loaded, "baseline")
    kind, tolerances, score = loaded.kind, loaded.suite.tolerances, loaded.kind.figures.score
    old, new = baseline.figures.cells(), now.cells()
    common = [key for key in new if key in old]
    exact = [key for key in common if key[1] is not Role.LEARNED]
    learned = {
        key: _learned(key, old[key], new[key], tolerances.learned_score)
        for key in common
        if key[1] is Role.LEARNED
    }
    listed = [*exact, *(key for key, judgement in learned.items() if judgement.fell)]
    found = (moved for key in listed for moved in _differences(kind, key, old[key], new[key]))
    differences = tuple(sorted(found, key=lambda one: _worst_first(one, score)))
    baselines = {policy for _, role, policy in exact if role is Role.BASELINE}
    before, speed = baseline.figures.speed, now.speed
    return Comparison(
        score=kind.metric(score).label,
        cells=len(exact),
        differences=differences,
        digests=tuple(d for key in exact for d in _digests(key, old[key], new[key], now.seeds)),
        fallen=tuple(
            d
            for d in differences
            if d.name == score and d.policy in baselines and d.worsening > 0.0
        ),
        probes=winning_probes(loaded, now),
        learned=tuple(learned.values()),
        speed=SpeedJudgement(before, speed, tolerances.speed) if before and speed else None,
        unknown=tuple((key[0], key[2]) for key in new if key not in old),
        gone=tuple((key[0], key[2]) for key in old if key not in new),
        suite_changed=suite_record(loaded) != baseline.suite,
        notes=tuple(_notes(baseline, now)),
    )


def winning_probes(loaded: LoadedSuite, figures: Figures) -> tuple[WinningProbe, ...]:
    """Probes whose mean score is not below the reference's."""
    name = loaded.suite.reference
    return tuple(
        WinningProbe(label, probe, cell.mean_score, name, reference.mean_score)
        for label, scenario in figures.scenarios.items()
        if (reference := scenario.baselines.get(name)) is not None
        for probe, cell in scenario.probes.items()
        if cell.mean_score >= reference.mean_score
    )


def _learned(key: CellKey, old: CellRecord, new: CellRecord, tolerance: float) -> LearnedJudgement:
    return LearnedJudgement(
        scenario=key[0],
        policy=key[2],
        baseline=old.mean_score,
        now=new.mean_score,
        tolerance=tolerance,
        exact=old.digests == new.digests and not _moved(old.scores, new.scores),
        same_file=old.policy_file == new.policy_file,
    )


def _differences(
    kind: WorldKind, key: CellKey, old: CellRecord, new: CellRecord
) -> Iterator[Difference]:
    before, after = _figures(kind, old), _figures(kind, new)
    for place in dict.fromkeys((*before, *after)):
        was, now = before.get(place), after.get(place)
        moved = _moved(was, now)
        if moved:
            of, name = place
            better = kind.metric(name).better if of is FigureKind.METRIC else Better.HIGHER
            means = [None if values is None else mean_of(values) for values in (was, now)]
            yield Difference(key[0], key[2], of, name, better, means[0], means[1], moved)


def _figures(kind: WorldKind, cell: CellRecord) -> Mapping[tuple[FigureKind, str], Sequence[float]]:
    """All that a cell holds: the score, the other metrics, then the reward terms."""
    metrics = {kind.figures.score: cell.scores, **cell.metrics}
    return {
        **{(FigureKind.METRIC, name): values for name, values in metrics.items()},
        **{(FigureKind.REWARD_TERM, name): values for name, values in cell.reward_terms.items()},
    }


def _digests(
    key: CellKey, old: CellRecord, new: CellRecord, seeds: Sequence[int]
) -> Iterator[MovedDigests]:
    pairs = zip(seeds, old.digests, new.digests, strict=True)
    moved = tuple(seed for seed, was, now in pairs if was != now)
    if moved:
        yield MovedDigests(key[0], key[2], moved)


def _notes(baseline: Baseline, now: Figures) -> Iterator[str]:
    for name, here in this_environment().items():
        there = baseline.environment.get(name, "unknown")
        if there != here:
            yield f"{name}: the baseline was made with {there}, this is {here}"
    before, cells = baseline.figures.cells(), now.cells()
    for label, scenario in now.scenarios.items():
        old = baseline.figures.scenarios.get(label)
        if old is not None and old.content != scenario.content:
            yield f"{label}: the scenario's content is not the baseline's"
        for key, cell in cells.items():
            if key[0] == label and key in before and before[key].policy_file != cell.policy_file:
                yield f"{label}: {key[2]}: the policy's file is not the baseline's"


def _worst_first(moved: Difference, score: str) -> tuple[bool, float, float, str, str, str]:
    """Scores before all else, then by how much worse, then by how much at all."""
    place = (moved.scenario, moved.policy, moved.name)
    return (moved.name != score, -moved.worsening, -abs(moved.relative), *place)


def _moved(before: Sequence[float] | None, now: Sequence[float] | None) -> int:
    """On how many seeds it is not the very same number, as Python writes it."""
    if before is None or now is None:
        return len(before or now or ())
    pairs = zip(before, now, strict=True)
    return sum(repr(float(was)) != repr(float(is_)) for was, is_ in pairs)
