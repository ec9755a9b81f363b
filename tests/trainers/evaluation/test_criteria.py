"""Each criterion of the gate can hold, fail and be undecided."""

from __future__ import annotations

import math

import pytest
from gate_examples import (
    EDGE,
    NOMINAL,
    accuracy_of,
    adaptation_of,
    episode,
    episodes,
    small_gate,
)

from golive.agents.implementation.crew_time import CrewTime
from golive.trainers.evaluation.criteria import (
    Verdict,
    in_words,
    judge_test_scenarios,
    requirement,
    verdict_above,
    verdict_below,
)
from golive.trainers.evaluation.gate import judge

HOLDS, FAILS, UNDECIDED = Verdict.HOLDS, Verdict.FAILS, Verdict.UNDECIDED
GATE = small_gate()
GOOD = episodes(100) + episodes(60, EDGE)
RIGHT = [accuracy_of(*[[0.0] * 10] * 30)]
ADAPTED = adaptation_of(0.9, 0.99)


def criterion(name, found=GOOD, accuracy=RIGHT, adaptation=ADAPTED):
    tests = judge_test_scenarios(found, GATE.thresholds, GATE.level)
    judged = {c.name: c for c in judge(GATE, found, accuracy, adaptation, tests)}
    return judged[name]


def mixed(good, bad, cell=NOMINAL, **figures):
    return [episode(cell, seed, **({} if seed < good else figures)) for seed in range(good + bad)]


def test_everything_good_passes_every_criterion():
    tests = judge_test_scenarios(GOOD, GATE.thresholds, GATE.level)
    judged = judge(GATE, GOOD, RIGHT, ADAPTED, tests)
    assert [c.verdict for c in judged] == [HOLDS] * 7
    assert all(c.passed for c in judged)


@pytest.mark.parametrize(
    ("good", "bad", "verdict"),
    [(100, 0, HOLDS), (71, 0, UNDECIDED), (98, 2, UNDECIDED), (80, 20, FAILS), (0, 9, FAILS)],
)
def test_completion(good, bad, verdict):
    found = criterion("completion", mixed(good, bad, success=False))
    assert found.verdict is verdict
    assert found.estimate == good / (good + bad)


def test_completion_is_of_the_scenarios_as_they_are():
    found = criterion("completion", episodes(100) + episodes(60, EDGE, success=False))
    assert found.verdict is HOLDS


@pytest.mark.parametrize(
    ("regrets", "verdict"),
    [
        ([[0.0] * 10] * 30, HOLDS),
        ([[0.02] * 10] * 30, FAILS),
        ([[0.0] * 10] * 15 + [[0.025] * 10] * 15, UNDECIDED),
        ([[0.0] * 10], UNDECIDED),
    ],
    ids=["right", "wrong", "in between", "one episode"],
)
def test_accuracy(regrets, verdict):
    assert criterion("accuracy", accuracy=[accuracy_of(*regrets)]).verdict is verdict


@pytest.mark.parametrize(
    ("adaptation", "verdict", "iterations"),
    [
        (adaptation_of(0.99, 0.99), HOLDS, 0),
        (adaptation_of(0.5, 0.7, 0.8, 0.9, 0.99, 0.99), HOLDS, 4),
        (adaptation_of(0.5, 0.7, 0.8, 0.9, 0.91, 0.99), FAILS, 5),
        (adaptation_of(0.5, 0.7, 0.8, 0.9, 0.96, 0.99), UNDECIDED, 4),
        (adaptation_of(*[0.5] * 8), FAILS, math.inf),
        (adaptation_of(0.5, 0.5), UNDECIDED, math.inf),
        (adaptation_of(0.99, learns=False), HOLDS, 0),
        (adaptation_of(0.5, learns=False), FAILS, math.inf),
        (adaptation_of(0.96, learns=False), UNDECIDED, 0),
    ],
    ids=[
        "at once",
        "after four",
        "after five",
        "after four or five",
        "never",
        "too few were made to tell",
        "cannot learn and need not",
        "cannot learn",
        "cannot learn and is close",
    ],
)
def test_adaptation(adaptation, verdict, iterations):
    found = criterion("adaptation", adaptation=adaptation)
    assert found.verdict is verdict
    assert found.estimate == iterations


def test_adaptation_where_the_reference_scores_nothing_is_undecided():
    from golive.trainers.evaluation.adaptation import Adaptation

    nothing = Adaptation(False, "new", "", 0.95, (None,), 0, None)
    found = criterion("adaptation", adaptation=nothing)
    assert found.verdict is UNDECIDED
    assert found.estimate is None
    assert "scores nothing" in found.note


@pytest.mark.parametrize(
    ("retention", "verdict"),
    [(0.9, HOLDS), (0.86, UNDECIDED), (0.8, FAILS), (None, UNDECIDED)],
)
def test_retention(retention, verdict):
    found = criterion("retention", adaptation=adaptation_of(0.99, retention=retention))
    assert found.verdict is verdict


def test_what_does_not_learn_forgets_nothing_and_the_report_says_so():
    found = criterion("retention", adaptation=adaptation_of(0.5, width=0.0, learns=False))
    assert found.verdict is HOLDS
    assert "by definition" in found.note


@pytest.mark.parametrize(
    ("time", "verdict"),
    [
        (CrewTime(useful=90.0, rework=10.0, waiting_free=500.0), HOLDS),
        (CrewTime(useful=80.0, rework=20.0), UNDECIDED),
        (CrewTime(useful=70.0, rework=30.0), FAILS),
        (CrewTime(useful=60.0, waiting_elsewhere=40.0), FAILS),
        (CrewTime(useful=60.0, waiting_own=40.0), FAILS),
        (CrewTime(useful=60.0, waiting_blocked=40.0), FAILS),
        (CrewTime(), FAILS),
    ],
    ids=[
        "good",
        "exactly at the threshold",
        "rework",
        "misplaced",
        "hand-offs",
        "blocked",
        "nobody came",
    ],
)
def test_collaboration(time, verdict):
    assert criterion("collaboration", episodes(30, crew_time=time)).verdict is verdict


def test_collaboration_that_varies_around_the_threshold_is_undecided():
    good, bad = CrewTime(useful=90.0, rework=10.0), CrewTime(useful=75.0, rework=25.0)
    found = episodes(5, crew_time=good) + episodes(5, crew_time=bad)
    assert criterion("collaboration", found).verdict is UNDECIDED


@pytest.mark.parametrize(
    ("good", "bad", "verdict"),
    [(100, 0, HOLDS), (20, 0, UNDECIDED), (80, 20, FAILS)],
)
def test_recovery(good, bad, verdict):
    found = mixed(good, bad, EDGE, disruptions_recovered=0) + episodes(5, disruptions_met=0)
    for number, entry in enumerate(found):
        if not entry.figures["disruptions_met"]:
            found[number] = episode(NOMINAL, number, disruptions_met=0, disruptions_recovered=0)
    assert criterion("recovery", found).verdict is verdict


def test_recovery_is_undecided_where_nothing_happened():
    found = criterion("recovery", episodes(9, disruptions_met=0, disruptions_recovered=0))
    assert found.verdict is UNDECIDED
    assert found.estimate is None
    assert "no disruption" in found.note


def test_disruptions_that_share_an_episode_share_its_fate():
    """Ten episodes with a hundred disruptions are not a thousand pieces of evidence."""
    found = mixed(9, 1, EDGE, disruptions_met=100, disruptions_recovered=40)
    found = [
        episode(EDGE, e.seed, disruptions_met=100, disruptions_recovered=100 if e.seed < 9 else 40)
        for e in found
    ]
    judged = criterion("recovery", episodes(3) + found)
    assert judged.high - judged.low > 0.1


@pytest.mark.parametrize(
    ("edge", "verdict"),
    [
        (mixed(40, 0, EDGE), HOLDS),
        (mixed(38, 2, EDGE, success=False), HOLDS),
        (mixed(36, 4, EDGE, success=False), UNDECIDED),
        (mixed(10, 30, EDGE, success=False), FAILS),
        (mixed(3, 0, EDGE), UNDECIDED),
    ],
)
def test_one_test_scenario_decides_about_all(edge, verdict):
    found = criterion("test_scenarios", episodes(100) + edge)
    assert found.verdict is verdict
    assert found.passed == (verdict is HOLDS)


def test_a_verdict_asks_the_worse_bound():
    assert verdict_above(0.951, 1.0, 0.95) is HOLDS
    assert verdict_above(0.95, 1.0, 0.95) is UNDECIDED
    assert verdict_above(0.9, 0.95, 0.95) is FAILS
    assert verdict_below(0, 4, 5) is HOLDS
    assert verdict_below(0, 5, 5) is UNDECIDED
    assert verdict_below(5, math.inf, 5) is FAILS


def test_figures_are_printed_with_their_units():
    completion, adaptation = criterion("completion"), criterion("adaptation")
    assert requirement(completion) == "> 95 %"
    assert requirement(adaptation) == "< 5"
    assert requirement(criterion("test_scenarios")) == "all"
    assert in_words(completion, 1.0) == "100.0 %"
    assert in_words(adaptation, math.inf) == "never"
    assert in_words(adaptation, None) == "-"
