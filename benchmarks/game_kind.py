"""Records of a world's part of the measurement of its game."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.game_play import CaseMaker
from benchmarks.game_report import Figure, Target
from golive.sim.world_kind import PolicyFactory

EXPERT = "expert"
"""The policy that all are compared with."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of customers, seeds and schedules that are played.

    Attributes:
        customers: of a game.
        luck: seeds of each customer, an even number.
        probe_customers: of them, those that probes meet.
        probe_luck: of the seeds likewise.
        planner_customers: that planners meet, with one seed of luck each.
        schedules: recorded on as many training customers, and chosen by them.
    """

    customers: int
    luck: int
    probe_customers: int
    probe_luck: int
    planner_customers: int
    schedules: int


@dataclass(frozen=True, slots=True)
class TeamGame:
    """The game of a team.

    Attributes:
        rows: measurements by name.
        split: makes of a policy the team that splits its decisions.
    """

    rows: Mapping[str, Callable[[Any], list[Figure]]]
    split: Callable[[PolicyFactory], PolicyFactory]


@dataclass(frozen=True, slots=True)
class GameKind:
    """A world's part of the measurement.

    Attributes:
        world: its name.
        subject: what stays the same under every luck, such as ``customer``.
        case: makes what is met under every luck.
        ways: makes policies that could be right, the expert among them.
        follies: makes policies that must lose.
        edits: makes the expert with one rule changed, each.
        rows: measurements by name, each of a ground (``game_rows.Row``).
        targets: bounds to be reached, by the figure's key.
        games: scenarios and suites that are measured unless others are named.
        quick: few episodes.
        full: as many as intervals need.
        team: makes the game of a team from paths of trained ones; None: one decides.
    """

    world: str
    subject: str
    case: CaseMaker
    ways: Callable[[], Mapping[str, PolicyFactory]]
    follies: Callable[[], Mapping[str, PolicyFactory]]
    edits: Callable[[], Mapping[str, PolicyFactory]]
    rows: Mapping[str, Callable[[Any], list[Figure]]]
    targets: Mapping[str, Target]
    games: tuple[str, ...]
    quick: Sizes
    full: Sizes
    team: Callable[[Sequence[str]], TeamGame] | None = None
