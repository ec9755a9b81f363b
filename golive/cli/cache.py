"""``golive cache``: what is in the result cache, and out with it."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ..core.errors import GoliveError
from .options import AsJson, CachePlaceOption
from .output import show_json, show_result

if TYPE_CHECKING:
    from ..core.execution.cache import CacheStatistics, Store

app = typer.Typer(help="The result cache: what is in it, and out with it.", no_args_is_help=True)


@app.command()
def stats(*, cache: CachePlaceOption = None, as_json: AsJson = False) -> None:
    """Say how much is in the cache, and what it was good for since it was last cleared."""
    with closing(_store(cache)) as store:
        statistics = store.statistics()
    if as_json:
        show_json(asdict(statistics) | {"hit_rate": statistics.hit_rate})
        return
    for name, value in _lines(statistics):
        typer.echo(f"{name:<12} {value}")


@app.command()
def clear(
    *,
    older_than: Annotated[
        str | None,
        Option(metavar="AGE", help="Only what was kept longer ago, such as 12h, 30d or 2w."),
    ] = None,
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False,
    cache: CachePlaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Delete the cache's episodes; they are simulated again when they are next asked for."""
    from ..core.execution.cache.location import format_size, parse_age

    before = None
    if older_than is not None:
        before = time.time() - parse_age(older_than, "--older-than")
    with closing(_store(cache)) as store:
        if not yes:
            statistics = store.statistics()
            which = "all" if before is None else f"what is older than {older_than} of"
            _ask(
                f"Delete {which} {statistics.entries:,} episodes "
                f"({format_size(statistics.size_bytes)}) in {store.location}?"
            )
        dropped = store.clear(before)
    show_result(
        as_json,
        {"cache": store.location, "deleted": dropped},
        f"{store.location}: {dropped:,} episodes deleted",
    )


def _store(place: str | None) -> Store:
    from ..core.execution.cache import open_store

    store = open_store(place)
    if store is None:
        raise GoliveError("cache: it is off (GOLIVE_CACHE, or --cache): expected a place")
    return store


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise GoliveError("--yes: missing: expected it where nobody can be asked")
    typer.confirm(question, abort=True, err=True)


def _lines(statistics: CacheStatistics) -> list[tuple[str, str]]:
    from ..core.execution.cache.location import format_size

    size, limit = format_size(statistics.size_bytes), format_size(statistics.size_limit_bytes)
    rate = "-" if statistics.hit_rate is None else f"{100 * statistics.hit_rate:.0f} %"
    return [
        ("cache", statistics.location),
        ("episodes", f"{statistics.entries:,}"),
        ("size", f"{size} of {limit}"),
        ("oldest", _moment(statistics.oldest_seconds)),
        ("newest", _moment(statistics.newest_seconds)),
        ("hits", f"{statistics.memory_hits + statistics.store_hits:,} ({rate})"),
        ("  in memory", f"{statistics.memory_hits:,}"),
        ("  in store", f"{statistics.store_hits:,}"),
        ("misses", f"{statistics.misses:,}"),
        ("evicted", f"{statistics.evictions:,}"),
        ("expired", f"{statistics.expirations:,}"),
    ]


def _moment(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(" ", "seconds")
