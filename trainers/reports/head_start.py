"""The picture of a head start: validation score over environment steps, both arms."""

from __future__ import annotations

import io

from ..offline.head_start import SCRATCH, STARTED, HeadStart
from .figures import canvas, quiet_grid

_COLOURS = {SCRATCH: "#e0762f", STARTED: "#1a9c8b"}


def head_start_png(found: HeadStart) -> bytes:
    """A picture as PNG: the mean over the seeds, its 95 % interval as a band."""
    import matplotlib as mpl

    with mpl.rc_context({"axes.edgecolor": "#1d2530", "font.size": 9.0}):
        figure, axes = canvas(6.4, 3.8)
        steps = [point.steps for point in found.points]
        for arm, colour in _COLOURS.items():
            scores = [p.scratch if arm == SCRATCH else p.started for p in found.points]
            axes.plot(
                steps, [s.estimate for s in scores], color=colour, label=arm, marker="o", ms=3
            )
            low, high = [s.low for s in scores], [s.high for s in scores]
            axes.fill_between(steps, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.set_xlabel("environment steps")
        axes.set_ylabel("go-live score on validation customers")
        axes.legend(loc="lower right")
        quiet_grid(axes)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110, facecolor="white", metadata={"Software": ""})
    return buffer.getvalue()
