"""A world's language for those who speak: language models and people.

``Words`` makes it from the world's numbers: its groups of features are the briefing, its factors
what can be ordered. A world that can say it better overrides what it can say better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.arithmetic import exponential
from .briefing_text import Fact, Row, Section, changed_lines, fitted
from .numbers import Feature, Group, Numbers, Transform
from .tool_table import Argument, Refusal, Tool, ToolCall, ToolKind

LOOK, ADVANCE = "look", "advance"
"""Names of the tools that every world has."""
ALL, ORDERS = "all", "orders"
"""Topics that every world has: the whole briefing; what is ordered and what could be."""
TOPIC, TIMES = "topic", "times"
"""Names of their arguments."""
MOST_AT_ONCE = 5
"""Decision points that one call can go on by."""

Plan = tuple[int, ...]
"""Orders as they stand: a choice per factor, as an action has it."""


@dataclass(frozen=True, slots=True)
class OrderedFactor:
    """A factor of decisions as an argument of a tool.

    Attributes:
        factor: its name.
        description: what the argument says, in a sentence.
        label: what a plan calls it; empty: the argument's name.
    """

    factor: str
    description: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A tool that orders something.

    Attributes:
        tool: its name.
        description: what it does.
        arguments: factors that it sets, by the argument's name.
        once: whether an order is for the next decision point only; else it holds until changed.
    """

    tool: str
    description: str
    arguments: Mapping[str, OrderedFactor]
    once: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """A choice in words.

    Attributes:
        effect: what it does.
        price: what it costs, in money or otherwise; empty: nothing.
        needs: what it must wait for to be legal; empty: it is always legal.
    """

    effect: str = ""
    price: str = ""
    needs: str = ""

    @property
    def told(self) -> str:
        """Effect and price on one line."""
        parts = [self.effect, f"costs {self.price}" if self.price else ""]
        return "; ".join(part for part in parts if part)


class Words:
    """A world's language for those who speak, made from its numbers.

    Whatever it tells is made from a briefing, from what is legal, and from the scenario as it is
    published; so nothing latent can be in it.

    Args:
        numbers: the world's language for learners.
        neutral: makes the decision that orders nothing.
        title: what the world simulates, in words.
    """

    most_tokens = 2_000
    """Tokens of any one answer at most, counted by ``golive.sim.briefing_text.token_bound``."""

    def __init__(self, numbers: Numbers, neutral: Callable[[], Any], title: str) -> None:
        self.numbers = numbers
        self.title = title
        self._neutral = neutral

    # What a world can say better.

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The tools that order something; together they set every factor."""
        factors = self.numbers.choices.factors
        arguments = {
            one.name: OrderedFactor(one.name, f"the choice of {one.name}") for one in factors
        }
        return (Order("order", "Set some parts of the decision; the others stay.", arguments),)

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topics of a briefing and what each tells, those of every world apart."""
        return {
            group.name: ", ".join(column.name.replace("_", " ") for column in group.columns[:4])
            for group in self.numbers.groups
        }

    def introduction(self, scenario: Any) -> str:
        """The rules of the game, for whoever is about to decide.

        Args:
            scenario: what is simulated.
        """
        return f"{self.title}. Scenario: {scenario.title}.\n{self._manual()}"

    def setting(self, scenario: Any) -> str:
        """The rules of the world, whoever decides in it."""
        return f"{self.title}."

    def sections(self, briefing: Any) -> Sequence[Section]:
        """The briefing in words, section by section in a stable order, with units."""
        values = self.numbers.encode(briefing).tolist()
        sections, first = [], 0
        for group in self.numbers.groups:
            sections.append(_section(group, values[first : first + group.size]))
            first += group.size
        return sections

    def about(self, scenario: Any, briefing: Any) -> Mapping[str, ChoiceWords]:
        """Choices in words, by ``factor/choice``; those that need none are left out."""
        return {}

    def heading(self, briefing: Any) -> str:
        """The line that every answer about a decision point begins with; empty: none."""
        return ""

    # What follows from it.

    @cached_property
    def tools(self) -> tuple[Tool, ...]:
        """All that can be asked for; every face is made from this table."""
        topics = {
            **self.topics,
            ORDERS: "your orders as they stand, and every legal choice with its effect and price",
            ALL: "the briefing as a whole",
        }
        told = "; ".join(f"{topic}: {what}" for topic, what in topics.items())
        look = Argument(TOPIC, f"What to look at. {told}.", tuple(topics), default=ALL)
        times = Argument(TIMES, _TIMES, most=MOST_AT_ONCE, default=1)
        return (
            Tool(LOOK, "Read the present briefing. No time passes.", ToolKind.LOOK, (look,)),
            *map(self._order_tool, self.orders),
            Tool(ADVANCE, _ADVANCE, ToolKind.ADVANCE, (times,)),
        )

    def _order_tool(self, order: Order) -> Tool:
        alone = len(order.arguments) == 1
        arguments = tuple(
            Argument(name, one.description, self.choices_of(one.factor), required=alone)
            for name, one in order.arguments.items()
        )
        return Tool(order.tool, order.description, ToolKind.ORDER, arguments)

    def choices_of(self, factor: str) -> tuple[str, ...]:
        """Names of a factor's choices."""
        return self.numbers.choices.factors[self._places[factor]].choices

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.name: place for place, one in enumerate(self.numbers.choices.factors)}

    @cached_property
    def neutral_plan(self) -> Plan:
        """The orders that an episode begins with: nothing."""
        return self.plan_of(self._neutral())

    def plan_of(self, decision: Any) -> Plan:
        """A decision as orders."""
        return tuple(self.numbers.action(decision).tolist())

    def decision(self, plan: Plan) -> Any:
        """The decision that orders mean."""
        return self.numbers.decode(np.array(plan, dtype=np.int64))

    def _mask(self, legal: Any) -> list[list[bool]]:
        mask = self.numbers.mask(legal).tolist()
        return [mask[part] for part in self.numbers.choices.parts]

    def order(self, call: ToolCall, plan: Plan, legal: Any) -> Plan | Refusal:
        """The orders as a call that was read changes them, or why it cannot; it never raises.

        A call is carried out whole or not at all.
        """
        order = next(one for one in self.orders if one.tool == call.tool)
        mask, changed = self._mask(legal), list(plan)
        for name, value in call.arguments.items():
            place = self._places[order.arguments[name].factor]
            choices = self.numbers.choices.factors[place].choices
            choice = choices.index(str(value))
            if not mask[place][choice]:
                may = [one for one, fine in zip(choices, mask[place], strict=True) if fine]
                reason = f"{call.tool}: {name}: {value} is not legal now"
                return Refusal(reason, f"Legal: {', '.join(may)}.")
            changed[place] = choice
        return tuple(changed)

    def needs(self, call: ToolCall, scenario: Any, briefing: Any) -> str:
        """Conditions that the choices of a call wait for; empty if none are known."""
        order = next((one for one in self.orders if one.tool == call.tool), None)
        if order is None:
            return ""
        about = self.about(scenario, briefing)
        names = [f"{order.arguments[name].factor}/{v}" for name, v in call.arguments.items()]
        return "; ".join(about[name].needs for name in names if name in about and about[name].needs)

    def answer(
        self, call: ToolCall, scenario: Any, briefing: Any, legal: Any, plan: Plan
    ) -> tuple[Plan, str | Refusal]:
        """Orders after a call to look or to order that was read, and the answer; never raises."""
        if call.tool == LOOK:
            return plan, self.look(str(call.arguments[TOPIC]), scenario, briefing, legal, plan)
        changed = self.order(call, plan, legal)
        if not isinstance(changed, Refusal):
            return changed, f"Done. {self.ordered(changed)}"
        needs = self.needs(call, scenario, briefing)
        reason = f"{changed.reason}: it needs {needs}" if needs else changed.reason
        return plan, Refusal(reason, changed.legal)

    def calls(self, plan: Plan, decision: Any) -> list[ToolCall]:
        """Calls that make a decision of orders that stand, without the one to advance.

        Carried out on what is legal they give exactly this decision.
        """
        wanted, calls = self.plan_of(decision), []
        for order in self.orders:
            arguments = {}
            for name, one in order.arguments.items():
                place = self._places[one.factor]
                if wanted[place] != plan[place]:
                    arguments[name] = self.choices_of(one.factor)[wanted[place]]
            if arguments:
                calls.append(ToolCall(order.tool, arguments))
        return calls

    def standing(self, plan: Plan, legal: Any) -> tuple[Plan, tuple[str, ...]]:
        """Orders at the next decision point, and names of those that are no longer legal there.

        What was ordered once is done; what is no longer legal orders nothing.
        """
        mask, neutral = self._mask(legal), self.neutral_plan
        standing, gone = list(plan), []
        for order in self.orders:
            for name, one in order.arguments.items():
                place = self._places[one.factor]
                if order.once:
                    standing[place] = neutral[place]
                elif not mask[place][standing[place]]:
                    choice = self.choices_of(one.factor)[standing[place]]
                    gone.append(f"{one.label or name} {choice}")
                    standing[place] = neutral[place]
        return tuple(standing), tuple(gone)

    def brief(self, briefing: Any, legal: Any, plan: Plan) -> str:
        """The briefing, orders and what is legal, as text within ``most_tokens``."""
        lines = [self.heading(briefing), self.ordered(plan), *self.legal_lines(legal)]
        for section in self.sections(briefing):
            lines.extend(section.lines() if section.brief else ())
        return self.fitted([line for line in lines if line])

    def look(self, topic: str, scenario: Any, briefing: Any, legal: Any, plan: Plan) -> str:
        """A topic of the briefing as text, with what its facts mean."""
        if topic == ALL:
            return self.brief(briefing, legal, plan)
        lines = [self.heading(briefing)]
        if topic == ORDERS:
            lines += [self.ordered(plan), *self.choice_lines(scenario, briefing, legal)]
        for section in self.sections(briefing):
            if section.topic == topic:
                lines += [*section.lines(), *section.meanings()]
        return self.fitted([line for line in lines if line])

    def changes(self, before: Any, legal_before: Any, after: Any, legal: Any, plan: Plan) -> str:
        """The short form: what has changed since an earlier decision point, and orders."""
        lines = [self.heading(after), self.ordered(plan)]
        lines += self._legal_changes(legal_before, legal)
        lines += changed_lines(self.sections(before), self.sections(after))
        return self.fitted([line for line in lines if line])

    def choice_lines(self, scenario: Any, briefing: Any, legal: Any) -> Iterator[str]:
        """Every legal choice with effect and price, and what the others wait for."""
        about = self.about(scenario, briefing)
        for order in self.orders:
            yield f"{order.tool}: {order.description}"
            for names, may in self.alike(order, legal):
                factor = order.arguments[names[0]].factor
                told = {choice: about.get(f"{factor}/{choice}", ChoiceWords()) for choice in may}
                if any(words.told for words in told.values()):
                    for choice, words in told.items():
                        yield f"- {choice}: {words.told}" if words.told else f"- {choice}"
                else:
                    yield f"- {', '.join(names)}: {', '.join(may)}"
                if len(names) > 1:
                    continue  # what several arguments wait for would be said several times
                for choice in self.choices_of(factor):
                    needs = about.get(f"{factor}/{choice}", ChoiceWords()).needs
                    if needs and choice not in may:
                        yield f"- not now: {choice}: needs {needs}"

    def alike(self, order: Order, legal: Any) -> Iterator[tuple[list[str], tuple[str, ...]]]:
        """Arguments of an order with the choices that are legal, those with the same together."""
        mask = self._mask(legal)
        by_choices: dict[tuple[str, ...], list[str]] = {}
        for name, one in order.arguments.items():
            fine = zip(self.choices_of(one.factor), mask[self._places[one.factor]], strict=True)
            by_choices.setdefault(tuple([c for c, may in fine if may]), []).append(name)
        for may, names in by_choices.items():
            yield names, may

    def ordered(self, plan: Plan) -> str:
        """The orders as they stand, on one line."""
        parts = []
        for order in self.orders:
            for name, one in order.arguments.items():
                choice = self.choices_of(one.factor)[plan[self._places[one.factor]]]
                parts.append(f"{one.label or name} {choice}")
        return f"Your orders: {', '.join(parts)}"

    def legal_lines(self, legal: Any) -> Iterator[str]:
        """The legal choices by name, a line for each order's."""
        for order in self.orders:
            alike = list(self.alike(order, legal))
            for names, may in alike:
                who = "" if len(alike) == 1 else f" {', '.join(names)}:"
                yield f"Legal for {order.tool}:{who} {', '.join(may)}"

    def _legal_changes(self, before: Any, after: Any) -> Iterator[str]:
        earlier, later = self._mask(before), self._mask(after)
        for order in self.orders:
            opened: dict[str, list[str]] = {}
            closed: dict[str, list[str]] = {}
            for name, one in order.arguments.items():
                place = self._places[one.factor]
                for choice, was, is_ in zip(
                    self.choices_of(one.factor), earlier[place], later[place], strict=True
                ):
                    if was != is_:
                        (opened if is_ else closed).setdefault(choice, []).append(name)
            for words, choices in (("Now legal", opened), ("No longer legal", closed)):
                if choices:
                    yield f"{words} for {order.tool}: {', '.join(choices)}"

    def fitted(self, lines: Sequence[str]) -> str:
        """Lines as a text of ``most_tokens`` at most."""
        hint = f"(More than {self.most_tokens} tokens: {LOOK} at one topic for the rest.)"
        return fitted(lines, self.most_tokens, hint)

    def _manual(self) -> str:
        """Rules of how the tools work together, the same in every world."""
        orders = ", ".join(order.tool for order in self.orders)
        return (
            f"You decide by calling tools. {LOOK} tells, {orders} set your orders, and {ADVANCE} "
            "carries them out: only then does time pass. Orders hold until you change them"
            f"{self._exceptions()}. A call that is not possible is refused with the reason, is "
            "counted, and changes nothing."
        )

    def _exceptions(self) -> str:
        once = [order.tool for order in self.orders if order.once]
        return f", but {', '.join(once)} is for the next decision point only" if once else ""


_ADVANCE = (
    "Carry out your orders and go on to the next decision point. The answer says what has changed."
)
_TIMES = (
    "How many decision points to go on by under the same orders; what is ordered once is done at "
    "the first of them."
)


def _section(group: Group, values: Sequence[float]) -> Section:
    features, width = group.features(), len(group.columns)
    rows = []
    for number, name in enumerate(group.rows):
        facts = [
            Fact(
                column.name.replace("_", " "), raw_text(feature, value), meaning=column.description
            )
            for column, feature, value in zip(
                group.columns,
                features[number * width :][:width],
                values[number * width :][:width],
                strict=True,
            )
        ]
        rows.append(Row(name, tuple(facts)))
    return Section(group.name, group.name, tuple(rows), table=len(rows) > 1)


def raw_text(feature: Feature, value: float) -> str:
    """The raw value of a feature, as far as its bounds let it through."""
    if feature.transform is Transform.FRESHNESS:
        return "never" if value <= 0.0 else _written(feature.scale * (1.0 / value - 1.0))
    raw = value * feature.scale
    if feature.transform is Transform.LOGARITHM:
        raw = exponential(raw) - 1.0
    # A share ends at 1; what ends elsewhere was cut off there.
    cut = feature.transform is Transform.LOGARITHM or (feature.high, feature.scale) != (1.0, 1.0)
    return f"{'>=' if cut and value >= feature.high else ''}{_written(raw)}"


def _written(number: float) -> str:
    whole = round(number)
    if abs(number - whole) <= 1e-4 * max(1.0, abs(number)):
        return str(whole)
    return f"{number:.3g}" if abs(number) < 1_000.0 else str(whole)
