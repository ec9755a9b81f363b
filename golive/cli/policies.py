"""``golive policies``: who can decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ..core.errors import GoliveError
from ..core.worlds import DEFAULT_WORLD
from . import completion
from .options import AsJson
from .output import show_json

if TYPE_CHECKING:
    from ..sim.world_kind import WorldKind
    from .world_view import WorldView


def policies(
    *,
    world: Annotated[
        str, Option(help="Name of the world they decide in.", autocompletion=completion.worlds)
    ] = DEFAULT_WORLD,
    static: Annotated[bool, Option("--static", help="List the static policies too.")] = False,
    card: Annotated[bool, Option("--card", help="Print the champion's card instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the policies that have a name; a trained one is named by its path."""
    from ..sim.worlds import world_kind
    from .world_view import view_of

    view = view_of(world_kind(world))
    if card:
        typer.echo(_card(view.kind))
        return
    families = view.family_members()
    rows = list(_named(view))
    if static:
        rows += [(name, word, "golive") for word, names in families.items() for name in names]
    if as_json:
        keys = ("policy", "kind", "package")
        show_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    width = max(len(name) for name, _, _ in rows)
    for name, kind, package in rows:
        whence = "" if package == "golive" else f", from {package}"
        typer.echo(f"{name:<{width}}  {kind}{whence}")
    typer.echo(
        "with lots drawn: noisy:POLICY:EPSILON, and sampled:PATH[:TEMPERATURE] of a trained one: "
        "docs/datasets.md",
        err=True,
    )
    if view.kind.team is not None:
        typer.echo("a team: team:PLAYER, and +ROLE=PLAYER: docs/team-training.md", err=True)
    typer.echo("a bound looks into the world itself and is slow: docs/planner.md", err=True)
    typer.echo("one of your own: package.module:Class", err=True)
    for word, names in families.items():
        if not static and names:
            typer.echo(f"and {len(names)} {word} policies: golive policies --static", err=True)


def _card(kind: WorldKind) -> str:
    """Card of a world's champion, in Markdown.

    Raises:
        GoliveError: the world has none.
    """
    if kind.champion is None:
        raise GoliveError(f"world {kind.name}: no champion comes with it")
    return kind.champion.with_suffix(".md").read_text(encoding="utf-8").rstrip()


def _named(view: WorldView) -> Iterator[tuple[str, str, str]]:
    """Name, kind and package of each.

    Baselines try to win, probes must lose, practice is what is usually done, a champion is the
    best that was trained; a bound sees more than a policy may.
    """
    from ..agents.planner import PLANNER
    from ..agents.registry import CHAMPION

    kind, registry = view.kind, view.kind.registered_policies
    for word, names in (("baseline", kind.baselines), ("probe", kind.probes)):
        if word == "probe":  # what tries neither to win nor to lose stands between them
            for name in registry:
                if name not in (*kind.baselines, *kind.probes, CHAMPION):
                    yield name, "practice", registry.origin(name)
        yield from ((name, word, registry.origin(name)) for name in names)
    if kind.champion is not None:
        yield CHAMPION, "champion", "golive"
    yield PLANNER, "bound", "golive"
