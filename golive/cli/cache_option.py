"""The options that say which result cache a command uses, and the cache that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..core.execution.cache import ResultCache

CacheOption = Annotated[
    str | None,
    typer.Option(
        "--cache",
        metavar="PLACE",
        help="Result cache: a .sqlite file, a folder, or redis://host:port/database "
        "(default: what GOLIVE_CACHE says, else the user's cache directory).",
    ),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Simulate every episode, and keep none.")
]


@contextmanager
def result_cache(place: str | None, no_cache: bool) -> Iterator[ResultCache | None]:
    """The cache that the options mean; at the end stderr hears how many rows it had.

    Raises:
        GoliveError: options that contradict one another, or no such place.
    """
    if no_cache and place is not None:
        raise GoliveError("--no-cache: given with --cache: expected one of them")
    cache = None
    if not no_cache:
        from ..core.execution.cache import open_cache

        cache = open_cache(place)
    if cache is None:
        yield None
        return
    with cache:
        yield cache
        if cache.hits:
            asked = cache.hits + cache.misses
            typer.echo(
                f"Cache: {cache.hits:,} of {asked:,} episodes from {cache.location}", err=True
            )
