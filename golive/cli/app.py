"""The ``golive`` command line: its frame, and where the commands are put together.

Command modules import what they need inside their functions, so that ``golive --help`` answers
at once; see ``exits`` for what an error looks like.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from .bench import register as register_bench
from .cache import app as cache_commands
from .dataset import app as dataset_commands
from .demo import demo
from .evaluate import evaluate
from .exits import FINE, code_of
from .gate import gate
from .implementation.calibrate import calibrate
from .implementation.log import app as log_commands
from .implementation.mine import mine
from .implementation.opponent import app as opponent_commands
from .implementation.parameters import parameters
from .implementation.plan import app as plan_commands
from .implementation.sensitivity import sensitivity
from .implementation.validate import validate
from .learn import learn
from .ope import ope, ope_bench
from .policies import policies
from .record import record
from .scenario import app as scenario_commands
from .simulate import simulate
from .train import train
from .tune import tune


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands after ``golive``.

    Returns:
        The exit code; errors have been printed to stderr.
    """
    command = _command()
    try:
        with command.make_context("golive", list(arguments)) as context:
            command.invoke(context)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return code_of(error)
    return FINE


@cache
def _command() -> Any:
    """The application as it runs; made once, because reading all options takes a while."""
    return typer.main.get_command(build())


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        name="golive",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_golive)
    for command in (train, tune, learn, evaluate, gate, simulate, demo, policies, parameters):
        app.command()(command)
    for believed in (validate, calibrate, sensitivity, mine):
        app.command()(believed)
    for recorded in (record, ope):
        app.command()(recorded)
    app.command("ope-bench")(ope_bench)
    app.add_typer(dataset_commands, name="dataset")
    app.add_typer(scenario_commands, name="scenario")
    app.add_typer(plan_commands, name="plan")
    app.add_typer(opponent_commands, name="opponent")
    app.add_typer(log_commands, name="log")
    app.add_typer(cache_commands, name="cache")
    register_bench(app)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"golive {__version__}")
        raise typer.Exit


def _golive(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Train AI agents to take an ERP system live, in simulated implementations."""
