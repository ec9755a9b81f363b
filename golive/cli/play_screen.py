"""A game on a terminal: briefings, choices, what became of it, and the look back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..agents.neighbours import description, description_of_change
from ..agents.review import Reviewed
from ..envs.tool_session import ToolSession
from ..sim.briefing_text import Section
from ..sim.tool_table import ToolKind
from ..sim.words import ChoiceWords
from .play_commands import HELP

if TYPE_CHECKING:
    from rich.console import Console


class Screen:
    """Prints a game."""

    def __init__(self, console: Console, session: ToolSession) -> None:
        self.console = console
        self._session = session
        self._words = session.words

    def say(self, text: object, style: str | None = None) -> None:
        """Print a line or anything of rich's; texts are not taken for markup."""
        self.console.print(text, style=style, markup=False, highlight=False)

    def opening(self) -> None:
        """The rules, the first decision point, and where the rest is."""
        from rich.panel import Panel
        from rich.text import Text

        world = self._session.environment.world
        rules = Text(self._session.instructions.rpartition("\n")[0])
        self.say(Panel(rules, title=f"{world.subject}, seed {world.seed}", border_style="cyan"))
        self.morning("")
        self.say(
            "look shows the briefing, choices what each choice does, help all commands.", "dim"
        )

    def briefing(self, topic: str | None) -> None:
        """The briefing, or a topic of it."""
        for section in self._words.sections(self._session.environment.briefing):
            if section.brief if topic is None else section.topic == topic:
                self._section(section)

    def _section(self, section: Section) -> None:
        from rich import box
        from rich.table import Table

        if not section.rows:
            return
        title = f"{section.title} ({section.note})" if section.note else section.title
        if not section.table:
            for line in section.lines():
                self.say(line)
            return
        table = Table(
            title=title,
            title_justify="left",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        table.add_column("", no_wrap=True)
        for fact in section.rows[0].facts:
            number = any(letter.isdigit() for letter in fact.text)
            table.add_column(fact.name, justify="right" if number else "left", no_wrap=True)
        for row in section.rows:
            table.add_row(row.name, *(fact.text for fact in row.facts))
        self.say(table)

    def morning(self, news: str) -> None:
        """A decision point: what is new, the orders, and the legal choices with their prices."""
        from rich.panel import Panel
        from rich.text import Text

        session, words = self._session, self._words
        environment = session.environment
        lines = news.splitlines()
        heading = words.heading(environment.briefing) or (lines[0] if lines else "")
        orders = words.ordered(session.plan)
        told = [line for line in lines if line not in (heading, orders) and "legal for" not in line]
        body = Text("\n".join([*told, ""] if told else []))
        body.append(f"{orders}\n", style="bold")
        about = words.about(environment.world.scenario, environment.briefing)
        for order in words.orders:
            for names, may in words.alike(order, environment.legal()):
                factor = order.arguments[names[0]].factor
                who = f" {' '.join(names)}" if len(names) < len(order.arguments) else ""
                body.append(f"{order.tool}{who}: ", style="cyan")
                prices = [(c, about.get(f"{factor}/{c}", ChoiceWords()).price) for c in may]
                body.append(", ".join(f"{c} ({p})" if p else c for c, p in prices) + "\n")
        body.rstrip()
        self.say(Panel(body, title=heading, title_align="left", border_style="green"))

    def choices(self) -> None:
        """Every legal choice with effect and price, and what the others wait for."""
        from rich import box
        from rich.table import Table

        environment, words = self._session.environment, self._words
        about = words.about(environment.world.scenario, environment.briefing)
        for order in words.orders:
            table = Table(title=f"{order.tool}: {order.description}", title_justify="left",
                          box=box.SIMPLE_HEAD, pad_edge=False)  # fmt: skip
            for name in ("choice", "what it does", "price"):
                table.add_column(name)
            waiting: dict[str, str] = {}
            for names, may in words.alike(order, environment.legal()):
                factor = order.arguments[names[0]].factor
                who = "" if len(names) == len(order.arguments) else f" ({', '.join(names)})"
                told = {c: about.get(f"{factor}/{c}", ChoiceWords()) for c in may}
                if not any(one.told for one in told.values()):
                    table.add_row("", f"{', '.join(may)}{who}", "")
                    continue
                for choice, one in told.items():
                    table.add_row(choice, one.effect, one.price)
                for choice in words.choices_of(factor):
                    needs = about.get(f"{factor}/{choice}", ChoiceWords()).needs
                    if choice not in may and needs:
                        waiting[choice] = needs
            self.say(table)
            for choice, needs in waiting.items():
                self.say(f"  not now: {choice}: needs {needs}", "dim")

    def hint(self, decision: Any) -> None:
        """The expert's decision, as it differs from the orders."""
        session = self._session
        own = self._words.decision(session.plan)
        told = description_of_change(session.kind, decision, own)
        self.say(f"The expert would change: {told or 'nothing'}", "yellow")

    def help(self) -> None:
        """The commands."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        table.add_column("command", style="cyan", no_wrap=True)
        table.add_column("what it does")
        for tool in self._session.tools:
            if tool.kind is ToolKind.ADVANCE:
                continue
            names = [one.name for one in tool.arguments]
            takes = "WHO WHAT ..." if len(names) > 1 else names[0].upper()
            short = tool.name.rpartition("_")[2]
            table.add_row(f"{short} {takes}", f"{tool.description} {self._takes(tool.name)}")
        for name, text in HELP.items():
            table.add_row(name, text)
        self.say(table)
        self.say("Names may be cut short: m test_c, as data testing.", "dim")

    def _takes(self, name: str) -> str:
        tool = next(tool for tool in self._session.tools if tool.name == name)
        by_choices: dict[tuple[str, ...], list[str]] = {}
        for one in tool.arguments:
            by_choices.setdefault(one.choices, []).append(one.name)
        alone = len(tool.arguments) == 1
        parts = [
            f"{'' if alone else ' '.join(names) + ': '}{', '.join(choices)}"
            for choices, names in by_choices.items()
        ]
        return f"({'; '.join(parts)})"

    def outcome(self, expert: str, expert_score: float, *, hints: int, undone: int) -> None:
        """Outcome of the episode, beside the expert's score on the same luck."""
        from rich import box
        from rich.table import Table

        session = self._session
        kind, card = session.kind, session.environment.world.scorecard().as_dict()
        table = Table(title="What came of it", title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("")
        table.add_column("", justify="right")
        for metric in kind.metrics:
            if metric.headline:
                table.add_row(metric.label, metric.format(float(card[metric.name])))
        self.say(table)
        label = kind.metric(kind.figures.score).label
        theirs = f"The {expert} on the same luck: {expert_score:.3f}."
        self.say(f"{label}: {session.score:.3f}. {theirs}", "bold")
        if hints or undone:
            self.say(f"With {hints} hints and {undone} decision points undone.", "dim")

    def looked_back(self, reviewed: Sequence[Reviewed], futures: int) -> None:
        """The decision points that mattered."""
        from rich import box
        from rich.table import Table

        kind = self._session.kind
        if not reviewed:
            self.say("You decided as the expert would have, every time.")
            return
        table = Table(title="Decisions that mattered most", title_justify="left",
                      box=box.SIMPLE_HEAD, show_lines=True)  # fmt: skip
        for name in ("day", "you decided", "the expert would have", "the planner would have"):
            table.add_column(name)
        for one in reviewed:
            own, *others = one.decisions
            cells = [f"{description(kind, own)}\nscore {one.scores[0]:.3f}"]
            for decision, score in zip(others, one.scores[1:], strict=True):
                change = description_of_change(kind, decision, own) or "the same"
                cells.append(f"{change}\nscore {score:.3f}")
            table.add_row(str(one.moment), *cells)
        self.say(table)
        self.say(
            f"Mean scores of {futures} futures drawn anew from that morning, in which the expert "
            "goes on. The planner tries decisions out and sees more than anybody may know "
            "(docs/planner.md).",
            "dim",
        )
