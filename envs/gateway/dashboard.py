"""The dashboard of a gateway: queues, cost, quality and trust over the weeks, by router."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...sim.gateway.laws import DAY_HOURS
from ...sim.gateway.ledger import Evening

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, GRID = "#1f2933", "#616e7c", "#e4e7eb"
COLOURS = ("#1a9c8b", "#e0762f", "#3b7dd8", "#8d6cc0", "#8b93a0")
"""Of the routers, in their order; also told apart by their names at the lines' ends."""
MOST_ROUTERS = len(COLOURS)
_WEEK = 7.0
Series = NDArray[np.float64]


def dashboard(evenings: Mapping[str, Sequence[Evening]], title: str) -> Figure:
    """The dashboard as a figure.

    Args:
        evenings: of each router's episode, by its name (``Ledger.evenings``).
        title: above it.

    Raises:
        ValueError: there are no routers, more than ``MOST_ROUTERS``, or one without evenings.
    """
    from matplotlib.figure import Figure

    if not 1 <= len(evenings) <= MOST_ROUTERS:
        raise ValueError(f"evenings: of {len(evenings)} routers: expected 1 to {MOST_ROUTERS}")
    if not all(evenings.values()):
        raise ValueError("evenings: expected at least one of each router")
    figure = Figure(figsize=(11.0, 6.6), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    panels: list[Axes] = list(figure.subplots(2, 2).ravel())
    for (name, rows), colour in zip(evenings.items(), COLOURS, strict=False):
        days = np.array([row.hour / DAY_HOURS for row in rows])
        for axes, values, style in zip(panels, _series(rows), _STYLES, strict=True):
            for line, dashed in zip(values, style, strict=True):
                axes.plot(days, line, color=colour, linestyle=dashed, linewidth=1.6, label=name)
    for axes, (heading, detail) in zip(panels, _TITLES, strict=True):
        _style(axes, heading, detail, max(row.hour for rows in evenings.values() for row in rows))
    engine: Any = figure.get_layout_engine()
    engine.set(hspace=0.1, wspace=0.05)
    if len(evenings) > 1:
        handles = panels[1].get_lines()[: len(evenings)]
        figure.legend(handles, list(evenings), loc="outside upper right", ncols=MOST_ROUTERS,
                      frameon=False, fontsize=10)  # fmt: skip
    return figure


def dashboard_png(evenings: Mapping[str, Sequence[Evening]], title: str) -> bytes:
    """The dashboard as a picture."""
    kept = io.BytesIO()
    dashboard(evenings, title).savefig(kept, format="png", dpi=100, metadata={"Software": ""})
    return kept.getvalue()


_TITLES = (
    ("Queues", "tasks at agents (line) and at people (dots), at six in the evening"),
    ("Cost", "USD a solved task: agents, people and harm, of the last seven days"),
    (
        "Quality",
        "% of the tasks of the last seven days: solved (line), wrong but looked right (dots)",
    ),
    ("Trust", "% of the requesters' trust (line), tasks that go round the gateway (dots)"),
)
_STYLES: tuple[tuple[Any, ...], ...] = (("-", ":"), ("-",), ("-", ":"), ("-", ":"))


def _series(rows: Sequence[Evening]) -> tuple[list[Series], ...]:
    def of(name: str) -> Series:
        return np.array([float(getattr(row, name)) for row in rows])

    arrived = np.maximum(1.0, _week(of("arrived")))
    spent = _week(of("agents_usd") + of("people_usd") + of("harm_usd"))
    solved = _week(of("solved"))
    return (
        [of("with_agents"), of("with_people")],
        [spent / np.maximum(1.0, solved)],
        [100.0 * solved / arrived, 100.0 * _week(of("silent")) / arrived],
        [100.0 * of("trust"), 100.0 * _week(of("bypassed")) / arrived],
    )


def _week(sums: Series) -> Series:
    """Of a running sum, what came in the last seven days."""
    before = np.concatenate([np.zeros(7), sums])[: len(sums)]
    found: Series = sums - before
    return found


def _style(axes: Axes, heading: str, detail: str, last_hour: float) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=MUTED, labelsize=8, length=0)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title(heading, loc="left", fontsize=11, fontweight="bold", color=INK, pad=18)
    axes.text(0.0, 1.02, detail, transform=axes.transAxes, fontsize=8.5, color=MUTED)
    weeks = int(last_hour / DAY_HOURS // _WEEK) + 1
    axes.set_xticks([_WEEK * week for week in range(weeks + 1)])
    axes.set_xticklabels([f"week {week + 1}" for week in range(weeks)] + [""], ha="left")
    axes.set_xlim(0.0, max(_WEEK, last_hour / DAY_HOURS))
    axes.set_ylim(bottom=0.0)
