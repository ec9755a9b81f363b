"""An environment of OpenEnv as a server, with OpenEnv's own routes and web interface."""

from __future__ import annotations

import os
import socket
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


def serve(app: Any, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve an application until the process is ended.

    Raises:
        GoliveError: nothing can listen there, as when the port is taken.
    """
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", ws_per_message_deflate=False)
    with _listening(host, port) as listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; made here, so that what is wrong is told in one line."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        expected = "expected an address of this machine and a free port"
        raise GoliveError(f"{host}:{port}: {reason(error)}: {expected}") from None
    return listener
