"""Work that the plan names takes the place of generated work; everything else stays as it is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import check_all
from pydantic import ValidationError
from world_helpers import decider, furniture, two_sites

from golive.core.records import changed
from golive.scenarios.implementation.challenges import RequirementChallenge
from golive.scenarios.implementation.planned_work import PlannedPackage
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import Department, Workstream
from golive.scenarios.loader import load_scenario, to_yaml
from golive.sim.implementation.decision import WORKSTREAMS
from golive.sim.implementation.network import cyclic_packages
from golive.sim.implementation.state import Package, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

PLANNED = tuple(name for name in Workstream if name is not Workstream.CUTOVER)
OWN = {
    PackageKind.DISCOVERY,
    PackageKind.BUILD,
    PackageKind.TEST_PREPARATION,
    PackageKind.TRAINING_MATERIAL,
}


def package(name: str, workstream: Workstream, *before: str, **fields: object) -> PlannedPackage:
    content = {"id": name, "name": name, "workstream": workstream, "effort_hours": 40.0}
    return PlannedPackage.model_validate({**content, "predecessors": before, **fields})


WORK = (
    package("workshops", Workstream.DISCOVERY, effort_hours=120.0),
    package("design", Workstream.DISCOVERY, "workshops", people=2),
    package("ledgers", Workstream.CONFIGURATION, "design", departments=("finance",)),
    package("orders", Workstream.CONFIGURATION, "design", people=3, effort_hours=150.0),
    package("quotes", Workstream.CUSTOMISATION, "orders", key_user_hours=6.0),
    package("extraction", Workstream.DATA, "workshops"),
    package("mapping", Workstream.DATA, "extraction", "design"),
    package("web shop", Workstream.INTEGRATION, "design"),
    package("test cases", Workstream.TESTING, "ledgers", "orders"),
    package("manuals", Workstream.TRAINING, "orders"),
)


def with_work(
    *work: PlannedPackage, base: ImplementationScenario | None = None
) -> ImplementationScenario:
    scenario = furniture() if base is None else base
    return changed(scenario, plan=changed(scenario.plan, work=work))


def packages(scenario: ImplementationScenario, seed: int = 0) -> list[Package]:
    return ImplementationWorld(scenario, seed)._state.packages


def hours(found: list[Package], *kinds: PackageKind) -> float:
    return sum(p.planned_hours for p in found if p.kind in kinds)


def before(found: list[Package], name: str) -> set[str]:
    ids = {p.id for p in found if p.name.startswith(name)}
    return {p.name.split(" (")[0] for p in found if ids & set(p.successors)}


def test_a_plan_without_work_is_written_as_before():
    assert "work" not in furniture().plan.model_dump()
    assert "work:" not in to_yaml(furniture())
    assert with_work() == furniture()


def test_planned_work_replaces_generated_work_and_keeps_its_effort():
    found = packages(with_work(*WORK))
    names = {p.name.split(" (")[0] for p in found}
    assert {row.id for row in WORK} <= names
    assert not [p for p in found if p.name.startswith(("set up", "fit-gap", "solution design"))]
    for workstream in PLANNED:
        wanted = sum(row.effort_hours for row in WORK if row.workstream is workstream)
        own = [p for p in found if p.name.split(" (")[0] in {row.id for row in WORK}]
        index = WORKSTREAMS.index(workstream)
        assert sum(p.planned_hours for p in own if p.workstream == index) == pytest.approx(
            wanted, abs=0.1
        )
    asked_for = {
        challenge.requirement.name
        for challenge in furniture().customer.challenges
        if isinstance(challenge, RequirementChallenge)
    }
    assert asked_for
    kept = {p.name.split(" (")[0] for p in found if p.kind in OWN} - {row.id for row in WORK}
    assert kept == asked_for


def test_what_carries_a_fact_of_the_customer_stays_and_waits():
    generated, found = packages(furniture()), packages(with_work(*WORK))
    carriers = (PackageKind.EXTRACT, PackageKind.MAP, PackageKind.INTERFACE)
    for kind in (*carriers, PackageKind.CLEANSE, PackageKind.CHECK, PackageKind.CUTOVER):
        assert [p.name for p in found if p.kind == kind] == [
            p.name for p in generated if p.kind == kind
        ]
    assert hours(found, *carriers) < 0.02 * hours(generated, *carriers)
    assert hours(found, PackageKind.CLEANSE) == hours(generated, PackageKind.CLEANSE)
    assert "extraction" in before(found, "extract ")
    assert "mapping" in before(found, "map ")
    assert "web shop" in before(found, "interface ")
    assert {"ledgers", "quotes", "web shop"} <= before(found, "Acceptance test")
    assert sum(p.defect_mean for p in found if p.kind == PackageKind.BUILD) > 0.0


def test_only_the_workstreams_of_the_plan_are_replaced():
    found = packages(with_work(package("ledgers", Workstream.CONFIGURATION)))
    generated = packages(furniture())
    discovery = PackageKind.DISCOVERY
    assert hours(found, discovery) == pytest.approx(hours(generated, discovery))
    assert not [p for p in found if p.name.startswith("set up ")]
    ledgers = next(p for p in found if p.name == "ledgers")
    assert ledgers.status == Status.READY, "planned work waits for its own predecessors only"
    assert {"ledgers", "fit-gap analysis finance"} <= before(found, "training material finance")


def test_parts_are_side_by_side_and_discovery_is_with_every_department():
    found = packages(with_work(*WORK))
    parts = Counter(p.name.split(" (")[0] for p in found)
    departments = len(furniture().customer.departments)
    assert parts["workshops"] == departments
    assert parts["design"] == departments
    assert parts["orders"] == 3
    assert parts["ledgers"] == 1
    assert len({p.department for p in found if p.name.startswith("workshops")}) == departments
    first = [p for p in found if p.name.startswith("workshops")]
    last = [p for p in found if p.name.startswith("design")]
    assert {p.order for p in first} == {1}
    assert {p.order for p in last} == {2}
    assert all({p.id for p in last} <= set(p.successors) for p in first)


def test_efforts_are_uncertain_and_share_no_draw():
    found = packages(with_work(*WORK))
    factors = [
        round(p.remaining_hours / p.planned_hours, 9)
        for p in found
        if p.planned_hours > 1.0 and p.workstream == WORKSTREAMS.index(Workstream.CONFIGURATION)
    ]
    assert len(set(factors)) == len(factors) > 3
    assert factors != [
        round(p.remaining_hours / p.planned_hours, 9)
        for p in packages(with_work(*WORK), seed=1)
        if p.planned_hours > 1.0 and p.workstream == WORKSTREAMS.index(Workstream.CONFIGURATION)
    ]


def test_work_for_a_later_site_replaces_that_sites_work_alone():
    base = two_sites(furniture())
    work = package("Montreal set-up", Workstream.CONFIGURATION, site="Montreal")
    found = packages(with_work(work, base=base))
    setups = {p.name for p in found if p.name.startswith("set up ")}
    assert setups
    assert not any("Montreal" in name for name in setups)
    assert next(p for p in found if p.name == "Montreal set-up").site == 1


@pytest.mark.parametrize("policy", ["expert", "random"])
def test_an_episode_runs_and_a_snapshot_has_its_future(policy):
    world = ImplementationWorld(with_work(*WORK), 3)
    decide = decider(policy, 3)
    other = None
    while not world.finished:
        check_all(world)
        if world._state.day == 9:
            other = ImplementationWorld.restore(world.snapshot())
            assert other.digest() == world.digest()
        decision = decide(world.briefing(), world.legal())
        world.advance(decision)
        if other is not None:
            other.advance(decision)
            assert other.digest() == world.digest()
    assert other is not None
    if policy == "expert":
        assert world.scorecard().went_live
        own = {row.id for row in WORK}
        done = {p.name.split(" (")[0] for p in world._state.packages if p.status == Status.DONE}
        assert own <= done


def test_more_planned_work_takes_longer():
    def day_of_go_live(factor: float) -> int:
        work = tuple(changed(row, effort_hours=row.effort_hours * factor) for row in WORK)
        world = ImplementationWorld(with_work(*work), 1)
        decide = decider("expert", 1)
        while not world.finished:
            world.advance(decide(world.briefing(), world.legal()))
        return world._state.sites[0].live_day

    assert 0 < day_of_go_live(0.5) < day_of_go_live(3.0)


@st.composite
def planned(draw):
    count = draw(st.integers(1, 12))
    rows = []
    for index in range(count):
        links = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        named = draw(st.sets(st.sampled_from(sorted(furniture().customer.departments)), max_size=2))
        rows.append(
            PlannedPackage(
                id=f"p{index}",
                name=f"package {index}",
                effort_hours=draw(st.floats(0.1, 200.0)),
                workstream=draw(st.sampled_from(PLANNED)),
                predecessors=tuple(f"p{link}" for link in sorted(links)),
                key_user_hours=draw(st.none() | st.floats(0.0, 20.0)),
                people=draw(st.integers(1, 3)),
                departments=tuple(Department(name) for name in sorted(named)),
            )
        )
    return tuple(draw(st.permutations(rows)))


@settings(max_examples=40, deadline=None)
@given(planned(), st.sampled_from(("furniture", "techmold", "electrical-equipment")))
def test_any_plan_makes_a_sound_network(work, name):
    departments = load_scenario(name).customer.departments
    kept = tuple(
        changed(row, departments=tuple(d for d in row.departments if d in departments))
        for row in work
    )
    world = ImplementationWorld(with_work(*kept, base=load_scenario(name)), 0)
    found = world._state.packages
    assert [p.id for p in found] == list(range(len(found)))
    assert cyclic_packages(found) == []
    waiting = Counter(index for p in found for index in p.successors)
    assert all(p.open_predecessors == waiting[p.id] + p.held for p in found)
    check_all(world)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        ([package("a", Workstream.DATA)] * 2, "work[1].id: 'a': expected each id only once"),
        ([package("a", Workstream.DATA, "b")], "work[0].predecessors: 'b': expected the id"),
        ([package("a", Workstream.DATA, "a")], "work: ['a']: expected no circle"),
        ([package("a", Workstream.CUTOVER)], "work[0].workstream: 'cutover': expected another"),
        (
            [package(f"a{i}", Workstream.DATA, people=10) for i in range(401)],
            "work: 4,010 parts",
        ),
        (
            [package(f"a{i}", Workstream.DATA, departments=("sales", "sales")) for i in range(1)],
            "work[0].departments: expected each department only once",
        ),
    ],
)
def test_work_that_contradicts_itself_is_refused(work, words):
    with pytest.raises(ValidationError, match="Value error") as error:
        changed(furniture().plan, work=tuple(work))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"site": "Nowhere"}, "plan.work[0].site: 'Nowhere': expected one of"),
        ({"departments": ("management",)}, None),
    ],
)
def test_work_for_what_the_customer_lacks_is_refused(fields, words):
    work = package("a", Workstream.DATA, **fields)
    if words is None:
        assert with_work(work).plan.work == (work,)
        return
    with pytest.raises(ValidationError) as error:
        with_work(work)
    assert words in str(error.value)
