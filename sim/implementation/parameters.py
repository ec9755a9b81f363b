"""Every number of the implementation world's dynamics: one row each, with its source.

A scenario overrides rows by name (``parameters:`` in its file); a value outside the row's
range or an unknown name is an error. ``golive parameters`` prints the table.

Confidence: ``published`` (seen in the source), ``literature`` (from the literature, to be
checked again), ``estimate`` (ours, the weakest; first in any sensitivity analysis).
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from ...core.errors import GoliveError
from ...scenarios.implementation.parameter_file import ParameterEstimate, load_parameter_file
from .parameters_of_crew import CrewParameters
from .parameters_of_delivery import DeliveryDisruptionParameters
from .parameters_of_effort import EffortParameters
from .parameters_of_operation import OperationDisruptionParameters
from .parameters_of_project import ProjectParameters
from .parameters_of_sites import SiteParameters
from .parameters_of_value import ValueParameters


@dataclass(frozen=True, slots=True)
class Parameters(
    ValueParameters,
    ProjectParameters,
    OperationDisruptionParameters,
    DeliveryDisruptionParameters,
    EffortParameters,
    SiteParameters,
    CrewParameters,
):
    """Every row of every topic in one flat record, read as ``parameters.trust_workshop``.

    Topics know nothing of one another. Their rows come in the order of the bases from the last
    to the first (so dataclasses collect fields), which is the order of every table of rows.
    """


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    confidence: str
    description: str


CALIBRATION_FILE = Path(__file__).with_name("calibrated.yaml")
"""The values that ``golive calibrate`` has chosen, with their intervals; it writes this file."""

PRIOR: tuple[Parameter, ...] = tuple(
    Parameter(name=item.name, value=cast(float, item.default), **item.metadata)
    for item in dataclasses.fields(Parameters)
)
"""The table as it is without calibration, in the order of the mechanisms."""


def _calibrated(row: Parameter, estimate: ParameterEstimate) -> Parameter:
    """A row with its calibrated value; where one would have started stays in its source."""
    return dataclasses.replace(
        row,
        value=estimate.value,
        source=f"{row.source}; {row.value:g} before calibration",
        confidence=str(estimate.confidence),
    )


_CALIBRATION = load_parameter_file(CALIBRATION_FILE).parameters

PARAMETERS: tuple[Parameter, ...] = tuple(
    _calibrated(row, _CALIBRATION[row.name]) if row.name in _CALIBRATION else row for row in PRIOR
)
"""The table that worlds are made with."""

_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
_DEFAULTS = {name: estimate.value for name, estimate in _CALIBRATION.items()}


def parameters_with(overrides: Mapping[str, float]) -> Parameters:
    """The default parameters with some rows replaced.

    Args:
        overrides: value by parameter name.

    Raises:
        GoliveError: a name that is no parameter, or a value outside its row's range.
    """
    return _parameters(tuple(overrides.items()))


@lru_cache(maxsize=64)  # every episode asks, and worlds with the same rows share one record
def _parameters(overrides: tuple[tuple[str, float], ...]) -> Parameters:
    for name, value in overrides:
        known = _BY_NAME.get(name)
        if known is None:
            close = difflib.get_close_matches(name, _BY_NAME, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise GoliveError(f"parameters.{name}: {value!r}: no such parameter{hint}")
        if not known.low <= value <= known.high:
            raise GoliveError(
                f"parameters.{name}: {value!r}: expected {known.low:g}..{known.high:g} {known.unit}"
            )
    return Parameters(**{**_DEFAULTS, **dict(overrides)})
