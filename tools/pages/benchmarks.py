"""Pages about what benchmarks measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.coverage import NOTE, CoverageReport, coverage_tables
from benchmarks.execution_report import ExecutionReport, emulation_table, execution_table
from benchmarks.faces import FaceRow, faces_table
from benchmarks.implementation.finding_out import FindingOut, bought_line, finding_out_table
from benchmarks.speed_report import SpeedBenchmark, speed_lines, speed_tables
from benchmarks.training_backends_report import TrainingBackendsReport, tables
from benchmarks.training_methods import MethodReport, methods_table

from .filling import as_type, console, read_json, read_text

METHODS_PICTURE = Path("images") / "training-methods.png"
OPE_PICTURE = Path("images") / "ope-bench.png"


def execution_texts(backends: Path, emulation: Path) -> dict[str, str]:
    """Blocks of what ``benchmarks.execution --out`` wrote, the emulation from a second file."""
    report = as_type(ExecutionReport, read_json(backends), backends)
    emulated = as_type(ExecutionReport, read_json(emulation), emulation)
    counts = ",".join(map(str, sorted({row.workers for row in report.rows} - {1})))
    waiting = ",".join(str(row.workers) for row in emulated.emulated)
    nodes = max((row.nodes for row in emulated.emulated), default=1)
    command = (
        f"python -m benchmarks.execution --episodes {report.episodes} --repetitions "
        f"{report.repetitions} --workers {counts} --emulate {waiting} --nodes {nodes}"
    )
    table = execution_table(report, "").to_markdown()
    where = f"On a machine of {emulated.cores} cores."
    return {
        "execution": f"{report.setting}; 95 % intervals.\n\n{console(command)}\n\n{table}",
        "emulation": f"{where}\n\n{emulation_table(emulated, '').to_markdown()}",
    }


def backends_text(path: Path) -> str:
    """The tables of what ``benchmarks.training_backends --json`` printed."""
    report = as_type(TrainingBackendsReport, read_json(path), path)
    return "\n\n".join(table.to_markdown() for table in tables(report))


def speed_text(path: Path, command: str) -> str:
    """The command, the tables and the lines of what ``benchmarks.speed --out`` wrote."""
    report = as_type(SpeedBenchmark, read_json(path), path)
    tables = [table.to_markdown() for table in speed_tables(report)]
    lines = "\n".join(speed_lines(report))
    return "\n\n".join([f"{report.setting}.", console(command), *tables, lines])


def coverage_text(path: Path) -> str:
    """The command and the tables of what ``benchmarks.coverage --out`` wrote."""
    report = as_type(CoverageReport, read_json(path), path)
    command = f"python -m benchmarks.coverage --samples {report.samples} --out coverage.json"
    tables = [table.to_markdown() for table in coverage_tables(report)]
    return "\n\n".join([console(command), NOTE, *tables])


def methods_text(directory: Path) -> str:
    """The table of what ``benchmarks.training_methods --out`` wrote."""
    path = directory / "report.json"
    return methods_table(as_type(MethodReport, read_json(path), path)).to_markdown()


def finding_out_text(paths: Sequence[Path]) -> str:
    """Tables of what ``benchmarks.implementation.finding_out --json`` printed, one a scenario."""
    found = [as_type(FindingOut, read_json(path), path) for path in paths]
    parts = [[finding_out_table(one).to_markdown(), bought_line(one)] for one in found]
    return "\n\n".join(part for pair in parts for part in pair)


def faces_text(paths: Sequence[Path]) -> str:
    """A table of what ``benchmarks.faces --json`` printed in the environments of several faces."""
    rows: dict[str, FaceRow] = {}
    for path in paths:
        for content in read_json(path):
            row = as_type(FaceRow, content, path)
            rows.setdefault(row.face, row)
    return faces_table(list(rows.values()), "").to_markdown()


def ope_text(directory: Path) -> str:
    """The command, the summary, the picture and, folded away, every policy."""
    command = read_json(directory / "ope-bench.json")["command"]
    summary, _, cells = read_text(directory / "ope-bench.md").strip().partition("\n\n")
    return (
        f"{console(command)}\n\n{summary}\n\n"
        f"![Estimates against true values]({OPE_PICTURE.as_posix()})\n\n"
        f"<details><summary>Policy by policy</summary>\n\n{cells}\n\n</details>"
    )
