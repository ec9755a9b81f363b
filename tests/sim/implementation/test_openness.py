"""Other packages add edge cases, opponents, mechanisms and moves, and take them away again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from golive.agents.implementation.expert import Expert
from golive.core.errors import GoliveError
from golive.core.random_streams import purpose
from golive.core.records import changed
from golive.core.registry import Registry
from golive.scenarios.implementation.disruption import Disruption as DisruptionRow
from golive.scenarios.implementation.edge_case_table import EDGE_CASE_KINDS, EdgeCase
from golive.scenarios.implementation.edge_cases import parse_edge_case, with_edge_cases
from golive.scenarios.implementation.extensions import MECHANISMS
from golive.scenarios.implementation.opponents import STRATEGIES, parse_opponent
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.schema import json_schema
from golive.scenarios.implementation.vocabulary import Severity, Workstream
from golive.scenarios.loader import load_scenario, save_yaml
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import (
    MOVE_COUNT,
    MOVES,
    Decision,
    MoveRule,
    move_of,
)
from golive.sim.implementation.disruptions.disruption import Disruption
from golive.sim.implementation.further import Mechanism
from golive.sim.implementation.mechanisms import Mechanisms
from golive.sim.implementation.opponent import Opponent
from golive.sim.implementation.state import DisruptionState, Package
from golive.sim.implementation.strain import Strain
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import SnapshotError

FURNITURE = load_scenario("furniture")
assert isinstance(FURNITURE, ImplementationScenario)
BEFORE = ImplementationWorld(FURNITURE, 0).digest()


@contextmanager
def registered(registry: Registry[Any], name: str, thing: object) -> Iterator[None]:
    registry.register(name, thing)
    try:
        yield
    finally:
        registry.unregister(name)
    assert name not in registry
    assert ImplementationWorld(FURNITURE, 0).digest() == BEFORE


def played(world: ImplementationWorld, days: int = 1_000) -> ImplementationWorld:
    policy = Expert()
    policy.reset(world.seed)
    while not world.finished and days:
        world.advance(policy.decide(world.briefing(), world.legal()))
        days -= 1
    return world


def future_is_kept(world: ImplementationWorld, days: int = 12) -> ImplementationWorld:
    """Plays on from a snapshot and from the world itself: both end alike."""
    half = played(world, days)
    again = ImplementationWorld.restore(half.snapshot())
    assert again.digest() == half.digest()
    assert played(again).digest() == played(half).digest()
    return half


# -- edge cases ----------------------------------------------------------------------------

WHO = purpose("tests/who is ill")


class Influenza(Disruption):
    """Half the crew is ill until somebody has fetched help."""

    kind = "influenza"
    rows: ClassVar = {
        "onset_latest": 0.5,
        "notice_days": 1.0,
        "hours_mild": 8.0,
        "hours_critical": 40.0,
    }

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        if state.amount < 0.0:
            state.amount = 0.2 + 0.2 * self.uniform(WHO, state)

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        strain.crew_speed *= 1.0 - state.amount

    def notice(self, state: DisruptionState) -> None:
        self.respond(state, "fetch help", Workstream.DISCOVERY, self.by_severity("hours", state))


INFLUENZA = EdgeCase(
    "influenza", "Influenza", "share of the crew, 0..1", most=1.0, mechanism=Influenza
)


def test_an_edge_case_is_written_played_and_restored(tmp_path):
    with registered(EDGE_CASE_KINDS, "influenza", INFLUENZA):
        row = parse_edge_case("influenza:critical:0.5@5")
        assert (row.kind, row.amount, row.day) == ("influenza", 0.5, 5)
        assert row.text == "influenza:critical:0.5@5"
        scenario = with_edge_cases(FURNITURE, [row])
        save_yaml(scenario, tmp_path / "ill.yaml")
        assert load_scenario(tmp_path / "ill.yaml") == scenario
        world = future_is_kept(ImplementationWorld(scenario, 0))
        (state,) = (one for one in world._state.disruptions if one.kind == "influenza")
        assert state.noticed
        assert state.responses
    with pytest.raises(GoliveError, match=r"no such edge case.*corrupt_data"):
        load_scenario(tmp_path / "ill.yaml")


def test_an_edge_case_shows_in_the_briefing_by_its_name():
    with registered(EDGE_CASE_KINDS, "influenza", INFLUENZA):
        row = DisruptionRow(kind="influenza", severity=Severity.CRITICAL, day=1)
        world = played(ImplementationWorld(with_edge_cases(FURNITURE, [row]), 0, record=True), 9)
        shown = [known.kind for day in world.history for known in day.disruptions]
        assert "influenza" in shown


def test_an_edge_case_may_stand_at_a_place():
    case = EdgeCase("influenza", "Influenza", mechanism=f"{__name__}:Influenza")
    with registered(EDGE_CASE_KINDS, "influenza", case):
        row = DisruptionRow(kind="influenza", severity=Severity.MILD)
        assert ImplementationWorld(with_edge_cases(FURNITURE, [row]), 0)._state.disruptions


def test_an_amount_or_names_that_an_edge_case_cannot_have_are_refused():
    with registered(EDGE_CASE_KINDS, "influenza", INFLUENZA):
        with pytest.raises(GoliveError, match=r"amount: 2: expected 0\.\.1"):
            parse_edge_case("influenza:2")
        with pytest.raises(ValueError, match="names: influenza takes none"):
            DisruptionRow(kind="influenza", names=("A",))


def test_an_edge_case_cannot_take_the_name_of_another():
    with pytest.raises(GoliveError, match="corrupt_data"):
        EDGE_CASE_KINDS.register("corrupt_data", INFLUENZA)


# -- opponents -----------------------------------------------------------------------------


def strike_on_mondays(opponent: Opponent) -> DisruptionRow | None:
    if opponent.world.day % 5 or not opponent.free_kinds():
        return None
    return opponent.row(opponent.free_kinds()[0], opponent.affordable()[0])


def spend_too_much(opponent: Opponent) -> DisruptionRow | None:
    return opponent.row(opponent.free_kinds()[0], Severity.BRUTAL)


def test_an_opponent_plays_by_the_rule_of_another_package():
    with registered(STRATEGIES, "mondays", strike_on_mondays):
        scenario = changed(FURNITURE, opponent=parse_opponent("mondays:3"))
        world = played(future_is_kept(ImplementationWorld(scenario, 0)))
        assert world.opponent is not None
        assert len(world.opponent.days) == 3
        assert all(day % 5 == 0 for day in world.opponent.days)
        enumerated = json_schema("scenario")["$defs"]["OpponentPlan"]["properties"]["strategy"]
        assert "mondays" in enumerated["enum"]
    with pytest.raises(GoliveError, match="strategies are random"):
        parse_opponent("mondays:3")


def test_a_rule_that_spends_more_than_its_budget_is_an_error():
    with registered(STRATEGIES, "spendthrift", spend_too_much):
        scenario = changed(FURNITURE, opponent=parse_opponent("spendthrift:3"))
        with pytest.raises(GoliveError, match=r"spendthrift: .* costs 8: expected at most the 3"):
            played(ImplementationWorld(scenario, 0))


# -- mechanisms ----------------------------------------------------------------------------


class CoffeeMachine(Mechanism):
    """Work that is done empties it; an empty one costs speed until the evening."""

    def kick_off(self) -> None:
        self.state.update(cups=3, log=[], by_day={})

    def strain(self, strain: Strain) -> None:
        if self.state["cups"] <= 0:
            strain.crew_speed *= 0.5

    def start_day(self) -> None:
        self.state["log"].append("morning")

    def package_done(self, package: Package) -> None:
        self.state["cups"] -= 1

    def end_day(self) -> None:
        self.state["by_day"][str(self.world.day)] = self.state["cups"]
        self.mechanisms.money.spend(10.0)
        if self.state["cups"] < -5:
            self.state["cups"] = 3

    def report(self) -> Mapping[str, float]:
        return {"cups": float(self.state["cups"])}


COFFEE = {"mechanisms": ("coffee",)}


def test_a_mechanism_takes_part_in_the_day_and_is_restored(tmp_path):
    with registered(MECHANISMS, "coffee", CoffeeMachine):
        scenario = changed(FURNITURE, **COFFEE)
        save_yaml(scenario, tmp_path / "coffee.yaml")
        assert load_scenario(tmp_path / "coffee.yaml") == scenario
        world = ImplementationWorld(scenario, 0)
        assert world.briefing().further == {"coffee.cups": 3.0}
        half = future_is_kept(world)
        state = half._state.further["coffee"]
        assert state["log"] == ["morning"] * half._state.day
        assert len(state["by_day"]) == half._state.day
        snapshot = half.snapshot()
        assert snapshot.payload["state"]["further"]["coffee"] == state
        plain = played(ImplementationWorld(FURNITURE, 0))
        assert plain.scorecard().days != half.scorecard().days or plain.digest() != half.digest()
    with pytest.raises(ValidationError, match="no such mechanism"):
        changed(FURNITURE, **COFFEE)
    with pytest.raises(SnapshotError, match="no such mechanism"):
        ImplementationWorld.restore(snapshot)


def test_a_world_without_further_mechanisms_has_no_trace_of_them():
    snapshot = ImplementationWorld(FURNITURE, 0).snapshot()
    assert "further" not in snapshot.payload["state"]
    assert "mechanisms" not in snapshot.payload["scenario"]


def test_what_is_not_plain_data_cannot_be_remembered():
    class Careless(Mechanism):
        def kick_off(self) -> None:
            self.state["who"] = self

    with registered(MECHANISMS, "careless", Careless):
        world = ImplementationWorld(changed(FURNITURE, mechanisms=("careless",)), 0)
        with pytest.raises(TypeError, match="not plain data"):
            world.snapshot()


# -- moves ---------------------------------------------------------------------------------


def first_fortnight(briefing: Briefing) -> bool:
    return briefing.calendar.day < 10


def give_a_party(mechanisms: Mechanisms) -> None:
    mechanisms.money.spend(5_000.0)
    mechanisms.people.shift_trust(0.05)


def test_a_move_has_its_rule_and_its_effect():
    with registered(MOVES, "party", MoveRule(first_fortnight, give_a_party)):
        world, other = ImplementationWorld(FURNITURE, 0), ImplementationWorld(FURNITURE, 0)
        assert len(world.legal().move) == MOVE_COUNT + 1
        assert world.legal().move[MOVE_COUNT]
        party = move_of(MOVE_COUNT)
        assert party.name == "party"
        world.advance(Decision(move=party))
        other.advance(Decision())
        assert world.illegal_decisions == 0
        assert world._state.spent_usd == other._state.spent_usd + 5_000.0
        assert world.mechanisms.people.mean_trust() > other.mechanisms.people.mean_trust()
        late = played(world, 10)
        assert not late.legal().move[MOVE_COUNT]
        late.advance(Decision(move=party))
        assert late.illegal_decisions == 1
        assert ImplementationWorld.restore(late.snapshot()).digest() == late.digest()
    fresh = ImplementationWorld(FURNITURE, 0)
    assert len(fresh.legal().move) == MOVE_COUNT
    fresh.advance(Decision(move=party))
    assert fresh.illegal_decisions == 1
