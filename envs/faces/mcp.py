"""A world as a server of the Model Context Protocol; mcp 1.30 and 2.3.

The server lists a world's tool table as it is and answers calls by it, so that what is wrong with
one is said by the world and counted, not by the framework.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from ...core.extras import require
from ...core.worlds import DEFAULT_WORLD
from ...sim.tool_table import Tool, ToolKind
from ...sim.world_kind import WorldKind
from ..tool_session import ToolSession
from .episodes import BEGIN, Episodes

Transport = Literal["stdio", "http"]
_EPISODE = {
    "type": "string",
    "description": f"Key that {BEGIN.name} gave; if it is left out, the connection's own episode.",
}


def mcp_server(
    scenario: str | None = None,
    *,
    world: str | WorldKind = DEFAULT_WORLD,
    folder: Path | None = None,
    **arguments: Any,
) -> Any:
    """A server that plays episodes of a world.

    Each connection has its own episode (over stdio the process, over HTTP the transport's session),
    and any call may name another one by its key, for clients whose transport has no sessions.

    Args:
        scenario: what is simulated; None: the world's first.
        world: its name or record.
        folder: where episodes are kept, so that they outlive the server; None: nowhere.
        arguments: of ``ToolSession``, such as ``split`` or ``reward``.

    Returns:
        A ``FastMCP`` of mcp 1, or an ``MCPServer`` of mcp 2; ``serve`` runs it.

    Raises:
        MissingExtraError: mcp is not installed.
        GoliveError: an argument is wrong.
    """
    require("mcp")

    def make() -> ToolSession:
        return ToolSession(scenario, world=world, **arguments)

    episodes = Episodes(make, folder)
    return _server_class()(episodes)


def serve(
    server: Any, transport: Transport = "stdio", host: str = "127.0.0.1", port: int = 8000
) -> None:
    """Serve until the client goes away (stdio) or the process is ended (HTTP, at ``/mcp``)."""
    if transport == "stdio":
        server.run("stdio")
    elif hasattr(server, "settings") and hasattr(server.settings, "host"):  # mcp 1
        server.settings.host, server.settings.port = host, port
        server.run("streamable-http")
    else:
        server.run("streamable-http", host=host, port=port)


def _server_class() -> type[Any]:
    base, types = _framework()

    class WorldServer(base):  # type: ignore[misc, valid-type]
        """The framework's server, with its two handlers of tools answered by the table."""

        def __init__(self, episodes: Episodes) -> None:
            super().__init__("golive", instructions=episodes.instructions, log_level="WARNING")
            self.episodes = episodes
            self._own: dict[str, str] = {}

        async def list_tools(self) -> list[Any]:
            """The tool table."""
            return [types.Tool.model_validate(_listed(tool)) for tool in self.episodes.tools]

        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            """Answer a call; one that was refused is marked as an error for the model to mend."""
            if context is None and hasattr(self, "get_context"):  # mcp 1
                context = self.get_context()
            connection = _connection(context)
            given = dict(arguments)
            named = given.pop("episode", None)
            own = None if connection is None else self._own.get(connection)
            key, answer = self.episodes.call(own if named is None else str(named), name, given)
            if name == BEGIN.name and key and connection is not None:
                self._own[connection] = key
            told = {
                "episode": key,
                "reward": answer.reward,
                "decisions": len(answer.rewards),
                "terminated": answer.terminated,
                "refused": bool(answer.refused),
            }
            result = {
                "content": [{"type": "text", "text": answer.text}],
                "structuredContent": told,
                "isError": bool(answer.refused),
            }
            return types.CallToolResult.model_validate(result)

    return WorldServer


def _framework() -> tuple[type[Any], Any]:
    """The server class and the types of the mcp that is installed."""
    from importlib import import_module

    types = import_module("mcp.types")
    try:
        return import_module("mcp.server.fastmcp").FastMCP, types
    except ModuleNotFoundError:  # mcp 2
        return import_module("mcp.server.mcpserver").MCPServer, types


def _connection(context: Any) -> str | None:
    """Name of the connection that a request came by: empty for stdio, None if HTTP has no session.

    From mcp 2 on a client may talk HTTP without sessions; its calls name their episodes.
    """
    try:
        request = None if context is None else context.request_context.request
    except (ValueError, LookupError):  # called in the same process, as without a context in mcp 2
        return ""
    if request is None:
        return ""
    headers: Mapping[str, str] = request.headers
    return headers.get("mcp-session-id")


def _listed(tool: Tool) -> dict[str, Any]:
    schema = tool.parameters
    if tool is not BEGIN:
        schema["properties"]["episode"] = _EPISODE
    return {
        "name": tool.name,
        "description": tool.description,
        "inputSchema": schema,
        "annotations": {"readOnlyHint": tool.kind is ToolKind.LOOK, "openWorldHint": False},
    }
