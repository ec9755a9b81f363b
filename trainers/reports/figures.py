"""Figures of a report: outside matplotlib's global state, and as SVG that fits any page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .markup import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#010203"
"""Stands for the page's text colour, so that axes are legible on light and on dark."""
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "golive",
    "font.family": "sans-serif",
    "font.size": 10.0,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "legend.frameon": False,
}


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure with one axes; inches."""
    figure, axes = canvas_columns(width, height, (1.0,))
    return figure, axes[0]


def canvas_columns(
    width: float, height: float, ratios: Sequence[float]
) -> tuple[Figure, tuple[Axes, ...]]:
    """A figure with axes beside one another, their widths in these ratios; inches."""
    return _canvas(width, height, (1.0,), ratios)


def canvas_rows(
    width: float, height: float, ratios: Sequence[float]
) -> tuple[Figure, tuple[Axes, ...]]:
    """A figure with axes below one another, their heights in these ratios; inches."""
    return _canvas(width, height, ratios, (1.0,))


def quiet_grid(axes: Axes, which: str = "both") -> None:
    """Draw faint grid lines behind the data along ``x``, ``y`` or ``both``."""
    axes.set_axisbelow(True)
    axes.grid(True, axis="both" if which == "both" else ("x" if which == "x" else "y"))
    for line in (*axes.get_xgridlines(), *axes.get_ygridlines()):
        line.set(color=INK, alpha=0.13, linewidth=0.7)


def svg(figure: Figure) -> Markup:
    """The figure as an SVG element without declaration or date, its ink the page's colour."""
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(_SETTINGS):
        figure.savefig(buffer, format="svg", transparent=True, dpi=150, metadata={"Date": None})
    content = buffer.getvalue()
    content = content[content.index("<svg") :]
    content = re.sub(r"<metadata>.*?</metadata>", "", content, flags=re.DOTALL)
    return Markup(content.replace(INK, "currentColor"))


def _canvas(
    width: float, height: float, heights: Sequence[float], widths: Sequence[float]
) -> tuple[Figure, tuple[Axes, ...]]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
        grid = figure.add_gridspec(
            len(heights), len(widths), height_ratios=list(heights), width_ratios=list(widths)
        )
        places = [(row, column) for row in range(len(heights)) for column in range(len(widths))]
        axes = tuple(figure.add_subplot(grid[place]) for place in places)
    return figure, axes
