"""``golive worlds`` and ``golive check-world``: which worlds there are, and do they hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from typer import Argument, Option

from ..core.tables import Column, Table, right
from . import completion
from .exits import JUDGED_FAILED
from .options import AsJson
from .output import show, show_json


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
    seeds: Annotated[int, Option(min=1, help="Episodes' seeds that are tried.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Check that a world keeps the promises of the world protocol; exit with 1 if it does not."""
    from ..scenarios.loader import load_scenario
    from ..sim.check_world import check_world as run_checks
    from ..sim.worlds import world_kind

    kind = world_kind(name)
    chosen = None if scenario is None else load_scenario(scenario)
    findings = run_checks(kind, chosen, seeds=seeds)
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
