"""Published outcomes of conventional, mid-market projects under typical practice, as bands.

They validate the world and are told to nothing in it: no mechanism, parameter or generator
reads this table. Surveys of ERP projects are self-selected and disagree; hence bands.

Of each subject one outcome is *fitted* (``golive calibrate`` chooses parameters by it) and its
sibling is *held out* (nothing is chosen by it): the share over budget and the mean cost ratio, the
share late and the mean schedule ratio, and so on. Experiments are held out, all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The grade of a figure: how well it is known."""

    PUBLISHED = "published"
    """Seen in the source."""
    ESTIMATE = "estimate"
    """Ours, fitted between published figures."""


@dataclass(frozen=True, slots=True)
class Target:
    """One published outcome that a survey of projects answers.

    Attributes:
        name: identifier.
        row: of part A of the calibration table; rows are fitted or held out as a whole.
        fitted: whether parameters are chosen by it.
        low: least plausible value.
        high: greatest plausible value.
        unit: of both, ``share`` or ``ratio``.
        source: where they are from.
        kind: how well they are known.
        description: what exactly is compared, and over which projects.
    """

    name: str
    row: int
    fitted: bool
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
        """True if a value lies inside the band."""
        return self.low <= value <= self.high


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
_STANDISH = "Standish CHAOS 2015 ({} %), +-8 points"
_P, _E = Kind.PUBLISHED, Kind.ESTIMATE
_FIT, _HELD = True, False

# fmt: off
TARGETS: tuple[Target, ...] = (
    Target("over_budget", 1, _FIT, 0.50, 0.75, "share", _PANORAMA_COST, _P, "over budget"),
    Target("mean_cost_ratio", 2, _HELD, 1.15, 1.45, "ratio", "Molokken & Jorgensen (30-40 % over); McKinsey, large IT (45 % over)", _P, "mean cost ratio: spent over budget"),
    Target("cost_half_over", 3, _FIT, 0.08, 0.22, "share", "Panorama, bands of overrun (6 to 18 %)", _P, "cost ratio above 1.5"),
    Target("cost_thrice", 4, _HELD, 0.01, 0.06, "share", "one in six at +200 % holds for very large projects only", _P, "cost ratio above 3"),
    Target("late", 5, _FIT, 0.50, 0.75, "share", _PANORAMA_TIME, _P, "late by more than a week"),
    Target("mean_schedule_ratio", 6, _HELD, 1.15, 1.45, "ratio", "several surveys", _P, "mean schedule ratio: actual over planned duration"),
    Target("schedule_half_over", 7, _FIT, 0.10, 0.28, "share", "golive estimate, fitted to the surveys", _E, "schedule ratio above 1.5"),
    Target("benefits_at_most_half", 8, _HELD, 0.50, 0.70, "share", "Panorama 2012-13 (60, 66 %)", _P, "at most half of the benefits, at the end of hypercare"),
    Target("failed_small", 9, _FIT, 0.00, 0.15, "share", _STANDISH.format(7), _P, "failed, under 50 people"),
    Target("failed_moderate", 9, _FIT, 0.04, 0.20, "share", _STANDISH.format(12), _P, "failed, 50 to 249 people"),
    Target("failed_medium", 9, _FIT, 0.18, 0.34, "share", _STANDISH.format(26), _P, "failed, 250 to 999 people"),
    Target("failed_large", 9, _FIT, 0.22, 0.38, "share", _STANDISH.format(30), _P, "failed, 1,000 to 2,499 people"),
    Target("failed_grand", 9, _FIT, 0.35, 0.51, "share", _STANDISH.format(43), _P, "failed, from 2,500 people"),
    Target("data_migration_late", 10, _HELD, 0.55, 0.70, "share", "Bloor 2007 (64 %)", _P, "data work more than a week beyond the planned go-live"),
    Target("data_migration_over_budget", 11, _FIT, 0.30, 0.45, "share", "Bloor 2007 (37 %)", _P, "effort of the data work over plan and contingency"),
    Target("cumulative_removal", 12, _HELD, 0.70, 0.85, "share", "C. Jones (tests 35-50 % each, US mean 85 %)", _P, "mean share of defects removed before go-live"),
    Target("scope_growth", 13, _HELD, 0.15, 0.35, "share", "about 2 % a month, about 25 % in all", _P, "mean scope growth: effort added over the baseline"),
    Target("moderate_dip", 14, _FIT, 0.65, 0.85, "share", "75 % of firms after go-live", _P, "productivity fell by 15 % or more"),
)
# fmt: on
"""Rows 1 to 14 of part A. All but the failures are over those projects that went live, as surveys
ask those; failed is cancelled, never live, or live and hardly used."""
