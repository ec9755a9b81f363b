"""What moved between a baseline and a run of the same bench suite, and whether that may be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...agents.metrics import SCORE, Better, metric
from ...scenarios.errors import GoliveError
from .regression_baseline import (
    Baseline,
    CellRecord,
    Figures,
    ScenarioRecord,
    SpeedRecord,
    SuiteRecord,
    mean_of,
    this_environment,
)
from .regression_suite import LoadedSuite, Role, Tolerances


class Verdict(StrEnum):
    """What a comparison comes to, from good to bad."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    """An exact figure moved, be it to the better: it needs a reason."""
    REGRESSION = "regression"


class FigureKind(StrEnum):
    """Where a figure comes from."""

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
        baseline: mean over the seeds; None: the baseline has no such figure.
        now: mean over the seeds; None: there is no such figure any more.
        seeds_moved: on how many seeds it moved.
    """

    scenario: str
    policy: str
    kind: FigureKind
    name: str
    baseline: float | None
    now: float | None
    seeds_moved: int

    @property
    def change(self) -> float | None:
        """Now minus baseline, of the means."""
        if self.baseline is None or self.now is None:
            return None
        return self.now - self.baseline

    @property
    def worsening(self) -> float:
        """How much worse, relative to the larger of the two; negative: better; 0: neither."""
        change, direction = self.change, self._better
        if change is None or direction is Better.NEITHER:
            return 0.0
        size = max(abs(self.baseline or 0.0), abs(self.now or 0.0))
        relative = change / size if size else 0.0
        return -relative if direction is Better.HIGHER else relative

    @property
    def _better(self) -> Better:
        if self.kind is FigureKind.REWARD_TERM:
            return Better.HIGHER
        return metric(self.name).better


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
        """Whether the score fell by more than the tolerance."""
        return self.now < self.baseline - self.tolerance


@dataclass(frozen=True, slots=True)
class SpeedJudgement:
    """The speed ratio against its baseline."""

    baseline: SpeedRecord
    now: SpeedRecord
    tolerance: float

    @property
    def limit(self) -> float:
        """What the upper end of the interval must reach."""
        return self.baseline.ratio * (1.0 - self.tolerance)

    @property
    def slower(self) -> bool:
        """Whether the whole interval lies below the limit."""
        return self.now.high < self.limit


@dataclass(frozen=True)
class Comparison:
    """Everything that moved.

    Attributes:
        cells: exact cells compared.
        differences: moved figures of exact cells and of fallen learned policies, worst first.
        digests: moved final states of exact cells.
        fallen: (scenario, baseline policy) whose mean score fell.
        probes: those that do not lose.
        learned: every learned policy that the baseline has too.
        speed: None if one of the two was not measured.
        unknown: "scenario / policy" that the baseline does not have.
        gone: "scenario / policy" that only the baseline has.
        suite_changed: whether the suite's file is not the one the baseline was made with.
        notes: what may explain a difference.
    """

    cells: int
    differences: tuple[Difference, ...]
    digests: tuple[MovedDigests, ...]
    fallen: tuple[Difference, ...]
    probes: tuple[WinningProbe, ...]
    learned: tuple[LearnedJudgement, ...]
    speed: SpeedJudgement | None
    unknown: tuple[str, ...]
    gone: tuple[str, ...]
    suite_changed: bool
    notes: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """What it comes to."""
        slower = self.speed is not None and self.speed.slower
        if self.fallen or self.probes or slower or any(j.fell for j in self.learned):
            return Verdict.REGRESSION
        moved = self.differences or self.digests or self.unknown or self.gone
        return Verdict.CHANGED if moved or self.suite_changed else Verdict.UNCHANGED


def suite_record(loaded: LoadedSuite) -> SuiteRecord:
    """How a baseline names the suite it is of."""
    return SuiteRecord(name=loaded.suite.name, content=loaded.suite.fingerprint())


def check_comparable(baseline: Baseline, loaded: LoadedSuite, path: object) -> None:
    """See that a baseline can be compared with runs of a suite.

    Raises:
        GoliveError: it is another suite's, or of other seeds.
    """
    check_same_suite(baseline, loaded, path)
    if baseline.figures.seeds != loaded.seeds:
        raise GoliveError(
            f"{path}: figures.seeds: {_range(baseline.figures.seeds)}: expected the suite's "
            f"{_range(loaded.seeds)}: renew the baseline with --update --reason"
        )


def check_same_suite(baseline: Baseline, loaded: LoadedSuite, path: object) -> None:
    """See that a baseline is of a suite of this name.

    Raises:
        GoliveError: it is another suite's.
    """
    if baseline.suite.name != loaded.suite.name:
        raise GoliveError(
            f"{path}: suite.name: {baseline.suite.name!r}: expected {loaded.suite.name!r}: "
            "this is the baseline of another suite"
        )


def compare(baseline: Baseline, loaded: LoadedSuite, now: Figures) -> Comparison:
    """Compare a run with the baseline of its suite.

    Raises:
        GoliveError: they cannot be compared (see ``check_comparable``).
    """
    check_comparable(baseline, loaded, "baseline")
    suite, before = loaded.suite, baseline.figures
    old, new = _cells(before), _cells(now)
    common = [key for key in new if key in old]
    exact = [key for key in common if key[1] is not Role.LEARNED]
    learned = tuple(
        _learned(key, old[key], new[key], suite.tolerances)
        for key in common
        if key[1] is Role.LEARNED
    )
    fell = {(j.scenario, Role.LEARNED, j.policy) for j in learned if j.fell}
    listed = [*exact, *(key for key in common if key in fell)]
    differences = tuple(
        sorted((d for k in listed for d in _differences(k, old[k], new[k])), key=_worst_first)
    )
    baselines = {key[2] for key in exact if key[1] is Role.BASELINE}
    return Comparison(
        cells=len(exact),
        differences=differences,
        digests=tuple(d for key in exact for d in _digests(key, old[key], new[key], now.seeds)),
        fallen=tuple(
            d
            for d in differences
            if d.name == SCORE and d.policy in baselines and d.worsening > 0.0
        ),
        probes=winning_probes(loaded, now),
        learned=learned,
        speed=_speed(before.speed, now.speed, suite.tolerances),
        unknown=tuple(f"{key[0]} / {key[2]}" for key in new if key not in old),
        gone=tuple(f"{key[0]} / {key[2]}" for key in old if key not in new),
        suite_changed=suite_record(loaded) != baseline.suite,
        notes=tuple(_notes(baseline, now)),
    )


def winning_probes(loaded: LoadedSuite, figures: Figures) -> tuple[WinningProbe, ...]:
    """Probes whose mean score is not below the reference's."""
    found = []
    for label, scenario in figures.scenarios.items():
        reference = scenario.baselines.get(loaded.suite.reference)
        for name, cell in scenario.probes.items() if reference is not None else ():
            assert reference is not None
            if cell.mean_score >= reference.mean_score:
                found.append(
                    WinningProbe(
                        label, name, cell.mean_score, loaded.suite.reference, reference.mean_score
                    )
                )
    return tuple(found)


_Key = tuple[str, Role, str]


def _cells(figures: Figures) -> dict[_Key, CellRecord]:
    return {
        (label, role, policy): cell
        for label, scenario in figures.scenarios.items()
        for (role, policy), cell in scenario.cells().items()
    }


def _learned(
    key: _Key, old: CellRecord, new: CellRecord, tolerances: Tolerances
) -> LearnedJudgement:
    return LearnedJudgement(
        scenario=key[0],
        policy=key[2],
        baseline=old.mean_score,
        now=new.mean_score,
        tolerance=tolerances.learned_score,
        exact=old.digests == new.digests and _same_all(old.scores, new.scores),
        same_file=old.policy_file == new.policy_file,
    )


def _differences(key: _Key, old: CellRecord, new: CellRecord) -> Iterator[Difference]:
    scenario, _, policy = key
    pairs: tuple[
        tuple[FigureKind, Mapping[str, Sequence[float]], Mapping[str, Sequence[float]]], ...
    ]
    pairs = (
        (FigureKind.METRIC, {SCORE: old.scores}, {SCORE: new.scores}),
        (FigureKind.METRIC, old.metrics, new.metrics),
        (FigureKind.REWARD_TERM, old.reward_terms, new.reward_terms),
    )
    for kind, before, after in pairs:
        for name in dict.fromkeys((*before, *after)):
            was, now = before.get(name), after.get(name)
            moved = _moved(was, now)
            if moved:
                yield Difference(scenario, policy, kind, name, _mean(was), _mean(now), moved)


def _digests(
    key: _Key, old: CellRecord, new: CellRecord, seeds: Sequence[int]
) -> Iterator[MovedDigests]:
    pairs = zip(seeds, old.digests, new.digests, strict=True)
    moved = tuple(seed for seed, was, now in pairs if was != now)
    if moved:
        yield MovedDigests(key[0], key[2], moved)


def _speed(
    before: SpeedRecord | None, now: SpeedRecord | None, tolerances: Tolerances
) -> SpeedJudgement | None:
    if before is None or now is None:
        return None
    return SpeedJudgement(before, now, tolerances.speed)


def _notes(baseline: Baseline, now: Figures) -> Iterator[str]:
    for name, here in this_environment().items():
        there = baseline.environment.get(name, "unknown")
        if there != here:
            yield f"{name}: the baseline was made with {there}, this is {here}"
    for label, scenario in now.scenarios.items():
        old = baseline.figures.scenarios.get(label)
        if old is None:
            continue
        if old.content != scenario.content:
            yield f"{label}: the scenario's content is not the baseline's"
        for policy in _replaced(old, scenario):
            yield f"{label}: {policy}: the policy's file is not the baseline's"


def _replaced(old: ScenarioRecord, new: ScenarioRecord) -> Iterator[str]:
    before = old.cells()
    for key, cell in new.cells().items():
        if key in before and before[key].policy_file != cell.policy_file:
            yield key[1]


def _worst_first(difference: Difference) -> tuple[bool, float, float, str, str, str]:
    """Scores before all else, then by how much worse, then by how much at all."""
    change = difference.change
    size = max(abs(difference.baseline or 0.0), abs(difference.now or 0.0))
    moved = math.inf if change is None else abs(change) / size if size else 0.0
    return (
        difference.name != SCORE,
        -difference.worsening,
        -moved,
        difference.scenario,
        difference.policy,
        difference.name,
    )


def _moved(before: Sequence[float] | None, now: Sequence[float] | None) -> int:
    if before is None or now is None:
        return len(before or now or ())
    return sum(not _same(a, b) for a, b in zip(before, now, strict=True))


def _same(one: float, other: float) -> bool:
    """Exactly: the very same number, as Python writes it."""
    return repr(float(one)) == repr(float(other))


def _same_all(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _mean(values: Sequence[float] | None) -> float | None:
    return None if values is None else mean_of(values)


def _range(seeds: Sequence[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"
