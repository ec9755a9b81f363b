"""Scorecards of simulated episodes, on a terminal or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ..core.tables import Table, figures
from ..sim.world_kind import WorldKind
from .output import show, show_json


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated episode: its customer, its final state's hash, its scorecard's fields."""

    seed: int
    customer: str
    digest: str
    figures: Mapping[str, float | bool | int]


def print_scorecards(
    kind: WorldKind, episodes: Sequence[Simulated], policy: str, *, as_json: bool
) -> None:
    """Print the scorecard of one episode, or what several come to on average."""
    if as_json:
        show_json([_plain(episode, policy) for episode in episodes])
        return
    table = _one(kind, episodes[0]) if len(episodes) == 1 else _many(kind, episodes)
    show(_title(episodes, policy), table)


def _plain(episode: Simulated, policy: str) -> dict[str, object]:
    """An episode as JSON: flat, one key per figure."""
    return {
        "policy": policy,
        "seed": episode.seed,
        "customer": episode.customer,
        "digest": episode.digest,
        **episode.figures,
    }


def _title(episodes: Sequence[Simulated], policy: str) -> str:
    first, last = episodes[0], episodes[-1]
    if len(episodes) == 1:
        return f"{policy} at {first.customer}, seed {first.seed}"
    return f"{policy} at {len(episodes)} customers, seeds {first.seed} to {last.seed}"


def _one(kind: WorldKind, episode: Simulated) -> Table:
    rows = [
        (kind.metric(name).label, _shown(kind, name, episode.figures[name]))
        for name in _headline_first(kind, episode)
    ]
    return Table("", figures("metric", "value"), rows)


def _shown(kind: WorldKind, name: str, value: float | bool | int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else kind.metric(name).format(value)


def _many(kind: WorldKind, episodes: Sequence[Simulated]) -> Table:
    rows = []
    for name in _headline_first(kind, episodes[0]):
        values = [float(episode.figures[name]) for episode in episodes]
        metric = kind.metric(name)
        rows.append((metric.label, *map(metric.format, (fmean(values), min(values), max(values)))))
    return Table("", figures("metric", "mean", "least", "most"), rows)


def _headline_first(kind: WorldKind, episode: Simulated) -> list[str]:
    """The score on top, the rest in the scorecard's order."""
    return sorted(episode.figures, key=lambda name: name != kind.figures.score)
