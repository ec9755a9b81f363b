"""Mechanism 12: cutover, the dip after it and the way out of it, the way back, site by site."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import fmean

import pytest
from world_helpers import (
    NO_STEERING,
    conventional,
    decider,
    furniture,
    load_scenario,
    order,
    packages,
    play,
    with_parameters,
)

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.briefing import NEVER, SiteStatus
from golive.sim.implementation.decision import Decision, Move
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import Snapshot

CUTOVER = Workstream.CUTOVER
SEEDS = range(5)
Change = Callable[[ImplementationWorld], None]


@cache
def eve(seed: int) -> Snapshot:
    """The morning on which the expert decides to go live, with all data right."""
    world, decide = ImplementationWorld(furniture(), seed), decider("expert")
    while (decision := decide(world.briefing(), world.legal())).move is not Move.GO_LIVE:
        world.advance(decision)
    for item in world._state.objects:
        for errors in (item.visible, item.hidden, item.rotten):
            errors[:] = [0.0] * len(errors)
    world._state.technical_failure = 0.0
    return world.snapshot()


def no_change(world: ImplementationWorld) -> None:
    """As the expert goes live."""


def untrained(world: ImplementationWorld) -> None:
    people = world._state.people
    people.proficiency[:] = [0.12] * len(people.proficiency)


def defective(world: ImplementationWorld) -> None:
    origin = packages(world, PackageKind.BUILD)[0]
    for number in range(40):  # each hurts once it has surfaced, and until it is mended
        world.mechanisms.defects.add(origin.id, 1_000_000 + number)


def bad_data(world: ImplementationWorld) -> None:
    for item in world._state.objects:
        item.hidden[-1] += 0.15 * item.records


def unbuilt(world: ImplementationWorld) -> None:
    for package in packages(world, PackageKind.BUILD):
        package.done_hours *= 0.7
        world.mechanisms.work.changed(package)


def failing_interfaces(world: ImplementationWorld) -> None:
    for interface in world._state.interfaces:
        interface.faulty = True


def live(seed: int, change: Change = no_change, *, roll_back: bool = False) -> ImplementationWorld:
    """The expert's go-live after a change for the worse that nobody noticed, to the end."""
    world = ImplementationWorld.restore(eve(seed))
    change(world)
    decide = decider("expert")
    world.advance(Decision(decide(world.briefing(), world.legal()).focus, move=Move.GO_LIVE))

    def without_way_back(briefing, legal):
        decision = decide(briefing, legal)
        back = decision.move is Move.ROLL_BACK and not roll_back
        return Decision(decision.focus, decision.pace, Move.NONE if back else decision.move)

    play(world, without_way_back)
    return world


def unbuilt_go_live(seed: int = 0) -> ImplementationWorld:
    """A cutover begun on the first morning, which is not legal: nothing is there to cut over to."""
    world = ImplementationWorld(furniture(), seed)
    world._state.next_steering_day = NO_STEERING
    world.mechanisms.cutover.start()
    play_until_live(world)
    return world


def play_until_live(world: ImplementationWorld, *crew: Workstream | None) -> None:
    """Work on the cutover until the first site is in production, all of them or the crew named."""
    for _ in range(40):
        if world.briefing().sites[0].days_live != NEVER:
            return
        world.advance(order(*crew or (CUTOVER,)))
    raise AssertionError("never live")


@cache
def depth(change: Change) -> tuple[float, ...]:
    """Deepest loss of productivity per seed."""
    return tuple(live(seed, change).scorecard().dip_depth for seed in SEEDS)


@pytest.mark.parametrize(
    "change",
    [untrained, defective, bad_data, unbuilt, failing_interfaces],
    ids=lambda c: c.__name__,
)
def test_the_dip_is_deeper_with_what_is_missing_wrong_or_not_mastered(change):
    pairs = list(zip(depth(change), depth(no_change), strict=True))
    # The expert answers to what it sees, so that one start of five may come out no worse.
    assert sum(worse >= plain for worse, plain in pairs) >= len(pairs) - 1
    assert fmean(worse - plain for worse, plain in pairs) > 0.05


def test_the_dip_hurts_customers_and_their_benefits():
    plain = [live(seed).scorecard() for seed in SEEDS]
    worse = [live(seed, defective).scorecard() for seed in SEEDS]
    for figure in ("nps", "benefits_realised", "dip_usd", "value_usd", "go_live_score"):
        poorer, better = (
            fmean(getattr(card, figure) for card in cards) for cards in (worse, plain)
        )
        assert poorer < better, figure


def test_bad_data_fails_reconciliation():
    for seed in SEEDS:
        assert live(seed).scorecard().reconciliation_passed
        worse = live(seed, bad_data).scorecard()
        assert not worse.reconciliation_passed
        assert not worse.success


def losses(world: ImplementationWorld) -> list[float]:
    """Loss of the first site per day in production, as reported, under the expert."""
    decide, rows = decider("expert"), []
    while not world.finished:
        decision = decide(world.briefing(), world.legal())
        move = Move.NONE if decision.move is Move.ROLL_BACK else decision.move
        world.advance(Decision(decision.focus, decision.pace, move))
        if world.briefing().sites[0].days_live != NEVER:
            rows.append(1.0 - world.briefing().sites[0].reported_productivity)
    return rows


def test_productivity_recovers_as_people_learn_and_defects_are_mended():
    for seed in SEEDS:
        world = ImplementationWorld.restore(eve(seed))
        untrained(world)
        world.advance(order(CUTOVER, move=Move.GO_LIVE))
        rows = losses(world)
        assert max(rows) > 0.05
        assert rows[-1] < 0.4 * max(rows)
        assert fmean(rows[-5:]) < fmean(rows[:5])


def test_a_site_back_to_normal_is_stable_after_a_week():
    world = live(1)
    assert world.briefing().sites[0].status is SiteStatus.STABLE
    assert world.scorecard().dip_days < 20


def test_with_nothing_wrong_the_base_loss_fades_and_slower_with_consultants():
    rows = {}
    for name, scenario in (("agentic", furniture()), ("conventional", conventional())):
        world = ImplementationWorld(scenario, 0)
        site = world._state.sites[0]
        site.live_day, site.base_loss = 0, 0.07
        for _ in range(10):
            world.mechanisms.cutover._live_day(0, site)
        rows[name] = site.base_loss
    assert rows["agentic"] == pytest.approx(0.07 * (1.0 - 1.0 / 15.0) ** 10)
    assert rows["conventional"] == pytest.approx(0.07 * (1.0 - 1.0 / 30.0) ** 10)


# -- the cutover itself --------------------------------------------------------------------


def cutover(
    *crew: Workstream | None, rehearsed: bool, seed: int = 1, **parameters: float
) -> ImplementationWorld:
    """A cutover from the expert's go-live decision to production."""
    payload = dict(eve(seed).payload)
    scenario = with_parameters(furniture(), **parameters)
    payload["scenario"] = scenario.model_dump(mode="json")
    world = ImplementationWorld.restore(Snapshot(eve(seed).world, eve(seed).version, payload))
    world._state.rehearsed = [rehearsed]
    world._state.next_steering_day = 1_000
    world.advance(order(*crew or (CUTOVER,), move=Move.GO_LIVE))
    play_until_live(world, *crew)
    return world


def hours(world: ImplementationWorld) -> float:
    return sum(package.planned_hours for package in packages(world, PackageKind.CUTOVER))


def test_a_cutover_never_rehearsed_takes_longer():
    known, new = cutover(rehearsed=True), cutover(rehearsed=False)
    assert hours(new) == pytest.approx(1.6 * hours(known))
    worse = cutover(rehearsed=False, unrehearsed_cutover=3.0)
    assert hours(worse) == pytest.approx(3.0 * hours(known))
    assert worse._state.sites[0].live_day >= known._state.sites[0].live_day  # of a week


ALONE = (None, None, None, None, CUTOVER)
"""One expert does the cutover by himself, so that it takes more than a week."""


def test_each_missed_window_stops_the_business_and_costs_trust_and_money():
    free, dear = (
        cutover(*ALONE, rehearsed=False, unrehearsed_cutover=3.0, downtime_day_usd=value)
        for value in (0.0, 0.004)
    )
    missed = free._state.sites[0].missed_windows
    assert missed >= 1
    lost = dear._state.spent_usd - free._state.spent_usd
    assert lost == pytest.approx(0.004 * 30e6 * missed)
    patient = cutover(*ALONE, rehearsed=False, unrehearsed_cutover=3.0, cutover_overrun_trust=0.0)
    assert patient.mechanisms.people.mean_trust() > free.mechanisms.people.mean_trust()


def test_a_rehearsal_is_work_that_a_mock_load_opens():
    world = ImplementationWorld(furniture(), 0)
    rehearsal = packages(world, PackageKind.REHEARSAL)[0]
    for package in packages(world, PackageKind.EXTRACT, PackageKind.MAP):
        world.mechanisms.work.set_status(package, Status.READY)
        world.mechanisms.work.finish(package)
    assert rehearsal.status == Status.WAITING
    world._day.mock_load_done(rehearsal)
    assert rehearsal.status == Status.READY
    world.mechanisms.work.finish(rehearsal)
    assert world._state.rehearsed == [True]


def test_nobody_goes_live_while_nobody_works_on_the_cutover():
    world = ImplementationWorld.restore(eve(0))
    world.advance(order(Workstream.DATA, move=Move.GO_LIVE))
    for _ in range(3):
        world.advance(order(Workstream.DATA))
    assert world.briefing().sites[0].status is SiteStatus.CUTOVER
    assert not world.legal().move[Move.GO_LIVE]


# -- hypercare and the way back ------------------------------------------------------------


def test_production_reports_tickets_that_are_mended_in_hypercare():
    world = ImplementationWorld.restore(eve(1))
    defective(world)
    decide, tickets = decider("expert"), []
    world.advance(order(CUTOVER, move=Move.GO_LIVE))
    while not world.finished:
        world.advance(decide(world.briefing(), world.legal()))
        tickets.append(world.briefing().defects.open_tickets)
    assert max(tickets) >= 3
    assert tickets[-1] < max(tickets)
    assert world.scorecard().defects_escaped >= 15


def test_hypercare_lasts_as_planned_after_the_last_go_live():
    world = live(1)
    site = world._state.sites[0]
    assert world._state.day - site.live_day == 1 + 20
    assert world.briefing().calendar.hypercare_day == 21


def extended(
    weeks: int,
    change: Change = no_change,
    *,
    planned_weeks: int = 4,
    idle: bool = False,
    **parameters: float,
) -> ImplementationWorld:
    """The expert's go-live where hypercare may go on for some weeks, to the end.

    Args:
        weeks: by which the plan lets hypercare be extended.
        change: of the state before the go-live.
        planned_weeks: of hypercare.
        idle: nobody mends anything after it.
        **parameters: of the world.
    """
    payload = dict(eve(1).payload)
    hypercare = {"hypercare_weeks": planned_weeks, "hypercare_extension_weeks": weeks}
    plan = furniture().plan.model_copy(update=hypercare)
    scenario = with_parameters(furniture().model_copy(update={"plan": plan}), **parameters)
    payload["scenario"] = scenario.model_dump(mode="json")
    snapshot = Snapshot(eve(1).world, eve(1).version, payload)
    world, decide = ImplementationWorld.restore(snapshot, record=True), decider("expert")
    change(world)
    world.advance(order(CUTOVER, move=Move.GO_LIVE))

    def stay(briefing, legal):
        if idle:
            return order(CUTOVER)
        decision = decide(briefing, legal)
        move = Move.NONE if decision.move is Move.ROLL_BACK else decision.move
        return Decision(decision.focus, decision.pace, move)

    play(world, stay)
    return world


def days_of_hypercare(world: ImplementationWorld) -> int:
    return world._state.day - world._state.sites[0].live_day - 1


def test_hypercare_goes_on_week_by_week_while_a_site_limps_and_the_plan_allows():
    for weeks in (0, 1, 3):
        world = extended(weeks, defective, idle=True)
        assert world._state.sites[0].loss > 0.5
        assert world._state.hypercare_extensions == weeks
        assert days_of_hypercare(world) == 20 + 5 * weeks
        assert world.events().filter(kind="hypercare_extended").height == weeks


def test_a_site_that_runs_lets_the_crew_go_as_planned():
    world = extended(26)
    assert world._state.sites[0].loss < 0.05
    assert world._state.hypercare_extensions == 0
    assert days_of_hypercare(world) == 20


def test_hypercare_ends_with_the_first_week_whose_loss_is_small_enough():
    extensions = []
    for release in (0.05, 0.12, 0.25):
        world = extended(26, bad_data, planned_weeks=1, hypercare_release_loss=release)
        loss = {day.calendar.day: 1.0 - day.sites[0].reported_productivity for day in world.history}
        first = world._state.sites[0].live_day + 1 + 5
        weeks = [loss[day] for day in range(first, world._state.day + 1, 5)]
        assert all(before > release for before in weeks[:-1])
        assert weeks[-1] <= release
        assert world._state.hypercare_extensions == len(weeks) - 1
        extensions.append(len(weeks) - 1)
    assert extensions[0] > extensions[1] > extensions[2] == 0


def test_a_longer_hypercare_is_paid_for_and_people_go_on_adopting():
    short, longer = (
        extended(weeks, untrained, idle=True, planned_weeks=1, hypercare_release_loss=0.05)
        for weeks in (0, 3)
    )
    more = days_of_hypercare(longer) - days_of_hypercare(short)
    assert more >= 5
    cost = longer.scorecard().cost_usd - short.scorecard().cost_usd
    assert cost >= more * short._context.parameters.environment_day_usd
    assert longer.scorecard().adoption > short.scorecard().adoption + 0.05


def catastrophe(seed: int = 0) -> ImplementationWorld:
    """A go-live of what is not built, until the way back opens."""
    world = unbuilt_go_live(seed)
    while not world.legal().move[Move.ROLL_BACK]:
        world.advance(order(CUTOVER))
    return world


def test_nobody_goes_live_with_what_is_not_there():
    """Legal when half of it is built and its data were loaded once on trial."""
    world = ImplementationWorld(furniture(), 0)
    assert not world.legal().move[Move.GO_LIVE]
    early = decider("go_live_on_day_one", 0)
    for _ in range(5):
        world.advance(early(world.briefing(), world.legal()))
        assert world.briefing().sites[0].status is SiteStatus.PLANNED
    assert ImplementationWorld.restore(eve(0)).legal().move[Move.GO_LIVE]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_go_live_of_what_is_not_built_is_a_catastrophe(seed):
    world = unbuilt_go_live(seed)
    play(world, lambda *_: order(CUTOVER))
    card = world.scorecard()
    assert card.catastrophic_dip
    assert not card.success
    assert card.dip_depth > 0.6
    assert card.go_live_score < 0.2


def test_a_roll_back_restores_the_old_systems_at_the_price_of_trust():
    world = catastrophe()
    trust, day = world.mechanisms.people.mean_trust(), world._state.day
    world.advance(order(move=Move.ROLL_BACK))
    site = world.briefing().sites[0]
    assert site.status is SiteStatus.PLANNED
    assert site.reported_productivity == 1.0
    assert site.rolled_back == 1
    assert site.target_go_live_day >= day + 5
    assert world.briefing().calendar.hypercare_day == NEVER
    assert world.mechanisms.people.mean_trust() < trust - 0.1
    assert not world.legal().move[Move.ROLL_BACK]


def test_after_a_roll_back_the_work_goes_on_to_a_better_go_live():
    stayed, back = [], []
    for seed in SEEDS:
        snapshot = catastrophe(seed).snapshot()
        for roll_back, cards in ((False, stayed), (True, back)):
            world = ImplementationWorld.restore(snapshot)
            world._state.next_steering_day = 1_000
            if roll_back:
                world.advance(order(move=Move.ROLL_BACK))
            decide = decider("expert")

            def once(briefing, legal, decide=decide):
                decision = decide(briefing, legal)
                back_again = decision.move is Move.ROLL_BACK
                move = Move.NONE if back_again else decision.move
                return Decision(decision.focus, decision.pace, move)

            play(world, once)
            cards.append(world.scorecard())
    assert all(card.roll_backs == 1 and card.went_live for card in back)
    assert fmean(card.adoption for card in back) > fmean(card.adoption for card in stayed) + 0.1
    assert fmean(c.go_live_score for c in back) > fmean(c.go_live_score for c in stayed) + 0.1


def test_the_way_back_closes_after_ten_days_and_while_things_go_well():
    world = catastrophe()
    play(world, lambda *_: order(), days=world._state.sites[0].live_day + 10)
    assert world.legal().move[Move.ROLL_BACK]
    world.advance(order())
    assert not world.legal().move[Move.ROLL_BACK]
    well = ImplementationWorld.restore(eve(1))
    well.advance(order(CUTOVER, move=Move.GO_LIVE))
    while not well.finished:
        assert not well.legal().move[Move.ROLL_BACK]
        well.advance(order(CUTOVER))


# -- waves ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def waves() -> ImplementationWorld:
    """Three sites in three waves under the expert."""
    world = ImplementationWorld(load_scenario("electrical-equipment"), 0, record=True)
    play(world, decider("expert"))
    return world


def test_sites_go_live_one_by_one_in_the_order_of_the_plan(waves):
    assert [wave.week for wave in waves.scenario.plan.waves] == [6, 8, 10]
    names = [site.name for site in waves.customer.sites]
    # The expert may roll a site back and go live again; the first time counts.
    begins, ends = (
        waves.events().filter(kind=kind).unique("subject", keep="first", maintain_order=True)
        for kind in ("cutover_begins", "go_live")
    )
    assert begins["subject"].to_list() == ends["subject"].to_list() == names
    starts, finishes = begins["time_hours"].to_list(), ends["time_hours"].to_list()
    assert all(finish <= start for finish, start in zip(finishes[:-1], starts[1:], strict=True))


def test_while_one_site_is_in_cutover_no_other_may_begin(waves):
    seen = 0
    for briefing in waves.history:
        in_cutover = [s.status for s in briefing.sites if s.present].count(SiteStatus.CUTOVER)
        assert in_cutover <= 1
        seen += in_cutover
    assert seen >= 3


def test_a_site_that_is_not_live_loses_and_adopts_nothing(waves):
    mixed = 0
    for briefing in waves.history:
        for site in briefing.sites:
            if site.days_live == NEVER:
                assert site.reported_productivity == 1.0
        live_sites = sum(site.days_live != NEVER for site in briefing.sites)
        mixed += 0 < live_sites < 3
        assert (briefing.calendar.hypercare_day != NEVER) == (live_sites == 3)
    assert mixed > 0


OF_A_SITE = (
    PackageKind.DISCOVERY,
    PackageKind.BUILD,
    PackageKind.LOCALISATION,
    PackageKind.TRAINING_MATERIAL,
    PackageKind.CUTOVER,
)


def test_further_sites_are_less_work_than_the_pilot_and_another_country_more():
    world = ImplementationWorld(load_scenario("electrical-equipment"), 0)
    effort = [
        sum(p.planned_hours for p in packages(world, *OF_A_SITE) if p.site == site)
        for site in range(3)
    ]
    assert effort[0] > effort[2] > effort[1] > 0.25 * effort[0]


def test_a_postponement_moves_every_site_that_is_not_live():
    world = ImplementationWorld(load_scenario("electrical-equipment"), 0)
    before = [site.target_day for site in world._state.sites]
    world.advance(order(move=Move.POSTPONE_GO_LIVE))
    assert [site.target_day for site in world._state.sites] == [day + 5 for day in before]
    assert [site.planned_day for site in world._state.sites] == before
