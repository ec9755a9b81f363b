"""``golive migration``: tables of one's own; the result of a simulated migration carried on."""

from __future__ import annotations

import typer

from ..options import expanded
from .feed import feed
from .learn import learn_mappings
from .map import map_columns
from .profile import profile


def add_commands(app: typer.Typer) -> None:
    """Add the group of commands for the data migration."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Tables of your own for a data migration: profile them, map their columns; and the "
        "result of a simulated one, for the same customer's implementation.",
    )
    group.command()(expanded(profile))
    group.command("map")(expanded(map_columns))
    group.command("learn")(expanded(learn_mappings))
    group.command()(expanded(feed))
    app.add_typer(group, name="migration")
