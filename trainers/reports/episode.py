"""One recorded implementation: what the crew did, how the work went down, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...agents.episodes import run_episode
from ...agents.metrics import METRICS
from ...agents.policy import Policy
from .markup import Markup, tag

if TYPE_CHECKING:
    import polars as pl

    from ...scenarios import Scenario
    from ...sim.implementation.briefing import Briefing


@dataclass(frozen=True)
class RecordedEpisode:
    """What a picture of an episode needs.

    Attributes:
        label: of the policy.
        scenario: name.
        seed: of the episode.
        gantt: what every crew member did, one row per stretch of work.
        history: the briefing of every decision point.
        facts: the scorecard's fields.
    """

    label: str
    scenario: str
    seed: int
    gantt: pl.DataFrame
    history: Sequence[Briefing]
    facts: Mapping[str, float | bool | int]


def record_episode(label: str, policy: Policy, scenario: Scenario, seed: int) -> RecordedEpisode:
    """Run an episode with everything recorded."""
    outcome = run_episode(policy, scenario, seed, record=True)
    world = outcome.world
    assert world is not None, "record=True keeps the world"
    return RecordedEpisode(
        label, scenario.name, seed, world.gantt(), world.history, outcome.scorecard.as_dict()
    )


def episode_section(episode: RecordedEpisode) -> Markup:
    """Label, key facts and the pictures of an episode."""
    pictures = [tag("figure", picture, class_="card") for picture in _pictures(episode)]
    return tag("section", tag("h3", episode.label), tag("p", _facts(episode)), *pictures)


def _facts(episode: RecordedEpisode) -> str:
    shown = [entry for entry in METRICS if entry.headline and entry.name in episode.facts]
    return "; ".join(
        f"{entry.label.lower()} {_fact(episode.facts[entry.name], entry.format)}"
        for entry in shown
    )


def _fact(value: float | bool | int, form: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(form(value)) if callable(form) else str(value)


def _pictures(episode: RecordedEpisode) -> list[Markup]:
    return []
