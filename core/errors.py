"""The one kind of error that users cause and can mend; the command line prints it as one line."""

from __future__ import annotations


class GoliveError(ValueError):
    """Bad input: the message names the file, field and value and says what was expected."""
