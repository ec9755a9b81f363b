"""An environment for OpenEnv as a server, with OpenEnv's own routes and web interface."""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Callable
from typing import Any

from ...core.errors import GoliveError
from ...core.extras import require
from ...core.files import reason

MOST_SESSIONS = 64
"""Connections at once, unless something else is said."""


def world_app(
    environment: type[Any], name: str, *, sessions: int = MOST_SESSIONS, web: bool | None = None
) -> Any:
    """The FastAPI application of an environment that ``world_environment`` made.

    Args:
        environment: the class.
        name: under which the routes of its tasks are.
        sessions: connections at once.
        web: whether ``/web`` has the page to play on; None: as the variable
            ``ENABLE_WEB_INTERFACE`` says.

    Raises:
        MissingExtraError: openenv is not installed.
    """
    require("openenv")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # else /web tells others of itself
    from fastapi import Request
    from fastapi.responses import JSONResponse
    from openenv.core.env_server import create_app, create_web_interface_app

    create = create_web_interface_app if web else create_app
    app = create(
        environment,
        environment.action_class,
        environment.observation_class,
        env_name=name,
        max_concurrent_envs=sessions,
        state_cls=environment.state_class,
    )

    async def told(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=400)

    app.add_exception_handler(GoliveError, told)
    return app


def serve(
    app: Any,
    host: str = "127.0.0.1",
    port: int = 8000,
    listening: Callable[[], None] = lambda: None,
) -> None:
    """Serve an application until the process is ended.

    Args:
        app: of ``world_app``.
        host: address to listen on.
        port: likewise.
        listening: called once the port is ours.

    Raises:
        GoliveError: nothing can listen there, as when the port is taken.
    """
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", ws_per_message_deflate=False)
    with _listener(host, port) as listener:
        listening()
        uvicorn.Server(config).run(sockets=[listener])


def serve_arguments(app: Any) -> None:
    """Serve at the address that the process's own arguments say: what a package's script does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    told = parser.parse_args()
    try:
        serve(app, told.host, told.port)
    except GoliveError as error:
        parser.error(str(error))


def _listener(host: str, port: int) -> socket.socket:
    """A socket that listens; made here, so that what is wrong is told in one line."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        try:
            if os.name == "posix":  # after a server that was killed; elsewhere it means stealing
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        expected = "expected an address of this machine and a free port"
        why = reason(error) if isinstance(error, OSError) else "no such port"
        raise GoliveError(f"{host}:{port}: {why}: {expected}") from None
    return listener
