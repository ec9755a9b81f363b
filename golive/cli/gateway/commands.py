"""``golive gateway``: the agents behind the gateway and the workflows of those over the CRM."""

from __future__ import annotations

import typer

from ..options import expanded, needs
from .crm import agents, history, run
from .dashboard import dashboard
from .experiment import experiment


def add_commands(app: typer.Typer) -> None:
    """Add the group of commands for the gateway."""
    group = typer.Typer(
        no_args_is_help=True,
        help="The gateway's agents, workflows over the CRM database, and routers compared.",
    )
    for command in (run, history, agents, experiment, needs("plots")(dashboard)):
        group.command()(expanded(command))
    app.add_typer(group, name="gateway")
