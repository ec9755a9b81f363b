"""Levels of a training: how new ones are drawn, and which come again."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from golive.core.errors import GoliveError
from golive.scenarios.implementation.edge_cases import parse_edge_case
from golive.scenarios.implementation.levels import ImplementationLevels
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.scenarios.levels import LevelSettings, ReplaySettings
from golive.scenarios.suite import SeedRange
from golive.trainers.training.configuration import parse_configuration
from golive.trainers.training.levels import Level, LevelReplay, LevelScenario, LevelSource

SCENARIOS = (
    LevelScenario("furniture", 3.0, SeedRange(start=0, stop=100)),
    LevelScenario("techmold", 1.0, SeedRange(start=100, stop=200)),
)


def replay(scores: list[float], **fields: object) -> LevelReplay:
    buffer = LevelReplay(
        ReplaySettings.model_validate({"minimum": 1, "buffer_size": len(scores)} | fields)
    )
    for seed, score in enumerate(scores):
        buffer.new()
        buffer.update(Level("furniture", seed), score, 0.0)
    return buffer


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 2.0])
def test_scores_count_by_rank_and_temperature(temperature: float) -> None:
    """P_S = (1 / rank)^(1 / beta), normalised, whatever the scores' size."""
    buffer = replay([0.3, 90.0, -5.0, 0.4], temperature=temperature, staleness=0.0)
    weights = np.array([1 / 3, 1 / 1, 1 / 4, 1 / 2]) ** (1.0 / temperature)
    np.testing.assert_allclose(buffer.probabilities(), weights / weights.sum(), rtol=1e-12)


def test_staleness_counts_what_was_drawn_since() -> None:
    """P_C = (c - C_i) / sum of (c - C_j)."""
    buffer = replay([1.0, 1.0, 1.0, 1.0], staleness=1.0)
    np.testing.assert_allclose(buffer.probabilities(), np.array([3, 2, 1, 0]) / 6)
    assert buffer.replayed(0.0).seed == 0, "the stalest"
    np.testing.assert_allclose(buffer.probabilities(), np.array([0, 3, 2, 1]) / 6)


def test_both_are_mixed_by_rho() -> None:
    scores = [0.1, 0.9, 0.5]
    parts = [replay(scores, staleness=rho).probabilities() for rho in (0.0, 1.0, 0.3)]
    np.testing.assert_allclose(parts[2], 0.7 * parts[0] + 0.3 * parts[1])
    assert sum(parts[2]) == pytest.approx(1.0)


def test_levels_are_drawn_as_often_as_their_probability_says() -> None:
    buffer = replay([0.1, 0.9, 0.5], staleness=0.0, temperature=1.0)
    expected = buffer.probabilities()
    draws = (np.arange(3000) + 0.5) / 3000
    counts = Counter(buffer.replayed(draw).seed for draw in draws)
    np.testing.assert_allclose([counts[seed] / 3000 for seed in range(3)], expected, atol=1e-3)


def test_a_full_buffer_gives_the_place_of_its_lowest_to_a_better_one() -> None:
    buffer = replay([0.5, 0.1, 0.9])
    buffer.update(Level("furniture", 7), 0.05, 0.0)
    assert {level.seed for level in buffer.levels} == {0, 1, 2}
    buffer.update(Level("furniture", 8), 0.2, 0.0)
    assert {level.seed for level in buffer.levels} == {0, 8, 2}
    buffer.update(Level("furniture", 8), 0.01, 4.0)
    assert buffer.scores[1] == 0.01, "a level that is kept takes its new score"
    assert buffer.returns[1] == 4.0


def test_the_best_return_is_kept() -> None:
    buffer = replay([0.5])
    level = buffer.levels[0]
    buffer.update(level, 0.5, 3.0)
    buffer.update(level, 0.5, 1.0)
    assert buffer.best_return(level, 2.0) == 3.0
    assert buffer.best_return(Level("furniture", 99), 2.0) == 2.0


def test_its_state_survives_json() -> None:
    buffer = replay([0.5, 0.1, 0.9])
    buffer.update(Level("techmold", 5, (("corrupt_data:mild",), "adaptive:8")), 0.3, 1.0)
    buffer.replayed(0.5)
    other = LevelReplay(buffer.settings)
    other.restore(json.loads(json.dumps(buffer.state())))
    assert other.state() == buffer.state()
    np.testing.assert_array_equal(other.probabilities(), buffer.probabilities())
    assert other.replayed(0.3) == buffer.replayed(0.3)


def test_new_levels_follow_their_weights() -> None:
    settings = ImplementationLevels(
        mode="randomised",
        counts=(1.0, 0.0, 3.0),
        severities={Severity.MILD: 1.0, Severity.BRUTAL: 1.0},
        kinds=(DisruptionKind.CORRUPT_DATA, DisruptionKind.NETWORK_FAILURES),
        opponent_probability=0.2,
        opponents=("random:4", "adaptive:4"),
    )
    source = LevelSource(SCENARIOS, settings, 0)
    levels = [source.level(number) for number in range(4000)]
    assert levels == [LevelSource(SCENARIOS, settings, 0).level(n) for n in range(4000)]
    share = Counter(level.scenario for level in levels)["furniture"] / 4000
    assert share == pytest.approx(0.75, abs=0.03)
    opposed = [edge_cases for edge_cases, opponent in (level.met for level in levels) if opponent]
    assert len(opposed) / 4000 == pytest.approx(0.2, abs=0.03)
    assert not any(opposed)
    counts = Counter(len(level.met[0]) for level in levels if not level.met[1])
    assert set(counts) == {0, 2}
    assert counts[2] / sum(counts.values()) == pytest.approx(0.75, abs=0.03)
    for level in levels:
        rows = [parse_edge_case(text) for text in level.met[0]]
        assert len({row.kind for row in rows}) == len(rows)
        assert {row.severity for row in rows} <= {Severity.MILD, Severity.BRUTAL}
        assert (level.seed < 100) == (level.scenario == "furniture")


def test_fixed_levels_have_nothing_of_it() -> None:
    source = LevelSource(SCENARIOS, ImplementationLevels(opponent_probability=1.0), 0)
    assert not any(source.level(number).met for number in range(50))


def test_a_world_without_levels_of_its_own_draws_scenarios_and_seeds() -> None:
    source = LevelSource(SCENARIOS, LevelSettings(mode="randomised"), 0)
    levels = [source.level(number) for number in range(50)]
    assert len(set(levels)) > 30
    assert source.options(levels[0]) == {
        "scenario": levels[0].scenario,
        "episode_seed": levels[0].seed,
    }


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"levels": {"mode": "hard"}}, "environment.levels.mode"),
        ({"levels": {"counts": [0.0, 0.0]}}, "one of them above it"),
        ({"levels": {"severities": {"mild": -1.0}}}, "at least 0"),
        ({"levels": {"kinds": ["corrupt_data"], "counts": [1, 1, 1]}}, "there are only 1"),
        ({"levels": {"opponents": ["adptive:8"]}}, "opponents"),
        ({"levels": {"replay": {"minimum": 5, "buffer_size": 4}}}, "at most buffer_size"),
        ({"levels": {"replay": {"temperature": 0.0}}}, "temperature"),
        ({"scenarios": {"furniture": 0.0}}, "above 0"),
        ({"scenarios": ["furniture", "furniture"]}, "only once"),
    ],
)
def test_bad_settings_are_told_by_field(environment: dict[str, object], message: str) -> None:
    with pytest.raises(GoliveError) as error:
        parse_configuration({"total_steps": 10_000, "environment": environment}, "test")
    assert message in str(error.value)


def test_scenarios_as_a_list_are_all_alike() -> None:
    told = {"total_steps": 10_000, "environment": {"scenarios": ["furniture", "techmold"]}}
    environment = parse_configuration(told, "test").environment
    assert environment.weighted_scenarios == {"furniture": 1.0, "techmold": 1.0}
    assert environment.chooses_levels
