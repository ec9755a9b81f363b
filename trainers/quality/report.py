"""The report of a world's quality, as JSON, as a table, and as a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...core.arguments import checked
from ...core.files import plain, read_report, write_text_atomically
from ...core.tables import Cell, Column, Table, right
from ...sim.quality import QualityCheck, Verdict
from ..evaluation.gate_tables import interval_strip
from ..evaluation.tables import NOTHING
from .bar import QualityReport

JSON_FILE = "report.json"
HTML_FILE = "report.html"
KIND = "golive quality report"
REPORT_VERSION = 1
_STYLES = {
    Verdict.PASSED.value: "good",
    Verdict.FAILED.value: "bad",
    Verdict.NOT_APPLICABLE.value: "doubtful",
}
LEVELS = {
    "runtime": "Does it run as it says?",
    "semantic": "Does the score mean what it claims?",
    "statistical": "Is there something to learn?",
}
"""Levels of the bar, and the question that each answers."""

Report = Mapping[str, Any]


@checked
def quality_report(result: QualityReport, command: str = "") -> dict[str, Any]:
    """The report of a result, and of the command that makes it again, as a JSON value."""
    return dict(
        plain(
            {
                "kind": KIND,
                "version": REPORT_VERSION,
                "passed": result.passed,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": command,
                "world": result.kind.name,
                "title": result.kind.title,
                "scenario": result.scenario,
                "seeds": {"start": result.seeds[0], "stop": result.seeds[-1] + 1},
                "oracle": result.oracle,
                "versions": result.versions,
                "checks": [_check(check) for check in result.checks],
            }
        )
    )


def _check(check: QualityCheck) -> dict[str, Any]:
    """A check with its figures; ends of an interval that are infinite are null."""
    required, measured = asdict(check.requirement), asdict(check.measured)
    return {**required, **measured, "verdict": check.measured.verdict.value}


def verdict_line(report: Report) -> str:
    """The verdict in a few words."""
    ids: dict[str, list[str]] = {verdict.value: [] for verdict in Verdict}
    for check in report["checks"]:
        ids[check["verdict"]].append(check["id"])
    told = [f"{len(ids[Verdict.PASSED.value])} of {len(report['checks'])} checks passed"]
    for verdict in (Verdict.FAILED, Verdict.NOT_APPLICABLE):
        if ids[verdict.value]:
            told.append(f"{verdict.value.lower()}: {', '.join(ids[verdict.value])}")
    return "; ".join(told)


def quality_table(report: Report) -> Table:
    """All checks, a row each, for a terminal."""
    rows = [
        (
            check["id"].replace(".", ".\n"),
            Cell(check["verdict"], style=_STYLES[check["verdict"]]),
            Cell(check["found"], interval_text(check)),
            check["bound"],
        )
        for check in report["checks"]
    ]
    title = f"World {report['world']}, scenario {report['scenario']}: {verdict_line(report)}"
    columns = (Column("check", wraps=False), Column("verdict", wraps=False), "measured", "required")
    return Table(title, columns, rows, [how(report)])


def level_tables(report: Report) -> list[Table]:
    """The checks of each level, for a page, with what they mean and pictures of intervals."""
    tables = []
    for level, question in LEVELS.items():
        rows = []
        for check in report["checks"]:
            if check["id"].partition(".")[0] != level:
                continue
            style = _STYLES[check["verdict"]]
            figure = NOTHING
            if check["estimate"] is not None:
                figure = f"{check['estimate']:.3g} {check['unit']}".strip()
            rows.append(
                (
                    Cell(
                        check["id"].partition(".")[2].replace("_", " "),
                        f"severity: {check['severity']}",
                    ),
                    Cell(check["verdict"], style=style),
                    Cell(figure, interval_text(check), markup=_strip(check, style)),
                    check["bound"],
                    Cell(check["meaning"], check["found"]),
                )
            )
        columns = (
            Column("check", wraps=False),
            Column("verdict", wraps=False),
            right("figure"),
            "required",
            "what it means if it is passed, and what was found",
        )
        tables.append(Table(question, columns, rows))
    return tables


def interval_text(check: Report) -> str:
    """The interval of a check's figure; empty if it has none."""
    if check["estimate"] is None or (check["low"] is None and check["high"] is None):
        return ""
    low, high = (NOTHING if end is None else f"{end:.3g}" for end in (check["low"], check["high"]))
    return f"{low} to {high}"


def how(report: Report) -> str:
    """Two sentences on the way it was measured."""
    seeds = report["seeds"]
    count = seeds["stop"] - seeds["start"]
    return (
        f"Policies play the same {count} episodes (seeds {seeds['start']} to {seeds['stop'] - 1}) "
        f"on common luck; the oracle is {report['oracle']}. Intervals are 95 %, over episodes; a "
        "check passes if the end that is worse is within what is required."
    )


def _strip(check: Report, style: str) -> str:
    """The interval as a picture; empty where there is none, or the scale is not the score's."""
    ends = (check["low"], check["estimate"], check["high"], check["threshold"])
    if None in ends or max(map(abs, ends)) > 1.0:
        return ""
    low, estimate, high, limit = ends
    least = -1.0 if low < 0.0 else 0.0
    return interval_strip(low, estimate, high, limit, style, least)


@checked
def write_quality_report(report: Report, directory: Path) -> Path:
    """Write ``report.json`` and ``report.html``, each whole or not at all.

    Returns:
        Path of the page.

    Raises:
        GoliveError: one cannot be written.
    """
    from ..reports.quality import render_quality_report

    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_text_atomically(directory / JSON_FILE, text)
    write_text_atomically(directory / HTML_FILE, render_quality_report(report))
    return directory / HTML_FILE


@checked
def read_quality_report(path: Path) -> dict[str, Any]:
    """A report from its file, or from the directory it lies in.

    Raises:
        GoliveError: missing, not JSON, or not such a report.
    """
    return read_report(path, JSON_FILE, "the report of a world's quality", KIND, REPORT_VERSION)
