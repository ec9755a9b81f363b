"""The report of a gate: plain JSON under a seal, and who is signed off."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from gate_examples import EDGE, NOMINAL, accuracy_of, adaptation_of, episodes, small_gate

from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation.best_responses import Efficiency, Response
from golive.trainers.evaluation.cells import Cell
from golive.trainers.evaluation.criteria import judge_test_scenarios
from golive.trainers.evaluation.gate import GateResult, judge
from golive.trainers.evaluation.gate_report import (
    gate_report,
    read_gate_report,
    report_text,
    seal_holds,
    sealed,
    write_gate_report,
)
from golive.trainers.evaluation.gate_tables import gate_tables
from golive.trainers.evaluation.measures import learning_of
from golive.trainers.evaluation.statistics import Interval


def result_of(success=True, **changes) -> GateResult:
    gate = small_gate()
    played = episodes(100, success=success) + episodes(60, EDGE, success=success)
    accuracy = [accuracy_of(*[[0.0] * 10] * 30)]
    adaptation = adaptation_of(*([0.5, 0.99] if success else [0.5] * 6))
    tests = judge_test_scenarios(played, gate.thresholds, gate.level)
    scenario = load_scenario("furniture")
    found = GateResult(
        policy="mine",
        spec="expert",
        policy_sha256="",
        suite=gate,
        quick=False,
        sees_world=False,
        cells=(Cell(NOMINAL, scenario, (0, 1)), Cell(EDGE, scenario, (0,))),
        episodes=tuple(played),
        accuracy=tuple(accuracy),
        adaptation=adaptation,
        learning=learning_of([0, 10], [0.1, 0.2]),
        efficiency=None,
        criteria=tuple(judge(gate, played, accuracy, adaptation, tests)),
        tests=tuple(tests),
    )
    return replace(found, **changes)


@pytest.mark.parametrize(
    ("changes", "passed", "signed_off"),
    [
        ({}, True, True),
        ({"quick": True}, True, False),
        ({"sees_world": True}, True, False),
        ({"success": False}, False, False),
    ],
    ids=["the whole gate", "a quick look", "a policy that sees the world", "one that fails"],
)
def test_who_is_signed_off(changes, passed, signed_off):
    report = gate_report(result_of(**changes))
    assert (report["passed"], report["signed_off"]) == (passed, signed_off)


def test_a_trained_policy_says_what_it_was_trained_on_and_rules_do_not(tmp_path):
    trained = gate_report(result_of(spec="champion", policy_sha256="0"))["policy"]["trained"]
    assert trained["scenario"].startswith("furniture, ")
    (tmp_path / "rules.yaml").write_text("rules: {}")
    rules = result_of(spec=f"expert:{tmp_path / 'rules.yaml'}", policy_sha256="0")
    assert gate_report(rules)["policy"]["trained"] is None


def test_one_criterion_that_does_not_hold_is_enough_to_fail():
    whole = result_of()
    for index, criterion in enumerate(whole.criteria):
        for verdict in ("fails", "undecided"):
            changed = list(whole.criteria)
            changed[index] = replace(criterion, verdict=type(criterion.verdict)(verdict))
            assert not replace(whole, criteria=tuple(changed)).passed


def test_it_is_plain_json_and_never_is_null():
    report = gate_report(result_of(success=False), "golive gate --policy mine")
    again = json.loads(report_text(report))
    assert again == report
    adaptation = next(c for c in report["criteria"] if c["name"] == "adaptation")
    assert adaptation["estimate"] is None
    assert adaptation["words"]["estimate"] == "never"
    assert adaptation["bound"] == "high"
    assert len(report["episodes"]) == 160
    assert report["metrics"]["learning"]["gain"] == pytest.approx(0.1)
    assert report["command"] == "golive gate --policy mine"


def test_the_seal_covers_every_figure():
    report = gate_report(result_of())
    assert seal_holds(report)
    for name in report:
        if name != "seal":
            assert not seal_holds(report | {name: "other"}), name
    assert not seal_holds({key: value for key, value in report.items() if key != "cells"})
    assert seal_holds(sealed(report | {"made_at": "later"}))


def test_what_is_written_is_read_back(tmp_path):
    report = gate_report(result_of())
    page = write_gate_report(report, tmp_path)
    assert read_gate_report(tmp_path) == report
    text = page.read_text(encoding="utf-8")
    assert "Passed and signed off: 7 of 7 criteria hold." in text
    assert "environment_outage:critical" in text
    bound = write_gate_report(gate_report(result_of(sees_world=True)), tmp_path)
    assert "Passed as a bound" in bound.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [({"version": 1}, "version: 1"), ({"kind": "x"}, "kind: expected")],
)
def test_another_report_is_refused(tmp_path, change, message):
    (tmp_path / "report.json").write_text(report_text(gate_report(result_of()) | change))
    with pytest.raises(GoliveError, match=message):
        read_gate_report(tmp_path)


def test_a_teams_collaboration_is_held_against_its_best_responses():
    found = Efficiency(
        Interval(0.9, 0.85, 0.95),
        ("expert",),
        (Response("configuration", "expert", Interval(0.05, 0.01, 0.09)),),
        50,
    )
    alone = result_of()
    gate, played = alone.suite, list(alone.episodes)
    criteria = judge(gate, played, list(alone.accuracy), None, list(alone.tests), found)
    (held,) = [one for one in criteria if one.name == "collaboration"]
    assert (held.estimate, held.low, held.passed) == (0.9, 0.85, True)
    report = gate_report(replace(alone, efficiency=found))
    assert report["metrics"]["best_responses"]["roles"][0]["best"] == "expert"
    (table,) = [one for one in gate_tables(report) if one.title == "Best responses"]
    assert len(table.rows) == 1
    titles = [one.title for one in gate_tables(gate_report(alone))]
    assert "Best responses" not in titles
    assert "Collaboration" in titles
