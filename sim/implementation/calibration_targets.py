"""Published outcomes of conventional, mid-market projects under typical practice, as bands.

They validate the world and are told to nothing in it: no mechanism, parameter or generator
reads this table. Surveys of ERP projects are self-selected and disagree; hence bands.
``golive calibrate`` runs generated customers and says which bands the world's outcomes meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How well a figure is known."""

    PUBLISHED = "published"
    """Seen in the source."""
    ESTIMATE = "estimate"
    """Ours, fitted between published figures."""


@dataclass(frozen=True, slots=True)
class CalibrationTarget:
    """One published outcome.

    Attributes:
        name: identifier.
        low: least plausible value.
        high: greatest plausible value.
        unit: of both.
        source: where they are from.
        kind: how well they are known.
        description: what exactly is compared, and over which projects.
    """

    name: str
    low: float
    high: float
    unit: str
    source: str
    kind: Kind
    description: str

    def __post_init__(self) -> None:
        """Refuse a band without room."""
        if not self.low < self.high:
            raise ValueError(f"{self.name}: {self.low}..{self.high}: expected low < high")

    def holds(self, value: float) -> bool:
        """Whether a value lies inside the band."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A published outcome that ``golive calibrate`` does not compare, and why."""

    name: str
    band: str
    source: str
    reason: str


DAYS_LATE_TOLERATED = 5
"""Working days: nobody answers a survey that a project was late for less than a week."""
HALF_OF_BENEFITS = 0.5
MODERATE_DIP = 0.15
"""Loss of productivity that counts as moderate: what the depth Beta(4, 16) that is estimated
for the dip (mean 20 %) exceeds seven times in ten."""
UNUSED_ADOPTION = 0.25
"""Share of users below which a system counts as delivered and never used, hence as failed."""

_PANORAMA_COST = "Panorama ERP reports 2010-13 (74, 56, 53, 54 %); Molokken & Jorgensen (60-80 %)"
_PANORAMA_TIME = "Panorama ERP reports 2011-13 (54, 61, 72 %)"
_STANDISH = "Standish CHAOS 2015, +-8 points"
_SHARE, _RATIO = "share", "ratio"
_P, _E = Kind.PUBLISHED, Kind.ESTIMATE

TARGETS: tuple[CalibrationTarget, ...] = (
    CalibrationTarget("over_budget", 0.50, 0.75, _SHARE, _PANORAMA_COST, _P, "over budget"),
    CalibrationTarget(
        "mean_cost_ratio",
        1.15,
        1.45,
        _RATIO,
        "Molokken & Jorgensen (30-40 % over); McKinsey, large IT (45 % over)",
        _P,
        "mean cost ratio: spent over budget",
    ),
    CalibrationTarget(
        "cost_half_over",
        0.08,
        0.22,
        _SHARE,
        "Panorama, bands of overrun (6 to 18 %)",
        _P,
        "cost ratio above 1.5",
    ),
    CalibrationTarget(
        "cost_thrice",
        0.01,
        0.06,
        _SHARE,
        "one in six at +200 % holds for very large projects only",
        _P,
        "cost ratio above 3",
    ),
    CalibrationTarget("late", 0.50, 0.75, _SHARE, _PANORAMA_TIME, _P, "late by more than a week"),
    CalibrationTarget(
        "mean_schedule_ratio",
        1.15,
        1.45,
        _RATIO,
        "several surveys",
        _P,
        "mean schedule ratio: actual over planned duration",
    ),
    CalibrationTarget(
        "schedule_half_over",
        0.10,
        0.28,
        _SHARE,
        "golive estimate, fitted to the surveys",
        _E,
        "schedule ratio above 1.5",
    ),
    CalibrationTarget(
        "benefits_at_most_half",
        0.50,
        0.70,
        _SHARE,
        "Panorama 2012-13 (60, 66 %)",
        _P,
        "at most half of the benefits, at the end of hypercare",
    ),
    CalibrationTarget("failed_small", 0.00, 0.15, _SHARE, _STANDISH, _P, "failed, under 50 people"),
    CalibrationTarget(
        "failed_moderate", 0.04, 0.20, _SHARE, _STANDISH, _P, "failed, 50 to 249 people"
    ),
    CalibrationTarget(
        "failed_medium", 0.18, 0.34, _SHARE, _STANDISH, _P, "failed, 250 to 999 people"
    ),
    CalibrationTarget(
        "failed_large", 0.22, 0.38, _SHARE, _STANDISH, _P, "failed, from 1,000 people"
    ),
    CalibrationTarget(
        "cumulative_removal",
        0.70,
        0.85,
        _SHARE,
        "C. Jones (tests 35-50 % each, US mean 85 %)",
        _P,
        "mean share of defects removed before go-live",
    ),
    CalibrationTarget(
        "scope_growth",
        0.15,
        0.35,
        _SHARE,
        "about 2 % a month, about 25 % in all",
        _P,
        "mean scope growth: effort added over the baseline",
    ),
    CalibrationTarget(
        "moderate_dip",
        0.65,
        0.85,
        _SHARE,
        "75 % of firms after go-live",
        _P,
        "productivity fell by 15 % or more",
    ),
)
"""What ``golive calibrate`` compares, in the order in which it prints. All but the failures are
over those projects that went live, as surveys ask those; failed is cancelled, never live, or
live and hardly used."""

OPEN_TARGETS: tuple[OpenTarget, ...] = (
    OpenTarget(
        "failed_grand",
        "0.35 to 0.51",
        _STANDISH,
        "generated customers end at 2,500 people: there is no grand project among them",
    ),
    OpenTarget(
        "data_migration_late",
        "0.55 to 0.70",
        "Bloor 2007 (64 %)",
        "the scorecard has one date and one budget for the project, none for a workstream",
    ),
    OpenTarget(
        "data_migration_over_budget",
        "0.30 to 0.45",
        "Bloor 2007 (37 %)",
        "the scorecard has one date and one budget for the project, none for a workstream",
    ),
    OpenTarget(
        "change_management_effect",
        "ratio of at least 4",
        "Prosci (88 against 13 %)",
        "needs an experiment with two policies, and the source is a vendor of change management",
    ),
    OpenTarget(
        "late_staff",
        "cost up, date better only when early",
        "Abdel-Hamid & Madnick; Hsia 1999",
        "a mechanism of its own: tested with learning and staffing",
    ),
    OpenTarget(
        "rushed_weeks",
        "eight weeks of 60 h as good as eight of 40 h",
        "practice",
        "a mechanism of its own: tested with pace and fatigue",
    ),
    OpenTarget(
        "schedule_generation",
        "mean gaps on PSPLIB j30",
        "computed",
        "a mechanism of its own: tested on the benchmark's instances",
    ),
)
"""What it does not, so that nobody takes silence for agreement."""
