"""``golive migration``: tables of one's own, profiled and mapped."""

from __future__ import annotations

import typer

from ..options import expanded
from .learn import learn_mappings
from .map import map_columns
from .profile import profile


def add_commands(app: typer.Typer) -> None:
    """Add the group of commands for the data migration."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Tables of your own for a data migration: profile them, map their columns.",
    )
    group.command()(expanded(profile))
    group.command("map")(expanded(map_columns))
    group.command("learn")(expanded(learn_mappings))
    app.add_typer(group, name="migration")
