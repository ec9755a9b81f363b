"""Typical practice: what the literature says that firms do, as a population of managers.

The crew goes where slack is least. Dates are committed to at kick-off. Under pressure training
and testing are cut, people work overtime, and staff is added when it is late already; requests
are let in. What differs between firms is drawn once per episode: whether the date is a law, how
long a steering committee waits for acceptance, how much of training and testing survives
pressure, whether there is any change control, whether a date that cannot be kept is agreed anew.
The shares are data (``practice``). Surveys mix all of these firms, so one policy that plays all
of them is what their figures are compared with.

It is nobody's bar; ``golive validate`` and ``golive calibrate`` use it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arithmetic import whole_sum
from ...core.distributions import gamma_table
from ...core.random_streams import RandomStreams, purpose
from ...sim.implementation.briefing import NEVER, Briefing
from ...sim.implementation.decision import (
    BUILDING,
    WORKSTREAM_COUNT,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from .critical_path import urgency_by_slack
from .focus import assign_roles
from .practice import Practice, practice_with

_TRAIT = purpose("typical practice/trait of a firm")

FULL_TRAINING_WAVES, CUT_TRAINING_WAVES = 3, 1
"""Training waves as planned, and what is left of them under pressure (training and change are
the first to be cut: Panorama 2010-13)."""
FULL_TEST_CYCLES, CUT_TEST_CYCLES = 2, 1
MOCK_LOADS = 3
FREEZE_FROM = 0.7
"""Share of the planned time at which changes are frozen, by those who freeze them."""
MOST_STAFF = 5
"""Members that are added at most, and days between two."""
STAFF_EVERY_DAYS = 20
OVERTIME_FROM, OVERTIME_DAYS = 0.8, 40
"""Overtime begins at this share of the planned time where work is late, for so many days."""
CUTOVER_DAYS = 12
"""Working days before the date at which the cutover begins (estimate: a long weekend or two)."""
LATE_DAYS_PER_MONTH = 2.0
"""Slack below minus this many days per planned month counts as pressure."""
RETEST_DAYS = 25
"""Working days between two test cycles, and two mock loads, past the plan (monthly)."""
ESCALATE_AGE_DAYS = 10.0
AGENTIC_COMPRESSION = 7.0
"""All of these days are of projects of months; where AI agents deliver in weeks, habits are as many
times faster (six weeks for ten months)."""


@dataclass(frozen=True, slots=True)
class Firm:
    """The habits in which firms differ.

    Attributes:
        date_is_law: goes live on the date.
        patience: share of the planned time that it waits for acceptance beyond the date.
        keeps_training: does not cut training under pressure.
        keeps_testing: does not cut testing under pressure.
        controls_change: freezes changes before the tests.
        adds_staff: members it adds when it is late.
        rebaselines: agrees a new plan when the date cannot be kept.
    """

    date_is_law: bool
    patience: float
    keeps_training: bool
    keeps_testing: bool
    controls_change: bool
    adds_staff: int
    rebaselines: bool

    @staticmethod
    def of(seed: int, practice: Practice | None = None) -> Firm:
        """The firm of an episode's seed, in the calibrated mixture or another one."""
        shares = practice_with({}) if practice is None else practice
        draw = [RandomStreams(seed).uniform(_TRAIT, number) for number in range(8)]
        return Firm(
            date_is_law=draw[0] < shares.date_is_law,
            patience=shares.mean_patience * gamma_table(1.0).at(draw[1]),
            keeps_training=draw[2] < shares.training_survives,
            keeps_testing=draw[3] < shares.testing_survives,
            controls_change=draw[4] < shares.change_control,
            adds_staff=1 + int(draw[6] * MOST_STAFF) if draw[5] < shares.adds_staff else 0,
            rebaselines=draw[7] < shares.rebaselines,
        )


class TypicalPractice:
    """One firm of the population, drawn by the seed that ``reset`` is given.

    Args:
        practice: the mixture; None: the calibrated one.
    """

    name = "typical_practice"

    def __init__(self, practice: Practice | None = None) -> None:
        self._practice = practice
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Become the firm of this seed."""
        self._firm = Firm.of(seed, self._practice)
        self._pressed = False
        self._last_staff_day = 0

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The crew by slack, the pace by pressure, the move by plan and date."""
        self._pressed = self._pressed or _is_pressed(briefing)
        if briefing.calendar.hypercare_day != NEVER:
            wanted = [1.0] * WORKSTREAM_COUNT
        else:
            wanted = urgency_by_slack(briefing)
        focus = assign_roles(briefing, legal, wanted)
        return Decision(focus, self._pace(briefing), self._move(briefing, legal))

    def _pace(self, briefing: Briefing) -> Pace:
        calendar = briefing.calendar
        start = OVERTIME_FROM * calendar.planned_go_live_day
        end = start + _days(OVERTIME_DAYS, briefing)
        overtime = self._pressed and start <= calendar.day < end
        return Pace.RUSH if overtime else Pace.NORMAL

    def _move(self, briefing: Briefing, legal: LegalDecisions) -> Move:
        for move, wanted in (
            (Move.GO_LIVE, self._goes_live),
            (Move.TEST_CYCLE, self._tests),
            (Move.TRAINING_WAVE, self._trains),
            (Move.MOCK_LOAD, self._loads),
            (Move.ADD_CAPACITY, self._adds_staff_now),
            (Move.CHANGE_FREEZE, self._freezes),
            (Move.ESCALATE, _escalates),
            (Move.STAKEHOLDER_WORKSHOP, _kicks_off),
            (Move.REBASELINE, self._agrees_anew),
            (Move.POSTPONE_GO_LIVE, self._postpones),
        ):
            if legal.move[move] and wanted(briefing):
                if move is Move.ADD_CAPACITY:
                    self._last_staff_day = briefing.calendar.day
                return move
        return Move.NONE

    # -- the date --------------------------------------------------------------------------

    def _goes_live(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        due = calendar.target_go_live_day - calendar.day <= _days(CUTOVER_DAYS, briefing)
        fit = _accepted(briefing) and _loaded(briefing)
        return due and (fit or self._firm.date_is_law or self._had_enough(briefing))

    def _postpones(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        return calendar.day >= calendar.target_go_live_day - _days(CUTOVER_DAYS, briefing)

    def _agrees_anew(self, briefing: Briefing) -> bool:
        """True where the date cannot be kept, among firms that say so once and for all."""
        return self._firm.rebaselines and self._postpones(briefing)

    def _had_enough(self, briefing: Briefing) -> bool:
        """True if the committee has waited long enough, or cannot move the date any more."""
        calendar = briefing.calendar
        waited = calendar.day - calendar.planned_go_live_day + _days(CUTOVER_DAYS, briefing)
        out = waited >= self._firm.patience * calendar.planned_go_live_day
        return out or calendar.postponements_left == 0

    # -- what is cut under pressure ----------------------------------------------------------

    def _tests(self, briefing: Briefing) -> bool:
        """Cycles in the last quarter of the plan, then one a month while acceptance is open."""
        tests, calendar = briefing.tests, briefing.calendar
        cut = self._pressed and not self._firm.keeps_testing
        planned = CUT_TEST_CYCLES if cut else FULL_TEST_CYCLES
        share = calendar.day / calendar.planned_go_live_day
        if tests.cycles_done < planned:
            return share >= 0.76 + 0.18 * tests.cycles_done / planned
        waits = calendar.hypercare_day == NEVER and not _accepted(briefing)
        rested = tests.last_cycle_age_days >= _days(RETEST_DAYS, briefing)
        return waits and share >= 1.0 and rested

    def _trains(self, briefing: Briefing) -> bool:
        """Waves just before the date, fewer under pressure; again only at a long delay."""
        calendar, management = briefing.calendar, briefing.management
        cut = self._pressed and not self._firm.keeps_training
        sites = whole_sum(site.present for site in briefing.sites)
        waves = (CUT_TRAINING_WAVES if cut else FULL_TRAINING_WAVES) + sites - 1
        share = calendar.day / calendar.planned_go_live_day
        return management.training_waves < waves and share >= 0.82 + 0.16 * (
            management.training_waves / waves
        )

    def _loads(self, briefing: Briefing) -> bool:
        migration, calendar = briefing.migration, briefing.calendar
        share = calendar.day / calendar.planned_go_live_day
        if migration.mock_loads_done < MOCK_LOADS:
            return share >= 0.5 + 0.15 * migration.mock_loads_done
        rested = migration.last_mock_load_age_days >= _days(RETEST_DAYS, briefing)
        return share >= 1.0 and rested and not _loaded(briefing)

    def _freezes(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        late = calendar.day >= FREEZE_FROM * calendar.planned_go_live_day
        return self._firm.controls_change and late and not briefing.management.change_freeze

    # -- what is tried when it is late -------------------------------------------------------

    def _adds_staff_now(self, briefing: Briefing) -> bool:
        calendar, management = briefing.calendar, briefing.management
        return (
            self._pressed
            and calendar.hypercare_day == NEVER
            and management.capacity_added < self._firm.adds_staff
            and calendar.day - self._last_staff_day >= _days(STAFF_EVERY_DAYS, briefing)
        )


def _days(days: float, briefing: Briefing) -> float:
    """Working days of a habit, in the time scale of the project."""
    return days / AGENTIC_COMPRESSION if briefing.customer.agentic else days


def _is_pressed(briefing: Briefing) -> bool:
    """True if building has fallen behind its latest finishes by more than can be talked away."""
    calendar = briefing.calendar
    months = calendar.planned_go_live_day / 21.0
    building = [briefing.workstreams[index] for index in BUILDING]
    slack = min((row.slack_days for row in building if row.remaining_hours > 0.0), default=0.0)
    return slack < -LATE_DAYS_PER_MONTH * months or calendar.day > calendar.planned_go_live_day


def _accepted(briefing: Briefing) -> bool:
    return briefing.tests.accepted and briefing.defects.open_by_severity[2] == 0


def _loaded(briefing: Briefing) -> bool:
    migration = briefing.migration
    present = any(item.present for item in migration.objects)
    return not present or migration.last_mock_load_success >= migration.gate


def _escalates(briefing: Briefing) -> bool:
    return briefing.questions.oldest_age_days >= _days(ESCALATE_AGE_DAYS, briefing)


def _kicks_off(briefing: Briefing) -> bool:
    return briefing.management.workshops == 0
