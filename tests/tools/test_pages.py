"""Pages are filled between their marks, with what was written and nothing else."""

from __future__ import annotations

import json

import pytest

from benchmarks.command import run
from golive.core.errors import GoliveError
from tools.pages import results, validation
from tools.pages.__main__ import app
from tools.pages.filling import fill


def test_a_page_without_the_marks_stays_as_it_was(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- one:begin --> old <!-- one:end -->")
    with pytest.raises(GoliveError, match=r"page\.md: expected <!-- two:begin -->"):
        fill(page, {"one": "new", "two": "new"})
    assert "old" in page.read_text()


def test_reports_of_the_gate_stand_side_by_side(tmp_path, monkeypatch, capsys) -> None:
    words = {"requirement": "at least 0.5", "estimate": "0.6", "low": "0.5", "high": "0.7"}
    criterion = {"title": "success rate", "words": words, "verdict": "pass"}
    report = {"policy": {"name": "mine"}, "criteria": [criterion]}
    monkeypatch.setattr(results, "read_gate_report", lambda _path: report)
    monkeypatch.setattr(results, "seal_holds", lambda _report: True)
    page = tmp_path / "page.md"
    page.write_text("<!-- gate:begin --><!-- gate:end -->")
    assert run(app, ["gate", "a", "b", "--page", str(page)]) == 0
    assert "| criterion | required | mine | mine |" in page.read_text()
    assert page.read_text().count("0.6 (0.5 to 0.7): pass") == 2
    monkeypatch.setattr(results, "seal_holds", lambda _report: False)
    assert run(app, ["gate", "a", "--page", str(page)]) == 2
    assert "the report's seal is broken" in capsys.readouterr().err


def test_reports_of_quality_stand_side_by_side(tmp_path) -> None:
    check = {"id": "semantic.floor_gap", "meaning": "A floor.", "bound": "at least 0.1"}
    check |= {"verdict": "passed", "threshold": 0.1, "unit": ""}
    check |= {"estimate": 0.5, "low": 0.4, "high": None}
    report = {"kind": "golive quality report", "version": 1, "checks": [check], "oracle": "expert"}
    report |= {"seeds": {"start": 3, "stop": 5}, "world": "w"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(json.dumps({**report, "scenario": name}))
    page = tmp_path / "page.md"
    page.write_text("<!-- quality:begin --><!-- quality:end -->")
    folders = [str(tmp_path / name) for name in ("one", "two")]
    assert run(app, ["quality", *folders, "--page", str(page)]) == 0
    text = page.read_text()
    assert "| check | what it means if it is passed | required | one | two |" in text
    assert text.count("passed: 0.5 (0.4 to -)") == 2
    assert "$ golive check-world w --quality --scenario two --episodes 2 --out quality-two" in text
    assert "the same 2 episodes (seeds 3 to 4)" in text


def test_a_validation_is_told_with_its_command(tmp_path) -> None:
    document = {"date": "2026-01-01", "command": "golive validate"}
    (tmp_path / "validation.json").write_text(json.dumps(document))
    (tmp_path / "validation.md").write_text("| row |\n\n| law | holds |")
    table, laws = validation.validation_texts(tmp_path)
    assert table == "Run on 2026-01-01:\n\n```console\n$ golive validate\n```\n\n| row |"
    assert laws.endswith("```\n\n| law | holds |")
