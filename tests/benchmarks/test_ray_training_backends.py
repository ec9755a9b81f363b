"""What workers give a training: measured in turns, with the cost from which they pay."""

import json
import re
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks import training_backends
from benchmarks.command import run
from benchmarks.costed_environment import CostedEnvironment
from benchmarks.training_backends import measure_training_backends
from benchmarks.training_backends_report import (
    IN_PROCESS,
    PROCESSES,
    RAY,
    TrainingBackendsReport,
    break_even,
    tables,
)
from golive.trainers.training import read_configuration, shipped_configuration
from tools.pages.__main__ import app


@pytest.fixture(scope="module")
def report(ray_session: None) -> TrainingBackendsReport:
    return measure_training_backends(
        read_configuration(shipped_configuration("scratch")),
        workers=2,
        repetitions=1,
        environments=4,
        costs_milliseconds=(0.0, 1.0),
        environments_per_worker=(1,),
    )


def test_a_step_takes_as_much_of_a_core_as_is_asked() -> None:
    environment = CostedEnvironment(0.02)
    environment.reset()
    started = time.thread_time()
    environment.step(np.zeros(1, np.int64))
    assert time.thread_time() - started >= 0.02


def test_the_break_even_cost_makes_both_alike() -> None:
    alone, round_trip, count, workers = 1e-4, 7e-3, 8, 4
    seconds = {
        (IN_PROCESS, 0.0): np.full(3, alone),
        (PROCESSES, 0.0): np.full(3, round_trip),
    }
    found = break_even(PROCESSES, count // workers, workers, seconds)
    cost = 1e-3 * found.cost_milliseconds.estimate
    assert count * cost + alone == pytest.approx(count * cost / workers + round_trip)
    assert found.round_trip_milliseconds.estimate == pytest.approx(6.9)


@pytest.mark.nightly
class TestMeasured:
    def test_every_backend_is_compared_with_none(self, report: TrainingBackendsReport) -> None:
        first, *others = report.backends
        assert first.stepping_ratio.low == first.stepping_ratio.high == 1.0
        assert [row.backend for row in others] == [PROCESSES, RAY]
        assert all(row.training.low > 0.0 for row in report.backends)
        assert [row.cost_milliseconds for row in report.costs] == [0.0, 1.0]
        assert all(
            row.speedups[name].low > 0.0 for row in report.costs for name in (PROCESSES, RAY)
        )
        assert [row.backend for row in report.break_even] == [PROCESSES, RAY]
        assert all(row.cost_milliseconds.low > 0.0 for row in report.break_even)

    def test_tables_of_terminal_and_page_show_it(
        self, report: TrainingBackendsReport, tmp_path: Path
    ) -> None:
        rows = [len(table.rows) for table in tables(report)]
        assert rows == [3, 2, 2]
        path, page = tmp_path / "report.json", tmp_path / "page.md"
        path.write_text(json.dumps(asdict(report)))
        page.write_text("Before <!-- backends:begin --> old <!-- backends:end --> after")
        assert run(app, ["backends", str(path), "--page", str(page)]) == 0
        text = page.read_text()
        assert "old" not in text
        assert len(re.findall(r"^\| ", text, re.MULTILINE)) == sum(rows) + 3


def test_one_worker_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(training_backends.command, ["--workers", "1"]) == 2
    assert "--workers" in capsys.readouterr().err
