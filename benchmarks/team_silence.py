"""Cost of one role's silence to its team, and what listeners made for silence could make up for.

The same team plays the same customers with the same luck twice: the role speaks, or it does not.
That alone tells what silence costs *this* listener. So the listener, who decides on going live and
sees the board, the contract and its own trade, is replaced by the best of a class of others, with
the role speaking and with it silent:

- *one day for all*: go live on a day that is the same for all customers;
- *one thing seen*: go live as soon as one of all features that it observes (the calendar and the
  claims of those who do speak are among them) is above, or below, a threshold;
- *two things seen*: as soon as both of two such conditions hold, of the best ones.

Their scores need no further play: every customer is played once for every day on which it could
go live, and a rule is a choice among these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import SEED, JsonOption, ScenarioOption, WorkersOption, show, span, start
from golive.agents.partners import partners_of
from golive.agents.team import RolePolicy, play_team
from golive.agents.team_chances import role_numbers
from golive.core.arguments import one_of
from golive.core.execution import Backend
from golive.core.tables import Column, Table, right
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import kind_of
from golive.trainers.datasets.spreading import results_of
from golive.trainers.evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    mean_interval,
    paired_difference_interval,
)
from golive.trainers.evaluation.progress import counting_bar

if TYPE_CHECKING:
    from golive.envs.team import TeamEnv
    from golive.trainers.evaluation.statistics import FloatArray, Interval

LISTENER, MOVE, GO_LIVE = "project_manager", "move", "go_live"
SILENT = "silent"
"""Kind of partner that is the expert, and says nothing."""
_LATE_DAYS = 40
"""Days after the planned one up to which going live is tried."""
_THRESHOLDS = 12
"""Quantiles of a feature that are tried as thresholds."""
_PAIRED = 60
"""Best conditions of which all pairs are tried."""
_NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one role's silence.

    Attributes:
        role: that is silent.
        speaking: mean score where it speaks.
        silent: where it does not.
        cost: on the same customers.
    """

    role: str
    speaking: Interval
    silent: Interval
    cost: Interval


@dataclass(frozen=True, slots=True)
class Bound:
    """The best of a class of listeners beside a role that speaks, and beside it silent.

    Attributes:
        listeners: the class, in words.
        tried: listeners of it.
        best: the best one beside the silent role.
        speaking: mean score of the best beside the speaking role.
        silent: of the best beside the silent role.
        cost: the difference: what silence costs even those who are made for it.
    """

    listeners: str
    tried: int
    best: str
    speaking: Interval
    silent: Interval
    cost: Interval


class GoesLiveOn:
    """The listener, but that it goes live at one decision point, as soon as it may from there on.

    Args:
        player: whose other choices it makes.
        decision: number of the decision point.
    """

    def __init__(self, player: RolePolicy, decision: int) -> None:
        self.role, self.name = player.role, player.name
        self._player, self._decision = player, decision

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode."""
        self._player.reset(environment, seed)
        self._numbers = role_numbers(environment, self.role)
        names = [factor.name for factor in self._numbers.choices.factors]
        self._place = names.index(MOVE)
        self._go = self._numbers.choices.factors[self._place].choices.index(GO_LIVE)
        self._seen = environment.sight[environment.team.place(self.role)]
        self.observed: list[NDArray[np.float32]] = []
        self.may: list[bool] = []
        self.days: list[int] = []
        self.planned = environment.briefing.calendar.planned_go_live_day
        self.has_gone = False

    def act(self, environment: TeamEnv) -> int:
        """The player's action, with going live at its decision point and not before."""
        now = len(self.may)
        action = self._player.act(environment)
        mask = environment.action_mask(self.role)
        choices = self._numbers.action(action)
        going = choices.copy()
        going[self._place] = self._go
        wanted = self._numbers.decode(going)
        self.may.append(bool(mask[wanted]))
        self.days.append(environment.day)
        self.observed.append(environment.state()[self._seen])
        if self.has_gone:
            return action
        if now >= self._decision and mask[wanted]:
            self.has_gone = True
            return wanted
        if choices[self._place] == self._go:
            choices[self._place] = 0
        return self._numbers.decode(choices)


@dataclass(frozen=True)
class Going:
    """Every day on which the listener could go live, of one customer.

    Attributes:
        scores: float64 (decision points,), score if it goes live there, or as soon as it may.
        observed: float32 (decision points, features), what it sees there before it has gone.
    """

    scores: FloatArray
    observed: NDArray[np.float32]


@dataclass(frozen=True)
class Played:
    """One customer.

    Attributes:
        speaking: score where all speak.
        silent: by role, where it does not.
        going: of the bound: where its role speaks, and where it does not; empty without one.
    """

    speaking: float
    silent: dict[str, float]
    going: tuple[Going, ...] = ()


def played(scenario: str, roles: tuple[str, ...], bound: str | None, seed: int) -> Played:
    """Play a customer: all speaking, each role silent, and every day of going live."""
    from golive.envs.team import TeamEnv

    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    environment = TeamEnv(chosen, world=kind, messages={})
    names = environment.team.names

    def score(told: dict[str, str]) -> float:
        return play_team(environment, partners_of(kind, names, told), seed)

    speaking, silent = score({}), {role: score({role: SILENT}) for role in roles}
    if bound is None:
        return Played(speaking, silent)
    teams = [partners_of(kind, names, told) for told in ({}, {bound: SILENT})]
    return Played(speaking, silent, tuple(_every_day(environment, one, seed) for one in teams))


def _every_day(environment: TeamEnv, players: dict[str, RolePolicy], seed: int) -> Going:
    """Go live at each decision point up to some days after the planned one, in turn."""

    def going(decision: int) -> tuple[float, GoesLiveOn]:
        listener = GoesLiveOn(players[LISTENER], decision)
        return play_team(environment, {**players, LISTENER: listener}, seed), listener

    _, waiting = going(_NEVER)
    last = max(int(np.searchsorted(waiting.days, waiting.planned + _LATE_DAYS, side="right")), 1)
    first = waiting.may.index(True) if True in waiting.may[:last] else last - 1
    scores = np.zeros(last)
    for decision in range(first, last):
        scores[decision] = going(decision)[0]
    scores[:first] = scores[first]  # who wants to go earlier goes as soon as it may
    return Going(scores, np.array(waiting.observed[:last]))


def bounds_of(customers: list[Played], names: list[str]) -> Iterator[Bound]:
    """The best listeners of each class, where the role speaks and where it does not.

    Where it is silent they are chosen on these very customers; where it speaks for each half of the
    customers on the other half, so that nothing is gained by choosing. Both favour silence.

    Args:
        customers: that were played.
        names: of what the listener sees.
    """
    speaking, silent = (_Class([one.going[n] for one in customers], names) for n in range(2))
    halves = [np.arange(len(customers)) % 2 == half for half in range(2)]
    for listeners in CLASSES:
        told, quiet = getattr(speaking, listeners), getattr(silent, listeners)
        heard = np.zeros(len(customers))
        for half in halves:
            heard[half] = told.scores[told.best(~half)][half]
        best = quiet.best(halves[0] | halves[1])
        hindsight = quiet.scores[best]
        yield Bound(
            listeners.replace("_", " "),
            len(quiet.scores),
            quiet.labels[best],
            mean_interval([heard], bounds=(0.0, 1.0)),
            mean_interval([hindsight], bounds=(0.0, 1.0)),
            paired_difference_interval([heard], [hindsight], bounds=DIFFERENCE_BOUNDS),
        )


CLASSES = ("one_day_for_all", "one_thing_seen", "two_things_seen")


@dataclass(frozen=True)
class _Rules:
    """Rules of one kind: float64 (rules, customers), what each scores, and their names."""

    scores: FloatArray
    labels: list[str]

    def best(self, among: NDArray[np.bool_]) -> int:
        """Number of the best rule on some of the customers, the first of equals."""
        return int(self.scores[:, among].mean(axis=1).argmax())


class _Class:
    """All listeners of each class, on customers whose every day of going live is known."""

    def __init__(self, going: list[Going], names: list[str]) -> None:
        self._going = going
        self._labels, self._holds = _conditions(going, names)

    @property
    def one_day_for_all(self) -> _Rules:
        """Going live on the same day for all."""
        longest = max(len(one.scores) for one in self._going)
        rows = [
            [one.scores[min(k, len(one.scores) - 1)] for one in self._going] for k in range(longest)
        ]
        return _Rules(np.array(rows), [f"decision point {k}" for k in range(longest)])

    @cached_property
    def one_thing_seen(self) -> _Rules:
        """Going live as soon as a condition holds."""
        return _Rules(np.array([_scores(self._going, w) for w in self._holds]), self._labels)

    @cached_property
    def two_things_seen(self) -> _Rules:
        """Going live as soon as two of the best conditions hold."""
        order = np.argsort(-self.one_thing_seen.scores.mean(axis=1), kind="stable")[:_PAIRED]
        rows, labels = [], []
        for place, a in enumerate(order.tolist()):
            for b in order[place + 1 :].tolist():
                both = [x & y for x, y in zip(self._holds[a], self._holds[b], strict=True)]
                rows.append(_scores(self._going, both))
                labels.append(f"{self._labels[a]} and {self._labels[b]}")
        return _Rules(np.array(rows), labels)


def _conditions(
    going: list[Going], names: list[str]
) -> tuple[list[str], list[list[NDArray[np.bool_]]]]:
    """Conditions on one thing seen, and per condition and customer where it holds."""
    every = np.concatenate([one.observed for one in going])
    labels, holds = [], []
    for place, name in enumerate(names):
        levels = np.unique(np.quantile(every[:, place], np.linspace(0, 1, _THRESHOLDS)))
        for level in levels.tolist():
            for sign, word in ((1, ">="), (-1, "<=")):
                labels.append(f"{name} {word} {level:.3g}")
                holds.append([sign * one.observed[:, place] >= sign * level for one in going])
    return labels, holds


def _scores(going: list[Going], holds: list[NDArray[np.bool_]]) -> FloatArray:
    """Score per customer of going live where a condition first holds, at the end if nowhere."""
    return np.array(
        [
            one.scores[int(when.argmax()) if when.any() else -1]
            for one, when in zip(going, holds, strict=True)
        ]
    )


def command(
    *,
    scenario: ScenarioOption = "furniture-conventional",
    customers: Annotated[int, typer.Option(min=2, help="To play.")] = 120,
    roles: Annotated[
        str, typer.Option(help="Roles whose silence is measured, one at a time, ROLE,...")
    ] = "configuration,data_migration,industry_expert",
    bound: Annotated[
        str | None, typer.Option(help="Role whose silence is held against other listeners.")
    ] = None,
    first_seed: Annotated[int, typer.Option(min=0, help="Of the customers.")] = SEED,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure what one role's silence costs, and whether another listener could make up for it."""
    from golive.envs.team import TeamEnv

    chosen = load_scenario(scenario)
    environment = TeamEnv(chosen, world=kind_of(chosen), messages={})
    asked = tuple(roles.split(","))
    for role in (*asked, *([] if bound is None else [bound])):
        one_of("--roles", role, environment.team.names)
    seeds = list(range(first_seed, first_seed + customers))
    found: dict[int, Played] = {}
    with counting_bar("Customers") as progress:
        play = partial(played, scenario, asked, bound)
        for index, one in results_of(play, seeds, workers, Backend.PROCESS, None, progress):
            found[index] = one
    every = [found[index] for index in range(customers)]
    speaking = np.array([one.speaking for one in every])
    costs = [_cost(role, speaking, np.array([one.silent[role] for one in every])) for role in asked]
    bounds: list[Bound] = []
    if bound is not None:
        seen = environment.sight[environment.team.place(LISTENER)]
        bounds = list(bounds_of(every, [environment.state_features[n].name for n in seen]))
    where = f"{scenario}, {customers} customers from seed {first_seed}"
    tables = [_cost_table(costs, where)]
    if bounds:
        tables.append(_bound_table(bounds, f"{bound} speaks or is silent, {where}"))
    show({"costs": costs, "bounds": bounds}, tables, as_json)


def _cost(role: str, speaking: FloatArray, silent: FloatArray) -> Cost:
    return Cost(
        role,
        mean_interval([speaking], bounds=(0.0, 1.0)),
        mean_interval([silent], bounds=(0.0, 1.0)),
        paired_difference_interval([speaking], [silent], bounds=DIFFERENCE_BOUNDS),
    )


def _cost_table(costs: list[Cost], where: str) -> Table:
    rows: list[tuple[Any, ...]] = [
        (one.role, span(one.speaking, ".3f"), span(one.silent, ".3f"), span(one.cost, "+.3f"))
        for one in costs
    ]
    headings: tuple[Column | str, ...] = (
        "silent role",
        *map(right, ("speaking", "silent", "cost of its silence")),
    )
    return Table(f"Scores of the team on {where}", headings, rows)


def _bound_table(bounds: list[Bound], where: str) -> Table:
    rows: list[tuple[Any, ...]] = [
        (
            one.listeners,
            one.tried,
            one.best,
            *(span(value, ".3f") for value in (one.speaking, one.silent)),
            span(one.cost, "+.3f"),
        )
        for one in bounds
    ]
    told = ("told", "not told", "cost")
    headings: tuple[Column | str, ...] = (
        "listeners",
        right("tried"),
        "the best one that is not told",
        *map(right, told),
    )
    notes = [
        "not told: chosen afterwards on these customers; told: on each half for the other half"
    ]
    return Table(f"Best {LISTENER} where {where}", headings, rows, notes)


if __name__ == "__main__":
    start("benchmarks.team_silence")
