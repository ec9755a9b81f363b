"""``golive migration``: tables of one's own, profiled and mapped."""

from __future__ import annotations

import typer

from ..options import expanded
from .profile import profile


def add_commands(app: typer.Typer) -> None:
    """Add the group of commands for the data migration."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Tables of your own for a data migration: profile them, map their columns.",
    )
    for command in (profile,):
        group.command()(expanded(command))
    app.add_typer(group, name="migration")
