from __future__ import annotations

import warnings
from itertools import combinations, pairwise
from typing import Any

import gymnasium
import matplotlib
import numpy as np
import polars
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from golive.core.arithmetic import plain_sum
from golive.envs.environment import WorldEnv
from golive.envs.implementation.charts import draw_burn_down, draw_gantt
from golive.envs.implementation.dashboard import day_marks, draw_dashboard, headline_tiles
from golive.envs.implementation.dashboard_record import DashboardRecord
from golive.envs.implementation.diary_words import usd
from golive.envs.implementation.drawing import Mark, dollars, mark_levels, spread
from golive.envs.implementation.text_dashboard import text_dashboard
from golive.envs.implementation.value_charts import price_lines, value_parts
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import Move

ENVIRONMENT_ID = "golive.envs:golive/Implementation-v1"
WORKING = np.array([0, 0, 1, 2, 3, 1, Move.NONE])


@pytest.fixture(autouse=True)
def without_a_screen() -> None:
    matplotlib.use("agg")


def played(render_mode: str, days: int = 12, **options: Any) -> WorldEnv:
    environment = WorldEnv(render_mode=render_mode)
    environment.reset(seed=0, options={"customer": "reference", **options})
    for day in range(days):
        action = WORKING.copy()
        if day == 6:
            action[-1] = Move.MOCK_LOAD
        if environment.step(action)[2]:
            break
    return environment


@pytest.mark.slow
def test_gymnasium_checks_every_render_mode_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(ENVIRONMENT_ID, render_mode="rgb_array").unwrapped)


def test_rgb_array_is_a_picture_that_changes_with_the_days() -> None:
    environment = played("rgb_array", 3)
    first = environment.render()
    assert first.dtype == np.uint8
    assert first.shape == (1000, 1600, 3)
    assert len(np.unique(first[::4, ::4, 0])) > 20
    np.testing.assert_array_equal(environment.render(), first)
    environment.step(WORKING)
    assert (environment.render() != first).any()


def test_ansi_is_text_with_the_customer_and_the_day() -> None:
    environment = played("ansi", 4)
    text = environment.render()
    assert environment.world.customer.name in text
    assert "Day 4" in text
    assert max(len(line) for line in text.splitlines()) <= 160


def test_human_without_a_screen_prints_the_text_at_every_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment = played("human", 2)
    environment.close()
    out = capsys.readouterr().out
    assert [f"Day {day}," in out for day in range(3)] == [True] * 3


def test_rendering_without_a_mode_warns_and_shows_nothing() -> None:
    environment = WorldEnv()
    environment.reset(seed=0)
    with pytest.warns(UserWarning, match="without a render_mode"):
        assert environment.render() is None


def test_the_dashboard_shows_kick_off_and_the_end_alike() -> None:
    environment = played("rgb_array", 0)
    assert isinstance(draw_dashboard(environment.world), Figure)
    environment = played("rgb_array", 200)
    assert environment.world.finished
    record = DashboardRecord.of_world(environment.world)
    assert record.scorecard is not None
    assert headline_tiles(record)[0].value == f"{record.scorecard.go_live_score:.2f}"
    draw_dashboard(record, Figure())


def test_the_end_shows_what_it_was_worth_in_every_mode() -> None:
    environment = played("ansi", 200)
    card, text = environment.world.scorecard(), environment.render()
    assert f"Value: {usd(card.value_usd)} of {usd(card.business_case_usd)} planned" in text
    assert f"Go-live score {card.go_live_score:.2f}" in text
    environment = played("rgb_array", 200)
    shown = {text for text, _ in _text_boxes(draw_dashboard(environment.world))}
    assert {dollars(card.benefits_usd), "risk counted", "Who the customer is"} <= shown
    parts = value_parts(card)
    assert plain_sum(amount for _, amount, total in parts if not total) == pytest.approx(
        card.value_usd
    )


def test_before_the_end_it_says_what_time_and_knowledge_cost(briefing: Briefing) -> None:
    lines = dict(price_lines(briefing))
    assert lines["a reading"] == "$20k, 2 bought"
    assert lines["a day in full use"] == "$3.2k"
    assert lines["next window"] == "day 15"
    assert lines["agreed go-live"] == "day 33, 1 new plan"
    text = text_dashboard(briefing, "Somebody", "some plan")
    assert "next window: day 15" in text
    assert "hidden data errors" in text
    assert max(map(len, text.split("Who the customer is")[1].splitlines())) <= 100


def test_money_is_written_as_people_do() -> None:
    amounts = (0.0, -0.0, 1_234.0, -57_557.0, 3_490_000.0, -12_000_000.0)
    assert [dollars(amount) for amount in amounts] == [
        *("$0", "$0", "$1.2k", "-$58k", "$3.49M", "-$12.00M")
    ]


def _text_boxes(figure: Figure) -> list[tuple[str, Any]]:
    """Every text of a figure and the box of dots that it covers."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    boxes = [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in texts]
    return [(text, box) for text, box in boxes if box.width and box.height]


@pytest.mark.parametrize("days", [0, 1, 12, 29, 200])
@pytest.mark.parametrize("scenario", ["furniture", "furniture-conventional"])
def test_no_label_covers_another_and_all_are_inside(scenario: str, days: int) -> None:
    figure = draw_dashboard(played("rgb_array", days, scenario=scenario).world)
    boxes = _text_boxes(figure)
    assert len(boxes) > 60
    assert [t for t, box in boxes if box.x0 < 0 or box.y0 < 0] == []
    assert [t for t, box in boxes if box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1] == []
    overlapping = [
        (one, other)
        for (one, box), (other, twin) in combinations(boxes, 2)
        if box.shrunk(0.9, 0.7).overlaps(twin.shrunk(0.9, 0.7))
    ]
    assert overlapping == []


def test_marks_name_plan_target_and_today(briefing: Briefing) -> None:
    labels = {mark.label: mark.day for mark in day_marks(briefing)}
    assert labels == {"planned go-live": 30, "target": 35, "agreed": 33, "today": 12}


def test_charts_draw_into_any_axes(briefing: Briefing) -> None:
    columns = ("start_hour", "end_hour", "role", "member", "package", "workstream", "activity")
    rows = [(0.0, 8.0, "configuration", 3, 1, "configuration", "work")]
    gantt = polars.DataFrame(rows, schema=columns, orient="row")
    left, right = Figure().subplots(1, 2)
    draw_gantt(left, gantt, title="Expert")
    draw_burn_down(right, [briefing], label="expert")
    draw_burn_down(right, [briefing], label="trained", plan=False)
    assert [label.get_text() for label in left.get_yticklabels()] == ["Configuration"]
    draw_gantt(left, gantt.clear())


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_spread_labels_keep_their_order_and_distance(values: list[float]) -> None:
    placed = spread(values, 8.0, 4.0, 100.0)
    order = sorted(range(len(values)), key=lambda i: values[i])
    assert all(placed[b] - placed[a] >= 8.0 - 1e-6 for a, b in pairwise(order))
    assert all(3.9 <= height <= 100.1 for height in placed)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6))
def test_marks_that_stand_close_get_levels_of_their_own(days: list[float]) -> None:
    marks = [Mark(day, "a label of some length", "black") for day in days]
    levels = mark_levels(marks, 0.0, 100.0)
    for i, j in combinations(range(len(days)), 2):
        if abs(days[i] - days[j]) < 1.0:
            assert levels[i] != levels[j]
