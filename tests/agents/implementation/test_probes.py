"""Policies that must lose do lose, on every scenario, beyond doubt."""

from __future__ import annotations

import pytest
from judging import lead, scores

from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario, scenario_names
from golive.sim.episodes import run_episode
from golive.sim.implementation.decision import Move
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.intervals import DIFFERENCE_BOUNDS, paired_difference_interval

PROBES = world_kind("implementation").probes
EPISODES = 8
MORE_EPISODES = 24
"""Scenarios and policies of which few episodes do not tell: the expert has little, or they try."""


def test_there_are_the_nine_probes_of_the_design():
    assert set(PROBES) == {
        "do_nothing",
        "random",
        "go_live_on_day_one",
        "postpone_for_ever",
        "intervene_every_day",
        "rush_always",
        "careful_always",
        "mock_load_every_day",
        "one_workstream_only",
    }


@pytest.mark.parametrize("probe", PROBES)
def test_the_expert_beats_every_probe_on_a_few_furniture_makers(probe):
    assert lead("furniture", "expert", probe, EPISODES).above(0.0)


@pytest.mark.slow
@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("scenario", scenario_names("implementation"))
def test_the_expert_beats_every_probe_on_every_scenario(scenario, probe):
    few = lead(scenario, "expert", probe, EPISODES)
    difference = few if few.above(0.0) else lead(scenario, "expert", probe, MORE_EPISODES)
    assert difference.above(0.0), difference


@pytest.mark.slow
@pytest.mark.parametrize("baseline", ["plan_follower", "critical_path"])
def test_the_expert_beats_the_other_baselines_everywhere_and_beyond_doubt_in_all(baseline):
    names = scenario_names("implementation")
    mine, theirs = (
        [scores(name, policy, MORE_EPISODES) for name in names] for policy in ("expert", baseline)
    )
    for name, own, other in zip(names, mine, theirs, strict=True):
        assert own.mean() > other.mean(), name
    difference = paired_difference_interval(mine, theirs, bounds=DIFFERENCE_BOUNDS)
    assert difference.above(0.0), difference


@pytest.mark.parametrize("probe", ["do_nothing", "postpone_for_ever", "one_workstream_only"])
def test_who_never_goes_live_earns_nothing(probe):
    assert scores("furniture", probe, 6).max() == 0.0


def moves_of(probe: str, wanted: Move) -> list[tuple[Move, bool]]:
    """Every move of an episode, and whether the wanted one would have been legal then."""
    world, policy = ImplementationWorld(load_scenario("furniture"), 3), load_policy(probe)
    policy.reset(3)
    moves = []
    while not world.finished:
        legal = world.legal()
        decision = policy.decide(world.briefing(), legal)
        assert legal.replace_illegal(decision)[1] == 0
        moves.append((decision.move, legal.move[wanted]))
        world.advance(decision)
    return moves


@pytest.mark.parametrize(
    ("probe", "move", "least"),
    [
        ("go_live_on_day_one", Move.GO_LIVE, 1),
        ("intervene_every_day", Move.MANUAL_INTERVENTION, 20),
        ("mock_load_every_day", Move.MOCK_LOAD, 4),
        ("postpone_for_ever", Move.POSTPONE_GO_LIVE, 1),
    ],
)
def test_a_probe_does_what_its_name_says_and_nothing_illegal(probe, move, least):
    chances = moves_of(probe, move)
    moves = [ordered for ordered, _ in chances]
    assert moves.count(move) >= least
    if probe == "go_live_on_day_one":  # the first on which there is something to go live with
        assert next(ordered for ordered, legal in chances if legal) is Move.GO_LIVE
    if probe == "postpone_for_ever":
        assert Move.GO_LIVE not in moves


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_plays_the_same_episode_again(probe):
    scenario = load_scenario("furniture")
    one, two = (run_episode(load_policy(probe), scenario, 9) for _ in range(2))
    assert one.digest == two.digest
