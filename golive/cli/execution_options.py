"""The options that say where work runs, for commands that take all of them."""

from __future__ import annotations

from typing import Annotated

import typer

from ..core.execution import Backend

WorkersOption = Annotated[int | None, typer.Option(help="Processes (default: one for every core).")]
BackendOption = Annotated[Backend, typer.Option(help="Where episodes run.")]
RayAddressOption = Annotated[
    str | None,
    typer.Option(
        help="Ray cluster to run on, instead of --backend: auto, host:6379 or ray://host:10001."
    ),
]


def chosen_backend(backend: Backend, ray_address: str | None) -> Backend:
    """What the two options mean together: an address asks for Ray."""
    return Backend.RAY if ray_address else backend
