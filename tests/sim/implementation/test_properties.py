"""Whatever the customer and whoever decides: worlds keep their books and never raise."""

from __future__ import annotations

import copy
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import check_all, check_step, marks
from world_helpers import NO_STEERING, Decide, decider, load_scenario

from golive.scenarios.implementation.generator import CustomerGenerator
from golive.scenarios.implementation.plans import scenario_for
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.traits import TRAITS
from golive.scenarios.implementation.vocabulary import Delivery, Industry, Workstream
from golive.sim.implementation.briefing import SiteStatus
from golive.sim.implementation.decision import (
    FOCUS_CHOICES,
    MOVE_COUNT,
    NO_FOCUS,
    PACE_COUNT,
    READS,
    ROLE_COUNT,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from golive.sim.implementation.state import DefectState, Status
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import Snapshot

FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
INDUSTRIES = st.sampled_from(list(Industry))
SEEDS = st.integers(0, 2**32)
SHARES = st.sampled_from([0.0, 0.1, 0.5, 1.0])
"""How many of the decisions are thrown dice; the rest is the expert's."""
MOST_DAYS = 60
DATA, TESTING = WORKSTREAMS.index(Workstream.DATA), WORKSTREAMS.index(Workstream.TESTING)


@cache
def generated(industry: Industry, seed: int, delivery: Delivery) -> ImplementationScenario:
    """A scenario around a generated customer, just that customer."""
    return scenario_for(CustomerGenerator(industry).generate(seed), delivery)


def any_decision(dice: np.random.Generator) -> Decision:
    """Any decision at all, legal or not."""
    focus = tuple(int(index) for index in dice.integers(0, FOCUS_CHOICES, ROLE_COUNT))
    return Decision(focus, Pace(dice.integers(PACE_COUNT)), Move(dice.integers(MOVE_COUNT)))


def illegal_parts(decision: Decision, legal: LegalDecisions) -> int:
    """How many parts of a decision are illegal."""
    wrong = sum(not legal.focus[role][index] for role, index in enumerate(decision.focus))
    return wrong + (not legal.move[decision.move]) + (not legal.pace[decision.pace])


def erratic(share: float, seed: int) -> Decide:
    """The expert who throws dice in a share of the decisions."""
    dice, expert = np.random.default_rng(seed), decider("expert")

    def decide(briefing, legal):
        if dice.random() < share:
            return any_decision(dice)
        return expert(briefing, legal)

    return decide


def keep_books(
    scenario: ImplementationScenario, seed: int, decide: Decide, steps: int = 1_000
) -> None:
    """Play and check every invariant at every decision point."""
    world = ImplementationWorld(scenario, seed)
    check_all(world)
    while not world.finished and steps > 0:
        decision, before = decide(world.briefing(), world.legal()), marks(world)
        illegal = illegal_parts(decision, world.legal())
        world.advance(decision)
        check_step(world, before, decision, illegal)
        check_all(world)
        steps -= 1


@FEW
@given(industry=INDUSTRIES, customer=SEEDS, seed=SEEDS, share=SHARES)
def test_every_generated_customer_can_be_implemented_by_agents(industry, customer, seed, share):
    keep_books(generated(industry, customer, Delivery.AGENTIC), seed, erratic(share, seed))


@settings(FEW, max_examples=6)
@given(industry=INDUSTRIES, customer=SEEDS, seed=SEEDS, share=SHARES)
def test_every_generated_customer_can_be_implemented_by_consultants(
    industry, customer, seed, share
):
    scenario = generated(industry, customer, Delivery.CONVENTIONAL)
    keep_books(scenario, seed, erratic(share, seed), steps=60)


@pytest.mark.parametrize("policy", ["random", "go_live_on_day_one", "intervene_every_day"])
@pytest.mark.parametrize("scenario", ["furniture", "electrical-equipment"])
def test_books_are_kept_under_every_habit(policy, scenario):
    keep_books(load_scenario(scenario), 7, decider(policy, 7))


# -- nothing latent shows ------------------------------------------------------------------


def with_other_secrets(snapshot: Snapshot, dice: np.random.Generator) -> Snapshot:
    """The same project as far as anybody can know, and another one beneath."""
    payload = copy.deepcopy(dict(snapshot.payload))
    state = payload["state"]
    for package in state["packages"]:
        if package["status"] != Status.DONE:
            package["remaining_hours"] *= float(dice.uniform(0.5, 2.0))
        package["defect_mean"] *= float(dice.uniform(0.5, 2.0))
        package["errors"] *= float(dice.uniform(0.5, 2.0))
    for defect in state["defects"]:
        if defect["state"] == DefectState.LATENT:
            defect["severity"] = int(dice.integers(3))
            defect["effort_hours"] *= 2.0
            defect["surface_day"] += 3 * (defect["surface_day"] >= 0)
    state["defects"] += [_latent(number) for number in range(int(dice.integers(1, 9)))]
    for question in state["questions"]:
        question["due_hour"] += float(dice.uniform(0.0, 80.0))
    for item in state["objects"]:
        item["hidden"] = [count + float(dice.uniform(0.0, 50.0)) for count in item["hidden"]]
        item["rotten"] = [count + float(dice.uniform(0.0, 50.0)) for count in item["rotten"]]
        item["productivity"] *= 1.5
    for interface in state["interfaces"]:
        interface["faulty"] = not interface["faulty"]
    for name in ("trust", "resistance", "proficiency", "adoption", "fatigue"):
        people = state["people"][name]
        state["people"][name] = [float(value) for value in dice.uniform(0.0, 1.0, len(people))]
    for outage in state["disruptions"]:
        if not outage["noticed"]:
            outage["onset_hour"] += 8.0
            outage["notice_hour"] += 8.0
            outage["recovery_hour"] += 80.0
    state["creep_days"] = [min(day + 1.0, 1e4) for day in state["creep_days"]]
    state["technical_failure"] *= 0.5
    state["pressure"] = float(dice.uniform())
    state["survival"] = float(dice.uniform(0.1, 1.0))
    state["sunk_usd"], state["lost_days"] = 1e5 * state["survival"], 3.0 * state["survival"]
    traits = {name: float(dice.uniform(-1.0, 1.0)) for name in TRAITS}
    payload["customer"] = {**payload["customer"], "traits": traits}
    return Snapshot(snapshot.world, snapshot.version, payload)


def _latent(number: int) -> dict[str, object]:
    return {
        "key": 9_000_000 + number,
        "package": 0,
        "severity": 2,
        "state": int(DefectState.LATENT),
        "effort_hours": 5.0,
        "stage_found": -1,
        "found_live": False,
        "surface_day": -1,
        "interface": -1,
    }


@FEW
@given(industry=INDUSTRIES, customer=SEEDS, seed=SEEDS, days=st.integers(0, 50))
def test_what_is_latent_does_not_show_in_the_briefing(industry, customer, seed, days):
    world = ImplementationWorld(generated(industry, customer, Delivery.AGENTIC), seed)
    decide = erratic(0.1, seed)
    while not world.finished and world.briefing().calendar.day < days:
        world.advance(decide(world.briefing(), world.legal()))
    other = ImplementationWorld.restore(
        with_other_secrets(world.snapshot(), np.random.default_rng(seed))
    )
    assert other.briefing() == world.briefing()
    assert other.legal() == world.legal()
    assert other.digest() != world.digest()


# -- a legal move does what it says --------------------------------------------------------


def sign_of(world: ImplementationWorld, move: Move) -> object:
    """What a move changes."""
    known = world.briefing()
    return {
        Move.STAKEHOLDER_WORKSHOP: known.management.workshops,
        Move.ESCALATE: known.management.escalations,
        Move.TRAINING_WAVE: known.management.training_waves,
        Move.MOCK_LOAD: (known.migration.mock_load_pending, known.migration.mock_loads_done),
        Move.TEST_CYCLE: (known.tests.cycle_pending, known.tests.cycles_done),
        Move.CHANGE_FREEZE: known.management.change_freeze,
        Move.MANUAL_INTERVENTION: known.management.interventions,
        Move.ADD_CAPACITY: len(world._state.members),
        Move.POSTPONE_GO_LIVE: known.calendar.postponements,
        Move.GO_LIVE: [site.status != SiteStatus.PLANNED for site in known.sites].count(True),
        Move.ROLL_BACK: sum(site.rolled_back for site in known.sites),
        Move.REBASELINE: (known.management.rebaselines, known.calendar.agreed_go_live_day),
        **dict.fromkeys(READS, known.management.readings_bought),
    }[move]


@FEW
@given(industry=INDUSTRIES, customer=SEEDS, seed=SEEDS, days=st.integers(0, 45))
def test_every_legal_move_does_what_it_says(industry, customer, seed, days):
    world = ImplementationWorld(generated(industry, customer, Delivery.AGENTIC), seed)
    decide = erratic(0.2, seed)
    while not world.finished and world.briefing().calendar.day < days:
        world.advance(decide(world.briefing(), world.legal()))
    if world.finished:
        return
    snapshot = world.snapshot()
    for move in Move:
        branch = ImplementationWorld.restore(snapshot)
        branch._state.next_steering_day = NO_STEERING
        if move is Move.NONE or not branch.legal().move[move]:
            continue
        before = sign_of(branch, move)
        branch.advance(Decision(move=move))
        assert sign_of(branch, move) != before, move


# -- nothing starves -----------------------------------------------------------------------


@FEW
@given(
    industry=INDUSTRIES,
    customer=SEEDS,
    seed=SEEDS,
    days=st.integers(5, 40),
    move=st.sampled_from([Move.MOCK_LOAD, Move.TEST_CYCLE]),
)
def test_an_ordered_load_or_cycle_that_the_crew_works_on_gets_done(
    industry, customer, seed, days, move
):
    scenario = generated(industry, customer, Delivery.AGENTIC)
    scenario = scenario.model_copy(update={"disruptions": ()})
    world = ImplementationWorld(scenario, seed)
    world._state.next_steering_day = NO_STEERING
    decide = erratic(0.2, seed)
    while not world.finished and not (
        world.briefing().calendar.day >= days and world.legal().move[move]
    ):
        world.advance(decide(world.briefing(), world.legal()))
    if world.finished:
        return
    world._state.next_steering_day = world._state.last_day = NO_STEERING
    done = done_so_far(world)
    world.advance(Decision(legal_focus(world), move=move))
    for _ in range(MOST_DAYS):
        if not any(pending(world)):
            break
        world.advance(Decision(legal_focus(world)))
    assert not any(pending(world))
    assert done_so_far(world) > done


def pending(world: ImplementationWorld) -> tuple[bool, bool]:
    """Whether a mock load and a test cycle are ordered and not done."""
    known = world.briefing()
    return known.migration.mock_load_pending, known.tests.cycle_pending


def legal_focus(world: ImplementationWorld) -> tuple[int, ...]:
    """The crew on data and testing, as far as there is work."""
    wanted, legal = (DATA, TESTING, DATA, TESTING, TESTING), world.legal()
    return tuple(
        index if legal.focus[role][index] else NO_FOCUS for role, index in enumerate(wanted)
    )


def done_so_far(world: ImplementationWorld) -> int:
    """Mock loads and test cycles done."""
    known = world.briefing()
    return known.migration.mock_loads_done + known.tests.cycles_done
