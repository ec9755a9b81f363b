"""What moved, in words and tables: for a terminal and as GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.tables import Table, right
from .findings import Comparison, Difference, FigureKind, Verdict, WinningProbe

if TYPE_CHECKING:
    from rich.console import Console

_HEADLINES = {
    Verdict.UNCHANGED: "Every exact figure is the baseline's.",
    Verdict.CHANGED: "Figures that must be exact are not the baseline's.",
    Verdict.REGRESSION: "Something got worse than the baseline.",
}
_ACCEPT = "If that is meant, also if it is for the better, say why and commit the new baseline:"


def headline(comparison: Comparison) -> str:
    """The verdict in a sentence."""
    return f"{comparison.verdict.value}: {_HEADLINES[comparison.verdict]}"


def findings(comparison: Comparison) -> tuple[str, ...]:
    """Everything that makes the verdict, the moved figures apart: one line each."""
    return tuple(_findings(comparison))


def tables(comparison: Comparison, most_rows: int) -> tuple[Table, ...]:
    """Moved metrics, moved reward terms, moved digests, learned policies; empty ones left out."""
    found = (
        _difference_table("Moved metrics", comparison, FigureKind.METRIC),
        _difference_table("Moved reward terms", comparison, FigureKind.REWARD_TERM),
        _digest_table(comparison),
        _learned_table(comparison),
    )
    return tuple(_cut(table, most_rows) for table in found if table.rows)


def probe_line(probe: WinningProbe) -> str:
    """What is wrong with a probe, in a sentence."""
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
    for table in tables(comparison, most_rows):
        console.print(table.to_console())
    lines = [*findings(comparison), *_note_lines(comparison)]
    lines += [speed_line(comparison), headline(comparison), acceptance(comparison, command)]
    for line in lines:
        if line:
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def markdown(comparison: Comparison, title: str, *, most_rows: int, command: str) -> str:
    """The same as GitHub-flavoured Markdown, to be appended to a page."""
    parts = [f"## {_escaped(title)}", f"**{_escaped(headline(comparison))}**"]
    parts += _list(findings(comparison))
    for table in tables(comparison, most_rows):
        parts += [f"### {table.title}", replace(table, title="").to_markdown()]
    parts += _list(_note_lines(comparison))
    parts.append(speed_line(comparison))
    if acceptance(comparison, command):
        parts += [_ACCEPT, f"```\n{command}\n```"]
    return "\n\n".join(parts) + "\n"


def _findings(comparison: Comparison) -> Iterator[str]:
    score = _words(comparison.score)
    for fall in comparison.fallen:
        yield (
            f"{fall.scenario} / {fall.policy}: {score} fell from "
            f"{' to '.join(_numbers(fall.baseline, fall.now))}"
        )
    for probe in comparison.probes:
        yield probe_line(probe)
    for learned in comparison.learned:
        if learned.fell:
            yield (
                f"{learned.scenario} / {learned.policy}: mean {score} {learned.now:.4f}: "
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


def _difference_table(title: str, comparison: Comparison, kind: FigureKind) -> Table:
    figures = map(right, ("baseline", "now", "change", "seeds"))
    found = [d for d in comparison.differences if d.kind is kind]
    return Table(
        f"{title}, worst first",
        ("scenario", "policy", kind.value.replace("_", " "), *figures),
        [_difference_row(difference) for difference in found],
    )


def _difference_row(difference: Difference) -> tuple[object, ...]:
    change = difference.change
    missing = "gone" if difference.now is None else "new"
    return (
        difference.scenario,
        difference.policy,
        difference.name,
        *_numbers(difference.baseline, difference.now),
        missing if change is None else f"{change:+.4g}",
        difference.seeds_moved,
    )


def _digest_table(comparison: Comparison) -> Table:
    """Policies of a scenario that moved on the same seeds share a row."""
    together: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for moved in comparison.digests:
        together.setdefault((moved.scenario, moved.seeds), []).append(moved.policy)
    rows = [
        (scenario, _listed(policies), _listed(seeds))
        for (scenario, seeds), policies in together.items()
    ]
    return Table("Moved digests of the final state", ("scenario", "policies", "seeds"), rows)


def _learned_table(comparison: Comparison) -> Table:
    figures = map(right, ("baseline", "now", "change", "tolerance", "exactly the same"))
    return Table(
        f"Learned policies, mean {_words(comparison.score)}",
        ("scenario", "policy", *figures),
        [
            (
                learned.scenario,
                learned.policy,
                f"{learned.baseline:.4f}",
                f"{learned.now:.4f}",
                f"{learned.now - learned.baseline:+.4f}",
                f"{learned.tolerance:g}",
                "yes" if learned.exact else "no",
            )
            for learned in sorted(comparison.learned, key=lambda row: row.now - row.baseline)
        ],
    )


def _cut(table: Table, most_rows: int) -> Table:
    """The first rows, and how many more there are."""
    more = len(table.rows) - most_rows
    if more <= 0:
        return table
    note = f"and {more} more row{'s' if more > 1 else ''}"
    return replace(table, rows=table.rows[:most_rows], notes=[note])


def _list(lines: Sequence[str]) -> list[str]:
    """A list in Markdown; none without lines."""
    return ["\n".join(f"- {_escaped(line)}" for line in lines)] if lines else []


def _escaped(text: str) -> str:
    for sign in ("\\", "|", "*", "<", "`"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("_", "\\_")


def _words(label: str) -> str:
    """A label within a sentence."""
    return label[:1].lower() + label[1:]


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
