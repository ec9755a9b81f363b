"""What the gate measures: robustness, speed, learning, profile."""

from __future__ import annotations

import json

import pytest
from gate_examples import EDGE, NOMINAL, OUTAGE, accuracy_of, episode, episodes

from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation.cells import CellKey, gate_cells, run_cells
from golive.trainers.evaluation.measures import (
    learning_of,
    measure_collaboration,
    measure_latency,
    measure_milestones,
    read_learning,
)
from golive.trainers.evaluation.plan import make_entrants
from golive.trainers.evaluation.profile import profiles
from golive.trainers.evaluation.robustness import measure_recovery, measure_robustness


def test_robustness_compares_the_same_customers():
    """Good luck on the customers that met the edge case must not look like robustness."""
    nominal = [episode(NOMINAL, seed, go_live_score=0.2 + 0.1 * seed) for seed in range(6)]
    hit = [episode(EDGE, seed, go_live_score=0.5 * (0.2 + 0.1 * seed)) for seed in range(3)]
    found = measure_robustness(nominal + hit, level=0.95)
    (row,) = found.edge_cases
    assert row.episodes == 3
    assert row.ratio.estimate == pytest.approx(0.5)
    assert row.ratio.low < 0.2  # three customers leave room for another kind
    assert row.ratio.high < 3.0
    assert found.overall.estimate == pytest.approx(0.5)


def test_the_worst_edge_case_is_named():
    mild = CellKey("easy", "environment_outage:mild")
    found = measure_robustness(
        episodes(5)
        + episodes(5, mild, go_live_score=0.81)
        + episodes(5, EDGE, go_live_score=0.45, success=False),
        level=0.95,
    )
    assert found.worst.edge_case == OUTAGE
    assert found.worst.ratio.estimate == pytest.approx(0.5)
    assert found.worst.success.estimate == 0.0
    assert found.overall.estimate == pytest.approx(0.7)


def test_a_policy_that_scores_nothing_has_no_robustness():
    nothing = episodes(4, go_live_score=0.0) + episodes(4, EDGE, go_live_score=0.0)
    found = measure_robustness(nothing, level=0.95)
    assert found.overall is None
    assert found.worst is None
    assert found.edge_cases[0].ratio is None


def test_recovery_counts_disruptions_not_episodes():
    found = measure_recovery(
        [
            episode(EDGE, 0, disruptions_met=3, disruptions_recovered=3),
            episode(EDGE, 1, disruptions_met=1, disruptions_recovered=0),
        ],
        level=0.95,
    )
    assert found.estimate == 0.75


def test_latency_is_over_all_decisions():
    found = measure_latency(episodes(3))
    assert found.decisions == 6
    assert found.median_ms == pytest.approx(0.2)
    assert found.most_ms == 0.3
    assert 0.2 < found.p95_ms <= 0.3


def test_milestones_say_how_often_and_when():
    found = {row.name: row for row in measure_milestones(episodes(4), level=0.95)}
    assert found["All sites stable"].reached.estimate == 1.0
    assert found["All sites stable"].mean_days.estimate == 40.0


def test_collaboration_shows_its_parts():
    parts = measure_collaboration(episodes(2), level=0.95).parts
    shares = {part.label: part.share for part in parts}
    assert shares["Useful"] == pytest.approx(0.9)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_a_profile_per_scenario():
    other = CellKey("hard")
    both = episodes(3) + episodes(3, other, go_live_score=0.3, success=False)
    easy, hard = profiles(both, {"easy": accuracy_of([0.0], [0.0])}, level=0.95)
    assert (easy.scenario, hard.scenario) == ("easy", "hard")
    assert easy.score.estimate == pytest.approx(0.9)
    assert hard.success.estimate == 0.0
    assert easy.accuracy.estimate == 1.0
    assert hard.accuracy is None
    assert hard.robustness.overall is None


def test_a_learning_curve_in_figures():
    found = learning_of([0, 100_000, 200_000, 300_000], [0.2, 0.5, 0.79, 0.8])
    assert found.gain == pytest.approx(0.6)
    assert found.best_steps == 300_000
    assert found.nearly_steps == 200_000
    assert found.gain_per_100k_steps == pytest.approx(0.295)


def test_a_curve_that_only_falls_has_gained_nothing():
    found = learning_of([0, 100], [0.5, 0.4])
    assert (found.gain, found.nearly_steps, found.gain_per_100k_steps) == (0.0, 0, None)
    assert learning_of([], []) is None


def test_the_learning_curve_lies_beside_the_policy(tmp_path):
    assert read_learning(tmp_path / "best.policy") is None
    rows = [
        {"step": 0, "validation/score": 0.1},
        {"step": 5},
        {"step": 9, "validation/score": 0.4},
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "curve.jsonl").write_text(text)
    for path in (tmp_path, tmp_path / "best.policy"):
        assert read_learning(path).steps == (0, 9)


def test_cells_play_the_edge_case_on_the_scenarios_own_seeds():
    scenario = load_scenario("furniture")
    cells = gate_cells([(scenario, range(10, 14))], [OUTAGE], 2)
    assert [cell.seeds for cell in cells] == [range(10, 14), range(10, 12)]
    assert str(cells[1].key) == "furniture with environment_outage:critical"
    assert len(cells[1].scenario.disruptions) == len(scenario.disruptions) + 1
    (entrant,) = make_entrants(["expert"])
    told = []
    found = run_cells(entrant, cells, progress=lambda *counts: told.append(counts))
    assert [(e.cell, e.seed) for e in found] == [(c.key, s) for c in cells for s in c.seeds]
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    met = [e.figures["disruptions_met"] for e in found]
    assert met[4] > met[0]
    assert found[4].figures["digest"] != found[0].figures["digest"]
