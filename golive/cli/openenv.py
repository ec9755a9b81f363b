"""``golive openenv``: a world as an environment of OpenEnv."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from ..core.worlds import DEFAULT_WORLD
from . import completion
from .options import (
    RewardOption,
    ScenarioOption,
    SplitOption,
    WorldOption,
    needs,
    writable_directory,
)

app = typer.Typer(
    help="A world as an environment of OpenEnv: served, or written as a package.",
    no_args_is_help=True,
)


@app.command()
def init(
    *,
    world: WorldOption = DEFAULT_WORLD,
    scenario: Annotated[
        str | None,
        Option(
            help="Scenario by name (default: the world's first).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    reward: Annotated[
        str | None,
        Option(help="What is paid, a preset with bounds (default: the first that has them)."),
    ] = None,
    out: Annotated[
        Path | None, Option(help="Folder, new or empty (default: golive_SCENARIO).")
    ] = None,
) -> None:
    """Write a world's package as `openenv init` lays one out."""
    from ..envs.faces.openenv_package import write_package

    typer.echo(f"Wrote {write_package(out, scenario, world=world, reward=reward)}")


@app.command()
@needs("openenv")
def serve(
    *,
    world: WorldOption = DEFAULT_WORLD,
    scenario: ScenarioOption = None,
    split: SplitOption = "train",
    reward: RewardOption = None,
    host: Annotated[str, Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
    sessions: Annotated[int, Option(min=1, max=10_000, help="Connections at once.")] = 64,
    store: Annotated[
        Path | None,
        Option(callback=writable_directory, help="Folder in which episodes outlive the server."),
    ] = None,
    web: Annotated[bool, Option("--web", help="Also serve the page to play on, at /web.")] = False,
) -> None:
    """Serve a world to OpenEnv's clients, at ws://HOST:PORT/ws."""
    from ..envs.faces.openenv import world_environment
    from ..envs.faces.openenv_server import serve as serve_app
    from ..envs.faces.openenv_server import world_app
    from ..envs.faces.openenv_wire import package_name

    made = world_environment(scenario, world=world, split=split, reward=reward, store=store)
    name = package_name(made.scenario)
    served = world_app(made, name, sessions=sessions, web=web or None)
    note = f"{name} at http://{host}:{port}{'/web/' if web else ''}; Ctrl-C ends it"
    serve_app(served, host, port, lambda: typer.echo(note, err=True))
