"""Output of commands: tables and lines, JSON, schemas."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from ..core.files import json_text
from ..core.tables import Table

if TYPE_CHECKING:
    from rich.console import Console

_loud: list[IO[str]] = []
"""Streams on which complaints are heard while everything else on stderr is not."""


def show(*parts: object, narrow: bool = False) -> None:
    """Print tables, narrow ones without space, and lines; no text is taken for rich's markup."""
    console = standard_console()
    for part in parts:
        shown = part.to_console(narrow=narrow) if isinstance(part, Table) else part
        console.print(shown, highlight=False, markup=False)


def standard_console() -> Console:
    """Console on stdout; a reader that goes away is met as anywhere, not by an exit code of 1."""
    from rich.console import Console

    class Standard(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Standard()


def show_json(content: Any) -> None:
    """Print plain data as JSON."""
    typer.echo(json_text(content, 2))


def show_result(as_json: bool, content: Mapping[str, Any], *lines: str) -> None:
    """Print a result: the lines that say it, or its content as JSON."""
    if as_json:
        show_json(content)
        return
    for line in lines:
        typer.echo(line)


def complain(text: str) -> None:
    """Say on stderr why the exit code will not be 0, with --quiet too."""
    typer.echo(text, file=_loud[-1] if _loud else sys.stderr)


@contextmanager
def silence() -> Iterator[None]:
    """Let nothing be heard on stderr within but complaints: no notes, warnings or progress."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        _loud.append(sys.stderr)
        try:
            with redirect_stderr(nowhere):
                yield
        finally:
            _loud.pop()


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
