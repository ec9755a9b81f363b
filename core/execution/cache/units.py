"""Ages and sizes as people write them: 30d, 512MB."""

from __future__ import annotations

import re

from ...errors import GoliveError

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def parse_age(text: str, source: str) -> float:
    """Seconds in an age such as ``90s``, ``15m``, ``12h``, ``30d`` or ``2w``.

    Raises:
        GoliveError: not such a text; the message names ``source``.
    """
    form = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text.strip())
    if form is None:
        raise GoliveError(f"{source}: {text!r}: expected a number and s, m, h, d or w, such as 30d")
    return float(form[1]) * _SECONDS[form[2]]


def parse_size(text: str, source: str) -> int:
    """Bytes in a size such as ``800KB``, ``512MB`` or ``2GB`` (powers of ten).

    Raises:
        GoliveError: not such a text, or nothing at all; the message names ``source``.
    """
    form = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?B)", text.strip().upper())
    size = int(float(form[1]) * _BYTES[form[2]]) if form else 0
    if size < 1:
        raise GoliveError(f"{source}: {text!r}: expected a size above 0 such as 512MB or 2GB")
    return size


def format_size(size_bytes: int) -> str:
    """A size to read: ``1.8 MB``."""
    size, unit = float(size_bytes), "B"
    for bigger in ("KB", "MB", "GB", "TB"):
        if size < 1_000:
            break
        size, unit = size / 1_000, bigger
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
