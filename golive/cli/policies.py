"""``golive policies``: who can decide."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def policies(
    *,
    static: Annotated[bool, typer.Option("--static", help="List the static policies too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the policies that have a name; a trained one is named by its path."""
    kinds = _names_by_kind()
    hidden = 0 if static else len(kinds.pop("static"))
    if as_json:
        rows = [{"policy": name, "kind": kind} for kind, names in kinds.items() for name in names]
        typer.echo(json.dumps(rows, indent=2))
        return
    for kind, names in kinds.items():
        for name in names:
            typer.echo(f"{name:<{_width(kinds)}}  {kind}")
    typer.echo(
        "with lots drawn: noisy:POLICY:EPSILON, and sampled:PATH[:TEMPERATURE] of a trained one: "
        "docs/datasets.md",
        err=True,
    )
    typer.echo("a bound looks into the world itself and is slow: docs/planner.md", err=True)
    if hidden:
        typer.echo(f"and {hidden} static policies: golive policies --static", err=True)


def _names_by_kind() -> dict[str, tuple[str, ...]]:
    """Baselines try to win, practice is what firms do, probes must lose, static ones never adapt.

    A bound sees more than a policy may.
    """
    from ..agents.implementation.static import static_policies
    from ..agents.planner import PLANNER
    from ..agents.registry import baseline_names, practice_names, probe_names

    return {
        "baseline": baseline_names(),
        "practice": practice_names(),
        "probe": probe_names(),
        "bound": (PLANNER,),
        "static": tuple(policy.name for policy in static_policies()),
    }


def _width(kinds: dict[str, tuple[str, ...]]) -> int:
    return max(len(name) for names in kinds.values() for name in names)
