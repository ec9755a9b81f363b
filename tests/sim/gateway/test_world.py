from __future__ import annotations

import json
import pickle

import pytest
from gateway_worlds import ByLot, played, small
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.scenarios.gateway.vocabulary import Adversity, CompanyTrait
from golive.sim.gateway.decision import NEUTRAL, Decision, Way
from golive.sim.gateway.state import NOBODY
from golive.sim.gateway.world import GatewayWorld
from golive.sim.protocol import Snapshot, SnapshotError

EVERYTHING = [{"kind": kind.value, "severity": 0.7} for kind in Adversity]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), lots=st.integers(0, 100), point=st.integers(0, 150))
def test_a_restored_world_goes_on_as_the_one_that_lived_through_it(
    seed: int, lots: int, point: int
) -> None:
    world = played(GatewayWorld(small(troubles=EVERYTHING), seed), ByLot(lots), point)
    snapshot = world.snapshot()
    assert json.loads(json.dumps(snapshot.payload)) == snapshot.payload
    restored = GatewayWorld.restore(snapshot)
    pickled = pickle.loads(pickle.dumps(world))
    for other in (restored, pickled):
        assert other.digest() == world.digest()
    end = played(world, ByLot(lots)).digest()
    assert played(restored, ByLot(lots)).digest() == end
    assert played(pickled, ByLot(lots)).digest() == end


def test_tasks_and_their_luck_are_the_same_whatever_the_router_does() -> None:
    seen: list[dict[int, tuple[object, ...]]] = []
    for lots in (1, 2):
        world, found = GatewayWorld(small(), 5), {}
        policy = ByLot(lots)
        while not world.finished:
            state = world.context.state
            for task in state.tasks.values():
                if task.parent == NOBODY:
                    chances = world.context.logits(task, complete=True) - task.residual
                    found.setdefault(task.id, (task.at, task.main, task.worth_usd, chances[0]))
            world.advance(policy.decide(world.briefing(), world.legal()))
        seen.append(found)
    both = set(seen[0]) & set(seen[1])
    assert len(both) > 40
    at_once = [number for number in both if seen[0][number][:3] == seen[1][number][:3]]
    assert len(at_once) == len(both)


def test_another_seed_draws_the_future_anew_and_leaves_the_past() -> None:
    world = played(GatewayWorld(small(), 1), ByLot(), 30)
    snapshot = world.snapshot()
    one, two = (GatewayWorld.restore(snapshot, seed=seed) for seed in (77, 78))
    assert one.briefing() == world.briefing() == two.briefing()
    assert played(one, ByLot()).digest() != played(two, ByLot()).digest()
    again = GatewayWorld.restore(snapshot, seed=77)
    assert played(again, ByLot()).digest() == one.digest()


def test_every_task_ends_somewhere_and_money_adds_up() -> None:
    world = played(GatewayWorld(small(troubles=EVERYTHING), 9), ByLot(4))
    card, totals = world.scorecard(), world.context.state.totals
    open_tasks = sum(task.parent == NOBODY for task in world.context.state.tasks.values())
    never_noticed = totals.silent - totals.noticed
    assert (
        totals.solved + totals.bypassed + totals.unanswered + open_tasks + never_noticed
        == totals.arrived
    )
    costs = card.agents_usd + card.people_usd + card.handling_usd + card.harm_usd + card.breach_usd
    assert card.net_usd == pytest.approx(card.worth_usd - costs)
    assert card.tasks_arrived == totals.arrived > 20


def test_what_is_illegal_goes_to_a_person_and_is_counted() -> None:
    world = GatewayWorld(small(), 0)
    assert world.legal().replace_illegal(Decision(Way.AGENT, 95)) == (NEUTRAL, 1)
    world.advance(Decision(Way.AGENT, 95))
    assert world.illegal_decisions == 1
    assert world.scorecard().people_share > 0.0


def test_asking_tells_what_was_missing_and_costs_trust_where_nothing_was() -> None:
    world = GatewayWorld(small(vague_share=1.0), 2)
    task = world.briefing().task
    assert task is not None
    before = world.context.success(world.context.state.tasks[task.id])
    world.advance(Decision(Way.ASK))
    while world.briefing().task is not None and world.briefing().task.id != task.id:
        world.advance(NEUTRAL)
    asked = world.briefing().task
    assert asked is not None
    assert asked.asked
    assert asked.text != task.text
    assert (world.context.success(world.context.state.tasks[task.id]) > before).all()
    clear = GatewayWorld(small(vague_share=0.0), 2)
    known = clear.briefing().task
    assert known is not None
    requester = clear.context.state.requesters[clear.context.state.tasks[known.id].requester]
    trust = requester.trust
    clear.advance(Decision(Way.ASK))
    assert requester.trust < trust


def test_a_split_task_is_done_in_parts_of_one_trade() -> None:
    world = GatewayWorld(small(median_task_hours=6.0, mixed_share=1.0), 3)
    while not world.legal().split:
        world.advance(NEUTRAL)
    world.advance(Decision(Way.SPLIT))
    state = world.context.state
    parts = [task for task in state.tasks.values() if task.parent != NOBODY]
    whole = state.tasks[parts[0].parent]
    assert len(parts) == whole.parts >= 2
    assert {part.main for part in parts} == {whole.main, whole.second}
    assert sum(part.worth_usd for part in parts) == pytest.approx(whole.worth_usd)
    played(world, ByLot(1))
    assert not any(task.parent == whole.id for task in world.context.state.tasks.values())


def test_haste_brings_reminders_and_harm_brings_claims() -> None:
    def heard(trait: CompanyTrait, value: float) -> tuple[float, float]:
        reminders, claims = 0, []
        for seed in range(4):
            scenario = small(traits={trait: value}, tasks_per_week=120)
            briefing = played(GatewayWorld(scenario, seed), ByLot(seed)).briefing()
            reminders += briefing.reminders
            claims.append(briefing.claimed_ratio)
        return reminders, sum(claims) / len(claims)

    assert heard(CompanyTrait.HASTE, 1.0)[0] > 5 * heard(CompanyTrait.HASTE, -1.0)[0]
    assert heard(CompanyTrait.HARM, 1.0)[1] > 4 * heard(CompanyTrait.HARM, -1.0)[1]


def test_who_loses_trust_goes_round_the_gateway() -> None:
    world = GatewayWorld(small(), 4)
    for requester in world.context.state.requesters:
        requester.trust = 0.1
    card = played(world, ByLot()).scorecard()
    assert card.bypass_share > 0.2


def test_wrong_snapshots_and_scenarios_are_refused_in_one_line() -> None:
    good = GatewayWorld(small(), 0).snapshot()
    damaged = Snapshot(good.world, good.version, {**good.payload, "state": {}})
    for snapshot in (Snapshot("queue", 1, {}), Snapshot(good.world, 99, {}), damaged):
        with pytest.raises(SnapshotError) as caught:
            GatewayWorld.restore(snapshot)
        assert "\n" not in str(caught.value)
    with pytest.raises(GoliveError, match="gateway"):
        GatewayWorld("furniture", 0)
    with pytest.raises(GoliveError, match="seed"):
        GatewayWorld(small(), -1)
