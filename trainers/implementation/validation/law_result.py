"""What an experiment finds out about a law, and how a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...evaluation.statistics import Interval


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured.
        unit: of the values; ``share`` is shown in per cent.
        value: the estimate with its bootstrap interval.
        projects: how many (pairs of) projects it rests on.
        published: what has been published of it, empty where nothing has.
    """

    name: str
    unit: str
    value: Interval
    projects: int
    published: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is so if the law holds; what the law asks is all of its conditions."""

    statement: str
    holds: bool


@dataclass(frozen=True, slots=True)
class LawResult:
    """What an experiment found out about a law.

    Attributes:
        name: of the law.
        statement: the law in a sentence.
        source: who published it.
        published: the published band or direction.
        experiment: what was done, in a sentence or two.
        customers: that the experiment was asked for.
        first_seed: the first of their seeds.
        figures: measured.
        conditions: what must be so for the law to hold.
    """

    name: str
    statement: str
    source: str
    published: str
    experiment: str
    customers: int
    first_seed: int
    figures: tuple[Figure, ...]
    conditions: tuple[Condition, ...]

    @property
    def holds(self) -> bool:
        """Whether the world obeys the law, as far as the experiment can tell."""
        return all(condition.holds for condition in self.conditions)

    def figure(self, name: str) -> Figure:
        """The figure of a name.

        Raises:
            KeyError: none has it.
        """
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(f"{name!r}: expected one of {[figure.name for figure in self.figures]}")

    def condition(self, statement: str) -> bool:
        """Whether the condition of a statement holds.

        Raises:
            KeyError: there is no such condition.
        """
        for condition in self.conditions:
            if condition.statement == statement:
                return condition.holds
        known = [condition.statement for condition in self.conditions]
        raise KeyError(f"{statement!r}: expected one of {known}")


def markdown(results: Sequence[LawResult]) -> str:
    """A page's tables: an overview of all laws, then each law with its figures."""
    overview = ["| law | holds | conditions met |", "|---|---|---:|"]
    for result in results:
        met = sum(condition.holds for condition in result.conditions)
        conditions = f"{met} of {len(result.conditions)}"
        overview.append(f"| {result.name} | {_word(result.holds)} | {conditions} |")
    return "\n\n".join(["\n".join(overview), *(_section(result) for result in results)])


def _section(result: LawResult) -> str:
    told = f"{result.customers} customers from seed {result.first_seed}"
    conditions = [
        f"- {condition.statement}: **{_word(condition.holds)}**" for condition in result.conditions
    ]
    rows = ["| figure | published | measured (95 %) | projects |", "|---|---|---|---:|"]
    rows += [
        f"| {figure.name} | {figure.published or '-'} | {_shown(figure)} | {figure.projects} |"
        for figure in result.figures
    ]
    return "\n\n".join(
        [
            f"### {result.name}",
            f"{result.statement} Source: {result.source}. Published: {result.published}.",
            f"{result.experiment} ({told}.)",
            "\n".join(conditions),
            "\n".join(rows),
        ]
    )


def _word(holds: bool) -> str:
    return "yes" if holds else "no"


def _shown(figure: Figure) -> str:
    share = figure.unit == "share"
    value = figure.value
    form = _per_cent if share else _number
    text = f"{form(value.estimate)} ({form(value.low)} to {form(value.high)})"
    return text if share else f"{text} {figure.unit}"


def _per_cent(value: float) -> str:
    return f"{100.0 * value:.1f} %"


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1_000.0 else f"{value:,.0f}"
