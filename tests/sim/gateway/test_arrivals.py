from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from gateway_worlds import small

from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.vocabulary import CompanyTrait, Wordings
from golive.sim.gateway.arrivals import BLOCKS, WEEKDAY_SHARES, draw_events, draw_tasks, text_of
from golive.sim.gateway.company import draw_state
from golive.sim.gateway.parameters import PARAMETERS
from golive.sim.gateway.reading import families_in, main_family
from golive.sim.gateway.state import NOBODY


def _stream(scenario: GatewayScenario, seed: int = 0) -> list:
    return list(draw_tasks(scenario, PARAMETERS, draw_state(scenario, PARAMETERS, seed), seed))


def test_arrivals_follow_the_desk_s_hours_weekdays_and_level() -> None:
    weeks = [_stream(small(weeks=8, tasks_per_week=400), seed) for seed in range(4)]
    hours = np.array([task.at for stream in weeks for task in stream])
    assert abs(len(hours) / 32 - 400) < 400 * 0.1
    by_day = np.bincount((hours // 24).astype(int) % 7, minlength=7) / len(hours)
    assert np.allclose(by_day, WEEKDAY_SHARES, atol=0.03)
    for begin, end, share in BLOCKS:
        inside = ((hours % 24 >= begin) & (hours % 24 < end)).mean()
        assert abs(inside - share) < 0.03
    mondays = [
        [sum(day * 168 <= task.at < day * 168 + 24 for task in stream) for day in range(8)]
        for stream in weeks
    ]
    counts = np.array(mondays, dtype=float).ravel()
    assert counts.var() > 2.0 * counts.mean()  # no Poisson stream: a day has a level


def test_labels_are_as_good_as_the_trait_says() -> None:
    for value, expected in ((1.0, 0.95), (-1.0, 0.15)):
        tasks = _stream(small(weeks=8, tasks_per_week=300, traits={CompanyTrait.LABELS: value}))
        right = np.mean([task.label == task.main for task in tasks])
        assert abs(right - expected) < 0.04


def test_tasks_come_in_order_and_a_flood_brings_some_of_one_kind() -> None:
    calm, flooded = (
        small(tasks_per_week=200),
        small(tasks_per_week=200, troubles=[{"kind": "flood", "severity": 1.0, "day": 2}]),
    )
    tasks, more = _stream(calm), _stream(flooded)
    assert [task.at for task in more] == sorted(task.at for task in more)
    assert len(more) == len(tasks) + 40
    window = [task for task in more if 57.0 <= task.at < 72.0]
    (_, most), *_ = Counter((task.requester, task.main) for task in window).most_common(1)
    assert most >= 40


def test_outages_begin_and_end_and_a_group_s_outage_takes_all_of_it() -> None:
    scenario = small(troubles=[{"kind": "outage", "severity": 0.5, "day": 1}])
    state = draw_state(scenario, PARAMETERS, 3)
    events = draw_events(scenario, PARAMETERS, state, 3)
    away = [event for event in events if event.at == 33.0]
    groups = {state.agents[event.agent].group for event in away}
    assert len(groups) == 1
    assert len(away) == sum(agent.group in groups for agent in state.agents)
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_texts_speak_of_their_family_in_usual_and_held_out_words_and_vague_ones_of_none() -> None:
    right: Counter[Wordings] = Counter()
    for wordings in Wordings:
        for number in range(600):
            text = text_of(wordings, number << 7, number % 12, NOBODY, vague=False)
            right[wordings] += main_family(text, NOBODY) == number % 12
    assert right[Wordings.USUAL] > 0.95 * 600
    assert right[Wordings.HELD_OUT] > 0.8 * 600
    vague = text_of(Wordings.USUAL, 5 << 7, 3, NOBODY, vague=True)
    assert main_family(vague, 7) == 7
    assert sum(families_in(vague)) == 0.0


def test_what_drifts_drifts_as_it_is_called() -> None:
    """Decay comes in small steps, training at once, and seasons change topics every other week."""

    def events(kind: str) -> tuple[Any, ...]:
        scenario = small(
            weeks=5, changes_per_agent_month=0.0, outages_per_agent_month=0.0,
            troubles=[{"kind": kind, "severity": 0.7, "day": 7}],
        )  # fmt: skip
        return draw_events(scenario, PARAMETERS, draw_state(scenario, PARAMETERS, 4), 4)

    decay = events("gradual_decay")
    agents = {event.agent for event in decay}
    assert len(agents) == 3
    for agent in agents:
        mine = [event for event in decay if event.agent == agent]
        assert len({event.at for event in mine}) == 21
        assert sum(event.size for event in mine) == pytest.approx(-2.1)
        assert not any(event.is_version for event in mine)
    better = events("retrained")
    assert all(event.size == pytest.approx(2.1) for event in better)
    assert len({event.at for event in better}) == 1

    calm, season = (
        draw_tasks(scenario, PARAMETERS, draw_state(scenario, PARAMETERS, 4), 4)
        for scenario in (
            small(weeks=5, tasks_per_week=200),
            small(
                weeks=5,
                tasks_per_week=200,
                troubles=[{"kind": "topic_season", "severity": 1.0, "day": 7}],
            ),
        )
    )
    for one, other in zip(calm, season, strict=True):
        week = (one.at - 9.0) // (7 * 24.0)
        assert (one.main != other.main) == (week in (1, 3))
