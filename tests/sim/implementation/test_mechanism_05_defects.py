"""Mechanism 5: defects are found stage by stage, cost more the later, and fixes may be bad."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from statistics import fmean

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

from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation import draws
from golive.sim.implementation.briefing import DefectSeverity
from golive.sim.implementation.decision import Move
from golive.sim.implementation.state import DefectState, Package, PackageKind, Stage, Status
from golive.sim.implementation.world import ImplementationWorld

MANY = 2_000


def with_defects(count: int = MANY, seed: int = 0, scenario=None) -> ImplementationWorld:
    """A world with many latent defects in its first configuration package."""
    world = ImplementationWorld(scenario or furniture(), seed)
    origin = packages(world, PackageKind.BUILD)[0]
    for number in range(count):
        world.mechanisms.defects.add(origin.id, 1_000_000 + number)
    return world


def states(world: ImplementationWorld, wanted: DefectState) -> int:
    return sum(defect.state == wanted for defect in world._state.defects)


def fix_hours(stage: Stage) -> float:
    world = with_defects(300)
    for index in range(300):
        world.mechanisms.defects.open(index, stage)
    return sum(package.planned_hours for package in packages(world, PackageKind.FIX))


def test_a_fix_costs_more_the_later_the_defect_is_found():
    hours = {stage: fix_hours(stage) for stage in Stage}
    sit = hours[Stage.SIT]
    assert hours[Stage.UAT] == pytest.approx(2.0 * sit)
    assert hours[Stage.LIVE] == pytest.approx(3.75 * sit)


def test_most_rework_comes_from_few_defects():
    world = with_defects()
    efforts = sorted((defect.effort_hours for defect in world._state.defects), reverse=True)
    assert sum(efforts[: MANY // 5]) > 0.38 * sum(efforts)  # alike, they were 0.2


def test_severities_come_in_their_shares():
    severities = [defect.severity for defect in with_defects()._state.defects]
    assert severities.count(2) / MANY == pytest.approx(0.12, abs=0.025)
    assert severities.count(1) / MANY == pytest.approx(0.38, abs=0.035)


def prepare_tests(world: ImplementationWorld, share: float) -> None:
    for package in packages(world, PackageKind.TEST_PREPARATION):
        package.done_hours = share * package.planned_hours


def found_by_a_cycle(share_prepared: float, **parameters: float) -> float:
    world = with_defects(scenario=with_parameters(furniture(), **parameters))
    prepare_tests(world, share_prepared)
    world.mechanisms.acceptance.cycle_done()
    return states(world, DefectState.OPEN) / MANY


def test_a_test_cycle_finds_its_removal_share_of_what_is_latent():
    assert found_by_a_cycle(1.0) == pytest.approx(0.38, abs=0.03)
    assert found_by_a_cycle(1.0, removal_sit=0.5) == pytest.approx(0.5, abs=0.03)


def test_without_prepared_test_cases_it_finds_half_as_much():
    assert found_by_a_cycle(0.0) == pytest.approx(0.19, abs=0.03)


def test_each_further_cycle_finds_the_same_share_of_the_rest():
    world = with_defects()
    prepare_tests(world, 1.0)
    left = [MANY]
    for _ in range(4):
        world.mechanisms.acceptance.cycle_done()
        left.append(states(world, DefectState.LATENT))
    for before, after in pairwise(left):
        assert 1.0 - after / before == pytest.approx(0.38, abs=0.05)


def test_an_acceptance_check_finds_its_own_share():
    world = with_defects()
    found = world.mechanisms.defects.find(draws.DEFECT_IN_CHECK, 0.3, 17)
    assert found / MANY == pytest.approx(0.30, abs=0.03)
    assert {d.stage_found for d in world._state.defects if d.stage_found >= 0} == {Stage.UAT}


def test_some_fixes_are_bad():
    def bad(share: float) -> float:
        world = with_defects(scenario=with_parameters(furniture(), bad_fix=share))
        for index in range(MANY):
            world.mechanisms.defects.open(index, Stage.SIT)
        for package in packages(world, PackageKind.FIX):
            world.mechanisms.defects.fixed(package)
        return (len(world._state.defects) - MANY) / MANY

    assert bad(0.07) == pytest.approx(0.07, abs=0.02)
    assert bad(0.15) == pytest.approx(0.15, abs=0.03)


def removed_in_build(careful: float, rushed: float) -> float:
    world = ImplementationWorld(furniture(), 0)
    removed = left = 0.0
    for package in packages(world, PackageKind.BUILD):
        package.careful, package.rushed, package.errors = careful, rushed, 6.0
        world.mechanisms.defects.package_done(package)
    removed, left = world._state.removed_in_build, len(world._state.defects)
    assert removed + left > 60
    return removed / (removed + left)


def test_reviews_of_careful_work_remove_most_and_rush_removes_least():
    assert removed_in_build(1.0, 0.0) == pytest.approx(1.0 - 0.4 * 0.7, abs=0.08)
    assert removed_in_build(0.0, 0.0) == pytest.approx(0.30, abs=0.09)
    assert removed_in_build(0.0, 1.0) == pytest.approx(0.15, abs=0.08)


def injected(ambiguity: float, complexity: int) -> float:
    """Potential defects of the customer's requirements, mean."""
    customer = furniture().customer
    requirements = tuple(
        r.model_copy(update={"ambiguity": ambiguity}) for r in customer.requirements
    )
    changed = customer.model_copy(update={"requirements": requirements, "complexity": complexity})
    world = ImplementationWorld(furniture(), 0, customer=changed)
    names = {requirement.name for requirement in requirements}
    return fmean(p.defect_mean for p in world._state.packages if p.name in names)


def test_ambiguity_and_complexity_make_defects():
    assert injected(1.0, 6) == pytest.approx(2.0 * injected(0.0, 6))
    assert injected(0.3, 9) > 1.1 * injected(0.3, 6) > 1.2 * injected(0.3, 3)


def test_a_third_of_the_modules_is_clean():
    """Poisson-gamma: defects cluster in packages, beyond what chance alone would do."""
    counts = []
    for seed in range(30):
        world = ImplementationWorld(furniture(), seed)
        for package in packages(world, PackageKind.BUILD):
            package.errors = 1.0
            before = len(world._state.defects) + world._state.removed_in_build
            world.mechanisms.defects.package_done(package)
            counts.append(len(world._state.defects) + world._state.removed_in_build - before)
    assert 0.25 < counts.count(0) / len(counts) < 0.5
    mean = fmean(counts)
    variance = fmean((count - mean) ** 2 for count in counts)
    assert variance > 1.2 * mean


def test_a_found_defect_is_a_package_that_somebody_must_work_off():
    world = with_defects(40)
    before = world.briefing().workstreams[2].remaining_hours
    prepare_tests(world, 1.0)
    world.mechanisms.acceptance.cycle_done()
    world.advance(order(None))
    known = world.briefing()
    found = sum(known.defects.open_by_severity)
    assert found == known.defects.found == known.workstreams[2].fix_packages > 5
    assert known.workstreams[2].remaining_hours > before
    play(world, lambda *_: order(Workstream.CONFIGURATION), days=12)
    assert world.briefing().defects.fixed == found
    rework = sum(member.rework_hours for member in world._state.members)
    assert rework > 1.0


def test_critical_fixes_go_first():
    world = with_defects(60)
    for index in range(60):
        world.mechanisms.defects.open(index, Stage.SIT)
    by_severity: dict[int, set[float]] = {}
    for package in packages(world, PackageKind.FIX):
        severity = world._state.defects[package.subject].severity
        by_severity.setdefault(severity, set()).add(package.latest_finish_hour)
    assert max(by_severity[2]) < min(by_severity[1]) < min(by_severity[0])


def test_what_tests_did_not_find_shows_in_production():
    world = with_defects(40, seed=3)
    world.mechanisms.cutover.start()
    play(world, lambda *_: order(Workstream.CUTOVER))
    live = [defect for defect in world._state.defects if defect.found_live]
    assert len(live) > 5
    assert all(defect.stage_found == Stage.LIVE for defect in live)
    assert world.scorecard().defects_escaped >= len(live)


def test_tested_projects_let_fewer_defects_escape():
    def escaped(moves_tests: bool) -> float:
        worlds = [ImplementationWorld(furniture(), seed) for seed in range(6)]
        for world in worlds:
            decide = decider("expert")

            def without(briefing, legal, decide=decide):
                decision = decide(briefing, legal)
                if decision.move is Move.TEST_CYCLE and not moves_tests:
                    return type(decision)(decision.focus, decision.pace, Move.NONE)
                if briefing.calendar.day >= 34 and legal.move[Move.GO_LIVE]:
                    return type(decision)(decision.focus, decision.pace, Move.GO_LIVE)
                return decision

            play(world, without)
        return fmean(world.scorecard().defect_removal_efficiency for world in worlds)

    assert escaped(True) > escaped(False) + 0.15


def test_fixes_belong_to_the_workstream_that_built_it():
    world = with_defects(5)
    world.mechanisms.defects.open(0, Stage.SIT)
    fix = packages(world, PackageKind.FIX)[0]
    origin = world._state.packages[world._state.defects[0].package]
    assert (fix.workstream, fix.site) == (origin.workstream, origin.site)
    assert fix.status == Status.WAITING  # it is triaged first
    world.mechanisms.defects.start_day()
    assert fix.status == Status.READY


# -- design flaws --------------------------------------------------------------------------

COMPONENTS = (PackageKind.BUILD, PackageKind.INTERFACE, PackageKind.MAP)
FLAWS = 400


def built(scenario=None, seed: int = 0, **parameters: float) -> ImplementationWorld:
    """A world in which every component stands, as yet without a defect."""
    scenario = with_parameters(scenario or furniture(), **parameters)
    world = ImplementationWorld(scenario, seed)
    for package in packages(world, *COMPONENTS):
        package.status = int(Status.DONE)
    return world


def flaw(
    world: ImplementationWorld,
    number: int = 0,
    severity: DefectSeverity = DefectSeverity.CRITICAL,
    stage: Stage = Stage.SIT,
    site: int = 0,
) -> list[int]:
    """Find a defect of the site's first component; the packages that it brings down."""
    state = world._state
    origin = next(p for p in packages(world, PackageKind.BUILD) if p.site == site)
    before = len(state.defects)
    world.mechanisms.defects.add(origin.id, 1_000_000 + number, int(severity))
    world.mechanisms.defects.open(before, stage)
    assert all(defect.state == DefectState.OPEN for defect in state.defects[before:])
    return [defect.package for defect in state.defects[before + 1 :]]


def resting(world: ImplementationWorld) -> set[int]:
    """Components that rest on the first one: linked to it, or of its department."""
    origin = packages(world, PackageKind.BUILD)[0]
    return {
        package.id
        for package in packages(world, *COMPONENTS)
        if package is not origin
        and (
            package.department == origin.department
            or package.id in origin.successors
            or origin.id in package.successors
        )
    }


def flaw_that_falls() -> int:
    """Number of a flaw that brings down several components."""
    world = built(collapse=0.8)
    return next(number for number in range(50) if len(flaw(world, number)) > 1)


def fixes_of_what_fell(world: ImplementationWorld) -> list[Package]:
    """Where one flaw is all that was found: what mends the components that it brought down."""
    return [package for package in packages(world, PackageKind.FIX) if package.subject > 0]


def fallen(scenario=None, **parameters: float) -> float:
    """Components that a design flaw brings down, mean over many."""
    world = built(scenario, **parameters)
    return fmean(len(flaw(world, number)) for number in range(FLAWS))


def test_a_design_flaw_brings_down_a_whole_progeny_of_components():
    for direct in (0.2, 0.4):
        down = fallen(collapse=direct, collapse_complexity=0.0)
        # As far as anything rests on the component: the progeny of one in a corner ends sooner.
        assert 0.5 * direct < down <= 1.0 / (1.0 - direct) - 1.0 + 0.05
    assert fallen(collapse=0.0, collapse_complexity=0.0) == 0.0


def test_where_more_is_tied_together_more_falls():
    simple, complex_ = (with_customer(furniture(), complexity=points) for points in (4, 8))
    loose = fallen(simple, collapse=0.4, collapse_complexity=0.08)
    assert fallen(complex_, collapse=0.4, collapse_complexity=0.08) > loose + 0.3
    assert fallen(with_customer(furniture(), complexity=1), collapse=0.1) == 0.0


def test_a_flaw_never_brings_down_more_than_stands_nor_itself_nor_anything_twice():
    world = built(collapse=0.8, collapse_complexity=0.15)
    sizes = []
    for number in range(FLAWS):
        down = flaw(world, number)
        assert len(set(down)) == len(down)
        assert packages(world, PackageKind.BUILD)[0].id not in down
        sizes.append(len(down))
    assert max(sizes) == len(resting(world)) > 0
    bare = ImplementationWorld(with_parameters(furniture(), collapse=0.8), 0)
    assert [flaw(bare, number) for number in range(20)] == [[]] * 20  # nothing stands yet


def test_only_critical_defects_are_design_flaws_and_interfaces_fail_alone():
    world = built(collapse=0.8)
    for severity in (DefectSeverity.MINOR, DefectSeverity.MAJOR):
        assert sum(len(flaw(world, number, severity)) for number in range(100)) == 0
    before = len(world._state.defects)
    for number in range(100):
        world.mechanisms.defects.add(
            0, 2_000_000 + number, int(DefectSeverity.CRITICAL), interface=0
        )
        world.mechanisms.defects.open(before + number, Stage.SIT)
    assert len(world._state.defects) == before + 100


def test_what_falls_is_critical_and_a_share_of_it_is_done_again():
    for share in (0.1, 0.5):
        world = built(collapse=0.8, collapse_effort=share)
        down = flaw(world, flaw_that_falls())
        for fix, component in zip(fixes_of_what_fell(world), down, strict=True):
            origin = world._state.packages[component]
            defect = world._state.defects[fix.subject]
            assert defect.severity == DefectSeverity.CRITICAL
            assert fix.planned_hours == pytest.approx(share * origin.planned_hours)
            assert (fix.workstream, fix.site) == (origin.workstream, origin.site)


def test_a_flaw_found_late_is_dearer_as_all_defects_are():
    hours = {}
    for stage in Stage:
        world = built(collapse=0.8)
        flaw(world, flaw_that_falls(), stage=stage)
        hours[stage] = sum(fix.planned_hours for fix in fixes_of_what_fell(world))
    assert hours[Stage.UAT] == pytest.approx(2.0 * hours[Stage.SIT])
    assert hours[Stage.SIT] > 0.0
    assert hours[Stage.LIVE] == 0.0  # what works in production is mended, not designed anew


def test_a_flaw_at_a_further_site_reaches_the_core_and_that_site_only():
    world = built(two_sites(furniture()), collapse=0.8, collapse_complexity=0.15)
    sites = {package.id: package.site for package in world._state.packages}
    reached = {
        site: {sites[down] for number in range(60) for down in flaw(world, number, site=site)}
        for site in (0, 1)
    }
    assert reached == {0: {0}, 1: {0, 1}}


def test_flaws_make_rework_and_nothing_else_of_the_same_luck():
    """With and without flaws a project is the same until the first one."""
    rework, seen = {0.0: [], 0.8: []}, 0
    for seed in range(6):
        days = {}
        for collapse, shares in rework.items():
            scenario = with_parameters(furniture(), collapse=collapse, collapse_complexity=0.0)
            world, decide = ImplementationWorld(scenario, seed, record=True), decider("expert")
            days[collapse] = []
            while not world.finished:
                days[collapse].append(world.snapshot().payload["state"])
                world.advance(decide(world.briefing(), world.legal()))
            shares.append(world.scorecard().rework_share)
        flaws = world.events().filter(kind="design_flaw")
        if flaws.height:
            first = ceil(flaws["time_hours"].min() / 8.0) - 1  # of an evening: that day
            assert days[0.0][: first + 1] == days[0.8][: first + 1]
            seen += 1
    assert seen >= 3
    assert fmean(rework[0.8]) > 1.15 * fmean(rework[0.0])
