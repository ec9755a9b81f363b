"""``golive mcp``: a world as a server of the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from typer import Option

from ..core.worlds import DEFAULT_WORLD
from . import completion
from .options import writable_directory


def mcp(
    *,
    world: Annotated[
        str, Option(help="Name of the world.", autocompletion=completion.worlds)
    ] = DEFAULT_WORLD,
    scenario: Annotated[
        str | None,
        Option(
            help="Scenario by name or file (default: the world's first).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    split: Annotated[
        str, Option(help="Whose seeds episodes have: train, validation or test.")
    ] = "train",
    reward: Annotated[
        str | None, Option(help="What is paid, a preset (default: the world's first).")
    ] = None,
    transport: Annotated[
        Literal["stdio", "http"], Option(help="Standard input and output, or streamable HTTP.")
    ] = "stdio",
    host: Annotated[str, Option(help="Address that HTTP listens on.")] = "127.0.0.1",
    port: Annotated[int, Option(min=1, max=65_535, help="Port that HTTP listens on.")] = 8000,
    store: Annotated[
        Path | None,
        Option(callback=writable_directory, help="Folder in which episodes outlive the server."),
    ] = None,
) -> None:
    """Serve a world's tools to language models, over stdio or at http://HOST:PORT/mcp."""
    from ..envs.faces.mcp import mcp_server, serve

    server = mcp_server(scenario, world=world, folder=store, split=split, reward=reward)
    serve(server, transport, host, port)
