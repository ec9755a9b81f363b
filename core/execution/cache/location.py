"""The place of a cache: a file, a server, or the user's own; and how much it may hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...errors import GoliveError
from .redis_store import SCHEMES, RedisStore
from .result_cache import ResultCache
from .sqlite_store import SUFFIX, SqliteStore
from .store import Limits, Store

LOCATION_VARIABLE = "GOLIVE_CACHE"
SIZE_VARIABLE = "GOLIVE_CACHE_SIZE"
AGE_VARIABLE = "GOLIVE_CACHE_TTL"
OFF = "off"
FILE = f"results{SUFFIX}"
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def open_cache(place: str | Path | None = None, limits: Limits | None = None) -> ResultCache | None:
    """The cache at a place, in two levels.

    Args:
        place: a file that ends in ``.sqlite``, a folder (the file in it is
            ``results.sqlite``), a URL of a Redis server, or ``off``. None takes what
            ``GOLIVE_CACHE`` says, and without it the user's cache directory.
        limits: how much is kept for how long; None takes ``GOLIVE_CACHE_SIZE`` and
            ``GOLIVE_CACHE_TTL``, and without them the defaults.

    Returns:
        The cache, to be closed after use; None if it is off.

    Raises:
        GoliveError: no such place, or a variable that does not hold what it should.
    """
    limits = limits or limits_from_environment()
    store = open_store(place, limits)
    return None if store is None else ResultCache(store, limits)


def open_store(place: str | Path | None = None, limits: Limits | None = None) -> Store | None:
    """The second level alone, whose trouble is an error; arguments as for ``open_cache``."""
    limits = limits or limits_from_environment()
    text = os.environ.get(LOCATION_VARIABLE, "") if place is None else str(place)
    if text == OFF:
        return None
    scheme, separator, _ = text.partition("://")
    if separator:
        if scheme not in SCHEMES:
            known = ", ".join(f"{known}://" for known in SCHEMES)
            raise GoliveError(f"cache: {scheme}://: expected a file or one of {known}")
        return RedisStore(text, limits)
    import platformdirs

    usual = platformdirs.user_cache_path("golive", appauthor=False)
    path = Path(text).expanduser() if text else usual
    if path.suffix != SUFFIX:
        if path.exists() and not path.is_dir():
            raise GoliveError(f"cache: {path}: expected a folder, or a file that ends in {SUFFIX}")
        path = path / FILE
    return SqliteStore(path, limits)


def limits_from_environment() -> Limits:
    """The limits that the environment sets, and the defaults for the others.

    Raises:
        GoliveError: a variable does not hold a size or an age.
    """
    size, age = os.environ.get(SIZE_VARIABLE), os.environ.get(AGE_VARIABLE)
    return Limits(
        store_bytes=parse_size(size, SIZE_VARIABLE) if size else Limits().store_bytes,
        time_to_live_seconds=parse_age(age, AGE_VARIABLE) if age else None,
    )


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
    unit = next((name for name in reversed(_BYTES) if size_bytes >= _BYTES[name]), "B")
    return f"{size_bytes / _BYTES[unit]:.{int(unit != 'B')}f} {unit}"
