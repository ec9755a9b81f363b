"""Groups of commands, to which worlds add commands of their own."""

from __future__ import annotations

import typer


def group_of(app: typer.Typer, name: str) -> typer.Typer:
    """The group of commands of this name, such as ``scenario``.

    Raises:
        KeyError: there is none.
    """
    for group in app.registered_groups:
        if group.name == name and group.typer_instance is not None:
            return group.typer_instance
    raise KeyError(name)
