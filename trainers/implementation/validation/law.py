"""Laws: what was published, the experiment that asks the world, and how a page shows the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ....core.tables import Table, figures
from ...evaluation.statistics import Interval
from .projects import Sample

T = TypeVar("T")


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


@dataclass(frozen=True)
class Statement:
    """A law in words.

    Attributes:
        name: of the law.
        statement: the law in a sentence.
        source: who published it.
        published: the published band or direction.
        experiment: what is done, in a sentence or two.
    """

    name: str
    statement: str
    source: str
    published: str
    experiment: str


@dataclass(frozen=True)
class LawResult(Statement):
    """The findings of an experiment about a law.

    Attributes:
        customers: that the experiment was asked for.
        first_seed: the first of their seeds.
        figures: measured.
        conditions: what must be so for the law to hold.
    """

    customers: int
    first_seed: int
    figures: tuple[Figure, ...]
    conditions: tuple[Condition, ...]

    @property
    def holds(self) -> bool:
        """True if the world obeys the law, as far as the experiment can tell."""
        return all(condition.holds for condition in self.conditions)

    def figure(self, name: str) -> Figure:
        """The figure of a name.

        Raises:
            KeyError: none has it.
        """
        return _found(name, {figure.name: figure for figure in self.figures})

    def condition(self, statement: str) -> bool:
        """True if the condition of a statement holds.

        Raises:
            KeyError: there is no such condition.
        """
        return _found(statement, {one.statement: one.holds for one in self.conditions})


Measured = tuple[Sequence[Figure], Mapping[str, bool]]
"""Figures, and of each condition whether it holds."""


@dataclass(frozen=True)
class Law(Statement):
    """A law with the experiment that puts it to the test on generated customers.

    Attributes:
        measure: does it: plays the sample's projects with one thing changed, and compares.
    """

    measure: Callable[[Sample], Measured]

    def __call__(
        self, customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
    ) -> LawResult:
        """Run the experiment on customers; the same arguments give the same result."""
        figures, conditions = self.measure(Sample(customers, first_seed, parameters or {}))
        return LawResult(
            self.name,
            self.statement,
            self.source,
            self.published,
            self.experiment,
            customers,
            first_seed,
            tuple(figures),
            tuple(Condition(*one) for one in conditions.items()),
        )


def markdown(results: Sequence[LawResult]) -> str:
    """A page's tables: an overview of all laws, then each law with its figures."""
    rows = []
    for result in results:
        met = sum(condition.holds for condition in result.conditions)
        rows.append((result.name, _word(result.holds), f"{met} of {len(result.conditions)}"))
    overview = Table("", figures("law", "holds", "conditions met"), rows)
    return "\n\n".join([overview.to_markdown(), *(_section(result) for result in results)])


def _section(result: LawResult) -> str:
    told = f"{result.customers} customers from seed {result.first_seed}"
    conditions = [
        f"- {condition.statement}: **{_word(condition.holds)}**" for condition in result.conditions
    ]
    rows = [
        (figure.name, figure.published or "-", _shown(figure), figure.projects)
        for figure in result.figures
    ]
    return "\n\n".join(
        [
            f"### {result.name}",
            f"{result.statement} Source: {result.source}. Published: {result.published}.",
            f"{result.experiment} ({told}.)",
            "\n".join(conditions),
            Table(
                "", figures("figure", "published", "measured (95 %)", "projects"), rows
            ).to_markdown(),
        ]
    )


def _found(name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise KeyError(f"{name!r}: expected one of {list(known)}")
    return known[name]


def _word(holds: bool) -> str:
    return "yes" if holds else "no"


def _shown(figure: Figure) -> str:
    def form(value: float) -> str:
        if figure.unit == "share":
            return f"{100.0 * value:.1f} %"
        return f"{value:.3g}" if abs(value) < 1_000.0 else f"{value:,.0f}"

    value = figure.value
    text = f"{form(value.estimate)} ({form(value.low)} to {form(value.high)})"
    return text if figure.unit == "share" else f"{text} {figure.unit}"
