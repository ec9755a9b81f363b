"""Output of commands: tables and lines, JSON, schemas."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import typer

from ..core.files import json_text
from ..core.tables import Table


def show(*parts: object, narrow: bool = False) -> None:
    """Print tables, narrow ones without space, and lines; no text is taken for rich's markup."""
    from rich.console import Console

    console = Console()
    for part in parts:
        shown = part.to_console(narrow=narrow) if isinstance(part, Table) else part
        console.print(shown, highlight=False, markup=False)


def show_json(content: Any) -> None:
    """Print plain data as JSON."""
    typer.echo(json_text(content, 2))


def show_schema(schema: Any, out: Path | None = None) -> None:
    """Print a JSON Schema, or write it to a file.

    Raises:
        GoliveError: the file cannot be written.
    """
    from ..core.files import write_text_atomically

    if out is None:
        show_json(schema)
    else:
        write_text_atomically(out, f"{json_text(schema, 2)}\n")
        typer.echo(f"Schema: {out}", err=True)


def this_command() -> str:
    """The command that is running, as one would type it."""
    return shlex.join(["golive", *sys.argv[1:]])
