"""What the benchmark of scheduling prints and which code it exits with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.command import run
from benchmarks.implementation.psplib import command

J30 = Path(__file__).parents[4] / "shared" / "psplib" / "j30"
needs_psplib = pytest.mark.skipif(not J30.exists(), reason=f"no PSPLIB projects at {J30}")


@needs_psplib
def test_the_benchmark_prints_a_row_for_each_rule(capsys):
    assert run(command, ["--folder", str(J30), "--sample", "6"]) == 0
    printed = capsys.readouterr().out
    for words in ("LFT", "LST", "MTS", "GRPW", "random", "6 of 6", "not judged", "6 of 480"):
        assert words in printed
    assert run(command, ["--folder", str(J30), "--sample", "6", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["holds"] is True
    assert [row["feasible"] for row in content["results"]] == [6, 6, 6, 6, 30]


@needs_psplib
def test_the_benchmark_exits_with_1_when_something_cannot_be(tmp_path, capsys):
    (tmp_path / "a.sm").write_bytes((J30 / "j301_1.sm").read_bytes())
    (tmp_path / "optimum.csv").write_text("problem,optimum\na.sm,1000\n", "utf-8")
    assert run(command, ["--folder", str(tmp_path)]) == 1
    assert "below the optimum" in capsys.readouterr().out
    assert run(command, ["--folder", str(tmp_path / "none")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
