"""Figures of a game against what is to be reached, as tables and as a page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from golive.core.tables import Cell, Table, figures, right
from golive.trainers.evaluation.statistics import Interval

NOT_THERE = "not there"
MOVES = "moves and paces removed"
READERS_MOVES = "moves withheld from who reads traits"
"""Compared with the same reader who has them all, not with the expert."""
"""Block of policies of which the report says where they are needed."""


class Unit(StrEnum):
    """Units in which figures are counted."""

    SHARE = "share"
    SD = "sd of the expert"
    COUNT = "count"
    RANK = "rank correlation"


_FORMS = {Unit.SHARE: ".0%", Unit.SD: "+.2f", Unit.RANK: ".2f"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one programme.

    Attributes:
        key: under which programmes are compared and targets found.
        label: in words.
        unit: of the value.
        value: None: there is nothing to measure, and the note says why.
        note: what it is of.
    """

    key: str
    label: str
    unit: Unit
    value: Interval | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """Results of one policy.

    Attributes:
        block: why it was played.
        name: of the policy.
        score: mean.
        reward: mean return of the default reward.
        gain: score minus the expert's in its standard deviations; None: the same in every episode.
        illegal: illegal parts of decisions, in all episodes.
    """

    block: str
    name: str
    score: float
    reward: float
    gain: Interval | None
    illegal: int


@dataclass(frozen=True, slots=True)
class Game:
    """One programme, or the customers of a suite.

    Attributes:
        name: of the scenario or suite.
        expert_mean: score over all episodes.
        expert_sd: standard deviation of its episodes' scores, customers and luck together.
        figures: in the order of the table.
        policies: all that were compared with the expert.
    """

    name: str
    expert_mean: float
    expert_sd: float
    figures: tuple[Figure, ...]
    policies: tuple[PolicyRow, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that a figure is to reach.

    Attributes:
        text: in words.
        least: that the estimate may be.
        most: likewise.
    """

    text: str
    least: float = -math.inf
    most: float = math.inf

    def reached_by(self, value: Interval) -> bool:
        """True if the estimate is within; the interval says how sure that is."""
        return self.least <= value.estimate <= self.most


@dataclass(frozen=True, slots=True)
class GameReport:
    """All games, and how they were measured.

    Attributes:
        command: that makes it again.
        version: of golive.
        customers: of each game.
        luck: seeds of each customer.
        games: in the order in which they were asked for.
        targets: bounds to be reached, by the figure's key.
        subject: what stays the same under every luck.
        team: every policy was played by a team of five.
    """

    command: str
    version: str
    customers: int
    luck: int
    games: tuple[Game, ...]
    targets: Mapping[str, Target]
    subject: str = "customer"
    team: bool = False


TARGETS = {
    "variance.customer": Target("≥ 45 %", least=0.45),
    "variance.luck": Target("≤ 45 %", most=0.45),
    "paired.customer": Target("≥ 30 %", least=0.30),
    "paired.luck": Target("≤ 60 %", most=0.60),
    "paired.decent": Target("≥ 20", least=20),
    "chosen.gain": Target("≥ +0.25", least=0.25),
    "traits.reads every trait": Target("≥ +0.2", least=0.2),
    "traits.reads every trait wrong": Target("≤ -0.4", most=-0.4),
    "traits.buys readings": Target("> 0", least=1e-9),
    "traits.buys everything": Target("< 0", most=-1e-9),
    "planner.as it is": Target("≥ +0.35", least=0.35),
    "planner.blind to traits": Target("≥ +0.2", least=0.2),
    "edits.gaining": Target("0", most=0),
    "schedule.best": Target("≤ -0.5", most=-0.5),
    "reward.rank": Target("≥ 0.95", least=0.95),
    "reward.misled": Target("0", most=0),
    "probes.largest": Target("< 0", most=-1e-9),
}
"""By the figure's key."""
TEAM_TARGETS = {
    **{key: TARGETS[key] for key in ("edits.gaining", "schedule.best", "reward.misled")},
    "probes.largest": TARGETS["probes.largest"],
    "paired.customer": Target("≥ 25 %", least=0.25),
    "paired.decent": Target("≥ 12", least=12),
    "oracle": Target("> 0", least=1e-9),
    "planner.team": Target("> 0", least=1e-9),
    "learner": Target("> 0", least=1e-9),
}
"""Likewise of a team."""


def plural_of(subject: str) -> str:
    """Several of them."""
    return subject.removesuffix("y") + "ies" if subject.endswith("y") else f"{subject}s"


def counted(number: int) -> Interval:
    """A count, which is what it is."""
    return Interval(float(number), float(number), float(number))


def needed_choices(rows: Sequence[PolicyRow]) -> dict[str, bool]:
    """Moves and paces that were removed: whether somebody surely loses.

    The expert must lose however it makes do; who reads traits, or buys readings, may lose instead.
    """
    found: dict[str, bool] = {}
    readers: set[str] = set()
    for row in rows:
        name = row.name.partition(" (")[0]
        loses = row.gain is not None and row.gain.below(0.0)
        if row.block == MOVES:
            found[name] = found.get(name, True) and loses
        elif row.block == READERS_MOVES and loses:
            readers.add(name)
    return {name: needed or name in readers for name, needed in found.items()}


def summary_table(report: GameReport) -> Table:
    """Figures of all games beside what is to be reached."""
    labels: dict[str, str] = {}
    for game in report.games:
        labels.update({figure.key: figure.label for figure in game.figures})
    rows = []
    for key, label in labels.items():
        target = report.targets.get(key)
        cells = [_cell_of(game, key, target) for game in report.games]
        rows.append((label, *cells, "" if target is None else target.text))
    names = [right(game.name) for game in report.games]
    plural = plural_of(report.subject)
    return Table(
        f"What skill pays: {report.customers} {plural} x {report.luck} seeds of luck; "
        f"differences in standard deviations of the expert; 95 % intervals over {plural}",
        ["figure", *names, right("to reach")],
        rows,
    )


def needed_line(report: GameReport) -> str:
    """Moves and paces without which the expert loses somewhere, and those nobody needs."""
    where: dict[str, list[str]] = {}
    for game in report.games:
        for name, needed in needed_choices(game.policies).items():
            where.setdefault(name, []).extend([game.name] * needed)
    if not where:
        return ""
    alive = [f"{name} ({', '.join(games)})" for name, games in where.items() if games]
    dead = [name for name, games in where.items() if not games]
    return (
        f"Needed on some programme, {len(alive)} of {len(where)}: {'; '.join(alive) or 'none'}. "
        f"Needed nowhere: {', '.join(dead) or 'none'}."
    )


def notes_of(game: Game) -> list[str]:
    """Lines that say what figures are of."""
    return [f"{figure.label}: {figure.note}." for figure in game.figures if figure.note]


def policy_tables(game: Game) -> list[Table]:
    """The policies of each block, best first."""
    found = []
    for block in dict.fromkeys(row.block for row in game.policies):
        rows = [row for row in game.policies if row.block == block]
        rows.sort(key=lambda row: -row.score)
        found.append(
            Table(
                f"{game.name}: {block}",
                figures("policy", "score", "minus expert, sd", "reward", "illegal"),
                [
                    (
                        row.name,
                        f"{row.score:.3f}",
                        _span(row.gain),
                        f"{row.reward:+.2f}",
                        row.illegal,
                    )
                    for row in rows
                ],
            )
        )
    return found


def page(report: GameReport) -> str:
    """The whole report as a page in Markdown."""
    parts = [
        "# Does skill pay in a team?" if report.team else "# Does skill pay?",
        f"Made by golive {report.version} with",
        f"```console\n$ {report.command}\n```",
        summary_table(report).to_markdown(),
        needed_line(report),
        _METHOD.format(one=report.subject, many=plural_of(report.subject))
        + (_MASK_METHOD if needed_line(report) else ""),
        _TEAM_METHOD if report.team else "",
    ]
    for game in report.games:
        parts.append(f"## {game.name}")
        parts.append(_expert_line(game))
        notes = notes_of(game)
        if notes:
            parts.append("\n".join(f"- {note}" for note in notes))
        parts += [table.to_markdown() for table in policy_tables(game)]
    return "\n\n".join(part for part in parts if part) + "\n"


def console_parts(report: GameReport) -> Sequence[Table | str]:
    """The table, who needs which move, and what the figures are of, to be printed."""
    games = [part for game in report.games for part in (_expert_line(game), *notes_of(game))]
    return [summary_table(report), *filter(None, [needed_line(report)]), *games]


_METHOD = (
    "Each {one} is fixed while luck varies; every policy meets the same luck. Luck is nested in "
    "{many}, so its share holds the interplay of the two as well. The {one}'s and the policy's "
    "shares are random-effects components, unbiased before a negative one is set to 0; their "
    "intervals are the wider of bootstrap and jackknife over {many}. Intervals of differences "
    "are Student's over {many}, widened for skewness; what befalls fewer than one {one} in "
    "the sample is not in them."
)
_MASK_METHOD = " Moves and paces are removed through the legal mask."


_TEAM_METHOD = (
    "Every policy is played by five: each decides by it from the briefing as its role knows it, "
    "and its role's own part of that decision is taken; what the five choose is joined. Nobody "
    "can say anything. The expert is five experts, the unit the standard deviation of their "
    "scores. The one expert who sees all, the planner, trained teams and teams of five of a kind "
    "play as they are."
)


def _expert_line(game: Game) -> str:
    return f"{game.name}: the expert scores {game.expert_mean:.3f}, sd {game.expert_sd:.3f}."


def _cell_of(game: Game, key: str, target: Target | None) -> Cell | str:
    found = [figure for figure in game.figures if figure.key == key]
    if not found:
        return ""
    (figure,) = found
    if figure.value is None:
        return NOT_THERE
    text, detail = _texts(figure.value, figure.unit)
    style = "" if target is None else "good" if target.reached_by(figure.value) else "bad"
    return Cell(text, detail, style)


def _texts(value: Interval, unit: Unit) -> tuple[str, str]:
    if unit is Unit.COUNT:
        return f"{value.estimate:.0f}", ""
    form = _FORMS[unit]
    low, high = format(value.low, form), format(value.high, form)
    return format(value.estimate, form), f"({low} to {high})"


def _span(gain: Interval | None) -> str:
    if gain is None:
        return "never different"
    return " ".join(_texts(gain, Unit.SD))
