"""Put what was measured into docs/scaling.md, so that no table is typed.

``python tools/update_scaling_page.py BACKENDS.json [EMULATION.json]`` takes what ``golive bench
execution --out`` wrote; the second file, if there is one, gives the emulation.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pages import placed

from golive.core.files import write_text_atomically
from golive.trainers.benchmark.execution import EmulationRow, ExecutionReport, ExecutionRow
from golive.trainers.benchmark.execution_tables import emulation_markdown, execution_markdown
from golive.trainers.evaluation.statistics import Interval

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scaling.md"


def read_report(path: Path) -> ExecutionReport:
    """A report as ``golive bench execution --out`` wrote it."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        ExecutionRow(**{**row, **{name: Interval(**row[name]) for name in _INTERVALS}})
        for row in document["rows"]
    ]
    emulated = [EmulationRow(**row) for row in document["emulated"]]
    return ExecutionReport(**{**document, "rows": tuple(rows), "emulated": tuple(emulated)})


_INTERVALS = ("seconds", "speedup", "overhead")


def main(arguments: list[str]) -> int:
    """Fill the page."""
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    report = read_report(Path(arguments[0]))
    emulation = read_report(Path(arguments[-1]))
    counts = ",".join(str(count) for count in sorted({row.workers for row in report.rows} - {1}))
    emulated = ",".join(str(row.workers) for row in emulation.emulated)
    nodes = max((row.nodes for row in emulation.emulated), default=1)
    head = (
        f"{report.episodes} episodes of {report.scenario} by {report.policy} per call, "
        f"{report.repetitions} calls of each backend in turns, {report.cores} cores; "
        "95 % intervals.\n\n"
        f"```console\n$ golive bench execution --episodes {report.episodes} --repetitions "
        f"{report.repetitions} --workers {counts} --emulate {emulated} --nodes {nodes}\n```\n\n"
    )
    text = placed(PAGE.read_text(encoding="utf-8"), "execution", head + execution_markdown(report))
    cores = f"On a machine of {emulation.cores} cores.\n\n"
    text = placed(text, "emulation", cores + emulation_markdown(emulation))
    write_text_atomically(PAGE, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
