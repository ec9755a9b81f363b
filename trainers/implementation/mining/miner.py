"""Mining as a whole: a log in, estimates with intervals and a parameter file out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ....core.errors import GoliveError
from ....scenarios.implementation.parameter_file import Confidence, ParameterEstimate, ParameterFile
from ....sim.implementation.event_logs.log import EventLog
from ....sim.implementation.parameters import PARAMETERS, Parameter, Parameters
from .defects import mine_defects
from .effort import mine_effort
from .fixes import mine_escapes, mine_fixes
from .history import history_of
from .likelihood import LEVEL, Estimate, Omission, Outcome
from .migration import mine_migration
from .questions import mine_questions
from .scope import mine_scope

_ROWS: dict[str, Parameter] = {row.name: row for row in PARAMETERS}


@dataclass(frozen=True, slots=True)
class Mined:
    """One estimate beside its row of the table.

    Attributes:
        estimate: as the data said it.
        value: what a parameter file may hold: clipped to the row's range.
        warnings: what a reader must hear, such as that it was clipped.
    """

    estimate: Estimate
    row: Parameter
    value: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MiningResult:
    """The parameters that a log speaks of.

    Attributes:
        estimates: in the order of the world's table.
        omissions: what it could not say, and why, in the same order.
        projects: how many there were.
        events: of all of them.
        notes: what a reader of files left out.
    """

    estimates: tuple[Mined, ...]
    omissions: tuple[Omission, ...]
    projects: int
    events: int
    notes: tuple[str, ...]


def mine(log: EventLog, known: Parameters | None = None) -> MiningResult:
    """Estimate the parameters that a log tells something about.

    Args:
        log: projects of the past.
        known: values of the rows that are taken for granted; the defaults by default.

    Raises:
        GoliveError: a log without projects.
    """
    if not log.projects:
        raise GoliveError("the log holds no project: expected at least one")
    rows = Parameters() if known is None else known
    histories = [history_of(project) for project in log.projects]
    with np.errstate(all="ignore"):  # what comes out is seen to be finite
        outcomes, removals = mine_defects(histories, rows)
        outcomes += [*mine_escapes(histories, removals), *mine_effort(histories)]
        outcomes += [*mine_questions(histories, rows), *mine_migration(histories)]
        outcomes += [*mine_scope(histories, rows), *mine_fixes(histories, rows)]
        outcomes = [_bounded(outcome) for outcome in outcomes]
    places = list(_ROWS)
    outcomes.sort(key=lambda outcome: places.index(outcome.parameter))
    return MiningResult(
        tuple(_mined(item) for item in outcomes if isinstance(item, Estimate)),
        tuple(item for item in outcomes if isinstance(item, Omission)),
        len(log.projects),
        log.event_count,
        log.notes,
    )


def _bounded(outcome: Outcome) -> Outcome:
    """An estimate whose interval has two ends, or its omission."""
    if isinstance(outcome, Omission):
        return outcome
    if all(map(math.isfinite, (outcome.value, outcome.low, outcome.high))):
        return outcome
    counted = f"{outcome.observations:,} {outcome.unit_of_observation}"
    return Omission(outcome.parameter, f"{counted} say too little: its interval has no end")


def _mined(estimate: Estimate) -> Mined:
    row = _ROWS[estimate.parameter]
    value = min(row.high, max(row.low, estimate.value))
    limits = f"{row.low:g}..{row.high:g}"
    warnings: tuple[str, ...] = ()
    if value != estimate.value:
        warnings = (f"{estimate.value:.4g} lies outside {limits}: clipped to {value:g}",)
    elif estimate.low < row.low or estimate.high > row.high:
        warnings = (f"the interval reaches beyond {limits}",)
    return Mined(estimate, row, value, warnings)


def parameter_file(result: MiningResult, *, name: str, made_by: str) -> ParameterFile:
    """The estimates as a parameter file, each with where it is from."""
    parameters = {}
    for mined in result.estimates:
        estimate, row = mined.estimate, mined.row
        counted = f"{estimate.observations:,} {estimate.unit_of_observation}"
        words = f"mined from {counted} of {result.projects:,} projects"
        parameters[estimate.parameter] = ParameterEstimate(
            value=min(row.high, max(row.low, _six(mined.value))),
            low=_six(estimate.low),
            high=_six(estimate.high),
            level=LEVEL,
            unit=row.unit,
            source="; ".join([words, *mined.warnings, *estimate.notes]),
            confidence=Confidence.MINED,
            observations=estimate.observations,
        )
    left_out = "; ".join(f"{one.parameter}: {one.reason}" for one in result.omissions)
    description = f"Left out: {left_out}." if left_out else ""
    return ParameterFile(
        name=name, made_by=made_by, description=description[:5_000], parameters=parameters
    )


def _six(value: float) -> float:
    """Six significant digits: enough, and the same on every platform."""
    return float(f"{value:.6g}")
