"""The one kind of error that users cause and can mend; the command line prints it as one line."""

from __future__ import annotations


class GoliveError(ValueError):
    """Bad input: the message names the file, field and value and says what was expected."""


def raised(error: Exception) -> str:
    """An error of somebody's code in a line: its type, its text and the line that raised it."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = ""
    if where is not None:
        place = f" ({where.tb_frame.f_code.co_filename}:{where.tb_lineno})"
    return f"raised {type(error).__name__}: {error}{place}"
