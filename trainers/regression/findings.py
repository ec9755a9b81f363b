"""What a regression benchmark can find: moved figures, probes that win, falls, a slower engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...sim.metrics import Better
from .baseline import SpeedRecord


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
        if self.baseline is None or self.now is None:
            return None
        return self.now - self.baseline

    @property
    def worsening(self) -> float:
        """How much worse, relative to the larger of the two; negative: better; 0: neither."""
        change = self.change
        if change is None or self.better is Better.NEITHER:
            return 0.0
        size = max(abs(self.baseline or 0.0), abs(self.now or 0.0))
        relative = change / size if size else 0.0
        return -relative if self.better is Better.HIGHER else relative


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
        """What it comes to."""
        slower = self.speed is not None and self.speed.slower
        if self.fallen or self.probes or slower or any(j.fell for j in self.learned):
            return Verdict.REGRESSION
        moved = self.differences or self.digests or self.unknown or self.gone
        return Verdict.CHANGED if moved or self.suite_changed else Verdict.UNCHANGED
