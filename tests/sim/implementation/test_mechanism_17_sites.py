"""Mechanism 17: several sites. What joins them, what divides them, and what each must have."""

from __future__ import annotations

from functools import cache

import pytest
from world_helpers import (
    decider,
    furniture,
    order,
    packages,
    play,
    two_sites,
    with_customer,
    with_parameters,
)

from golive.scenarios.implementation.customer import Interface
from golive.scenarios.implementation.plan import Wave
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import InterfaceSize, Workstream
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.briefing import NEVER, DefectSeverity, SiteStatus
from golive.sim.implementation.decision import WORKSTREAMS, Move
from golive.sim.implementation.state import PackageKind, Stage, Status
from golive.sim.implementation.world import ImplementationWorld

CUTOVER = Workstream.CUTOVER
LOCAL = (PackageKind.DISCOVERY, PackageKind.BUILD, PackageKind.TRAINING_MATERIAL)


@cache
def pair() -> ImplementationScenario:
    """Two sites, two waves, another country, language and currency at the second."""
    return two_sites(furniture())


def together() -> ImplementationScenario:
    """The same two sites in one wave."""
    scenario = pair()
    names = tuple(site.name for site in scenario.customer.sites)
    waves = (Wave(sites=names, week=scenario.plan.weeks),)
    return scenario.model_copy(update={"plan": scenario.plan.model_copy(update={"waves": waves})})


def joined(scenario: ImplementationScenario) -> ImplementationScenario:
    """The scenario with one interface that joins the sites."""
    system = scenario.customer.legacy_systems[0].name
    sync = Interface(
        name="Stock in real time", system=system, size=InterfaceSize.SMALL, between_sites=True
    )
    return with_customer(scenario, interfaces=(*scenario.customer.interfaces, sync))


def go_live(world: ImplementationWorld) -> None:
    """The next wave goes live, whatever state it is in, and whether that is legal or not."""
    before = sum(site.live_day >= 0 for site in world._state.sites)
    world.mechanisms.cutover.start()
    world.advance(order(CUTOVER))
    while any(site.status == SiteStatus.CUTOVER for site in world._state.sites):
        world._state.next_steering_day = 10_000
        world.advance(order(CUTOVER))
    assert sum(site.live_day >= 0 for site in world._state.sites) > before


def at_work(
    scenario: ImplementationScenario, days: int, *workstreams: Workstream
) -> ImplementationWorld:
    """A world in which everybody works on some workstreams in turn, and no committee meets."""
    world = ImplementationWorld(scenario, 3)
    world._state.next_steering_day = 10_000
    for day in range(days):
        world.advance(order(workstreams[day % len(workstreams)]))
    return world


# -- waves ---------------------------------------------------------------------------------


def test_sites_of_a_wave_go_live_by_one_decision():
    world = ImplementationWorld(together(), 0)
    go_live(world)
    assert all(site.live_day >= 0 for site in world._state.sites)
    assert world.briefing().calendar.hypercare_day != NEVER
    assert [site.wave for site in world.briefing().sites[:2]] == [0, 0]


def test_sites_of_two_waves_go_live_one_after_another():
    world = ImplementationWorld(pair(), 0)
    go_live(world)
    assert [site.live_day >= 0 for site in world._state.sites] == [True, False]
    assert world.briefing().calendar.hypercare_day == NEVER
    go_live(world)
    assert all(site.live_day >= 0 for site in world._state.sites)
    assert world.briefing().calendar.hypercare_day != NEVER


def test_a_roll_back_takes_the_whole_last_wave_back():
    world = ImplementationWorld(together(), 0)
    go_live(world)
    while not world.legal().move[Move.ROLL_BACK]:
        world.advance(order())
    world.advance(order(move=Move.ROLL_BACK))
    assert all(site.status == SiteStatus.PLANNED for site in world._state.sites)
    assert all(site.roll_backs == 1 for site in world._state.sites)


def test_a_wave_may_be_rolled_back_while_earlier_ones_stay():
    world = ImplementationWorld(pair(), 0)
    go_live(world)
    go_live(world)
    while not world.legal().move[Move.ROLL_BACK]:
        world.advance(order())
    world.advance(order(move=Move.ROLL_BACK))
    assert [site.live_day >= 0 for site in world._state.sites] == [True, False]


def test_a_training_wave_trains_every_site_that_goes_live_next():
    world = ImplementationWorld(together(), 0)
    world.advance(order(Workstream.TRAINING, move=Move.TRAINING_WAVE))
    assert {package.site for package in packages(world, PackageKind.TRAINING)} == {0, 1}
    one_by_one = ImplementationWorld(pair(), 0)
    one_by_one.advance(order(Workstream.TRAINING, move=Move.TRAINING_WAVE))
    assert {package.site for package in packages(one_by_one, PackageKind.TRAINING)} == {0}


# -- the template --------------------------------------------------------------------------


def local_hours(world: ImplementationWorld) -> float:
    """Planned hours of the second site's own work."""
    return sum(p.planned_hours for p in packages(world, *LOCAL) if p.site == 1)


def test_work_not_begun_takes_less_once_the_template_is_proven():
    saved = {}
    for share in (0.0, 0.2):
        world = ImplementationWorld(with_parameters(pair(), template_saving=share), 0)
        before = local_hours(world)
        go_live(world)
        saved[share] = 1.0 - local_hours(world) / before
    assert saved[0.0] == pytest.approx(0.0)
    assert saved[0.2] == pytest.approx(0.2)


def test_what_a_site_built_before_the_pilot_is_live_has_to_be_adapted():
    early = at_work(pair(), 30, Workstream.DISCOVERY, Workstream.CONFIGURATION)
    built = sum(p.done_hours for p in packages(early, PackageKind.BUILD) if p.site == 1)
    assert built > 50.0
    go_live(early)
    retrofit = [p for p in packages(early, PackageKind.BUILD) if p.name.startswith("adapt ")]
    share = early._context.parameters.template_retrofit
    assert [p.site for p in retrofit] == [1]
    assert retrofit[0].planned_hours == pytest.approx(share * built)
    assert retrofit[0].defect_mean > 0.0
    patient = ImplementationWorld(pair(), 3)
    go_live(patient)
    assert not any(p.name.startswith("adapt ") for p in packages(patient, PackageKind.BUILD))


# -- localisation --------------------------------------------------------------------------


def test_language_statutes_and_currency_are_work_of_their_site():
    world = ImplementationWorld(pair(), 0)
    local = packages(world, PackageKind.LOCALISATION)
    assert {p.site for p in local} == {1}
    names = " / ".join(p.name for p in local)
    for part in ("screens in fr", "documents in fr", "of CA", "certificates", "CAD"):
        assert part in names
    assert {WORKSTREAMS[p.workstream] for p in local} == {
        Workstream.TRAINING,
        Workstream.CUSTOMISATION,
        Workstream.CONFIGURATION,
    }
    assert not packages(ImplementationWorld(furniture(), 0), PackageKind.LOCALISATION)


def test_missing_localisation_costs_its_own_site_only():
    world = ImplementationWorld(together(), 0)
    before = [world.mechanisms.cutover._target_loss(site) for site in (0, 1)]
    assert world.mechanisms.sites.coverage(1) == 0.0
    state = world._state
    for site in state.sites:
        site.depth_factor = 0.2  # so that no loss is cut off at 1
    before = [world.mechanisms.cutover._target_loss(site) for site in (0, 1)]
    for package in packages(world, PackageKind.LOCALISATION):
        package.done_hours = package.planned_hours
        package.status = int(Status.DONE)
        world.mechanisms.work.changed(package)
    after = [world.mechanisms.cutover._target_loss(site) for site in (0, 1)]
    assert after[0] == before[0]
    assert after[1] < before[1] - 0.02


def test_training_in_a_foreign_language_teaches_less():
    gains = []
    for done in (0.0, 1.0):
        world = ImplementationWorld(together(), 0)
        for package in packages(world, PackageKind.LOCALISATION):
            package.done_hours = done * package.planned_hours
        before = [world.mechanisms.people.readiness(site) for site in (0, 1)]
        world.advance(order(Workstream.TRAINING, move=Move.TRAINING_WAVE))
        while world._state.training_pending:
            world.advance(order(Workstream.TRAINING))
        after = [world.mechanisms.people.readiness(site) for site in (0, 1)]
        gains.append([now - then for now, then in zip(after, before, strict=True)])
    untranslated, translated = gains
    assert untranslated[0] == pytest.approx(translated[0], rel=0.05)
    assert untranslated[1] == pytest.approx(0.5 * translated[1], rel=0.1)


def test_a_site_is_ready_when_the_core_and_its_own_work_are_done():
    world = ImplementationWorld(pair(), 0)
    assert world.briefing().sites[1].scope_done == 0.0
    for package in packages(world, *LOCAL, PackageKind.LOCALISATION, PackageKind.CHALLENGE):
        if package.site == 0:
            package.done_hours = package.planned_hours
            world.mechanisms.work.changed(package)
    world.advance(order())
    core, local = world.briefing().sites[:2]
    assert core.scope_done == pytest.approx(1.0)
    assert 0.4 < local.scope_done < 0.9
    assert local.own_hours > 100.0


# -- distance ------------------------------------------------------------------------------


def moved(time_zone: str) -> ImplementationScenario:
    """The two sites with the second one in another time zone."""
    pilot, other = pair().customer.sites
    return with_customer(pair(), sites=(pilot, other.model_copy(update={"time_zone": time_zone})))


def test_answers_take_longer_the_less_working_hours_overlap():
    factors = []
    for zone in ("America/Toronto", "Europe/Madrid", "Asia/Shanghai"):
        world = ImplementationWorld(moved(zone), 0)
        assert world.mechanisms.sites.distance_factor(0) == 1.0
        factors.append(world.mechanisms.sites.distance_factor(1))
    near, across, opposite = factors
    full = 1.0 + world._context.parameters.time_zone_delay
    assert near == 1.0 < across < opposite == pytest.approx(full)


def test_the_briefing_tells_how_far_a_site_is():
    world = ImplementationWorld(moved("Asia/Shanghai"), 0)
    assert [site.time_zone_hours for site in world.briefing().sites[:2]] == [0.0, 13.0]


def test_a_distant_site_answers_later():
    waits = []
    for zone in ("America/Toronto", "Asia/Shanghai"):
        world = at_work(moved(zone), 12, Workstream.DISCOVERY)
        package = next(p for p in packages(world, PackageKind.DISCOVERY) if p.site == 1)
        world.mechanisms.questions._ask(package)
        question = world._state.questions[-1]
        waits.append(question.due_hour - question.asked_hour)
    delay = 1.0 + world._context.parameters.time_zone_delay
    assert waits[1] == pytest.approx(delay * waits[0], rel=0.05)


# -- faults --------------------------------------------------------------------------------


def test_a_fault_of_the_core_reaches_every_site_and_a_local_one_its_own():
    world = ImplementationWorld(together(), 0)
    defects = world.mechanisms.defects
    core = next(p for p in packages(world, PackageKind.BUILD) if p.site == 0)
    local = next(p for p in packages(world, PackageKind.BUILD) if p.site == 1)
    defects.add(core.id, 1, int(DefectSeverity.CRITICAL))
    defects.add(local.id, 2, int(DefectSeverity.MAJOR))
    assert [defects.open_weight(site) for site in (0, 1)] == [0.0, 0.0]  # nobody has met them
    defects.open(0, Stage.LIVE)
    assert [defects.open_weight(site) for site in (0, 1)] == [3.0, 3.0]
    defects.open(1, Stage.LIVE)
    assert [defects.open_weight(site) for site in (0, 1)] == [3.0, 4.0]


# -- the joined system ---------------------------------------------------------------------


def test_what_joins_the_sites_is_built_when_all_are_live():
    world = ImplementationWorld(joined(pair()), 0)
    sync = next(p for p in packages(world, PackageKind.INTERFACE) if p.held)
    for package in world._state.packages:  # its design is there
        if sync.id in package.successors:
            package.done_hours = package.planned_hours
    go_live(world)
    assert sync.held
    go_live(world)
    assert not sync.held


def test_until_then_sites_beyond_the_first_lose_by_manual_reconciliation():
    world = ImplementationWorld(joined(pair()), 0)
    loss = world._context.parameters.dip_reconciliation
    assert [world.mechanisms.sites.reconciliation_loss(site) for site in (0, 1)] == [0.0, loss]
    world._state.interfaces[-1].built = True
    assert world.mechanisms.sites.reconciliation_loss(1) == 0.0
    plain = ImplementationWorld(pair(), 0)
    assert plain.mechanisms.sites.reconciliation_loss(1) == 0.0


def test_acceptance_of_the_pilot_does_not_wait_for_other_sites_or_what_joins_them():
    world = ImplementationWorld(joined(pair()), 0)
    checks = {p.id for p in packages(world, PackageKind.CHECK)}
    holding = [p for p in world._state.packages if checks & set(p.successors)]
    assert holding
    assert {p.site for p in holding} == {0}
    assert not any(p.name.endswith("Stock in real time") for p in holding)


def test_interfaces_between_sites_need_sites_to_join():
    with pytest.raises(ValueError, match="between_sites: true: expected false"):
        joined(furniture())
    scenario = joined(pair())
    *others, sync = scenario.customer.interfaces
    dependent = others[-1].model_copy(update={"depends_on": sync.name})
    with pytest.raises(ValueError, match="not between sites, or between_sites: true here too"):
        with_customer(scenario, interfaces=(*others[:-1], dependent, sync))


# -- the whole -----------------------------------------------------------------------------


def test_work_of_a_later_week_is_for_the_sites_that_go_live_then():
    scenario = load_scenario("global-electric")
    world = ImplementationWorld(scenario, 0, customer=scenario.customer)
    site = {package.name: package.site for package in packages(world, PackageKind.BUILD)}
    names = [row.name for row in world.customer.sites]
    assert names[site["Serial tracking"]] == "Cleveland"
    assert names[site["CE declarations of conformity"]] == "Zaragoza"
    assert names[site["Serial numbers at the gate"]] == "Reno"
    assert names[site["CCC certificates"]] == "Suzhou"


def test_a_snapshot_between_two_waves_has_the_same_future():
    world = ImplementationWorld(load_scenario("global-electric"), 5)
    play(world, decider("expert"), days=20)
    twin = ImplementationWorld.restore(world.snapshot())
    for one in (world, twin):
        play(one, decider("expert"), days=45)
    assert world.digest() == twin.digest()
