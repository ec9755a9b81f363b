"""What moved, in words and tables: for a terminal and as GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .findings import Comparison, Difference, FigureKind, Verdict, WinningProbe

if TYPE_CHECKING:
    from rich.console import Console

_HEADLINES = {
    Verdict.UNCHANGED: "Every exact figure is the baseline's.",
    Verdict.CHANGED: "Figures that must be exact are not the baseline's.",
    Verdict.REGRESSION: "Something got worse than the baseline.",
}
_ACCEPT = "If that is meant, also if it is for the better, say why and commit the new baseline:"


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as text.

    Attributes:
        title: above it.
        headings: of the columns.
        rows: cells; as many as headings.
        words: how many of the first columns are words, aligned to the left.
        left_out: rows that there was no room for.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int
    left_out: int = 0


def headline(comparison: Comparison) -> str:
    """The verdict in a sentence."""
    return f"{comparison.verdict.value}: {_HEADLINES[comparison.verdict]}"


def findings(comparison: Comparison) -> tuple[str, ...]:
    """Everything that makes the verdict, the moved figures apart: one line each."""
    return tuple(_findings(comparison))


def tables(comparison: Comparison, most_rows: int) -> tuple[PlainTable, ...]:
    """Moved metrics, moved reward terms, moved digests, learned policies; empty ones left out."""
    found = (
        _difference_table("Moved metrics", comparison, FigureKind.METRIC, most_rows),
        _difference_table("Moved reward terms", comparison, FigureKind.REWARD_TERM, most_rows),
        _digest_table(comparison, most_rows),
        _learned_table(comparison, most_rows),
    )
    return tuple(table for table in found if table.rows)


def probe_line(probe: WinningProbe) -> str:
    """What is wrong with a probe."""
    return (
        f"{probe.scenario} / {probe.policy}: scores {probe.score:.6g}: expected less than "
        f"{probe.reference}'s {probe.reference_score:.6g}, because a probe must lose"
    )


def speed_line(comparison: Comparison) -> str:
    """The speed in a sentence."""
    speed = comparison.speed
    if speed is None:
        return "Speed: not compared."
    return (
        f"Speed: {speed.now.ratio:.4f} [{speed.now.low:.4f}, {speed.now.high:.4f}] world steps per "
        f"bare task; baseline {speed.baseline.ratio:.4f}, limit {speed.limit:.4f}."
    )


def acceptance(comparison: Comparison, command: str) -> str:
    """How to go on from this verdict; empty if nothing is to be done, or there is no command."""
    if comparison.verdict is Verdict.UNCHANGED or not command:
        return ""
    return f"{_ACCEPT} {command}"


def print_comparison(
    console: Console, comparison: Comparison, *, most_rows: int, command: str
) -> None:
    """Print everything on a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    for plain in tables(comparison, most_rows):
        table = Table(title=plain.title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for index, heading in enumerate(plain.headings):
            table.add_column(
                heading, justify="left" if index < plain.words else "right", overflow="fold"
            )
        for row in plain.rows:
            table.add_row(*row)
        console.print(table, markup=False)
        if plain.left_out:
            console.print(_rest(plain), highlight=False)
    lines = [*findings(comparison), *_note_lines(comparison)]
    lines += [speed_line(comparison), headline(comparison), acceptance(comparison, command)]
    for line in lines:
        if line:
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def markdown(comparison: Comparison, title: str, *, most_rows: int, command: str) -> str:
    """The same as GitHub-flavoured Markdown, to be appended to a page."""
    parts = [f"## {_escaped(title)}", f"**{_escaped(headline(comparison))}**"]
    found = findings(comparison)
    if found:
        parts.append("\n".join(f"- {_escaped(line)}" for line in found))
    for plain in tables(comparison, most_rows):
        parts += [f"### {plain.title}", _markdown_table(plain)]
        if plain.left_out:
            parts.append(_rest(plain))
    notes = _note_lines(comparison)
    if notes:
        parts.append("\n".join(f"- {_escaped(line)}" for line in notes))
    parts.append(speed_line(comparison))
    if acceptance(comparison, command):
        parts += [_ACCEPT, f"```\n{command}\n```"]
    return "\n\n".join(parts) + "\n"


def _findings(comparison: Comparison) -> Iterator[str]:
    for fall in comparison.fallen:
        yield (
            f"{fall.scenario} / {fall.policy}: go-live score fell from "
            f"{' to '.join(_numbers(fall.baseline, fall.now))}"
        )
    for probe in comparison.probes:
        yield probe_line(probe)
    for learned in comparison.learned:
        if learned.fell:
            yield (
                f"{learned.scenario} / {learned.policy}: mean go-live score {learned.now:.4f}: "
                f"expected at least {learned.baseline:.4f} less {learned.tolerance}"
            )
    speed = comparison.speed
    if speed is not None and speed.slower:
        yield (
            f"speed: at most {speed.now.high:.4f} world steps per bare task: expected at least "
            f"{speed.limit:.4f}, the baseline's {speed.baseline.ratio:.4f} less "
            f"{100 * speed.tolerance:.0f} %"
        )
    for scenario, policies in _by_scenario(comparison.unknown).items():
        yield f"{scenario} / {_listed(policies)}: measured, but not in the baseline"
    for scenario, policies in _by_scenario(comparison.gone).items():
        yield f"{scenario} / {_listed(policies)}: in the baseline, but no longer measured"
    if comparison.suite_changed:
        yield "the suite's file is not the one that the baseline was made with"


def _by_scenario(cells: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scenario, policy in cells:
        found.setdefault(scenario, []).append(policy)
    return found


def _note_lines(comparison: Comparison) -> list[str]:
    return [f"note: {note}" for note in comparison.notes]


def _difference_table(
    title: str, comparison: Comparison, kind: FigureKind, most_rows: int
) -> PlainTable:
    found = [d for d in comparison.differences if d.kind is kind]
    return PlainTable(
        f"{title}, worst first",
        ("scenario", "policy", kind.value.replace("_", " "), "baseline", "now", "change", "seeds"),
        tuple(_difference_row(d) for d in found[:most_rows]),
        words=3,
        left_out=max(0, len(found) - most_rows),
    )


def _difference_row(difference: Difference) -> tuple[str, ...]:
    change = difference.change
    missing = "gone" if difference.now is None else "new"
    words = missing if change is None else f"{change:+.4g}"
    return (
        difference.scenario,
        difference.policy,
        difference.name,
        *_numbers(difference.baseline, difference.now),
        words,
        str(difference.seeds_moved),
    )


def _digest_table(comparison: Comparison, most_rows: int) -> PlainTable:
    """Policies of a scenario that moved on the same seeds share a row."""
    together: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for moved in comparison.digests:
        together.setdefault((moved.scenario, moved.seeds), []).append(moved.policy)
    rows = [
        (scenario, _listed(policies), _listed(seeds))
        for (scenario, seeds), policies in together.items()
    ]
    return PlainTable(
        "Moved digests of the final state",
        ("scenario", "policies", "seeds"),
        tuple(rows[:most_rows]),
        words=3,
        left_out=max(0, len(rows) - most_rows),
    )


def _learned_table(comparison: Comparison, most_rows: int) -> PlainTable:
    found = sorted(comparison.learned, key=lambda learned: learned.now - learned.baseline)
    return PlainTable(
        "Learned policies, mean go-live score",
        ("scenario", "policy", "baseline", "now", "change", "tolerance", "exactly the same"),
        tuple(
            (
                learned.scenario,
                learned.policy,
                f"{learned.baseline:.4f}",
                f"{learned.now:.4f}",
                f"{learned.now - learned.baseline:+.4f}",
                f"{learned.tolerance:g}",
                "yes" if learned.exact else "no",
            )
            for learned in found[:most_rows]
        ),
        words=2,
        left_out=max(0, len(found) - most_rows),
    )


def _markdown_table(plain: PlainTable) -> str:
    marks = [":--" if index < plain.words else "--:" for index in range(len(plain.headings))]
    rows = (plain.headings, tuple(marks), *plain.rows)
    return "\n".join(f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows)


def _escaped(text: str) -> str:
    for sign in ("\\", "|", "*", "<", "`"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("_", "\\_")


def _rest(plain: PlainTable) -> str:
    return f"and {plain.left_out} more row{'s' if plain.left_out > 1 else ''}"


def _listed(items: Sequence[object], most: int = 4) -> str:
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown


def _numbers(one: float | None, other: float | None) -> tuple[str, str]:
    """Two figures with as many digits as it takes to tell them apart."""
    for digits in (6, 10):
        pair = _digits(one, digits), _digits(other, digits)
        if pair[0] != pair[1]:
            return pair
    return _digits(one, 17), _digits(other, 17)


def _digits(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}g}"
