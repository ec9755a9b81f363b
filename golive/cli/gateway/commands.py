"""``golive gateway``: the agents behind the gateway and the workflows of those over the CRM."""

from __future__ import annotations

import typer

from ..options import expanded
from .crm import agents, history, run


def add_commands(app: typer.Typer) -> None:
    """Add the group of commands for the gateway."""
    group = typer.Typer(
        no_args_is_help=True,
        help="The agents behind the gateway, and workflows of those over the CRM database.",
    )
    for command in (run, history, agents):
        group.command()(expanded(command))
    app.add_typer(group, name="gateway")
