"""Habits of the firms that typical practice is mixed of: one row each, with range and source.

Surveys mix firms, so what they are compared with has to: these are the shares of the mixture, and
what the shares are about. ``golive calibrate`` chooses them beside the world's weak parameters
and writes ``practice.yaml``; where one would start without any outcome stands here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from ...core.errors import GoliveError
from ...scenarios.implementation.parameter_file import load_parameter_file
from ...sim.implementation.parameters import Parameter
from ...sim.parameter_row import ESTIMATE, LITERATURE, OURS, row

PANORAMA = "Panorama ERP reports 2010-13"
PRACTICE_FILE = Path(__file__).with_name("practice.yaml")
"""The values that ``golive calibrate`` has chosen; it writes this file."""


@dataclass(frozen=True, slots=True)
class Practice:
    """The mixture: shares of firms, and means over them."""

    # fmt: off
    date_is_law: float = row(0.25, "share of firms", 0.05, 0.6, ESTIMATE, "projects on time in surveys are a third to a half", "Go live on the date, as they are.")
    mean_patience: float = row(1.2, "share of plan", 0.3, 2.4, ESTIMATE, OURS, "Time that the others wait for acceptance beyond the date; exponential, as a committee decides anew each time.")
    training_survives: float = row(0.4, "share of firms", 0.1, 0.9, ESTIMATE, f"{PANORAMA}: training and change are cut first", "Do not cut training under pressure.")
    testing_survives: float = row(0.5, "share of firms", 0.1, 0.9, ESTIMATE, OURS, "Do not cut testing under pressure.")
    change_control: float = row(0.5, "share of firms", 0.2, 0.9, ESTIMATE, OURS, "Freeze changes before the tests.")
    adds_staff: float = row(0.6, "share of firms", 0.2, 0.9, ESTIMATE, "Brooks 1975 names it as the usual answer", "Add staff when it is late.")
    rebaselines: float = row(0.5, "share of firms", 0.1, 0.9, ESTIMATE, OURS, "Agree a new plan when the date cannot be kept; the others move it week by week.")
    second_attempt: float = row(0.6, "share of firms", 0.2, 0.8, ESTIMATE, OURS, "Begin a project again that was stopped or never went live; what both attempts took is counted.")
    pause_months: float = row(6.0, "months", 2, 12, LITERATURE, "selection of a system and a vendor takes four to nine months", "From the end of the first attempt to the second.")
    # fmt: on


PRACTICE_PRIOR: tuple[Parameter, ...] = tuple(
    Parameter(name=item.name, value=cast(float, item.default), **item.metadata)
    for item in dataclasses.fields(Practice)
)
"""The rows as they are without calibration."""


def practice_with(values: Mapping[str, float]) -> Practice:
    """The calibrated mixture with some rows replaced.

    Args:
        values: by row's name; other names are somebody else's.

    Raises:
        GoliveError: a value outside its row's range.
    """
    chosen = {**_calibrated()}
    for item in PRACTICE_PRIOR:
        if item.name in values:
            value = values[item.name]
            if not item.low <= value <= item.high:
                raise GoliveError(
                    f"practice.{item.name}: {value!r}: "
                    f"expected {item.low:g}..{item.high:g} {item.unit}"
                )
            chosen[item.name] = value
    return Practice(**chosen)


def without_practice(values: Mapping[str, float]) -> dict[str, float]:
    """The values that are not of the mixture: the world's."""
    names = {item.name for item in PRACTICE_PRIOR}
    return {name: value for name, value in values.items() if name not in names}


@cache
def _calibrated() -> Mapping[str, float]:
    return load_parameter_file(PRACTICE_FILE).values()
