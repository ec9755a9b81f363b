"""The commands that only the implementation world has."""

from __future__ import annotations

import typer

from ..options import expanded, needs
from ..world_view import group_of
from .calibrate import calibrate
from .generate import generate
from .log import app as log_commands
from .mine import mine
from .opponent import app as opponent_commands
from .parameters import parameters
from .plan import app as plan_commands
from .sensitivity import sensitivity
from .team import team
from .tune_expert import tune_expert
from .validate import validate


def add_commands(app: typer.Typer) -> None:
    """Add the commands of the implementation world."""
    for command in (
        parameters,
        validate,
        needs("data")(calibrate),
        needs("data")(sensitivity),
        needs("train")(tune_expert),
        mine,
        needs("team")(team),
    ):
        app.command()(expanded(command))
    app.add_typer(plan_commands, name="plan")
    app.add_typer(opponent_commands, name="opponent")
    app.add_typer(log_commands, name="log")
    group_of(app, "scenario").command()(expanded(generate))
