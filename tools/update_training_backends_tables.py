"""Put a run of the backends' benchmark into docs/training-at-scale.md: no figure is typed by hand.

``golive bench training-backends --json > backends.json`` measures;
``python tools/update_training_backends_tables.py backends.json`` renders it between
``<!-- backends:begin -->`` and ``<!-- backends:end -->``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from golive.core.errors import GoliveError
from golive.core.files import write_text_atomically

PAGE = Path(__file__).resolve().parent.parent / "docs" / "training-at-scale.md"
BEGIN, END = "<!-- backends:begin -->", "<!-- backends:end -->"


def tables(report: Mapping[str, Any]) -> str:
    """The report's three tables in Markdown."""
    setting = (
        f"{report['environments']} environments of the implementation world, "
        f"{report['workers']} workers, {report['cores']} cores, {report['repetitions']} "
        f"repetitions; a world's step takes {_cell(report['world_step_milliseconds'], '.2f')} ms."
    )
    backends = [
        (
            row["backend"],
            _cell(row["stepping"], ",.0f"),
            _cell(row["stepping_ratio"], ".2f"),
            _cell(row["training"], ",.0f"),
            _cell(row["training_ratio"], ".2f"),
        )
        for row in report["backends"]
    ]
    names = list(report["costs"][0]["speedups"])
    costs = [
        (
            str(row["environments_per_worker"]),
            f"{row['cost_milliseconds']:g}",
            *(_cell(row["speedups"][name], ".2f") for name in names),
        )
        for row in report["costs"]
    ]
    break_even = [
        (
            row["backend"],
            str(row["environments_per_worker"]),
            _cell(row["round_trip_milliseconds"], ".2f"),
            _cell(row["cost_milliseconds"], ".3f"),
        )
        for row in report["break_even"]
    ]
    return "\n\n".join(
        (
            setting,
            _table(("workers", "stepping, per s", "ratio", "training, per s", "ratio"), backends),
            "Times as fast as in one process, by the cost of a world's step:",
            _table(("environments per worker", "cost, ms", *names), costs),
            "Workers pay if a world's step costs more than:",
            _table(
                ("workers", "environments per worker", "round trip, ms", "break-even cost, ms"),
                break_even,
            ),
        )
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(interval: Mapping[str, float], form: str) -> str:
    estimate, low, high = (format(interval[key], form) for key in ("estimate", "low", "high"))
    return f"{estimate} ({low} to {high})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path, help="what the benchmark printed with --json")
    parser.add_argument("--page", type=Path, default=PAGE)
    told = parser.parse_args(arguments)
    try:
        report = json.loads(told.report.read_text(encoding="utf-8"))
        page = told.page.read_text(encoding="utf-8")
        if page.count(BEGIN) != 1 or page.count(END) != 1:
            raise GoliveError(f"{told.page}: expected {BEGIN} and {END}, once each")
        text = f"{BEGIN}\n\n{tables(report)}\n\n{END}"
        pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        write_text_atomically(told.page, pattern.sub(lambda _: text, page))
    except (GoliveError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
