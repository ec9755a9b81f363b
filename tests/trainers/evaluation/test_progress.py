"""How far work is, where there is no terminal."""

from __future__ import annotations

import time

import pytest

from golive.trainers.evaluation import progress


def test_long_work_has_a_line_now_and_then_even_if_nothing_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.02)
    with progress.phase_bars() as tell:
        tell("Decisions", 3, 1_200)
        time.sleep(0.2)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2
    assert set(lines) == {"Decisions: 3 of 1,200 (0 s)"}


def test_work_that_is_done_at_once_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.counting_bar("Evaluating") as tell:
        tell(1, 1)
    assert capsys.readouterr().err == ""
