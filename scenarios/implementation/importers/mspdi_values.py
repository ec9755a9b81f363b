"""Values of Microsoft Project XML: whole numbers, numbers, flags, durations of ISO 8601."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from ....core.errors import GoliveError
from .mspdi_xml import Element

_DURATION = re.compile(
    r"^(-?)P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9}(?:\.[0-9]+)?)H)?(?:([0-9]{1,9}(?:\.[0-9]+)?)M)?"
    r"(?:([0-9]{1,9}(?:\.[0-9]+)?)S)?)?$"
)
_WHOLE = re.compile(r"^[-+]?[0-9]{1,15}$")
_HOURS = (24.0, 1.0, 1.0 / 60.0, 1.0 / 3600.0)


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the texts of an element; errors name file, line and who it is."""

    path: Path
    element: Element
    who: str

    def error(self, name: str, text: str, expected: str) -> GoliveError:
        """Describe what is wrong with a text."""
        return GoliveError(
            f"{self.path}:{self.element.line}: {self.who}: {name}: {text[:60]!r}: "
            f"expected {expected}"
        )

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number.

        Raises:
            GoliveError: it is none, or missing without a default.
        """
        text = self.element.text(name)
        if not text and default is not None:
            return default
        if not _WHOLE.match(text):
            raise self.error(name, text, "a whole number")
        return int(text)

    def number(self, name: str, default: float) -> float:
        """A number, 0 or more.

        Raises:
            GoliveError: it is none.
        """
        text = self.element.text(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < 0.0:
            raise self.error(name, text, "a number, 0 or more")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """0 or 1.

        Raises:
            GoliveError: it is something else.
        """
        text = self.element.text(name)
        if not text:
            return default
        if text.lower() not in ("0", "1", "true", "false"):
            raise self.error(name, text, "0 or 1")
        return text.lower() in ("1", "true")

    def hours(self, name: str) -> float | None:
        """A duration such as ``PT8H0M0S`` in hours; None: there is none.

        Raises:
            GoliveError: it is not of that form, or negative.
        """
        text = self.element.text(name)
        if not text:
            return None
        found = _DURATION.match(text)
        parts = found.groups()[1:] if found else ()
        if found is None or not any(parts):
            raise self.error(name, text, "a duration such as PT8H0M0S")
        value = sum(float(part or 0.0) * unit for part, unit in zip(parts, _HOURS, strict=True))
        if found[1] and value:
            raise self.error(name, text, "a duration of 0 or more")
        return value
