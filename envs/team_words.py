"""A team's role in words: what it sees as a briefing, its own choices as tools, saying and waiting.

What a role is told is made from the features that it observes and from its inbox, and from nothing
else; so it cannot be told what only others see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.briefing_text import Fact, News, Row, Section
from ..sim.numbers import Choices, Factor, Group
from ..sim.team import SILENT, Heard
from ..sim.team_actions import RoleActions
from ..sim.words import ChoiceWords, Order, OrderedFactor, Words, raw_text

if TYPE_CHECKING:
    from .team import TeamEnv

SAY, MESSAGE = "say", "message"
"""The tool by which a role speaks, and the part of its action that it sets."""
INBOX = "inbox"
"""The group of features, and the topic, that has what others have told."""


@dataclass(frozen=True, slots=True, eq=False)
class RoleMorning:
    """A decision point as a role has it before it.

    Attributes:
        day: of the decision point.
        values: float32, what the role observes, in the order of its sight.
        heard: its inbox: by sender and message.
        known: the briefing as the role knows it, for rules that are told by it.
        away: why it is away or restricted; empty: it is there.
    """

    day: int
    values: NDArray[np.float32]
    heard: Mapping[tuple[str, str], Heard]
    known: Any
    away: str = ""


class RoleNumbers:
    """A role's action as a choice in each of its parts, the message last.

    Args:
        actions: of the role.
        choices: of the joint decision.
        whole: has a part for the message even where nobody can say anything.
    """

    groups: tuple[Group, ...] = ()

    def __init__(self, actions: RoleActions, choices: Choices, *, whole: bool = False) -> None:
        self._sizes = actions.sizes
        factors = [
            Factor(choices.factors[f].name, tuple(choices.factors[f].choices[c] for c in part))
            for f, part in zip(actions.factors, actions.parts, strict=True)
        ]
        if actions.messages or whole:
            factors.append(Factor(MESSAGE, (SILENT, *actions.messages)))
        self.choices = Choices(factors)

    def encode(self, briefing: RoleMorning) -> NDArray[np.float32]:
        """The role's observation."""
        return briefing.values

    def mask(self, legal: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Legal choices part after part, from the mask of the role's actions."""
        grid = np.asarray(legal, dtype=np.bool_).reshape(self._sizes)
        axes = range(len(self._sizes))
        parts = [grid.any(axis=tuple(a for a in axes if a != axis)) for axis in axes]
        return np.concatenate(parts[: len(self.choices.factors)])

    def decode(self, action: ArrayLike) -> int:
        """The number of the role's action that these choices are."""
        chosen = self.choices.checked(action)
        chosen += [0] * (len(self._sizes) - len(chosen))
        return int(np.ravel_multi_index(chosen, self._sizes))

    def action(self, decision: int) -> NDArray[np.int64]:
        """The choices of one of the role's actions; int64 (parts,)."""
        chosen = np.array(np.unravel_index(decision, self._sizes), dtype=np.int64)
        return chosen[: len(self.choices.factors)]


class RoleWords(Words):
    """A role's language, made from its world's and from the team's table.

    Args:
        environment: whose role it is.
        role: its name.
    """

    def __init__(self, environment: TeamEnv, role: str) -> None:
        place = environment.team.place(role)
        actions = environment.actions.roles[place]
        world = environment.kind.speech
        super().__init__(
            RoleNumbers(actions, environment.actions.choices), lambda: actions.neutral, world.title
        )
        self.role = environment.team.roles[place]
        self._team, self._world, self._actions = environment.team, world, actions
        self._rules = environment.message_rules
        self._seen = [environment.state_features[number] for number in environment.sight[place]]
        self._figures = {
            (role.name, message.name): feature
            for role in self._team.roles
            for message in self._team.messages
            for feature in environment.state_features
            if feature.name == message.figure.replace("{role}", role.name)
        }
        self._meaning = {message.name: message.meaning for message in self._team.messages}

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The world's tools with what is the role's own, and one to speak with."""
        own = {factor.name for factor in self.numbers.choices.factors}
        orders = []
        for order in self._world.orders:
            arguments = {n: one for n, one in order.arguments.items() if one.factor in own}
            if arguments:
                orders.append(Order(order.tool, order.description, arguments, order.once))
        if self._actions.messages:
            told = "; ".join(f"{name}: {self._meaning[name]}" for name in self._actions.messages)
            argument = OrderedFactor(MESSAGE, f"What you say; none takes it back. {told}.", "say")
            say = "Say one thing to all the others today."
            orders.append(Order(SAY, say, {MESSAGE: argument}, once=True))
        return tuple(orders)

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topics of what the role sees."""
        topics: dict[str, list[str]] = {}
        for feature in self._seen:
            group, *_, column = feature.name.split("/")
            if group != INBOX and column not in topics.setdefault(group, []):
                topics[group].append(column)
        told = {group: ", ".join(map(_plain, columns[:4])) for group, columns in topics.items()}
        return {**told, INBOX: "what the others have told you"} if self._rules else told

    def introduction(self, scenario: Any) -> str:
        """The rules of the game, for whoever is about to play the role."""
        others = "; ".join(
            f"{_plain(one.name)}: {one.does}" for one in self._team.roles if one is not self.role
        )
        first = "; ".join(
            f"{factor}: {', '.join(order)}" for factor, order in self._team.precedence.items()
        )
        talk = "Nobody can say anything."
        if self._rules is not None:
            days = self._rules.delay_days
            talk = (
                f"{SAY} tells the others one thing; it is read {days} day{'s' * (days != 1)} later "
                f"and costs the team {self._rules.cost:g}."
            )
        return (
            f"You are the {_plain(self.role.name)} of a team of {len(self._team.roles)}: who "
            f"{self.role.does}. Scenario: {scenario.title}. {self._world.setting(scenario)}\n"
            f"The others: {others}. All decide at once, each its own part, and are paid alike. "
            "You see what your trade sees, no more. Of several proposals one is carried out, the "
            f"first of: {first}. {talk}\n{self._manual()}"
        )

    def heading(self, briefing: RoleMorning) -> str:
        """The day, and whether the role is away."""
        return f"Day {briefing.day}." + (f" You are away: {briefing.away}." * bool(briefing.away))

    def sections(self, briefing: RoleMorning) -> Sequence[Section]:
        """The briefing: what the role observes and has heard, section by section."""
        groups: dict[str, dict[str, list[Fact]]] = {}
        told = set()  # of rows alike, one that holds nothing but zeros is not there
        for feature, value in zip(self._seen, briefing.values.tolist(), strict=True):
            group, *middle, column = feature.name.split("/")
            row = "/".join(middle)
            if group == INBOX:
                continue
            if value or not row:
                told.add((group, row))
            news = News.NONE if group == "calendar" else News.CHANGE
            fact = Fact(_plain(column), raw_text(feature, value), news, feature.description)
            groups.setdefault(group, {}).setdefault(row, []).append(fact)
        sections = [_heard_section(self._heard(briefing))] if self._rules else []
        for group, rows in groups.items():
            kept = [Row(n, tuple(facts)) for n, facts in rows.items() if (group, n) in told]
            if kept:
                alike = len({tuple(fact.name for fact in row.facts) for row in kept}) == 1
                table = len(rows) > 1 and alike
                sections.append(Section(group, group, tuple(kept), table=table))
        return sections

    def _heard(self, briefing: RoleMorning) -> Iterator[Row]:
        for (sender, name), heard in briefing.heard.items():
            figure = self._figures.get((sender, name))
            value = "" if figure is None else f" {raw_text(figure, heard.value)}"
            facts = (
                Fact(name, f"({self._meaning[name]}){value}"),
                Fact("days ago", str(heard.age_days), News.NONE),
            )
            yield Row(f"{sender} {name}", facts)

    def about(self, scenario: Any, briefing: RoleMorning) -> Mapping[str, ChoiceWords]:
        """Choices with effect and condition; prices are the money's, which not all see."""
        told = self._world.about(scenario, briefing.known)
        return {name: ChoiceWords(words.effect, "", words.needs) for name, words in told.items()}


def role_morning(environment: TeamEnv, role: str) -> RoleMorning:
    """The present decision point as a role has it before it."""
    seen = environment.sight[environment.team.place(role)]
    return RoleMorning(
        environment.day,
        environment.state()[seen],
        environment.inbox(role),
        environment.briefing_of(role),
        environment.away(role),
    )


def _heard_section(rows: Iterator[Row]) -> Section:
    return Section(INBOX, "told by the others", tuple(rows))


def _plain(name: str) -> str:
    return name.replace("_", " ")
