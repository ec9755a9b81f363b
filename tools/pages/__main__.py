"""``python -m tools.pages``: each command fills its page's marks with what was measured."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import run
from golive.core.files import write_bytes_atomically, write_text_atomically

from . import benchmarks, results, scenarios, validation
from .filling import DOCS, REPOSITORY, fill, read_text

CARD = REPOSITORY / "agents" / "implementation" / "champion.md"

app = typer.Typer(no_args_is_help=True, help="Fill pages with what was measured.")


@app.command("scenarios")
def fill_scenarios() -> None:
    """Fill docs/scenarios.md with the fields of scenario files."""
    page = DOCS / "scenarios.md"
    write_text_atomically(page, scenarios.updated(read_text(page)))


@app.command("results")
def fill_results(
    directory: Annotated[Path, typer.Argument(help="What golive evaluate --out wrote.")],
    *,
    command: Annotated[str, typer.Option(help="What makes this folder again.")],
    policy: Annotated[str | None, typer.Option(help="Whom the sentence is about.")] = None,
    by_scenario: Annotated[
        bool, typer.Option("--by-scenario", help="Policies x scenarios.")
    ] = False,
    mark: Annotated[str, typer.Option(help="Between <!-- MARK:begin --> and :end.")] = "results",
    page: Annotated[Path, typer.Option(help="The page.")] = REPOSITORY / "README.md",
) -> None:
    """Fill a page with the results of an evaluation."""
    plan, summary = results.read_summary(directory)
    text = results.results_text(plan, summary, command, policy, by_scenario=by_scenario)
    fill(page, {mark: text})


@app.command("gate")
def fill_gate(
    directories: Annotated[list[Path], typer.Argument(help="Folders that hold report.json.")],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "judge.md",
) -> None:
    """Fill docs/judge.md with reports of the gate, side by side."""
    fill(page, {"gate": results.gate_table(directories).to_markdown()})


@app.command("quality")
def fill_quality(
    directories: Annotated[list[Path], typer.Argument(help="Folders that hold report.json.")],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "quality.md",
) -> None:
    """Fill docs/quality.md with reports of worlds' quality, side by side."""
    fill(page, {"quality": results.quality_text(directories)})


@app.command("validation")
def fill_validation(
    directory: Annotated[Path, typer.Argument(help="What golive validate --out wrote.")],
    sensitivities: Annotated[
        list[str] | None,
        typer.Argument(help="MARK=FOLDER of each golive sensitivity --out."),
    ] = None,
) -> None:
    """Fill docs/validation.md and docs/laws.md."""
    table, laws = validation.validation_texts(directory)
    texts = {"validation": table, "calibration": validation.calibration_text()}
    for given in sensitivities or ():
        name, _, folder = given.partition("=")
        texts[name] = validation.sensitivity_text(Path(folder))
        picture = Path(folder) / "tornado.png"
        if picture.exists() and name == "sensitivity":
            write_bytes_atomically(DOCS / "images" / "tornado.png", picture.read_bytes())
    fill(DOCS / "validation.md", texts)
    fill(DOCS / "laws.md", {"laws": laws})


@app.command("six-weeks")
def fill_six_weeks(
    directory: Annotated[Path, typer.Argument(help="What golive evaluate --out wrote.")],
    *,
    command: Annotated[str, typer.Option(help="What makes this folder again.")],
) -> None:
    """Fill docs/validation.md with what six weeks demand, and who makes them."""
    text = validation.six_weeks_text(directory, command)
    fill(DOCS / "validation.md", {"six-weeks": text})


@app.command("coverage")
def fill_coverage(
    report: Annotated[Path, typer.Argument(help="What benchmarks.coverage --out wrote.")],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "evaluation.md",
) -> None:
    """Fill docs/evaluation.md with how often intervals hold the truth."""
    fill(page, {"coverage": benchmarks.coverage_text(report)})


@app.command("speed")
def fill_speed(
    report: Annotated[Path, typer.Argument(help="What benchmarks.speed --out wrote.")],
    *,
    command: Annotated[str, typer.Option(help="What makes this report again.")],
    mark: Annotated[str, typer.Option(help="Between <!-- MARK:begin --> and :end.")] = "speed",
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "speed.md",
) -> None:
    """Fill docs/speed.md with what steps, resets and trainings cost."""
    fill(page, {mark: benchmarks.speed_text(report, command)})


@app.command("execution")
def fill_execution(
    backends: Annotated[Path, typer.Argument(help="What benchmarks.execution --out wrote.")],
    emulation: Annotated[
        Path | None, typer.Argument(help="Likewise, for the emulation (default: the same).")
    ] = None,
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "scaling.md",
) -> None:
    """Fill docs/scaling.md with what backends cost."""
    fill(page, benchmarks.execution_texts(backends, emulation or backends))


@app.command("backends")
def fill_backends(
    report: Annotated[
        Path, typer.Argument(help="What benchmarks.training_backends --json printed.")
    ],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "training-at-scale.md",
) -> None:
    """Fill docs/training-at-scale.md with what workers give a training."""
    fill(page, {"backends": benchmarks.backends_text(report)})


@app.command("methods")
def fill_methods(
    directory: Annotated[Path, typer.Argument(help="What benchmarks.training_methods wrote.")],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "training.md",
) -> None:
    """Fill docs/training.md with ways to train beside each other."""
    picture = page.parent / benchmarks.METHODS_PICTURE
    write_bytes_atomically(picture, (directory / "curves.png").read_bytes())
    fill(page, {"methods": benchmarks.methods_text(directory)})


@app.command("finding-out")
def fill_finding_out(
    reports: Annotated[
        list[Path], typer.Argument(help="What implementation.finding_out --json printed.")
    ],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = CARD,
) -> None:
    """Fill the champion's card with what it finds out."""
    fill(page, {"finding-out": benchmarks.finding_out_text(reports)})


@app.command("faces")
def fill_faces(
    reports: Annotated[
        list[Path], typer.Argument(help="What benchmarks.faces --json printed, by environment.")
    ],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "faces.md",
) -> None:
    """Fill docs/faces.md with the parity of all faces."""
    fill(page, {"parity": benchmarks.faces_text(reports)})


@app.command("ope")
def fill_ope(
    directory: Annotated[Path, typer.Argument(help="What benchmarks.ope --out wrote.")],
    *,
    page: Annotated[Path, typer.Option(help="The page.")] = DOCS / "offline-evaluation.md",
) -> None:
    """Fill docs/offline-evaluation.md with a benchmark of offline evaluation."""
    text = benchmarks.ope_text(directory)
    target = page.parent / benchmarks.OPE_PICTURE
    target.parent.mkdir(exist_ok=True)
    write_bytes_atomically(target, (directory / "ope-bench.png").read_bytes())
    fill(page, {"ope": text})


if __name__ == "__main__":
    sys.exit(run(app, sys.argv[1:]))
