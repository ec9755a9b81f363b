"""Thresholds of the expert: what each trades off, and the range in which it is searched.

Their values, one set for each delivery, stand in ``expert.yaml``. They were chosen by go-live score
on episodes of the suites' ``train`` seeds only, as ``golive tune-expert`` does it. Validation and
test seeds were never looked at, so that the bar is as honest as the policies that are held against
it.

A new threshold is one line here and its value in the file's ``daily`` set, which another set has
as well where it does not say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from .threshold import CHOICE, INTEGER, LOG, threshold


@dataclass(frozen=True, slots=True)
class ExpertRules:
    """Thresholds of daily management; shares unless a unit is in the name."""

    # Who works where. A workstream's pull is its weight, divided by how much slack it has.
    # Slack of this share of the planned time halves it: smaller, and the crew runs after the
    # critical path and starves what is needed next; larger, and all is equally urgent.
    slack_scale: float = threshold(0.02, 1.0, LOG)
    # Relative pulls. Discovery first, since questions asked late hold up all that is built on
    # them; training and rehearsal last, since what is trained early is forgotten or changed.
    discovery_weight: float = threshold(0.3, 4.0, LOG)
    data_weight: float = threshold(0.3, 4.0, LOG)
    testing_weight: float = threshold(0.3, 4.0, LOG)
    training_weight: float = threshold(0.3, 4.0, LOG)
    cutover_rehearsal_weight: float = threshold(0.3, 4.0, LOG)
    # A test cycle or mock load that was ordered blocks the next one until it is done.
    pending_cycle_weight: float = threshold(0.3, 4.0, LOG)
    # Fixing holds up building, but known critical defects hold up acceptance at the end.
    critical_weight: float = threshold(0.0, 3.0)
    fix_weight: float = threshold(0.3, 4.0, LOG)
    # Share of its worth that a member keeps where no further package is ready: not nothing, since
    # one may become ready during the day.
    crowding: float = threshold(0.0, 0.5)
    # A role stands down rather than do what is worth less: it would hold up key users for little.
    least_value: float = threshold(0.0, 0.2)
    fill: bool = threshold(False, True, CHOICE)
    """Large roles go where most of their members find work."""
    # A cycle that found so many will be followed by a fruitful one; fewer, and days are lost.
    cycle_yield_defects: int = threshold(1, 40, INTEGER)
    # A switch costs hours, so a role moves only to work at which it is at least so skilled relative
    # to what it does now; the higher, the longer it stays while another queue grows.
    steady_gain: float = threshold(0.3, 1.0)
    # Time left over time needed. Careful work makes fewer defects but takes longer; rushed work
    # makes more, which come back as fixes before the date if there is time and after it if not.
    careful_slack: float = threshold(0.5, 3.0, LOG, off=1_000.0)
    rush_slack: float = threshold(0.3, 1.0)
    # A workshop costs key users' hours and buys trust: worth it only where trust is lacking, and
    # not before the last one has worked.
    trust_for_workshop: float = threshold(0.0, 1.0)
    workshop_every_days: int = threshold(3, 40, INTEGER)
    # An escalation shortens waiting for answers, but a sponsor who is asked daily hears less.
    escalate_age_days: float = threshold(0.5, 10.0, LOG)
    escalate_pending: int = threshold(1, 10, INTEGER)
    # Testing early finds defects where they are cheap, testing too early finds what is not built.
    # The next cycle is worth its days once so many hours were built since the last one. Above 1,
    # ``last_cycle_built`` never asks for a last cycle by itself: yields and checks do.
    first_cycle_built: float = threshold(0.2, 1.0)
    next_cycle_hours: float = threshold(20.0, 500.0, LOG)
    last_cycle_built: float = threshold(0.5, 2.5)
    # A load with much cleansing left fails and costs a day; waiting for the last record costs more.
    cleansing_left_hours: float = threshold(5.0, 200.0, LOG)
    hurry_tests: int = threshold(0, 20, INTEGER)
    """Tests are hurried while fewer packages than this are ready to be built."""
    first_load_mapped: float = threshold(0.0, 1.0)
    """Share of the data objects that must be mapped for a mock load."""
    # A load that only just passed may fail at cutover, as records change meanwhile; so some
    # margin, and none older than this, but not a load for every percent.
    most_mock_loads: int = threshold(1, 15, INTEGER)
    load_margin: float = threshold(0.0, 0.05)
    oldest_load_days: int = threshold(5, 60, INTEGER)
    # Training on what is half built is forgotten; trained too late, users are live untrained.
    training_built: float = threshold(0.3, 1.0)
    training_readiness: float = threshold(0.5, 1.0)
    # A freeze stops changes of scope and costs goodwill: from this share of the planned time on.
    freeze_from: float = threshold(0.0, 1.0, off=9.0)
    # Going live unready costs a dip in productivity, waiting costs days and budget.
    ready_pass_rate: float = threshold(0.3, 1.0)
    ready_built: float = threshold(0.3, 1.0)
    ready_trained: float = threshold(0.2, 1.0)
    # Kept free before the target for the cutover itself.
    cutover_days: float = threshold(0.0, 15.0)
    # So long after the last possible postponement it goes live as it is.
    overdue_days: float = threshold(0.0, 30.0)
    # An intervention unblocks work for money and a mark on the scorecard: late, and for much only.
    intervene_blocked_hours: float = threshold(40.0, 2_000.0, LOG)
    idle_ready_share: float = threshold(0.0, 3.0)
    """Experts are called when questions are open and fewer packages than this, per member of the
    crew, can be worked on; 0: never for that."""
    most_interventions: int = threshold(0, 10, INTEGER)
    """Most times that they are called for that."""
    workshop_questions: int = threshold(1, 100, INTEGER, off=1_000)
    """As many open questions are worth a workshop of their own."""
    # Help that comes late slows a late project down (Brooks): only early, only when overloaded.
    add_capacity_overload: float = threshold(0.5, 10.0, LOG)
    add_capacity_until: float = threshold(0.0, 1.0)
    most_capacity_added: int = threshold(0, 10, INTEGER)
    # Dates: a start this long after the plan comes ready or not, and none before that; windows come
    # weekly, so a go-live is ordered this long before one.
    latest_days: float = threshold(-15.0, 45.0, off=1_000.0)
    earliest_days: float = threshold(-30.0, 30.0, off=-1_000.0)
    # A new plan is agreed when the target is this far past the agreed date.
    rebaseline_days: float = threshold(0.0, 60.0, off=1_000.0)
    # Readings are bought from this share of the planned time on; above 1: never.
    profile_from: float = threshold(0.0, 1.0, off=9.0)
    review_from: float = threshold(0.0, 1.0, off=9.0)
    walk_from: float = threshold(0.0, 1.0, off=9.0)
    visit_from: float = threshold(0.0, 1.0, off=9.0)
    talk_from: float = threshold(0.0, 1.0, off=9.0)
    most_readings: int = threshold(1, 5, INTEGER)
    # A site below this output recovers sooner from a roll-back than by itself.
    roll_back_productivity: float = threshold(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class WaveRules(ExpertRules):
    """Thresholds of daily management where sites go live in waves.

    Careful work never pays (``careful_slack``): what one wave leaves over, the next ones need.
    """

    training_each: int = threshold(0, 4, INTEGER)
    """Training waves of each wave of sites."""
    days_per_wave: int = threshold(1, 30, INTEGER)
    cutover_slack_days: int = threshold(0, 30, INTEGER)
    """A wave goes live so long before the last possible day, ready or not; and each before it."""
    steady_productivity: float = threshold(0.0, 1.0)
    """Output at every live site below which no further one follows."""


@dataclass(frozen=True, slots=True)
class WeeklyRules(ExpertRules):
    """Thresholds of weekly management, in projects of months run by consultants.

    One move a week: questions may be older before one is spent on them, cycles are fewer, and what
    grows stale in months (loads, training) counts more than what costs days.
    """

    patient_yield_defects: int = threshold(1, 40, INTEGER)
    """Until the date is missed a test cycle that found this many is followed by another."""
    patience: float = threshold(0.0, 1.0)
    """Share of the planned time past the target until good enough is good enough."""
    training_window_days: int = threshold(5, 120, INTEGER)
    """Training is forgotten: not earlier than this before the go-live it is for."""
    very_old_load_days: int = threshold(20, 365, INTEGER)
    """Data this stale are loaded again even before the tests are passed."""
    cleansing_hours_per_day: float = threshold(2.0, 40.0, LOG)
    """Cleansing of one object that one consultant, practised by then, gets done in a day."""
    reference_hours: float = threshold(1_000.0, 20_000.0, LOG)
    """Known effort of a project for which the thresholds in hours and defects hold; they grow
    with larger ones."""
    last_call_days: int = threshold(1, 100, INTEGER)
    """A site's share of the time that must be left when it goes live, ready or not."""


@dataclass(frozen=True, slots=True)
class RuleSets:
    """One set of thresholds for each delivery.

    Attributes:
        daily: agentic delivery to one site.
        regulated: agentic delivery to one site with standards to be validated.
        waves: agentic delivery to several sites.
        weekly: conventional delivery.
    """

    daily: ExpertRules
    regulated: ExpertRules
    waves: WaveRules
    weekly: WeeklyRules


SETS: dict[str, type[ExpertRules]] = {
    "daily": ExpertRules,
    "regulated": ExpertRules,
    "waves": WaveRules,
    "weekly": WeeklyRules,
}
"""Class of each set, the daily one first."""
