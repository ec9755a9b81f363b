"""The benchmark of silence: its bound on customers whose answer is known, and its listener."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("pettingzoo", reason="needs golive[team]")
from benchmarks.command import SEED, run
from benchmarks.team_silence import GoesLiveOn, Going, Played, bounds_of, command
from golive.agents.partners import partners_of
from golive.agents.team import play_team
from golive.envs.team import TeamEnv
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
DAYS = 6


def customer(best: int, *, board: bool) -> Played:
    """Going live pays 1 on one day; a claim says when it is there, and perhaps the board does."""
    scores = np.zeros(DAYS)
    scores[best] = 1.0
    claim = (np.arange(DAYS) >= best).astype(np.float32)
    seen = claim if board else np.zeros(DAYS, np.float32)
    day = np.arange(DAYS, dtype=np.float32)
    told, quiet = (np.stack([heard, seen, day], axis=1) for heard in (claim, 0 * claim))
    return Played(1.0, {}, (Going(scores, told), Going(scores, quiet)))


@pytest.mark.parametrize(("board", "cost"), [(True, 0.0), (False, 0.75)])
def test_silence_costs_what_nothing_else_tells(board: bool, cost: float) -> None:
    customers = [customer(day, board=board) for day in (1, 2, 3, 4) * 10]
    found = {one.listeners: one for one in bounds_of(customers, ["claim", "board", "day"])}
    fixed = found["one day for all"]
    assert fixed.silent.estimate == pytest.approx(0.25)
    for listeners in ("one thing seen", "two things seen"):
        one = found[listeners]
        assert one.speaking.estimate == pytest.approx(1.0)
        assert one.cost.estimate == pytest.approx(cost)
        assert one.cost.low <= cost <= one.cost.high
    assert found["one thing seen"].best == ("board >= 1" if board else "day >= 1")


def test_who_is_told_gains_nothing_by_being_chosen_on_its_own_customers() -> None:
    generator = np.random.default_rng(0)
    customers = []
    for _ in range(40):
        scores = generator.random(DAYS)
        seen = generator.random((DAYS, 5)).astype(np.float32)
        customers.append(Played(0.0, {}, (Going(scores, seen), Going(scores, seen))))
    for one in bounds_of(customers, list("abcde")):  # nothing is known: the chosen ones seem better
        assert one.cost.estimate <= 0.0


def test_the_listener_goes_live_when_it_is_told_to() -> None:
    environment = TeamEnv("furniture", world=KIND, messages={})
    names = environment.team.names
    for decision in (0, 45):
        players = dict(partners_of(KIND, names, {}))
        listener = GoesLiveOn(players["project_manager"], decision)
        play_team(environment, {**players, listener.role: listener}, SEED)
        gone = environment.world_env.world.scorecard().as_dict()["went_live"]
        assert gone == listener.has_gone
        first = listener.may.index(True)
        assert listener.may[max(first, decision)] == listener.has_gone
        assert len(listener.observed) == len(listener.may) == len(listener.days)


def test_the_command_prints_what_silence_costs(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--scenario", "furniture", "--customers", "2", "--roles", "configuration", "--json"]
    assert run(command, told) == 0
    content = json.loads(capsys.readouterr().out)
    [cost] = content["costs"]
    assert cost["role"] == "configuration" and content["bounds"] == []
    difference = cost["speaking"]["estimate"] - cost["silent"]["estimate"]
    assert cost["cost"]["estimate"] == pytest.approx(difference)
    assert run(command, ["--roles", "nobody"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
