"""The tornado picture: which parameters move which outcome, the strongest on top."""

from __future__ import annotations

import io

from ...reports.figures import canvas_columns, quiet_grid
from .sensitivity import Effect, Screening

_SHOWN = 12
_UP, _DOWN = "#1a9c8b", "#e0762f"
_OUTCOMES = {
    "go_live_score": "go-live score",
    "schedule_ratio": "schedule ratio",
    "cost_ratio": "cost ratio",
}


def tornado_png(screening: Screening, outcomes: tuple[str, ...] = tuple(_OUTCOMES)) -> bytes:
    """A picture as PNG: a column per outcome, a bar per parameter.

    A bar is as long as the mean absolute effect over the parameter's plausible range, green where
    the outcome mostly rises with the parameter; a whisker is its 95 % interval.
    """
    import matplotlib as mpl

    with mpl.rc_context({"axes.edgecolor": "#1d2530", "font.size": 9.0}):
        figure, columns = canvas_columns(4.6 * len(outcomes), 4.6, (1.0,) * len(outcomes))
        for axes, outcome in zip(columns, outcomes, strict=True):
            strongest: list[Effect] = screening.ranking(outcome)[:_SHOWN][::-1]
            for place, effect in enumerate(strongest):
                axes.barh(
                    place,
                    effect.strength,
                    xerr=effect.error,
                    color=_UP if effect.direction >= 0.0 else _DOWN,
                    error_kw={"lw": 0.8, "ecolor": "#5b6675"},
                )
            axes.set_yticks(range(len(strongest)), [effect.parameter for effect in strongest])
            axes.set_xlabel(f"change of the {_OUTCOMES.get(outcome, outcome)}")
            axes.set_xlim(0.0, None)
            quiet_grid(axes, "x")
        figure.suptitle(
            f"{screening.policy} on {screening.scenario}: over each parameter's plausible range "
            "(green: rises with it)"
        )
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110, facecolor="white", metadata={"Software": ""})
    return buffer.getvalue()
