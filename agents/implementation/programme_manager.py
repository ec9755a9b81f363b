"""Daily management: what the expert does where AI agents deliver in weeks.

It reads readiness, tests before it goes live, protects key users, manages the sponsor, and
puts the crew where slack is least and skill is greatest.
"""

from __future__ import annotations

from collections.abc import Callable

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.traits import TRAITS
from ...scenarios.implementation.vocabulary import AcceptanceCheckKind, DisruptionKind, Workstream
from ...sim.implementation.briefing import CHECKS, NEVER, Briefing, DataStage, SiteStatus
from ...sim.implementation.decision import (
    BUILDING,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from ...sim.implementation.legality import built_share
from .expert_rules import ExpertRules
from .focus import assign_roles, keep_steady

DISCOVERY, DATA, CONFIGURATION, CUSTOMISATION, INTEGRATION, TESTING, TRAINING, CUTOVER = (
    WORKSTREAMS.index(workstream) for workstream in Workstream
)
DAYS_PER_WEEK = 5
Wishes = tuple[tuple[Move, Callable[[Briefing], bool]], ...]
"""Moves, and when each is wanted, the most urgent first."""
_FOR_THE_SPONSOR = frozenset(
    {DisruptionKind.CONFLICTING_BUSINESS_RULES, DisruptionKind.LEGACY_INCOMPATIBILITY}
)


class ProgrammeManager:
    """A seasoned programme manager in rules, who decides every morning.

    Args:
        rules: the thresholds.
    """

    def __init__(self, rules: ExpertRules) -> None:
        self.rules = rules

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Crew where it is needed most, the pace that the forecast asks for, one good move."""
        rules = self.rules
        focus = assign_roles(
            briefing,
            legal,
            self._wanted(briefing),
            crowding=rules.crowding,
            least=rules.least_value,
            fill=rules.fill,
        )
        focus = keep_steady(briefing, focus, rules.steady_gain)
        return Decision(focus, self._pace(briefing), self._move(briefing, legal))

    # -- crew ------------------------------------------------------------------------------

    def _wanted(self, briefing: Briefing) -> list[float]:
        rules = self.rules
        base = [1.0] * len(WORKSTREAMS)
        base[DISCOVERY] = rules.discovery_weight
        base[DATA] = rules.data_weight
        base[TESTING] = rules.testing_weight
        base[TRAINING] = rules.training_weight
        base[CUTOVER] = rules.cutover_rehearsal_weight
        scale_days = rules.slack_scale * briefing.calendar.planned_go_live_day
        from_slack = self._urgent_slack(briefing)
        wanted = []
        for index, status in enumerate(briefing.workstreams):
            if not status.ready_packages:
                wanted.append(0.0)
                continue
            urgency = scale_days / (scale_days + max(0.0, status.slack_days - from_slack))
            weight = base[index] * urgency
            if status.fix_packages:
                weight *= self._fix_weight(briefing)
            wanted.append(weight)
        if briefing.tests.cycle_pending:
            wanted[TESTING] *= rules.pending_cycle_weight
        if briefing.migration.mock_load_pending:
            wanted[DATA] *= rules.pending_cycle_weight
        if briefing.management.training_pending:
            # Users sit in the room: training that waits costs their hours as well as the crew's.
            wanted[TRAINING] *= 2.0 * rules.pending_cycle_weight
        if _in_cutover(briefing):
            wanted[CUTOVER] *= 10.0  # nothing else may keep a site down that has stopped working
        return wanted

    def _urgent_slack(self, briefing: Briefing) -> float:
        """Slack in days from which on work is fully urgent."""
        return 0.0

    def _fix_weight(self, briefing: Briefing) -> float:
        """Known critical defects hold up acceptance: the less is left to build, the more."""
        rules = self.rules
        critical = briefing.defects.open_by_severity[2] > 0
        return rules.fix_weight * (1.0 + rules.critical_weight * self.built(briefing) * critical)

    def _pace(self, briefing: Briefing) -> Pace:
        if briefing.calendar.hypercare_day != NEVER or _in_cutover(briefing):
            return Pace.NORMAL
        if self._waits_for_tests(briefing):
            return Pace.RUSH
        ratio = self.time_ratio(briefing)
        if ratio > self.rules.careful_slack:
            return Pace.CAREFUL
        return Pace.RUSH if ratio < self.rules.rush_slack else Pace.NORMAL

    def _waits_for_tests(self, briefing: Briefing) -> bool:
        """True if little is built and all wait for a test cycle, a mock load or a check."""
        building = whole_sum(briefing.workstreams[index].ready_packages for index in BUILDING)
        testing = briefing.workstreams[TESTING].ready_packages
        pending = testing > 0 or briefing.migration.mock_load_pending
        return pending and building < self.rules.hurry_tests

    def time_ratio(self, briefing: Briefing) -> float:
        """Crew hours left until the target over crew hours that the known work needs."""
        calendar = briefing.calendar
        days = self.deadline(briefing) - self.rules.cutover_days - calendar.day
        done = plain_sum(status.done_hours for status in briefing.workstreams)
        planned = plain_sum(status.planned_hours for status in briefing.workstreams)
        needed = planned - done
        rate = planned / max(1.0, calendar.planned_go_live_day)
        if calendar.day >= 5:  # before that what was done says nothing of how fast it goes
            rate = 0.5 * rate + 0.5 * done / calendar.day
        return max(0.0, days) * rate / max(needed, 1.0)

    # -- what is gone by ---------------------------------------------------------------------

    def built(self, briefing: Briefing) -> float:
        """Share built of what the next go-live needs."""
        return built_share(briefing)

    def trained(self, briefing: Briefing) -> float:
        """Share of the users trained and able, of those whom the next training is for."""
        return briefing.people.readiness

    def deadline(self, briefing: Briefing) -> int:
        """Day by which all known work is to be done."""
        return briefing.calendar.target_go_live_day

    # -- moves -----------------------------------------------------------------------------

    def _move(self, briefing: Briefing, legal: LegalDecisions) -> Move:
        wishes = self._wishes()
        wanted = (move for move, wants in wishes if legal.move[move] and wants(briefing))
        return next(wanted, Move.NONE)

    def _wishes(self) -> Wishes:
        # One move a day. First what cannot wait (a site in trouble, a go-live), then the date and
        # people, which others plan by, then loads and tests, which take days to bear fruit, then
        # what only helps.
        return (
            (Move.ROLL_BACK, self._wants_roll_back),
            (Move.GO_LIVE, self._wants_go_live),
            (Move.POSTPONE_GO_LIVE, self._wants_postponement),
            (Move.ADD_CAPACITY, self._wants_capacity),
            (Move.MOCK_LOAD, self._wants_mock_load),
            (Move.TEST_CYCLE, self._wants_test_cycle),
            (Move.ESCALATE, self._wants_escalation),
            (Move.TRAINING_WAVE, self._wants_training),
            (Move.STAKEHOLDER_WORKSHOP, self._wants_workshop),
            (Move.MANUAL_INTERVENTION, self._wants_intervention),
            (Move.CHANGE_FREEZE, self._wants_freeze),
            (Move.REBASELINE, self._wants_new_plan),
            *self._readings(),
        )

    def _readings(self) -> Wishes:
        rules, wants = self.rules, self._wants_reading
        return (
            (Move.PROFILE_DATA, wants("data_rot", rules.profile_from)),
            (Move.REVIEW_WORK, wants("workmanship", rules.review_from)),
            (Move.WALK_THROUGH, wants("change_value", rules.walk_from)),
            (Move.VISIT_OPERATIONS, wants("habits", rules.visit_from)),
            (Move.SPONSOR_TALK, wants("season", rules.talk_from)),
        )

    def _wants_roll_back(self, briefing: Briefing) -> bool:
        return any(
            site.present
            and site.status == SiteStatus.LIVE
            and site.reported_productivity < self.rules.roll_back_productivity
            for site in briefing.sites
        )

    def _wants_go_live(self, briefing: Briefing) -> bool:
        if self._is_last_call(briefing):
            return True
        late = briefing.calendar.day - own_target_day(briefing)
        if late < self.rules.earliest_days:
            return False
        return late >= self.rules.latest_days or self.ready(briefing)

    def _is_last_call(self, briefing: Briefing) -> bool:
        """True long after the date, once it cannot be put off any more."""
        calendar = briefing.calendar
        overdue = calendar.day - calendar.target_go_live_day >= self.rules.overdue_days
        return overdue and calendar.postponements_left == 0

    def ready(self, briefing: Briefing) -> bool:
        """True if the next site may go live: built, tested, loaded, accepted, trained."""
        return self._is_accepted(briefing) and self.trained(briefing) >= self.rules.ready_trained

    def _is_accepted(self, briefing: Briefing) -> bool:
        rules = self.rules
        return (
            briefing.tests.accepted
            and self.built(briefing) >= rules.ready_built
            and briefing.defects.open_by_severity[2] == 0
            and briefing.migration.last_mock_load_success >= self._load_goal(briefing)
            and not self._load_is_old(briefing)
            and briefing.interfaces.failing == 0
            and not self._fruitful(briefing)
        )

    def _wants_postponement(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        return calendar.day >= calendar.target_go_live_day and not self.ready(briefing)

    def _wants_capacity(self, briefing: Briefing) -> bool:
        rules, calendar = self.rules, briefing.calendar
        if briefing.management.capacity_added >= rules.most_capacity_added:
            return False
        early = calendar.day < rules.add_capacity_until * calendar.planned_go_live_day
        ratio = self.time_ratio(briefing)
        return early and calendar.day >= 3 and ratio * rules.add_capacity_overload < 1.0

    def _wants_mock_load(self, briefing: Briefing) -> bool:
        rules, migration = self.rules, briefing.migration
        present = [item for item in migration.objects if item.present]
        if not present or migration.mock_loads_done >= self._most_mock_loads(briefing):
            return False
        mapped = whole_sum(item.stage == DataStage.MAPPED for item in present)
        if mapped < rules.first_load_mapped * len(present):
            return False
        if migration.mock_loads_done == 0:
            return True
        if self._load_is_old(briefing) and self.built(briefing) >= rules.ready_built:
            return True
        reached = migration.last_mock_load_success >= self._load_goal(briefing)
        if reached and not self._check_waits(briefing, data=True):
            return False
        left = plain_sum(item.cleansing_hours for item in present)
        return left <= rules.cleansing_left_hours * self._size(briefing)

    def _most_mock_loads(self, briefing: Briefing) -> int:
        """Data go stale: each month of a long project is worth another mock load."""
        return self.rules.most_mock_loads + briefing.calendar.day // (
            2 * self.rules.oldest_load_days
        )

    def _load_is_old(self, briefing: Briefing) -> bool:
        age = briefing.migration.last_mock_load_age_days
        return age > self.rules.oldest_load_days

    def _load_goal(self, briefing: Briefing) -> float:
        migration = briefing.migration
        return max(migration.gate, migration.reconciliation_gate + self.rules.load_margin)

    def _wants_test_cycle(self, briefing: Briefing) -> bool:
        rules, tests = self.rules, briefing.tests
        built = self.built(briefing)
        if tests.cycles_done == 0:
            return built >= rules.first_cycle_built
        if tests.built_hours_since_cycle >= rules.next_cycle_hours * self._size(briefing):
            return True
        mended = briefing.defects.open_by_severity[1] + briefing.defects.open_by_severity[2] == 0
        if mended and self._fruitful(briefing) and built >= rules.ready_built:
            return True
        if mended and built >= rules.ready_built and self._check_waits(briefing, data=False):
            return True
        untested = briefing.interfaces.tested < briefing.interfaces.built
        return built >= rules.last_cycle_built and (
            untested or tests.last_cycle_pass_rate < rules.ready_pass_rate
        )

    @staticmethod
    def _check_waits(briefing: Briefing, *, data: bool) -> bool:
        """True if an acceptance check that failed waits for a mock load or a test cycle."""
        tests, testing = briefing.tests, briefing.workstreams[TESTING]
        if testing.ready_packages or not testing.waiting_packages:
            return False
        return any(
            needed and not passed and (kind is AcceptanceCheckKind.RECONCILIATION) == data
            for kind, needed, passed in zip(
                CHECKS, tests.checks_required, tests.checks_passed, strict=True
            )
        )

    def _fruitful(self, briefing: Briefing) -> bool:
        """True if the last test cycle found so much that another one will find more."""
        return briefing.tests.last_cycle_defects >= self.rules.cycle_yield_defects

    def _size(self, briefing: Briefing) -> float:
        """Factor on thresholds in hours and defects; 1, since projects of weeks are alike."""
        return 1.0

    def _wants_escalation(self, briefing: Briefing) -> bool:
        """For old questions, and for what only the sponsor can decide or press for."""
        questions = briefing.questions
        if any(disruption.kind in _FOR_THE_SPONSOR for disruption in briefing.disruptions):
            return briefing.calendar.hypercare_day == NEVER
        return (
            questions.oldest_age_days >= self.rules.escalate_age_days
            and questions.pending >= self.rules.escalate_pending
        )

    def _wants_training(self, briefing: Briefing) -> bool:
        rules = self.rules
        if self.built(briefing) < rules.training_built:
            return False
        return self.trained(briefing) < rules.training_readiness

    def _wants_workshop(self, briefing: Briefing) -> bool:
        since = briefing.management.days_since_workshop
        rested = since == NEVER or since >= self.rules.workshop_every_days
        if briefing.questions.pending >= self.rules.workshop_questions:
            return True
        return rested and (since == NEVER or briefing.people.trust < self.rules.trust_for_workshop)

    def _wants_intervention(self, briefing: Briefing) -> bool:
        blocked = plain_sum(status.blocked_hours for status in briefing.workstreams)
        # Before that, escalations and workshops do the same for less.
        late = briefing.calendar.day > 0.6 * briefing.calendar.planned_go_live_day
        if late and blocked >= self.rules.intervene_blocked_hours:
            return True
        return self._stands_still(briefing)

    def _stands_still(self, briefing: Briefing) -> bool:
        """True if most of the crew finds no work because the customer has not answered."""
        rules = self.rules
        if briefing.management.interventions >= rules.most_interventions:
            return False
        if briefing.questions.pending == 0 or briefing.calendar.hypercare_day != NEVER:
            return False
        units = plain_sum(role.units for role in briefing.roles)
        ready = whole_sum(status.ready_packages for status in briefing.workstreams)
        return ready < rules.idle_ready_share * units

    def _wants_freeze(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        late = calendar.day >= self.rules.freeze_from * calendar.planned_go_live_day
        return late and not briefing.management.change_freeze

    def _wants_new_plan(self, briefing: Briefing) -> bool:
        calendar = briefing.calendar
        expected = max(calendar.target_go_live_day, calendar.day)
        return expected - calendar.agreed_go_live_day >= self.rules.rebaseline_days

    def _wants_reading(self, trait: str, share: float) -> Callable[[Briefing], bool]:
        """Make the wish for a reading of a trait, from a share of the planned time on."""
        number = TRAITS.index(trait)

        def wants(briefing: Briefing) -> bool:
            calendar = briefing.calendar
            due = calendar.day >= share * calendar.planned_go_live_day
            return due and briefing.insights[number].readings < self.rules.most_readings

        return wants


def own_target_day(briefing: Briefing) -> int:
    """Planned day of the next go-live, before any postponement."""
    calendar = briefing.calendar
    return calendar.target_go_live_day - calendar.postponements * DAYS_PER_WEEK


def _in_cutover(briefing: Briefing) -> bool:
    return any(site.present and site.status == SiteStatus.CUTOVER for site in briefing.sites)
