"""Learning curves with bands, as pictures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from golive.trainers.evaluation.statistics import Interval
from golive.trainers.reports.figures import canvas, quiet_grid


def bands_png(
    curves: Mapping[str, tuple[Sequence[float], Sequence[Interval | None]]],
    colours: Sequence[str],
    x_label: str,
    y_label: str,
) -> bytes:
    """Draw curves: an estimate at each place, its interval as a band; None leaves a place out."""
    import matplotlib as mpl

    with mpl.rc_context({"axes.edgecolor": "#1d2530", "font.size": 9.0}):
        figure, axes = canvas(6.4, 3.8)
        for (name, (places, values)), colour in zip(curves.items(), colours, strict=False):
            there = [
                (at, value) for at, value in zip(places, values, strict=True) if value is not None
            ]
            at = [place for place, _ in there]
            estimates = [value.estimate for _, value in there]
            axes.plot(at, estimates, color=colour, label=name, marker="o", ms=3)
            low, high = [value.low for _, value in there], [value.high for _, value in there]
            axes.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.legend(loc="lower right")
        quiet_grid(axes)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110, facecolor="white", metadata={"Software": ""})
    return buffer.getvalue()
