"""What backends cost: what the command writes is what the page takes."""

from __future__ import annotations

import json

import pytest

from benchmarks import execution
from benchmarks.command import run
from benchmarks.execution_report import EmulationRow, ExecutionRow
from golive.trainers.evaluation.statistics import Interval
from tools.pages.__main__ import app

ONE, HALF = Interval(1.0, 0.9, 1.1), Interval(0.5, 0.4, 0.6)
ROWS = [ExecutionRow("serial", 1, 2.0, ONE, ONE, HALF), ExecutionRow("ray", 2, 9.0, ONE, ONE, HALF)]


@pytest.fixture
def _measured(monkeypatch) -> None:
    emulated = EmulationRow(8, 4, 2.0, 0.95, 1.5, 1_333)
    monkeypatch.setattr(execution, "measure_execution", lambda *_, **__: ROWS)
    monkeypatch.setattr(execution, "emulate_cluster", lambda *_, **__: emulated)


@pytest.mark.usefixtures("_measured")
def test_the_page_takes_the_report_that_is_written_and_printed(tmp_path, capsys) -> None:
    path, page = tmp_path / "report.json", tmp_path / "page.md"
    options = ["--episodes", "5", "--repetitions", "3", "--emulate", "8", "--out", str(path)]
    assert run(execution.command, [*options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(path.read_text())
    assert run(execution.command, options) == 0
    marks = "<!-- {0}:begin --> old <!-- {0}:end -->"
    page.write_text(marks.format("execution") + marks.format("emulation"))
    assert run(app, ["execution", str(path), "--page", str(page)]) == 0
    text = page.read_text()
    assert "old" not in text
    command = "--episodes 5 --repetitions 3 --workers 2 --emulate 8 --nodes 4"
    assert f"$ python -m benchmarks.execution {command}\n" in text
    assert "| ray | 2 | 9.00 | 1.00 (0.90 to 1.10) |" in text
    assert "| 8 | 4 | 2.00 | 95.0 % | 1.50 | 1,333 |" in text


def test_numbers_of_workers_are_numbers(capsys) -> None:
    assert run(execution.command, ["--workers", "two"]) == 2
    assert "--workers: 'two': expected whole numbers above 0" in capsys.readouterr().err
