"""With certain durations the work mechanism is the parallel schedule-generation scheme."""

import csv
from pathlib import Path

import pytest

from golive.scenarios import GoliveError, RandomStreams
from golive.sim.implementation.imported import (
    ImportedNetwork,
    Schedule,
    read_psplib,
    schedule_network,
)

J30 = Path(__file__).parents[2].parent / "shared" / "psplib" / "j30"
needs_psplib = pytest.mark.skipif(not J30.exists(), reason=f"no PSPLIB projects at {J30}")
ONE_LONG_DAY = 1000.0


def optima() -> dict[str, int]:
    with (J30 / "optimum.csv").open() as file:
        return {row["problem"]: int(row["optimum"]) for row in csv.DictReader(file)}


def mean_gap(rule) -> float:
    gaps = []
    for name, optimum in optima().items():
        network = read_psplib(J30 / name)
        schedule = schedule_network(network, priorities=rule(network), hours_per_day=ONE_LONG_DAY)
        assert schedule.makespan_hours >= optimum
        gaps.append(schedule.makespan_hours / optimum - 1.0)
    assert len(gaps) == 480
    return sum(gaps) / len(gaps)


def followers(network: ImportedNetwork) -> list[set[int]]:
    all_after: list[set[int]] = [set() for _ in network.durations]
    for index in reversed(range(len(network.durations))):
        for successor in network.successors[index]:
            all_after[index] |= {successor} | all_after[successor]
    return all_after


def latest_start(network: ImportedNetwork) -> list[float]:
    return [p.latest_finish_hour - p.planned_hours for p in network.packages()]


def most_total_successors(network: ImportedNetwork) -> list[float]:
    return [-float(len(after)) for after in followers(network)]


def greatest_rank_positional_weight(network: ImportedNetwork) -> list[float]:
    durations = network.durations
    return [
        -(durations[index] + sum(durations[s] for s in network.successors[index]))
        for index in range(len(durations))
    ]


def no_rule(network: ImportedNetwork) -> list[float]:
    streams = RandomStreams(sum(int(d) for d in network.durations))
    return [streams.uniform(1, index) for index in range(len(network.durations))]


@needs_psplib
@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "published"),
    [
        pytest.param(lambda _: None, 0.044, id="LFT"),
        pytest.param(latest_start, 0.045, id="LST"),
        pytest.param(most_total_successors, 0.050, id="MTS"),
        pytest.param(greatest_rank_positional_weight, 0.079, id="GRPW"),
        pytest.param(no_rule, 0.098, id="random"),
    ],
)
def test_mean_gap_to_the_optimum_is_the_one_known_for_the_rule(rule, published):
    assert mean_gap(rule) == pytest.approx(published, abs=0.004 if rule is no_rule else 0.0006)


@needs_psplib
def test_nights_do_not_change_a_schedule():
    for name in list(optima())[::8]:
        network = read_psplib(J30 / name)
        by_day = schedule_network(network, hours_per_day=8.0)
        at_once = schedule_network(network, hours_per_day=ONE_LONG_DAY)
        assert by_day.finish_hours == pytest.approx(at_once.finish_hours)


def test_a_small_network_is_scheduled_by_hand():
    network = ImportedNetwork(
        durations=[3.0, 2.0, 4.0],
        successors=[[2], [], []],
        demands=[[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]],
        capacities=[1, 0, 0, 0, 0],
    )
    assert schedule_network(network) == Schedule([3.0, 5.0, 9.0])


@pytest.mark.parametrize("text", ["", "PRECEDENCE RELATIONS:\n", "\u00e9", "1 2 3\n"])
def test_another_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "project.sm"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoliveError, match=r"project\.sm"):
        read_psplib(path)
