"""With certain durations the work mechanism is the parallel schedule-generation scheme."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.sim.implementation.imported import (
    ImportedNetwork,
    Schedule,
    read_psplib,
    schedule_network,
)
from golive.sim.implementation.priority_rules import PriorityRule, priorities
from golive.sim.implementation.schedule_check import check_schedule
from golive.trainers.implementation.validation.scheduling import PUBLISHED, measure_psplib

J30 = Path(__file__).parents[3].parent / "shared" / "psplib" / "j30"
needs_psplib = pytest.mark.skipif(not J30.exists(), reason=f"no PSPLIB projects at {J30}")


def optima() -> dict[str, int]:
    with (J30 / "optimum.csv").open() as file:
        return {row["problem"]: int(row["optimum"]) for row in csv.DictReader(file)}


@needs_psplib
@pytest.mark.slow
def test_mean_gap_to_the_optimum_is_the_one_known_for_each_rule():
    report = measure_psplib(J30)
    assert report.projects == 480
    for row in report.results:
        assert row.feasible == row.schedules
        assert not row.below_optimum
        known = PUBLISHED[row.rule]
        assert row.gap.estimate == pytest.approx(known.share, abs=known.tolerance)
        assert row.verdict == "agrees"
    assert report.holds


@needs_psplib
def test_a_sample_is_checked_and_not_judged():
    report = measure_psplib(J30, sample=24)
    assert (report.projects, report.in_all) == (24, 480)
    for row in report.results:
        assert row.sound
        assert row.verdict == "not judged"
        assert row.gap.estimate >= 0.0
    gaps = {row.rule: row.gap.estimate for row in report.results}
    assert gaps[PriorityRule.LFT] < gaps[PriorityRule.GRPW]


@needs_psplib
def test_nights_do_not_change_a_schedule():
    for name in list(optima())[::8]:
        network = read_psplib(J30 / name)
        by_day = schedule_network(network, hours_per_day=8.0)
        at_once = schedule_network(network, hours_per_day=None)
        assert by_day.finish_hours == pytest.approx(at_once.finish_hours)
        assert check_schedule(network, by_day.start_hours, by_day.finish_hours) == []


def small(resources: int = 5) -> ImportedNetwork:
    needs = [1, *[0] * (resources - 1)]
    return ImportedNetwork(
        durations=[3.0, 2.0, 4.0],
        successors=[[2], [], []],
        demands=[list(needs) for _ in range(3)],
        capacities=list(needs),
    )


@pytest.mark.parametrize("resources", [1, 5, 9])
def test_a_small_network_is_scheduled_by_hand(resources):
    assert schedule_network(small(resources)) == Schedule([3.0, 5.0, 9.0], [0.0, 3.0, 5.0])


@st.composite
def networks(draw):
    count = draw(st.integers(1, 14))
    resources = draw(st.integers(0, 7))
    capacities = [draw(st.integers(0, 6)) for _ in range(resources)]
    return ImportedNetwork(
        durations=[float(draw(st.integers(0, 9))) for _ in range(count)],
        successors=[
            sorted(draw(st.sets(st.integers(i + 1, count - 1), max_size=3)))
            if i < count - 1
            else []
            for i in range(count)
        ],
        demands=[[draw(st.integers(0, units)) for units in capacities] for _ in range(count)],
        capacities=capacities,
    )


def by_the_book(network: ImportedNetwork, priority: list[float]) -> list[float]:
    """The parallel schedule-generation scheme as the literature writes it; starts per activity.

    At each moment at which something ends, eligible activities start in the order of priority if
    what they need is free.
    """
    count = len(network.durations)
    before = [[i for i in range(count) if j in network.successors[i]] for j in range(count)]
    start: dict[int, float] = {}
    moment = 0.0
    while len(start) < count:
        progress = True
        while progress:  # what takes no time frees its successors at the same moment
            progress = False
            for activity in sorted(range(count), key=lambda i: (priority[i], i)):
                if activity in start or any(
                    i not in start or start[i] + network.durations[i] > moment
                    for i in before[activity]
                ):
                    continue
                running = [i for i in start if start[i] <= moment < start[i] + network.durations[i]]
                if all(
                    sum(network.demands[i][r] for i in running) + network.demands[activity][r]
                    <= network.capacities[r]
                    for r in range(len(network.capacities))
                ):
                    start[activity] = moment
                    progress = True
                    if network.durations[activity] == 0.0:
                        break
        ends = [start[i] + network.durations[i] for i in start]
        moment = min((end for end in ends if end > moment), default=moment)
    return [start[i] for i in range(count)]


@settings(max_examples=150, deadline=None)
@given(networks(), st.sampled_from(PriorityRule))
def test_any_network_gets_a_feasible_schedule(network, rule):
    by_rule = priorities(rule, network)
    for hours in (None, 8.0):
        schedule = schedule_network(network, priorities=by_rule, hours_per_day=hours)
        if hours is None:
            assert check_schedule(network, schedule.start_hours, schedule.finish_hours) == []


@settings(max_examples=150, deadline=None)
@given(networks(), st.sampled_from(PriorityRule))
def test_the_crew_does_what_the_literature_says(network, rule):
    network.durations = [max(1.0, duration) for duration in network.durations]
    by_rule = priorities(rule, network)
    schedule = schedule_network(network, priorities=by_rule, hours_per_day=None)
    assert schedule.start_hours == by_the_book(network, by_rule)


def test_the_checker_sees_what_is_wrong():
    network = small()
    good = schedule_network(network)
    starts, finishes = good.start_hours, good.finish_hours
    assert check_schedule(network, starts, finishes) == []
    assert "expected 3 of each" in check_schedule(network, starts[:2], finishes)[0]
    wrong = {
        "begins at -1": ([-1.0, 3.0, 5.0], [2.0, 5.0, 9.0]),
        "lasts 4: expected 2": ([0.0, 3.0, 7.0], [3.0, 7.0, 11.0]),
        "expected after activity 1": ([2.0, 5.0, 0.0], [5.0, 7.0, 4.0]),
        "2 units of resource 1 in use at 3": ([0.0, 3.0, 3.0], [3.0, 5.0, 7.0]),
        "lasts nan": ([0.0, 3.0, 5.0], [3.0, float("nan"), 9.0]),
    }
    for words, (begun, ended) in wrong.items():
        assert any(words in line for line in check_schedule(network, begun, ended)), words


def test_the_rules_say_what_the_literature_says():
    network = ImportedNetwork(
        durations=[3.0, 2.0, 4.0, 1.0],
        successors=[[2], [2, 3], [], []],
        demands=[[1]] * 4,
        capacities=[1],
    )
    assert priorities(PriorityRule.MTS, network) == [-1.0, -2.0, 0.0, 0.0]
    assert priorities(PriorityRule.GRPW, network) == [-7.0, -7.0, -4.0, -1.0]
    finish = priorities(PriorityRule.LFT, network)
    assert finish == [6.0, 6.0, 10.0, 10.0]
    assert priorities(PriorityRule.LST, network) == [3.0, 4.0, 6.0, 9.0]
    lots = [priorities(PriorityRule.RANDOM, network, seed=seed) for seed in (0, 0, 1)]
    assert lots[0] == lots[1] != lots[2]


def test_what_cannot_be_scheduled_is_said_at_once():
    network = small()
    network.demands[1][0] = 2
    with pytest.raises(GoliveError, match="activity 2: 2 units of resource 1: expected at most"):
        schedule_network(network)
    network = small()
    network.successors[2] = [0]
    with pytest.raises(GoliveError, match=r"activity 1, activity 3: wait .* circle"):
        schedule_network(network)
    network = small()
    network.capacities[1] = 30_000
    with pytest.raises(GoliveError, match="expected at most 20,000"):
        schedule_network(network)


def test_a_big_network_is_no_problem():
    count = 120
    network = ImportedNetwork(
        durations=[float(1 + i * 7 % 10) for i in range(count)],
        successors=[[j for j in (i + 3, i + 11) if j < count] for i in range(count)],
        demands=[[i * 3 % 11, i * 5 % 13] + [i % 2] * 8 for i in range(count)],
        capacities=[15, 14, *[2] * 8],
    )
    schedule = schedule_network(network, hours_per_day=None)
    assert check_schedule(network, schedule.start_hours, schedule.finish_hours) == []


@pytest.mark.parametrize("text", ["", "PRECEDENCE RELATIONS:\n", "\u00e9", "1 2 3\n"])
def test_another_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "project.sm"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoliveError, match=r"project\.sm"):
        read_psplib(path)


def test_a_folder_without_optima_is_measured_against_the_longest_path(tmp_path):
    (tmp_path / "tiny.sm").write_text(TINY, "utf-8")
    report = measure_psplib(tmp_path)
    assert report.reference == "the longest path, a lower bound"
    assert report.holds
    assert {row.gap.estimate for row in report.results} == {0.0}
    (tmp_path / "optimum.csv").write_text("problem,optimum\ntiny.sm,8\n", "utf-8")
    assert {row.verdict for row in measure_psplib(tmp_path).results} == {"below the optimum"}
    (tmp_path / "optimum.csv").write_text("problem,optimum\ntiny.sm,x\n", "utf-8")
    with pytest.raises(GoliveError, match=r"optimum\.csv:2: optimum: 'x'"):
        measure_psplib(tmp_path)


TINY = """\
projects                      :  1
jobs (incl. supersource/sink ):  4
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     3       1
  3      1     7       1
  4      1     0       0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1
    2
************************************************************************
"""
