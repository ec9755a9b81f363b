"""``golive mcp``: a world as a server of the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from typer import Option

from ..core.worlds import DEFAULT_WORLD
from .options import RewardOption, ScenarioOption, SplitOption, WorldOption, writable_directory


def mcp(
    *,
    world: WorldOption = DEFAULT_WORLD,
    scenario: ScenarioOption = None,
    split: SplitOption = "train",
    reward: RewardOption = None,
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
