"""Validation: the world's outcomes beside published ones, row by row, with how sure one is.

A survey of generated customers under typical practice answers the rows that surveys ask; the rows
that are experiments are run as experiments; scheduling is compared on instances of the literature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ....core.execution import map_tasks
from ...evaluation.bands import BandVerdict, judge_band
from .experiments import LAWS
from .law import LawResult
from .scheduling import PsplibReport, measure_psplib
from .survey import SurveyOutcome, answers, implement, survey_cases
from .targets import TARGETS, Target

FIRST_CUSTOMER = 1_000_000
"""Of the validation range: no calibration and no training has seen these customers."""
CUSTOMERS = 1_000
LAW_CUSTOMERS = 60
"""Customers of each experiment."""
PART_A_LAWS: Mapping[int, str] = {15: "change_management", 16: "brooks", 17: "overtime"}
"""Rows of part A that are experiments."""
SCHEDULING_ROW = 18


@dataclass(frozen=True, slots=True)
class ValidationSettings:
    """All that a validation depends on.

    Attributes:
        customers: generated ones, of all sizes.
        first_customer: the first of their seeds.
        policy: who decides.
        parameters: of the world, by name, in place of its own.
        laws: names of the experiments to run.
        law_customers: of each experiment.
        psplib: folder of PSPLIB projects for the row on scheduling; empty: it is left out.
    """

    customers: int = CUSTOMERS
    first_customer: int = FIRST_CUSTOMER
    policy: str = "typical_practice"
    parameters: Mapping[str, float] = field(default_factory=dict)
    laws: tuple[str, ...] = tuple(LAWS)
    law_customers: int = LAW_CUSTOMERS
    psplib: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and what the world says to it."""

    target: Target
    verdict: BandVerdict


@dataclass(frozen=True, slots=True)
class Validation:
    """The findings of a validation.

    Attributes:
        settings: it was made with.
        rows: every target that a survey answers.
        laws: every experiment that was run.
        values: per outcome its value at each project that went live, for pictures.
        scheduling: priority rules on PSPLIB; None where that was not asked for.
    """

    settings: ValidationSettings
    rows: tuple[Judged, ...]
    laws: tuple[LawResult, ...]
    values: Mapping[str, tuple[float, ...]]
    scheduling: PsplibReport | None = None

    def inside(self, fitted: bool) -> tuple[int, int]:
        """Number of fitted (or held-out) targets inside their bands, and of all of them."""
        rows = [row for row in self.rows if row.target.fitted is fitted]
        return sum(row.verdict.inside for row in rows), len(rows)

    def within_error(self, fitted: bool) -> int:
        """Number of those that are outside by less than the sampling error."""
        return sum(
            row.verdict.compatible and not row.verdict.inside
            for row in self.rows
            if row.target.fitted is fitted
        )


DISTRIBUTIONS: tuple[str, ...] = (
    *("cost_ratio", "schedule_ratio", "benefits_realised"),
    *("dip_depth", "defect_removal_efficiency", "scope_growth"),
)
"""Outcomes on the scorecard whose distribution is shown, over the projects that went live."""


def survey(
    settings: ValidationSettings, *, workers: int, on_project: Callable[[], None] = lambda: None
) -> list[SurveyOutcome]:
    """Implement every customer of a validation; ``on_project`` is called as each is finished."""
    cases = survey_cases(settings.customers, settings.first_customer)
    return map_tasks(
        partial(implement, settings.policy, dict(settings.parameters)),
        cases,
        workers=workers,
        name_of=lambda case: f"{case.industry} customer {case.seed}",
        on_result=lambda index, outcome: on_project(),
    )


def judge(outcomes: Sequence[SurveyOutcome], targets: Sequence[Target] = TARGETS) -> list[Judged]:
    """The projects' answers to every target, beside its band."""
    return [Judged(row, _judged(row, answers(row.name, outcomes))) for row in targets]


def _judged(row: Target, given: list[list[float]]) -> BandVerdict:
    """A mean beside its band; where projects answer yes or no, it is a share of projects."""
    yes_or_no = {0.0, 1.0}.issuperset(value for stratum in given for value in stratum)
    is_share = row.unit == "share" and yes_or_no
    return judge_band(row.name, row.low, row.high, given, is_share=is_share)


def validate(
    settings: ValidationSettings,
    *,
    workers: int,
    on_project: Callable[[], None] = lambda: None,
    on_law: Callable[[], None] = lambda: None,
) -> Validation:
    """Survey, verdicts, experiments; callbacks hear of each project and law that is finished."""
    outcomes = survey(settings, workers=workers, on_project=on_project)
    laws = map_tasks(
        partial(_run_law, settings),
        settings.laws,
        workers=workers,
        on_result=lambda index, result: on_law(),
    )
    live = [card for outcome in outcomes if (card := outcome.live) is not None]
    return Validation(
        settings,
        tuple(judge(outcomes)),
        tuple(laws),
        {name: tuple(getattr(card, name) for card in live) for name in DISTRIBUTIONS},
        measure_psplib(settings.psplib) if settings.psplib else None,
    )


def tail_index(values: Sequence[float], share: float = 0.1) -> float:
    """Hill's estimate of a tail's exponent from the largest share of the positive values.

    The smaller, the fatter: 2 and below has no finite variance (Hill 1975).
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    count = max(2, int(share * ordered.size))
    if ordered.size <= count:
        return float("nan")
    return float(1.0 / np.log(ordered[:count] / ordered[count]).mean())


def _run_law(settings: ValidationSettings, name: str) -> LawResult:
    experiment = LAWS[name]
    return experiment(settings.law_customers, settings.first_customer, settings.parameters)
