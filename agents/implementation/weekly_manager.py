"""Weekly management: what the expert does where consultants deliver in months.

A week has one move, so none is spent on announcing what everybody sees: the date slips
while tests, mock loads and training go on, and is moved when nothing better is to be done.
Training waves are few and forgotten in months; each site gets its share just before it goes
live. A start is never rolled back: a week later the damage is done.
"""

from __future__ import annotations

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.vocabulary import AcceptanceCheckKind
from ...sim.implementation.briefing import CHECKS, Briefing, SiteStatus
from ...sim.implementation.decision import Move
from ...sim.implementation.legality import MOST_TRAINING_WAVES, built_share
from ...sim.implementation.schedule import CUTOVER_SLACK_WEEKS
from .expert_rules import WeeklyRules
from .programme_manager import DAYS_PER_WEEK, ProgrammeManager, Wishes, own_target_day


class WeeklyManager(ProgrammeManager):
    """A seasoned programme manager in rules, who decides every Monday.

    Args:
        rules: the thresholds.
    """

    def __init__(self, rules: WeeklyRules) -> None:
        super().__init__(rules)
        self.weekly = rules

    def _wishes(self) -> Wishes:
        return (
            (Move.GO_LIVE, self._wants_go_live),
            (Move.ADD_CAPACITY, self._wants_capacity),
            (Move.TEST_CYCLE, self._wants_test_cycle),
            (Move.TRAINING_WAVE, self._wants_training),
            (Move.MOCK_LOAD, self._wants_mock_load),
            (Move.CHANGE_FREEZE, self._wants_freeze),
            (Move.ESCALATE, self._wants_escalation),
            (Move.STAKEHOLDER_WORKSHOP, self._wants_workshop),
            (Move.POSTPONE_GO_LIVE, self._wants_postponement),
            (Move.REBASELINE, self._wants_new_plan),
            (Move.MANUAL_INTERVENTION, self._wants_intervention),
            *self._readings(),
        )

    def _is_last_call(self, briefing: Briefing) -> bool:
        """True if the sites that are left can only just go live before the project ends."""
        waiting = _sites_left(briefing) - 1
        latest = _latest_go_live_day(briefing)
        return briefing.calendar.day >= latest - self.weekly.last_call_days * waiting

    def ready(self, briefing: Briefing) -> bool:
        """True if the next site may go live; long past the date one more cycle is spared."""
        migration = briefing.migration
        return (
            self._acceptable(briefing)
            and not migration.mock_load_pending
            and (self._is_loaded(briefing) or self._gate_is_out_of_reach(briefing))
            and self._is_trained(briefing)
            and (self._is_impatient(briefing) or not self._fruitful(briefing))
        )

    def _acceptable(self, briefing: Briefing) -> bool:
        """True if accepted, built, nothing critical or failing open: what no date excuses."""
        return (
            briefing.tests.accepted
            and built_share(briefing) >= self.rules.ready_built
            and briefing.defects.open_by_severity[2] == 0
            and briefing.interfaces.failing == 0
        )

    def _is_loaded(self, briefing: Briefing) -> bool:
        success = briefing.migration.last_mock_load_success
        return success >= self._load_goal(briefing) and not self._load_is_old(briefing)

    def _gate_is_out_of_reach(self, briefing: Briefing) -> bool:
        """True if the object with most errors cannot be cleansed in the time that is left."""
        calendar, migration = briefing.calendar, briefing.migration
        if migration.last_mock_load_success >= migration.gate or not migration.mock_loads_done:
            return False
        most = max(item.cleansing_hours for item in migration.objects)
        days = _latest_go_live_day(briefing) - calendar.day
        return most > self.weekly.cleansing_hours_per_day * max(0, days)

    def _is_impatient(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        late = calendar.day - own_target_day(briefing)
        return late > self.weekly.patience * calendar.planned_go_live_day

    def _fruitful(self, briefing: Briefing) -> bool:
        """True if another test cycle will find enough to be worth its time."""
        early = briefing.calendar.day < own_target_day(briefing)
        rules = self.weekly
        least = rules.patient_yield_defects if early else rules.cycle_yield_defects
        return briefing.tests.last_cycle_defects >= least * self._size(briefing)

    def _size(self, briefing: Briefing) -> float:
        """Projects of months are not alike: their known effort over the reference."""
        planned = plain_sum(status.planned_hours for status in briefing.workstreams)
        return max(1.0, planned / self.weekly.reference_hours)

    # -- training --------------------------------------------------------------------------

    def _is_trained(self, briefing: Briefing) -> bool:
        management = briefing.management
        if management.training_pending:
            return False
        enough = briefing.people.readiness >= self.rules.ready_trained
        return management.training_waves >= _waves_until_now(briefing) or (
            enough and _sites_total(briefing) == 1
        )

    def _wants_training(self, briefing: Briefing) -> bool:
        """A wave for the next site near its go-live; the last one waits for acceptance."""
        rules, waves = self.rules, briefing.management.training_waves
        single = _sites_total(briefing) == 1
        if (single or not _sites_left(briefing)) and (
            briefing.people.readiness >= rules.training_readiness
        ):
            return False
        if not _sites_left(briefing):
            return True
        if self._acceptable(briefing):
            return waves < _waves_until_now(briefing)
        days = own_target_day(briefing) - briefing.calendar.day
        return (
            waves < _waves_until_now(briefing) - 1
            and built_share(briefing) >= rules.training_built
            and days <= self.weekly.training_window_days
        )

    # -- data ------------------------------------------------------------------------------

    def _wants_mock_load(self, briefing: Briefing) -> bool:
        """As by the day, but data gone stale wait for the tests, or until they are very stale."""
        migration = briefing.migration
        if not super()._wants_mock_load(briefing):
            return False
        return (
            migration.last_mock_load_success < self._load_goal(briefing)
            or self._check_waits(briefing, data=True)
            or self._tests_passed(briefing)
            or migration.last_mock_load_age_days >= self.weekly.very_old_load_days
        )

    @staticmethod
    def _tests_passed(briefing: Briefing) -> bool:
        """True if every required check but the reconciliation has been passed."""
        tests = briefing.tests
        return all(
            passed or not needed or kind is AcceptanceCheckKind.RECONCILIATION
            for kind, needed, passed in zip(
                CHECKS, tests.checks_required, tests.checks_passed, strict=True
            )
        )


def _sites_total(briefing: Briefing) -> int:
    return whole_sum(site.present for site in briefing.sites)


def _sites_left(briefing: Briefing) -> int:
    """Sites that have not begun to go live."""
    return whole_sum(site.present and site.status == SiteStatus.PLANNED for site in briefing.sites)


def _latest_go_live_day(briefing: Briefing) -> int:
    """The last day on which a cutover can begin and still be followed by all of hypercare."""
    calendar = briefing.calendar
    return calendar.last_day - calendar.hypercare_days - CUTOVER_SLACK_WEEKS * DAYS_PER_WEEK


def _waves_until_now(briefing: Briefing) -> int:
    """Training waves that may have been given before the next site goes live: its fair share."""
    total = _sites_total(briefing)
    begun = total - _sites_left(briefing)
    return MOST_TRAINING_WAVES * (begun + 1) // total
