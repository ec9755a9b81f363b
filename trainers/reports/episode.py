"""Recorded episodes beside one another: the world's own picture of each, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.registry import load_place
from ...sim.episodes import run_episode
from ...sim.policy import Policy
from ...sim.protocol import AnyWorld
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from .markup import Markup, tag


@dataclass(frozen=True)
class RecordedEpisode:
    """An episode to be shown: its policy's label, its seed, its finished, recorded world."""

    label: str
    seed: int
    world: AnyWorld


Pictures = Callable[[Sequence[AnyWorld]], tuple[Sequence[Markup], Markup]]
"""The function at ``WorldKind.report``: a picture of each recorded world, on common axes, and
a legend for them all."""


def record_episode(label: str, policy: Policy, scenario: Any, seed: int) -> RecordedEpisode:
    """Run an episode with everything recorded."""
    world = run_episode(policy, scenario, seed, record=True).world
    assert world is not None  # it was asked for
    return RecordedEpisode(label, seed, world)


def episodes_section(episodes: Sequence[RecordedEpisode]) -> Markup:
    """Episodes beside one another."""
    kind = kind_of(episodes[0].world.scenario)
    pictures: Sequence[Markup] = ()
    legend = Markup("")
    if kind.report:
        draw: Pictures = load_place(kind.report)
        pictures, legend = draw([episode.world for episode in episodes])
    columns = []
    for number, episode in enumerate(episodes):
        picture = [tag("figure", pictures[number], class_="card")] if pictures else []
        facts = _facts(kind, episode.world.scorecard().as_dict())
        heading = tag("h3", episode.label)
        columns.append(tag("section", heading, *picture, tag("p", facts, class_="quiet")))
    return tag("div", tag("div", *columns, class_="side"), legend)


def _facts(kind: WorldKind, card: Mapping[str, float | bool | int]) -> str:
    shown = [metric for metric in kind.metrics if metric.headline and metric.name in card]
    parts = [f"{metric.label} {_fact(card[metric.name], metric.format)}" for metric in shown]
    return ("; ".join(parts) + ".").replace(" %", "\N{NO-BREAK SPACE}%")


def _fact(value: float, form: Callable[[float], str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return form(value)
