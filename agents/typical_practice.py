"""Typical practice: what surveys of conventional projects describe, as far as they do.

The crew goes where slack is least and the moves follow the plan, as with ``critical_path``.
Cutover is begun in time to end on the date, but the date is no law: while acceptance is open
the steering committee moves it week by week and has the system tested again now and then, until
it has had enough and goes live as it is.
It is nobody's bar; ``golive calibrate`` uses it.
"""

from __future__ import annotations

from dataclasses import replace

from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions, Move
from .critical_path import CriticalPath

PATIENCE = 0.25
"""Share of the planned time that the date is moved by at most (estimate)."""
CUTOVER_DAYS = 10
"""Working days before the date at which an accepted system's cutover begins (estimate)."""
RETEST_DAYS = 20
"""Working days between two test cycles past the date (estimate: monthly)."""


class TypicalPractice:
    """Follows the plan, except that it does not go live on the date while acceptance is open."""

    name = "typical_practice"

    def __init__(self) -> None:
        self._plan = CriticalPath()

    def reset(self, seed: int) -> None:
        """Begin anew."""
        self._plan.reset(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The plan's decision, but a go-live that is not accepted waits for its turn."""
        planned = self._plan.decide(briefing, legal)
        if _accepted(briefing):
            due = _days_to_target(briefing) <= CUTOVER_DAYS and legal.move[Move.GO_LIVE]
            return replace(planned, move=Move.GO_LIVE) if due else planned
        if planned.move is not Move.GO_LIVE:
            return planned
        if not legal.move[Move.POSTPONE_GO_LIVE] or _out_of_patience(briefing):
            return planned
        tests = briefing.tests
        due = tests.cycles_done == 0 or tests.last_cycle_age_days >= RETEST_DAYS
        retest = due and legal.move[Move.TEST_CYCLE]
        return replace(planned, move=Move.TEST_CYCLE if retest else Move.POSTPONE_GO_LIVE)


def _accepted(briefing: Briefing) -> bool:
    tests = briefing.tests
    passed = all(
        done or not needed
        for done, needed in zip(tests.checks_passed, tests.checks_required, strict=True)
    )
    return passed and briefing.defects.open_by_severity[2] == 0


def _days_to_target(briefing: Briefing) -> int:
    return briefing.calendar.target_go_live_day - briefing.calendar.day


def _out_of_patience(briefing: Briefing) -> bool:
    calendar = briefing.calendar
    return calendar.day >= (1.0 + PATIENCE) * calendar.planned_go_live_day
