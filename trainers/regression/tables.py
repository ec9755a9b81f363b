"""A comparison in words and tables, as GitHub-flavoured Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ...core.tables import Table, right
from .baseline import Figures, this_environment
from .compare import (
    Comparison,
    Difference,
    FigureKind,
    LearnedJudgement,
    Verdict,
    WinningProbe,
    suite_record,
)
from .suite import LoadedSuite

if TYPE_CHECKING:
    from rich.console import Console

RESULT_VERSION = 1
_HEADLINES = {
    Verdict.UNCHANGED: "Every exact figure is the baseline's.",
    Verdict.CHANGED: "Figures that must be exact are not the baseline's.",
    Verdict.REGRESSION: "Something got worse than the baseline.",
}
_ACCEPT = "If that is meant, also if it is for the better, say why and commit the new baseline:"


def findings(comparison: Comparison) -> list[str]:
    """Everything that makes the verdict, the moved figures apart: one line each."""
    score, lines = _words(comparison.score), []
    for fall in comparison.fallen:
        fell = " to ".join(_numbers(fall.baseline, fall.now))
        lines.append(f"{fall.scenario} / {fall.policy}: {score} fell from {fell}")
    lines += map(probe_line, comparison.probes)
    lines += [
        f"{learned.scenario} / {learned.policy}: mean {score} {learned.now:.4f}: "
        f"expected at least {learned.baseline:.4f} less {learned.tolerance}"
        for learned in comparison.learned
        if learned.fell
    ]
    speed = comparison.speed
    if speed is not None and speed.slower:
        lines.append(
            f"speed: at most {speed.now.high:.4f} world steps per bare task: expected at least "
            f"{speed.limit:.4f}, the baseline's {speed.baseline.ratio:.4f} less "
            f"{100 * speed.tolerance:.0f} %"
        )
    for scenario, policies in _together(comparison.unknown).items():
        lines.append(f"{scenario} / {_listed(policies)}: measured, but not in the baseline")
    for scenario, policies in _together(comparison.gone).items():
        lines.append(f"{scenario} / {_listed(policies)}: in the baseline, but no longer measured")
    if comparison.suite_changed:
        lines.append("the suite's file is not the one that the baseline was made with")
    return lines


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
    """The complaint about a probe, in a sentence."""
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


def print_comparison(
    console: Console, comparison: Comparison, *, most_rows: int, command: str
) -> None:
    """Print everything on a terminal.

    Args:
        console: where to.
        comparison: that was made.
        most_rows: of a table.
        command: that renews the baseline; empty: how to go on is not said.
    """
    for table in tables(comparison, most_rows):
        console.print(table.to_console())
    lines = [*findings(comparison), *_notes(comparison)]
    lines += [speed_line(comparison), _headline(comparison)]
    if command and comparison.verdict is not Verdict.UNCHANGED:
        lines.append(f"{_ACCEPT} {command}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def markdown(comparison: Comparison, title: str, *, most_rows: int, command: str) -> str:
    """The same as GitHub-flavoured Markdown, to be appended to a page."""
    parts = [f"## {_escaped(title)}", f"**{_escaped(_headline(comparison))}**"]
    parts += _list(findings(comparison))
    for table in tables(comparison, most_rows):
        parts += [f"### {table.title}", replace(table, title="").to_markdown()]
    parts += _list(_notes(comparison))
    parts.append(speed_line(comparison))
    if command and comparison.verdict is not Verdict.UNCHANGED:
        parts += [_ACCEPT, f"```\n{command}\n```"]
    return "\n\n".join(parts) + "\n"


def result_json(
    loaded: LoadedSuite, figures: Figures, comparison: Comparison | None, *, golive_version: str
) -> str:
    """Verdict, everything that moved, and all figures measured, as JSON with sorted keys.

    Args:
        loaded: the suite.
        figures: of this run.
        comparison: with the baseline; None if there is none yet.
        golive_version: of this run.
    """
    content: dict[str, Any] = {
        "result_version": RESULT_VERSION,
        "golive_version": golive_version,
        "environment": this_environment(),
        "suite": suite_record(loaded).model_dump(),
        "verdict": None if comparison is None else comparison.verdict.value,
        "comparison": None if comparison is None else _plain(comparison),
        "figures": figures.model_dump(mode="json"),
    }
    return json.dumps(content, indent=2, sort_keys=True, allow_nan=False)


def _plain(comparison: Comparison) -> dict[str, Any]:
    content = asdict(replace(comparison, speed=None))
    for told_elsewhere in ("score", "fallen"):
        del content[told_elsewhere]
    for row, difference in zip(content["differences"], comparison.differences, strict=True):
        del row["better"]
        row["change"] = difference.change
    for row, judgement in zip(content["learned"], comparison.learned, strict=True):
        row["fell"] = judgement.fell
    speed = comparison.speed
    if speed is not None:
        content["speed"] = {
            "baseline": speed.baseline.model_dump(mode="json"),
            "now": speed.now.model_dump(mode="json"),
            "limit": speed.limit,
            "slower": speed.slower,
        }
    return {**content, "findings": findings(comparison)}


def _headline(comparison: Comparison) -> str:
    return f"{comparison.verdict.value}: {_HEADLINES[comparison.verdict]}"


def _notes(comparison: Comparison) -> list[str]:
    return [f"note: {note}" for note in comparison.notes]


def _together(pairs: Iterable[tuple[Any, str]]) -> dict[Any, list[str]]:
    """Things that belong to the same key, in its order."""
    found: dict[Any, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


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
    together = _together(((one.scenario, one.seeds), one.policy) for one in comparison.digests)
    rows = [
        (scenario, _listed(policies), _listed(seeds))
        for (scenario, seeds), policies in together.items()
    ]
    return Table("Moved digests of the final state", ("scenario", "policies", "seeds"), rows)


def _learned_table(comparison: Comparison) -> Table:
    figures = map(right, ("baseline", "now", "change", "tolerance", "exactly the same"))
    ordered = sorted(comparison.learned, key=lambda row: row.now - row.baseline)
    return Table(
        f"Learned policies, mean {_words(comparison.score)}",
        ("scenario", "policy", *figures),
        [_learned_row(learned) for learned in ordered],
    )


def _learned_row(learned: LearnedJudgement) -> tuple[str, ...]:
    return (
        learned.scenario,
        learned.policy,
        f"{learned.baseline:.4f}",
        f"{learned.now:.4f}",
        f"{learned.now - learned.baseline:+.4f}",
        f"{learned.tolerance:g}",
        "yes" if learned.exact else "no",
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
    for sign in "\\|*<`_":
        text = text.replace(sign, f"\\{sign}")
    return text


def _words(label: str) -> str:
    """A label within a sentence."""
    return label[:1].lower() + label[1:]


def _listed(items: Sequence[object], most: int = 4) -> str:
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown


def _numbers(one: float | None, other: float | None) -> tuple[str, str]:
    """Two figures with as many digits as it takes to tell them apart."""
    pair = ("", "")
    for digits in (6, 10, 17):
        pair = _digits(one, digits), _digits(other, digits)
        if pair[0] != pair[1]:
            break
    return pair


def _digits(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}g}"
