"""The bandit view's arrays are what the world's own mechanisms say, one choice at a time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from gateway_worlds import small

from golive.core.errors import GoliveError
from golive.scenarios.gateway.vocabulary import Wordings
from golive.scenarios.loader import load_scenario
from golive.sim.gateway.bandit import BanditStream, bandit_stream
from golive.sim.gateway.bandit_laws import Results
from golive.sim.gateway.bandit_reference import ReferenceResult, reference_results
from golive.sim.gateway.work import Outcome
from golive.sim.gateway.world import GatewayWorld

RESTLESS = {
    "outages_per_agent_month": 15.0,
    "changes_per_agent_month": 8.0,
    "troubles": [
        {"kind": "poisoned_ratings", "day": 0},
        {"kind": "price_shock", "day": 1},
        {"kind": "flood", "day": 1, "severity": 0.2},
    ],
}


def differing(stream: BanditStream, row: ReferenceResult) -> list[str]:
    """Fields of a choice's result in which arrays and reference differ by a bit."""
    at = (row.task, row.choice)
    seen: dict[str, Any] = {
        "legal": stream.legal[at],
        "usd_per_hour": stream.usd_per_hour[at],
        "attainable_usd": stream.laws.attainable_usd[row.task],
        **{f.name: getattr(stream.results, f.name)[at] for f in fields(Results)},
    }
    del seen["open_to"]
    if row.choice < stream.choices - 1:
        seen["confidence"] = stream.confidence[at]
    return [name for name, value in seen.items() if value != getattr(row, name)]


def disagreements(scenario: Any, seed: int) -> list[tuple[int, int, list[str]]]:
    stream = bandit_stream(scenario, seed)
    rows = list(reference_results(scenario, seed))
    assert len(rows) == stream.legal.size
    found = [(row.task, row.choice, differing(stream, row)) for row in rows]
    return [one for one in found if one[2]]


@pytest.mark.parametrize("seed", range(4))
def test_arrays_equal_the_world_s_own_mechanisms(seed):
    assert disagreements(small(**RESTLESS), seed) == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["office", "generated-pool", "busy-desk", "restless"])
def test_arrays_equal_the_world_on_200_streams(name):
    given = small(**RESTLESS) if name == "restless" else load_scenario(name)
    scenario = given.model_copy(update={"weeks": 1, "tasks_per_week": 40})
    assert [s for s in range(50) if disagreements(scenario, s)] == []


def test_a_stream_has_the_tasks_and_agents_of_the_world_s_episode():
    scenario = small()
    stream, world = bandit_stream(scenario, 5), GatewayWorld(scenario, 5)
    briefing = world.briefing()
    task, pool = briefing.task, briefing.pool
    assert task is not None and pool is not None
    tasks = stream.tasks
    assert (tasks.text[0], tasks.label[0], tasks.read[0]) == (task.text, task.label, task.read)
    assert (tasks.worth_usd[0], tasks.at[0]) == (task.worth_usd, briefing.now)
    assert tuple(stream.confidence[0]) == pool.confidence
    assert tuple(stream.legal[0, :-1]) == world.legal().agents
    assert stream.agents.names == pool.names


def test_expected_rewards_are_what_rewards_are_in_the_mean():
    scenario = small(tasks_per_week=400)
    gaps, spread = [], []
    for luck in range(8):
        stream = bandit_stream(scenario, 1, luck=luck)
        legal = stream.legal
        gap = np.where(legal, stream.reward_usd - stream.expected_usd, 0.0).sum(axis=1)
        gaps.extend(gap / legal.sum(axis=1))
        spread.extend(np.where(legal, np.abs(stream.reward_usd), 0.0).sum(1) / legal.sum(1))
    error = np.std(gaps) / np.sqrt(len(gaps))
    assert abs(np.mean(gaps)) < 3.0 * error
    assert error < 0.05 * np.mean(spread)


def test_the_same_company_has_other_luck_and_other_words():
    one = bandit_stream(small(), 1)
    other = bandit_stream(small(), 1, luck=2)
    assert one.digest() == bandit_stream(small(), 1).digest() != other.digest()
    assert one.agents.names == other.agents.names
    assert np.array_equal(one.agents.home, other.agents.home)
    reworded = bandit_stream(small(), 1, wordings=Wordings.HELD_OUT)
    assert reworded.tasks.text != one.tasks.text
    assert np.array_equal(reworded.reward_usd, one.reward_usd)


def test_who_cannot_judge_an_answer_does_not_notice_that_it_is_wrong():
    stream = bandit_stream(small(tasks_per_week=400), 3)
    wrong = stream.results.outcome == Outcome.WRONG
    noticed = np.isfinite(stream.results.noticed_hours)
    assert not (noticed & ~wrong).any()
    able = stream.laws.noticing > np.median(stream.laws.noticing)
    assert noticed[able].sum() / wrong[able].sum() > noticed[~able].sum() / wrong[~able].sum()
    rated = stream.results.stars > 0
    assert not rated[:, -1].any()
    assert rated[noticed].mean() > rated[wrong & ~noticed].mean()


def test_bad_input_is_refused_in_a_line():
    with pytest.raises(GoliveError, match="seed"):
        bandit_stream("office", -1)
    with pytest.raises(GoliveError, match="scenario"):
        bandit_stream("furniture", 0)
