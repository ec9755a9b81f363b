"""The opponent: its budget, its choices, and that it lives in the world's state."""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.agents.implementation.expert import Expert
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.implementation.opponents import (
    PRICES,
    OpponentPlan,
    OpponentStrategy,
    PhasePreferences,
    ScriptedStrike,
    load_opponent,
    parse_opponent,
)
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.scenarios.loader import load_scenario, save_yaml
from golive.sim.episodes import run
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
FURNITURE = load_scenario("furniture")
KINDS = (DisruptionKind.CORRUPT_DATA, DisruptionKind.NETWORK_FAILURES)
PREFERENCES = (
    PhasePreferences(until=0.5, wait=50.0, strikes={KINDS[0]: {Severity.MILD: 0.0}}),
    PhasePreferences(until=1.0, wait=-9.0, strikes={KINDS[0]: {Severity.MODERATE: 0.0}}),
)


def plan(strategy: str, budget: float = 8.0, **fields: object) -> OpponentPlan:
    if strategy == "learned":
        fields.setdefault("preferences", PREFERENCES)
    return OpponentPlan.model_validate({"strategy": strategy, "budget": budget, **fields})


def against(opponent: OpponentPlan | None) -> ImplementationScenario:
    return changed(FURNITURE, opponent=opponent)


def played(opponent: OpponentPlan, seed: int = 0) -> ImplementationWorld:
    world = run(KIND, Expert(), against(opponent), seed, record=True).world
    assert world is not None
    return world


def strikes(world: ImplementationWorld) -> list[tuple[int, str, str]]:
    state = world.opponent
    assert state is not None
    return list(zip(state.days, state.kinds, state.severities, strict=True))


@pytest.mark.parametrize("strategy", list(OpponentStrategy))
@pytest.mark.parametrize("budget", [0.0, 9.0])
def test_it_never_spends_more_than_its_budget_and_pays_the_price(
    strategy: str, budget: float
) -> None:
    world = played(plan(strategy, budget))
    done = strikes(world)
    assert world.opponent is not None
    assert world.opponent.spent == sum(PRICES[Severity(s)] for _, _, s in done) <= budget
    assert len({day for day, _, _ in done}) == len(done), "at most one strike a morning"
    assert bool(done) == (budget > 0.0)


@pytest.mark.parametrize("strategy", list(OpponentStrategy))
def test_the_same_seed_is_the_same_opponent(strategy: str) -> None:
    first, second = (run(KIND, Expert(), against(plan(strategy)), 3) for _ in range(2))
    assert first.digest == second.digest


def test_its_own_seed_changes_what_it_draws() -> None:
    assert strikes(played(plan("random", seed=1))) != strikes(played(plan("random", seed=2)))


def test_strategies_differ() -> None:
    seen = {tuple(strikes(played(plan(strategy)))) for strategy in OpponentStrategy}
    assert len(seen) == len(OpponentStrategy)


@pytest.mark.parametrize("strategy", list(OpponentStrategy))
def test_a_restored_world_meets_the_same_opponent(strategy: str) -> None:
    policy = Expert()
    world = ImplementationWorld(against(plan(strategy)), 1)
    policy.reset(1)
    copy = None
    while not world.finished:
        if world.briefing().calendar.day == 22:
            copy = ImplementationWorld.restore(world.snapshot())
            assert copy.digest() == world.digest()
        decision = policy.decide(world.briefing(), world.legal())
        world.advance(decision)
        if copy is not None:
            copy.advance(decision)
            assert copy.digest() == world.digest()


def test_a_world_without_an_opponent_says_nothing_of_one() -> None:
    payload = ImplementationWorld(FURNITURE, 0).snapshot().payload
    assert "opponent" not in payload["scenario"]
    assert "opponent" not in payload["state"]


def test_it_chooses_only_what_its_plan_allows() -> None:
    limited = plan(
        "random",
        20.0,
        kinds=KINDS,
        severities=(Severity.MILD, Severity.MODERATE),
        earliest=0.4,
        latest=0.8,
        at_once=20,
    )
    world = ImplementationWorld(against(limited), 0)
    days = world.briefing().calendar.planned_go_live_day
    done = strikes(played(limited))
    assert done
    for day, kind, severity in done:
        assert kind in KINDS
        assert severity in ("mild", "moderate")
        assert 0.4 * days <= day < 0.8 * days


def test_so_many_at_once_and_no_more() -> None:
    opponent = plan("random", 100.0, at_once=1, severities=(Severity.MILD,))
    policy = Expert()
    world = ImplementationWorld(against(opponent), 0)
    policy.reset(0)
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
        state = world.snapshot().payload["state"]
        mine = set(state["opponent"]["numbers"])
        under_way = [
            row for row in state["disruptions"] if row["number"] in mine and not row["recovered"]
        ]
        assert len(under_way) <= 1


def test_a_script_comes_when_it_says() -> None:
    script = (
        ScriptedStrike(moment=0.1, kind=KINDS[1], severity=Severity.MILD),
        ScriptedStrike(moment=0.5, kind=KINDS[0]),
        ScriptedStrike(moment=0.5, kind=DisruptionKind.MISSING_REQUIREMENTS),
    )
    done = strikes(played(plan("scripted", script=script)))
    assert done == [
        (3, "network_failures", "mild"),
        (15, "corrupt_data", "moderate"),
        (16, "missing_requirements", "moderate"),
    ]


def test_without_a_script_everything_comes_in_one_week() -> None:
    done = strikes(played(plan("scripted", 10.0, week=3, at_once=5)))
    assert [day for day, _, _ in done] == [10, 11, 12, 13, 14]
    assert len({kind for _, kind, _ in done}) == 5


def test_a_learned_one_follows_its_preferences() -> None:
    done = strikes(played(plan("learned", 100.0)))
    assert done
    assert all(kind == "corrupt_data" and severity == "moderate" for _, kind, severity in done)
    assert min(day for day, _, _ in done) == 15, "it waits for the second phase, and no longer"


def test_the_policy_is_not_told() -> None:
    """A strike that nobody has noticed leaves the briefing as it is."""
    script = (ScriptedStrike(moment=0.0, kind=KINDS[0], severity=Severity.BRUTAL),)
    attacked = ImplementationWorld(against(plan("scripted", script=script)), 0)
    free = ImplementationWorld(FURNITURE, 0)
    policy = Expert()
    policy.reset(0)
    decision = policy.decide(free.briefing(), free.legal())
    attacked.advance(decision)
    free.advance(decision)
    assert strikes(attacked)
    assert attacked.briefing() == free.briefing()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"strategy": "clever"}, "strategy"),
        ({"strategy": "random", "budget": -1.0}, "budget"),
        ({"strategy": "random", "kinds": ["plague"]}, "kinds"),
        ({"strategy": "random", "week": 2}, "only a scripted opponent"),
        ({"strategy": "learned"}, "a learned opponent needs them"),
        ({"strategy": "random", "earliest": 0.5, "latest": 0.5}, "expected less than latest"),
        (
            {
                "strategy": "scripted",
                "budget": 7.0,
                "script": [{"moment": 0.5, "kind": "corrupt_data", "severity": "brutal"}],
            },
            "it costs 8: expected at most budget = 7",
        ),
        (
            {
                "strategy": "scripted",
                "script": [{"moment": m, "kind": "corrupt_data"} for m in (0.5, 0.1)],
            },
            "in the order of their moments",
        ),
        (
            {
                "strategy": "scripted",
                "script": [{"moment": 0.5, "kind": "corrupt_data", "amount": 7.0}],
            },
            "expected 0..1",
        ),
        (
            {"strategy": "learned", "preferences": [{"until": 0.5, "strikes": {}}]},
            "expected at least latest",
        ),
    ],
)
def test_invalid_plans_are_refused_by_name(
    tmp_path: Path, fields: dict[str, object], message: str
) -> None:
    import yaml

    file = tmp_path / "opponent.yaml"
    file.write_text(yaml.safe_dump(fields))
    with pytest.raises(GoliveError) as error:
        load_opponent(file)
    assert message in str(error.value)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("adptive:8", "expected STRATEGY"),
        ("adaptive:much", "budget 'much': expected a number"),
        ("adaptive:-1", "budget"),
        ("learned:8", "path of its YAML file"),
        ("nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_bad_words_on_the_command_line_are_told(text: str, message: str) -> None:
    with pytest.raises(GoliveError, match=message):
        parse_opponent(text)


@pytest.mark.parametrize("strategy", list(OpponentStrategy))
def test_a_plan_survives_its_file(tmp_path: Path, strategy: str) -> None:
    file = tmp_path / "opponent.yaml"
    save_yaml(plan(strategy), file)
    assert load_opponent(file) == plan(strategy)
