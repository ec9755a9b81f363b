"""The dashboard draws what the ledger's evenings say."""

from __future__ import annotations

import pytest

pytest.importorskip("matplotlib", reason="needs golive[plots]")

from golive.cli.app import run
from golive.envs.gateway.dashboard import dashboard
from golive.sim.gateway.ledger import Evening


def evening(day: int, **fields: float) -> Evening:
    given = {"with_agents": 3, "with_people": 2, "inbox": 0, "trust": 0.6, "arrived": 10 * day,
             "solved": 8 * day, "silent": day, "bypassed": 0, "agents_usd": 40.0 * day,
             "people_usd": 30.0 * day, "harm_usd": 10.0 * day, "net_usd": 5.0 * day}  # fmt: skip
    return Evening(hour=24.0 * day - 6.0, **{**given, **fields})  # type: ignore[arg-type]


def test_the_lines_are_the_last_seven_days():
    rows = [evening(day) for day in range(1, 15)]
    figure = dashboard({"one": rows, "other": rows[:7]}, "two routers")
    queues, cost, quality, trust = figure.axes
    assert list(queues.get_lines()[0].get_ydata()) == [3.0] * 14
    assert list(cost.get_lines()[0].get_ydata()) == pytest.approx([10.0] * 14)  # 80 a day for 8
    assert list(quality.get_lines()[0].get_ydata()) == pytest.approx([80.0] * 14)
    assert list(trust.get_lines()[0].get_ydata()) == pytest.approx([60.0] * 14)
    assert [len(axes.get_lines()) for axes in figure.axes] == [4, 2, 4, 4]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "other"]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="expected 1 to 5"):
        dashboard({}, "nobody")
    with pytest.raises(ValueError, match="at least one"):
        dashboard({"one": []}, "nothing")


def test_the_command_draws_a_picture_and_refuses_the_same_router_twice(tmp_path, capsys):
    out = tmp_path / "gateway.png"
    place = ["--scenario", "office", "--weeks", "1", "--out", str(out)]
    assert run(["gateway", "dashboard", "by_text", "by_text", *place]) == 2
    assert "each another" in capsys.readouterr().err
    assert not out.exists()
    assert run(["gateway", "dashboard", "by_text", *place]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
