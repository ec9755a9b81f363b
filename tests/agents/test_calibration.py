"""Calibration: whom it asks, what it asks, and that nobody was told the answers."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from golive.agents.calibration import (
    ANSWERS,
    CalibrationOutcome,
    answers,
    calibration_cases,
    play,
    size_class,
)
from golive.agents.typical_practice import PATIENCE, TypicalPractice
from golive.scenarios import CustomerGenerator, load_scenario
from golive.scenarios.vocabulary import Industry
from golive.sim.implementation.calibration_targets import OPEN_TARGETS, TARGETS
from golive.sim.implementation.decision import Move
from golive.sim.implementation.scorecard import Scorecard
from golive.sim.implementation.world import ImplementationWorld

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def outcome() -> CalibrationOutcome:
    """One small project that was really run."""
    cases = calibration_cases(20, 0)
    return play("critical_path", next(case for case in cases if case.size == "small"))


def changed(outcome: CalibrationOutcome, **values: float | bool) -> CalibrationOutcome:
    """The outcome with some fields of its scorecard replaced."""
    return dataclasses.replace(outcome, scorecard=dataclasses.replace(outcome.scorecard, **values))


def test_every_target_has_an_answer_and_every_answer_a_target() -> None:
    names = [target.name for target in TARGETS]
    assert len(set(names)) == len(names)
    assert set(names) == set(ANSWERS)
    assert not set(names) & {target.name for target in OPEN_TARGETS}


def test_nothing_that_makes_outcomes_knows_the_targets() -> None:
    told = [
        str(path.relative_to(ROOT))
        for room in ("sim", "scenarios", "envs", "trainers")
        for path in (ROOT / room).rglob("*.py")
        if "calibration_targets" in path.read_text(encoding="utf-8")
    ]
    assert told == []


def test_customers_are_of_all_industries_and_of_the_sizes_asked_for() -> None:
    cases = calibration_cases(40, 7)
    assert Counter(case.size for case in cases) == {
        "small": 8,
        "moderate": 18,
        "medium": 10,
        "large": 4,
    }
    assert {case.industry for case in cases} == set(Industry)
    for case in cases:
        customer = CustomerGenerator(case.industry).generate(case.seed)
        assert size_class(customer.employees) == case.size
    assert calibration_cases(40, 7) == cases
    assert len(set(cases)) == 40


def test_too_few_customers_are_refused() -> None:
    with pytest.raises(ValueError, match="19: expected at least 20"):
        calibration_cases(19, 0)


def test_the_same_case_gives_the_same_outcome(outcome: CalibrationOutcome) -> None:
    assert play("critical_path", outcome.case) == outcome
    assert isinstance(outcome.scorecard, Scorecard)


def test_surveys_ask_only_those_who_went_live(outcome: CalibrationOutcome) -> None:
    live = changed(outcome, went_live=True, cost_ratio=1.6, days_late=6.0, adoption=0.8)
    never = changed(outcome, went_live=False, cost_ratio=9.0, days_late=99.0)
    for name, expected in (
        ("over_budget", 1.0),
        ("mean_cost_ratio", 1.6),
        ("cost_half_over", 1.0),
        ("cost_thrice", 0.0),
        ("late", 1.0),
    ):
        assert answers(name, [live, never]) == [[expected]], name
        assert answers(name, [never]) == [], name


def test_a_week_late_is_not_late(outcome: CalibrationOutcome) -> None:
    on_time = changed(outcome, went_live=True, days_late=5.0)
    assert answers("late", [on_time]) == [[0.0]]


@pytest.mark.parametrize(
    ("values", "failed"),
    [
        ({"went_live": True, "cancelled": False, "adoption": 0.6}, 0.0),
        ({"went_live": True, "cancelled": False, "adoption": 0.1}, 1.0),
        ({"went_live": False, "cancelled": False, "adoption": 0.0}, 1.0),
        ({"went_live": False, "cancelled": True, "adoption": 0.0}, 1.0),
    ],
)
def test_failed_is_cancelled_never_live_or_hardly_used(
    outcome: CalibrationOutcome, values: dict[str, float | bool], failed: float
) -> None:
    project = changed(outcome, **values)
    assert answers("failed_small", [project]) == [[failed]]
    assert answers("failed_large", [project]) == []


def test_typical_practice_goes_live_unaccepted_only_when_patience_is_at_its_end() -> None:
    scenario = load_scenario("furniture-conventional")
    patient = impatient = 0
    for seed in (0, 1, 8, 11):
        world, policy = ImplementationWorld(scenario, seed), TypicalPractice()
        policy.reset(seed)
        while not world.finished:
            briefing = world.briefing()
            decision = policy.decide(briefing, world.legal())
            if decision.move is Move.GO_LIVE:
                needed = zip(
                    briefing.tests.checks_required, briefing.tests.checks_passed, strict=True
                )
                accepted = all(passed or not required for required, passed in needed)
                end = (1.0 + PATIENCE) * briefing.calendar.planned_go_live_day
                assert accepted or briefing.calendar.day >= end
                patient, impatient = patient + accepted, impatient + (not accepted)
            world.advance(decision)
    assert patient > 0
    assert impatient > 0
