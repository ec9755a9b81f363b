"""Scorecards of simulated episodes, on a terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from ..sim.implementation.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated episode.

    Attributes:
        seed: of the episode.
        customer: whose implementation it was.
        digest: hash of the final state.
        scorecard: what happened.
    """

    seed: int
    customer: str
    digest: str
    scorecard: Scorecard


def print_scorecards(episodes: Sequence[Simulated], policy: str, *, as_json: bool) -> None:
    """Print the scorecard of one episode, or what several come to on average."""
    if as_json:
        rows = [_plain(episode, policy) for episode in episodes]
        typer.echo(json.dumps(rows, indent=2))
        return
    from rich.console import Console

    console = Console()
    console.print(_title(episodes, policy), style="italic", highlight=False, markup=False)
    console.print(_one(episodes[0]) if len(episodes) == 1 else _many(episodes))


def _plain(episode: Simulated, policy: str) -> dict[str, object]:
    """An episode as JSON: flat, one key per figure."""
    return {
        "policy": policy,
        "seed": episode.seed,
        "customer": episode.customer,
        "digest": episode.digest,
        **episode.scorecard.as_dict(),
    }


def _title(episodes: Sequence[Simulated], policy: str) -> str:
    first, last = episodes[0], episodes[-1]
    if len(episodes) == 1:
        return f"{policy} at {first.customer}, seed {first.seed}"
    return f"{policy} at {len(episodes)} customers, seeds {first.seed} to {last.seed}"


def _one(episode: Simulated) -> Table:
    from rich.table import Table

    from ..sim.implementation.metrics import metric

    table = Table()
    table.add_column("metric")
    table.add_column("value", justify="right")
    for name, value in _headline_first(episode.scorecard.as_dict()):
        if isinstance(value, bool):
            shown = "yes" if value else "no"
        elif isinstance(value, int):
            shown = f"{value:,}"
        else:
            shown = metric(name).format(value)
        table.add_row(metric(name).label, shown)
    return table


def _many(episodes: Sequence[Simulated]) -> Table:
    from rich.table import Table

    from ..sim.implementation.metrics import metric

    table = Table()
    table.add_column("metric")
    for heading in ("mean", "least", "most"):
        table.add_column(heading, justify="right")
    for name, _ in _headline_first(episodes[0].scorecard.as_dict()):
        values = [float(episode.scorecard.as_dict()[name]) for episode in episodes]
        cells = (metric(name).format(value) for value in (fmean(values), min(values), max(values)))
        table.add_row(metric(name).label, *cells)
    return table


def _headline_first(
    figures: dict[str, float | bool | int],
) -> list[tuple[str, float | bool | int]]:
    """The score on top, the rest in the scorecard's order."""
    from ..sim.implementation.metrics import SCORE

    return sorted(figures.items(), key=lambda item: item[0] != SCORE)
