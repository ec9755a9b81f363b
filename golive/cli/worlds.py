"""``golive worlds`` and ``golive check-world``: which worlds there are, and do they hold."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ..core.files import prepare_output_directory
from ..core.tables import Column, Table, right
from . import completion
from .exits import JUDGED_FAILED
from .options import AsJson, given_options, option, option_record, refuse, writable_directory
from .output import show, show_json, this_command

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..sim.world_kind import WorldKind


@option_record
class QualityBar:
    """Options of the quality bar."""

    quality: bool = option(False, "Hold it against the quality bar of RFC 008.", "--quality")
    episodes: int = option(100, "With --quality: episodes that policies are compared on.", min=2)
    oracle: str | None = option(
        None,
        "With --quality: policy that stands for the maximum (default: the world's expert).",
        autocompletion=completion.policies,
    )
    out: Path | None = option(
        None,
        "With --quality: directory for report.json and report.html.",
        callback=writable_directory,
    )


def worlds(*, as_json: AsJson = False) -> None:
    """List the worlds that are installed."""
    from ..core.errors import GoliveError
    from ..core.worlds import WORLDS

    rows = []
    for name in WORLDS:
        try:
            rows.append(_row(name))
        except GoliveError as error:
            typer.echo(f"warning: {error}", err=True)
    if as_json:
        show_json(rows)
        return
    cells = [
        (
            row["world"],
            row["environment"],
            row["package"],
            len(row["scenarios"]),
            len(row["policies"]),
        )
        for row in rows
    ]
    whole = (Column("world", wraps=False), Column("environment", wraps=False))
    counts = (right("scenarios"), right("policies"))
    titles = [f"{row['world']}: {row['title']}" for row in rows]
    show(Table("", (*whole, "package", *counts), cells, titles))


def check_world(
    name: Annotated[str, Argument(help="Name of the world.", autocompletion=completion.worlds)],
    *,
    scenario: Annotated[
        str | None,
        Option(
            help="Scenario that is played, by name or file (default: the world's first).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    seeds: Annotated[int | None, Option(min=1, help="Episodes' seeds that are tried (3).")] = None,
    bar: QualityBar,
    as_json: AsJson = False,
) -> None:
    """Check that a world keeps the promises of the world protocol; exit with 1 if it does not.

    With --quality: hold it against the quality bar of RFC 008 of OpenEnv.
    """
    from ..scenarios.loader import load_scenario
    from ..sim.worlds import world_kind

    kind = world_kind(name)
    chosen = None if scenario is None else load_scenario(scenario)
    if bar.quality:
        refuse({"--seeds": seeds}, "is not of --quality: expected --episodes")
        _judge_quality(kind, chosen, bar, as_json)
        return
    refuse(given_options(bar), "expected --quality with it")
    _check_promises(kind, chosen, 3 if seeds is None else seeds, as_json)


def _check_promises(kind: WorldKind, scenario: Scenario | None, seeds: int, as_json: bool) -> None:
    from ..sim.check_world import check_world as run_checks

    findings = run_checks(kind, scenario, seeds=seeds)
    failed = sum(not finding.passed for finding in findings)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        rows = [
            (finding.name, "passed" if finding.passed else "FAILED", finding.detail)
            for finding in findings
        ]
        title = f"World {kind.name}: {len(findings) - failed} of {len(findings)} checks passed"
        show(Table(title, ("check", "verdict", "detail"), rows))
    if failed:
        raise typer.Exit(JUDGED_FAILED)


def _judge_quality(
    kind: WorldKind, scenario: Scenario | None, bar: QualityBar, as_json: bool
) -> None:
    from ..trainers.evaluation.progress import phase_bars
    from ..trainers.quality import (
        judge_quality,
        quality_report,
        quality_table,
        write_quality_report,
    )

    with phase_bars() as progress:
        result = judge_quality(kind, scenario, bar.episodes, oracle=bar.oracle, progress=progress)
    report = quality_report(result, this_command())
    if as_json:
        show_json(report)
    else:
        show(quality_table(report))
    if bar.out is not None:
        page = write_quality_report(report, prepare_output_directory(bar.out))
        typer.echo(f"Report: {page}", err=True)
    if not result.passed:
        raise typer.Exit(JUDGED_FAILED)


def _row(name: str) -> dict[str, Any]:
    from ..core.worlds import WORLDS
    from ..scenarios.loader import load_scenario, scenario_names
    from ..sim.worlds import world_kind

    kind = world_kind(name)
    return {
        "world": name,
        "title": kind.title,
        "environment": kind.environment,
        "package": WORLDS.origin(name),
        "scenarios": [one for one in scenario_names() if load_scenario(one).world == name],
        "policies": list(kind.registered_policies.names()),
    }
