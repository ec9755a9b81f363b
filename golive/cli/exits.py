"""Exit codes, and the one place where an exception becomes a line on stderr and a code."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback

import typer
from typer.exceptions import TyperException

FINE = 0
JUDGED_FAILED = 1
"""The command did its work and what it judged does not hold; also an error in golive itself."""
WRONG_INPUT = 2
INTERRUPTED = 130
PIPE_CLOSED = 141


def code_of(error: BaseException) -> int:
    """Say on stderr what went wrong, if anything, and with which code to exit.

    What golive does not know is an error in golive: it is shown with its traceback.
    """
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        _say("interrupted")
        return INTERRUPTED
    if isinstance(error, TyperException):
        return _usage(error)
    if isinstance(error, OSError):
        return _operating_system(error)
    if isinstance(error, MemoryError):
        _say(f"error: memory: {error or 'there is not enough'}")
        return WRONG_INPUT
    return _input_or_bug(error)


def _usage(error: TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
        return WRONG_INPUT
    context = getattr(error, "ctx", None)
    advice = f" See: {context.command_path} --help" if context is not None else ""
    _say(f"error: {error.format_message()}{advice}")
    return WRONG_INPUT


def _operating_system(error: OSError) -> int:
    if isinstance(error, BrokenPipeError) or error.errno == errno.EPIPE:
        _silence_standard_output()
        return PIPE_CLOSED
    if error.errno is None:  # not from the system: a library's own, such as a failed download
        return _input_or_bug(error)
    from ..core.files import reason

    places = [str(name) for name in (error.filename, error.filename2) if name is not None]
    _say(f"error: {': '.join([*places[:1], reason(error)])}")
    return WRONG_INPUT


def _input_or_bug(error: BaseException) -> int:
    # Imported here, and only now: the scenarios room takes a moment to load.
    from ..core.errors import GoliveError
    from ..core.extras import explanation

    # A task that failed with no traceback to show failed of what it was given.
    is_known = isinstance(error, GoliveError) or getattr(error, "details", None) == ""
    line = str(error) if is_known else ""
    if not line and isinstance(error, ImportError):
        line = explanation(error)
    if line:
        _say(f"error: {line}")
        return WRONG_INPUT
    traceback.print_exception(error)
    return JUDGED_FAILED


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more; the exit code still speaks
        print(line, file=sys.stderr)


def _silence_standard_output() -> None:
    """Let the interpreter's last flush go to nowhere instead of raising again."""
    with contextlib.suppress(OSError, ValueError):  # it is no file, or closed
        descriptor = sys.stdout.fileno()
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, descriptor)
        os.close(devnull)
