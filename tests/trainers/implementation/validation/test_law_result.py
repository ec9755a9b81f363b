"""What an experiment found out, and the page's tables of it."""

from __future__ import annotations

import pytest

from golive.trainers.evaluation.statistics import Interval
from golive.trainers.implementation.validation import (
    LAWS,
    Condition,
    Figure,
    LawResult,
    markdown,
    run_laws,
)
from golive.trainers.implementation.validation.figures import (
    mean_figure,
    median_figure,
    ratio_figure,
)


def law(*holds: bool) -> LawResult:
    figure = Figure("share met", "share", Interval(0.5, 0.25, 0.75), 8, "88 %")
    days = Figure("days", "days", Interval(1.5, 1.0, 2.0), 8)
    conditions = tuple(Condition(f"condition {n}", held) for n, held in enumerate(holds))
    return LawResult(
        "A law", "It is so.", "Somebody", "a band", "We tried.", 8, 0, (figure, days), conditions
    )


def test_a_law_holds_when_all_that_it_asks_is_so():
    assert law(True, True).holds
    assert not law(True, False).holds


def test_a_figure_and_a_condition_are_found_by_their_names_and_others_are_errors():
    result = law(True, False)
    assert result.figure("days").value.estimate == 1.5
    assert [result.condition(f"condition {n}") for n in (0, 1)] == [True, False]
    with pytest.raises(KeyError, match="share met"):
        result.figure("weeks")
    with pytest.raises(KeyError, match="condition 0"):
        result.condition("another")


def test_the_page_shows_every_figure_with_its_interval_and_every_condition():
    page = markdown([law(True, False)])
    assert "| A law | no | 1 of 2 |" in page
    assert "- condition 0: **yes**\n- condition 1: **no**" in page
    assert "| share met | 88 % | 50.0 % (25.0 % to 75.0 %) | 8 |" in page
    assert "| days | - | 1.5 (1 to 2) days | 8 |" in page
    assert "8 customers from seed 0" in page


def test_figures_are_the_statistics_they_are_named_after():
    values = [1.0, 2.0, 9.0]
    assert mean_figure("a", "x", values).value.estimate == pytest.approx(4.0)
    assert median_figure("a", "x", values).value.estimate == pytest.approx(2.0)
    ratio = ratio_figure("a", values, [1.0, 1.0, 2.0]).value
    assert ratio.estimate == pytest.approx(3.0)
    assert ratio.low < 3.0 < ratio.high
    with pytest.raises(ValueError, match="sum below is zero"):
        ratio_figure("a", values, [0.0, 0.0, 0.0])


def test_the_laws_run_by_name():
    (result,) = run_laws(2, 0, names=["overtime"])
    assert result.name == "Overtime breaks even"
    assert result.customers == 2
    assert len(LAWS) == 7
    with pytest.raises(KeyError, match="gravity"):
        run_laws(2, 0, names=["gravity"])
