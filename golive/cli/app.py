"""The ``golive`` command line: its frame, and where the commands are put together.

Command modules import what they need inside their functions, so that ``golive --help`` answers
at once; see ``exits`` for what an error looks like.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer import Option

from ..core.registry import load_place
from ..sim.worlds import world_kind, world_names
from .bench import app as bench_commands
from .cache import app as cache_commands
from .crossplay import crossplay
from .dataset import app as dataset_commands
from .demo import demo
from .evaluate import evaluate
from .exits import FINE, code_of
from .export import export
from .gate import gate
from .learn import learn
from .mcp import mcp
from .ope import ope
from .openenv import app as openenv_commands
from .options import expanded, needs, quietable
from .play import play
from .policies import policies
from .record import record
from .scenario import app as scenario_commands
from .simulate import simulate_command, world_options
from .train import train
from .tune import tune
from .world_view import WorldView, view_of
from .worlds import check_world, worlds

_NAME = "golive"
_GROUPS = (
    "golive.cli.migration.commands:add_commands",
    "golive.cli.gateway.experiment:add_commands",  # after what else makes the gateway's group
)
"""Places of commands of worlds beside what every world has."""


def run(arguments: Sequence[str]) -> int:
    """Run the command of these arguments, those after ``golive``; gives the exit code.

    Errors have been printed to stderr.
    """
    command = _command()
    if f"_{_NAME.upper()}_COMPLETE" in os.environ:  # a shell asks; never returns
        command._main_shell_completion(ctx_args={}, prog_name=_NAME)
    try:
        with command.make_context(_NAME, list(arguments)) as context:
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
    """Make the application with all its commands, those of each installed world included."""
    app = typer.Typer(
        name=_NAME,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_golive)
    views = _installed_views()
    commands: list[Callable[..., None]] = [
        needs("train")(train),
        needs("train", "ray")(tune),
        needs("train", "data")(learn),
        evaluate,
        needs("team")(crossplay),
        gate,
        simulate_command(views),
        play,
        needs("mcp")(mcp),
        export,
        needs("train", "plots")(demo),
        worlds,
        check_world,
        policies,
        needs("data")(record),
        needs("data")(ope),
    ]
    for command in commands:
        app.command()(expanded(command))
    app.add_typer(scenario_commands, name="scenario")
    app.add_typer(dataset_commands, name="dataset")
    app.add_typer(cache_commands, name="cache")
    app.add_typer(bench_commands, name="bench")
    app.add_typer(openenv_commands, name="openenv")
    for place in _GROUPS:
        load_place(place)(app)
    for view in views:
        _add_commands(app, view)
    _let_be_quiet(app)
    return app


def _let_be_quiet(app: typer.Typer) -> None:
    """Give every command the option --quiet."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.callback = quietable(command.callback)
    own = app.registered_callback
    if own is not None and own.callback is not None and app.info.invoke_without_command is True:
        own.callback = quietable(own.callback)  # such as bench, which works by itself
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _let_be_quiet(group.typer_instance)


def _installed_views() -> list[WorldView]:
    """The worlds that can be loaded; others are told, and do not break these."""
    views = []
    for name in world_names():
        try:
            view = view_of(world_kind(name))
            world_options(view)
            views.append(view)
        except Exception as error:  # another package's code: whatever it raises is told
            _warn(name, error)
    return views


def _add_commands(app: typer.Typer, view: WorldView) -> None:
    if not view.kind.commands:
        return
    try:
        load_place(view.kind.commands)(app)
    except Exception as error:  # likewise
        _warn(view.kind.name, error)


def _warn(world: str, error: Exception) -> None:
    line = " ".join(f"{type(error).__name__}: {error}".split())
    typer.echo(f"warning: world {world!r} is left out: {line}", err=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        from .. import __version__
        from ..core.compiled import is_compiled

        typer.echo(f"golive {__version__}{' (compiled)' if is_compiled() else ''}")
        raise typer.Exit


def _golive(
    version: Annotated[
        bool, Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Train AI agents to take an ERP system live, in simulated implementations."""
