"""Learned credit beside exact credit."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("pettingzoo", reason="needs golive[team]")
pytest.importorskip("torch", reason="needs golive[train]")

from benchmarks.command import run
from benchmarks.team_credit import ADVANTAGE, DIFFERENCE, Critic, Recorder, command, correlation
from golive.agents.partners import partners_of
from golive.agents.team import play_team
from golive.envs.team import TeamEnv


@pytest.fixture(scope="module")
def recorded() -> tuple[TeamEnv, Recorder]:
    environment = TeamEnv("furniture")
    roles = environment.possible_agents
    watch = Recorder(partners_of(environment.kind, roles, {}, "by_the_book"))
    play_team(environment, partners_of(environment.kind, roles, {}, "expert"), 3, [watch])
    return environment, watch


def test_a_critic_that_knows_what_a_role_is_worth_tells_its_credit(
    recorded: tuple[TeamEnv, Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, watch = recorded
    critic = Critic(environment, 0)
    monkeypatch.setattr(
        critic, "values", lambda states, actions: (actions[:, 1] > 0).astype(np.float64)
    )
    found = critic.credit(watch)
    own = np.array(watch.actions)[:, 1] > 0
    instead = np.array(watch.defaults)[:, 1] > 0
    legal = [np.flatnonzero(masks[1]) for masks in watch.masks]
    assert found[DIFFERENCE][1] == own.sum() - instead.sum()
    expected = own.sum() - sum((one > 0).mean() for one in legal)
    assert found[ADVANTAGE][1] == pytest.approx(expected)
    assert found[DIFFERENCE][0] == found[ADVANTAGE][0] == 0.0


def test_what_the_default_would_have_done_is_what_it_does(
    recorded: tuple[TeamEnv, Recorder],
) -> None:
    environment, _ = recorded
    roles = environment.possible_agents
    one, other = (partners_of(environment.kind, roles, {}, "by_the_book") for _ in range(2))
    watch = Recorder(other)
    play_team(environment, one, 3, [watch])
    assert watch.actions == watch.defaults


def test_the_critic_learns_the_scores_that_it_is_shown(recorded: tuple[TeamEnv, Recorder]) -> None:
    environment, watch = recorded
    critic = Critic(environment, 0)
    assert critic.fit([watch] * 5, [0.25] * 5) == 0.0  # there is nothing to explain
    values = critic.values(np.array(watch.states), np.array(watch.actions))
    assert values == pytest.approx(np.full(len(values), 0.25), abs=0.05)


def test_correlation_is_over_customers_and_roles_and_within_roles() -> None:
    draws = np.random.default_rng(0)
    exact = draws.normal(size=(30, 5))
    same = correlation("x", 3.0 * exact, "y", exact)
    assert same.all.estimate == pytest.approx(1.0)
    shifted = correlation("x", exact + 10.0 * np.arange(5), "y", exact)
    assert shifted.within_role.estimate == pytest.approx(1.0)
    assert shifted.all.estimate < 0.5
    assert shifted.all.low < shifted.all.estimate < shifted.all.high


@pytest.mark.slow
def test_the_command_prints_both_credits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, ["--episodes", "10", "--customers", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["largest_gap"] < 1e-9
    assert len(report["roles"]) == 5
    assert len(report["correlations"]) == 4
