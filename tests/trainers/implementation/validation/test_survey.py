"""The survey: whom it asks, what it asks, and that nobody was told the answers."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from golive.agents.implementation.practice import (
    PRACTICE_PRIOR,
    practice_with,
    without_practice,
)
from golive.agents.implementation.typical_practice import Firm, TypicalPractice
from golive.core.errors import GoliveError
from golive.scenarios.implementation.generator import CustomerGenerator
from golive.scenarios.implementation.vocabulary import Industry
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.decision import Move
from golive.sim.implementation.parameters import PRIOR, Parameter
from golive.sim.implementation.scorecard import Scorecard
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.implementation.validation.survey import (
    ANSWERS,
    SurveyOutcome,
    answers,
    both,
    implement,
    size_class,
    survey_cases,
)
from golive.trainers.implementation.validation.targets import TARGETS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def outcome() -> SurveyOutcome:
    """One small project that was really run."""
    cases = survey_cases(25, 0)
    return implement("critical_path", {}, next(case for case in cases if case.size == "small"))


def changed(outcome: SurveyOutcome, **values: float | bool) -> SurveyOutcome:
    """The outcome of a project that was not stopped, with some fields of its scorecard replaced."""
    values = {"cancelled": False, **values}
    return dataclasses.replace(outcome, scorecard=dataclasses.replace(outcome.scorecard, **values))


def test_every_target_has_an_answer_and_every_answer_a_target() -> None:
    names = [target.name for target in TARGETS]
    assert len(set(names)) == len(names)
    assert set(names) == set(ANSWERS)


def test_nothing_that_makes_outcomes_knows_the_targets() -> None:
    told = [
        str(path.relative_to(ROOT))
        for room in ("sim", "scenarios", "envs", "agents")
        for path in (ROOT / room).rglob("*.py")
        if "validation.targets" in path.read_text(encoding="utf-8")
    ]
    assert told == []


def test_half_of_the_rows_are_fitted_and_no_row_is_both() -> None:
    fitted = {target.row for target in TARGETS if target.fitted}
    held = {target.row for target in TARGETS if not target.fitted}
    assert not fitted & held
    assert len(fitted) == len(held) == 7
    assert fitted | held == set(range(1, 15))


def test_customers_are_of_all_industries_and_of_the_sizes_asked_for() -> None:
    cases = survey_cases(50, 7)
    assert Counter(case.size for case in cases) == {
        "small": 10,
        "moderate": 22,
        "medium": 12,
        "large": 4,
        "grand": 2,
    }
    assert {case.industry for case in cases} == set(Industry)
    for case in cases:
        assert size_class(case.customer().employees) == case.size
    assert survey_cases(50, 7) == cases
    assert len(set(cases)) == 50


def test_a_customer_of_a_given_size_is_the_same_firm_at_another_size() -> None:
    drawn, grand = (
        CustomerGenerator(Industry.FURNITURE).generate(3, employees=size) for size in (None, 3_000)
    )
    assert grand.employees == 3_000
    assert (
        grand.trust == drawn.trust
        or grand.previous_failed_projects != drawn.previous_failed_projects
    )
    assert CustomerGenerator(Industry.FURNITURE).employees(3) == drawn.employees


def test_too_few_customers_are_refused() -> None:
    with pytest.raises(ValueError, match="24: expected at least 25"):
        survey_cases(24, 0)


def test_the_same_case_gives_the_same_outcome(outcome: SurveyOutcome) -> None:
    assert implement("critical_path", {}, outcome.case) == outcome
    assert isinstance(outcome.scorecard, Scorecard)


def test_surveys_ask_only_those_who_went_live(outcome: SurveyOutcome) -> None:
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


def test_what_is_played_on_after_a_stop_did_not_happen_to_the_customer(
    outcome: SurveyOutcome,
) -> None:
    stopped = changed(outcome, went_live=True, cancelled=True, cost_ratio=1.6, adoption=0.8)
    assert stopped.live is None
    assert answers("cost_half_over", [stopped]) == []
    assert answers("failed_small", [stopped]) == [[1.0]]


def test_a_second_attempt_takes_the_time_and_money_of_both(outcome: SurveyOutcome) -> None:
    first, second = (
        changed(outcome, **values).scorecard
        for values in (
            {
                "cancelled": True,
                "stopped_day": 90,
                "cost_at_stop_usd": 70.0,
                "cost_usd": 900.0,
                "cost_ratio": 9.0,
            },
            {
                "went_live": True,
                "cost_usd": 120.0,
                "cost_ratio": 1.2,
                "days_late": 10.0,
                "schedule_ratio": 1.1,
                "dip_depth": 0.3,
            },
        )
    )
    whole = both(first, second, lost_days=90.0 + 60.0, planned_days=100)
    assert (whole.cost_usd, whole.days_late) == (190.0, 160.0)
    assert whole.cost_ratio == pytest.approx(1.9)
    assert whole.schedule_ratio == pytest.approx(2.6)
    assert whole.dip_depth == 0.3
    told = SurveyOutcome(outcome.case, first, whole)
    assert answers("cost_half_over", [told]) == [[1.0]]
    assert answers("failed_small", [told]) == [[1.0]], "the first attempt failed all the same"


def test_a_second_attempt_that_fails_too_leaves_the_first_one_standing() -> None:
    cases = [case for case in survey_cases(25, 0) if case.size == "small"][:4]
    doomed = {"cancellation_slope": 1.0, "cancellation_conventional": 4.0, "trait_patience_stop": 0}
    doomed |= {"cancellation_tolerance": 0.05, "sponsor_turnover": 0.03, "vendor_change": 0.0}
    outcomes = [implement("do_nothing", {**doomed, "second_attempt": 0.8}, case) for case in cases]
    assert all(outcome.scorecard.cancelled for outcome in outcomes)
    assert all(outcome.scorecard.stopped_day > 0 for outcome in outcomes)
    assert all(outcome.live is None for outcome in outcomes), "nor does it go live again"


def test_a_week_late_is_not_late(outcome: SurveyOutcome) -> None:
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
    outcome: SurveyOutcome, values: dict[str, float | bool], failed: float
) -> None:
    project = changed(outcome, **values)
    assert answers("failed_small", [project]) == [[failed]]
    assert answers("failed_large", [project]) == []


def test_firms_differ_and_each_is_the_same_again() -> None:
    mixture = practice_with({"date_is_law": 0.4, "mean_patience": 0.7, "rebaselines": 0.2})
    firms = [Firm.of(seed, mixture) for seed in range(400)]
    assert Firm.of(7, mixture) == firms[7]
    share = sum(firm.date_is_law for firm in firms) / len(firms)
    assert 0.3 < share < 0.5
    assert max(firm.patience for firm in firms) > 1.5
    assert {firm.adds_staff for firm in firms} == {0, 1, 2, 3, 4, 5}
    assert 0.1 < sum(firm.rebaselines for firm in firms) / len(firms) < 0.3
    assert Firm.of(7) == Firm.of(7, practice_with({}))


@pytest.mark.parametrize("row", PRACTICE_PRIOR, ids=lambda row: row.name)
def test_every_habit_says_what_it_is_and_has_a_range(row: Parameter) -> None:
    assert row.low < row.value < row.high
    assert row.unit and row.source and row.description.endswith(".")
    assert getattr(practice_with({row.name: row.low}), row.name) == row.low
    with pytest.raises(GoliveError, match=f"practice.{row.name}: 99.0: expected"):
        practice_with({row.name: 99.0})


def test_the_mixture_and_the_world_have_no_name_in_common() -> None:
    assert not {row.name for row in PRACTICE_PRIOR} & {row.name for row in PRIOR}
    assert without_practice({"date_is_law": 0.1, "bass_p": 0.1}) == {"bass_p": 0.1}


def test_a_firm_goes_live_unaccepted_only_by_law_or_when_it_has_waited_long_enough() -> None:
    scenario = load_scenario("furniture-conventional")
    accepted = unaccepted = 0
    for seed in range(12):
        firm = Firm.of(seed)
        world, policy = ImplementationWorld(scenario, seed), TypicalPractice()
        policy.reset(seed)
        while not world.finished:
            briefing = world.briefing()
            decision = policy.decide(briefing, world.legal())
            if decision.move is Move.GO_LIVE:
                needed = zip(
                    briefing.tests.checks_required, briefing.tests.checks_passed, strict=True
                )
                fit = all(passed or not required for required, passed in needed)
                planned = briefing.calendar.planned_go_live_day
                waited = briefing.calendar.day + 15 >= (1.0 + firm.patience) * planned
                over = not briefing.calendar.postponements_left
                assert fit or firm.date_is_law or waited or over
                accepted, unaccepted = accepted + fit, unaccepted + (not fit)
            world.advance(decision)
    assert accepted > 0
    assert unaccepted > 0
