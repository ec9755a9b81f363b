"""Put reports of the gate side by side into docs/judge.md, so that no figure is typed by hand.

``python tools/update_gate_table.py gate-robust gate-expert`` renders the criteria of the
``report.json`` in each folder between ``<!-- gate:begin -->`` and ``<!-- gate:end -->``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from golive.core.errors import GoliveError
from golive.core.files import write_text_atomically
from golive.trainers.evaluation import read_gate_report, seal_holds

PAGE = Path(__file__).resolve().parent.parent / "docs" / "judge.md"
BEGIN, END = "<!-- gate:begin -->", "<!-- gate:end -->"


def gate_table(reports: Sequence[dict[str, Any]]) -> str:
    """Criteria x policies, each with estimate, interval and verdict, in Markdown."""
    labels = [str(report["policy"]["name"]) for report in reports]
    lines = ["| criterion | required | " + " | ".join(labels) + " |"]
    lines.append("|---|---|" + "---|" * len(reports))
    for index, criterion in enumerate(reports[0]["criteria"]):
        cells = [criterion["title"], criterion["words"]["requirement"]]
        for report in reports:
            row = report["criteria"][index]
            words = row["words"]
            span = f"{words['estimate']} ({words['low']} to {words['high']})"
            cells.append(f"{span}: {row['verdict']}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directories", nargs="+", type=Path, help="folders that hold report.json")
    parser.add_argument("--page", type=Path, default=PAGE)
    told = parser.parse_args(arguments)
    try:
        reports = [read_gate_report(folder / "report.json") for folder in told.directories]
        for folder, report in zip(told.directories, reports, strict=True):
            if not seal_holds(report):
                raise GoliveError(f"{folder}: the report's seal is broken")
        page = told.page.read_text(encoding="utf-8")
        if page.count(BEGIN) != 1 or page.count(END) != 1:
            raise GoliveError(f"{told.page}: expected {BEGIN} and {END}, once each")
        text = f"{BEGIN}\n\n{gate_table(reports)}\n\n{END}"
        pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        write_text_atomically(told.page, pattern.sub(lambda _: text, page))
    except GoliveError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
