"""Pictures of an evaluation as inline SVG that takes its ink from the page around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..evaluation.statistics import FloatArray, Interval, Profile
from .figures import INK, canvas, canvas_columns, quiet_grid, svg
from .markup import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOCUS_COLOUR = "#1a9c8b"
REFERENCE_COLOUR = "#e0762f"
OTHER_COLOUR = "#8b93a0"


@dataclass(frozen=True)
class LearningCurve:
    """Score on the validation split against training steps.

    Attributes:
        steps: environment steps; shape (points,).
        scores: mean score at these steps; shape (points,).
        reference_name: of the policy drawn as a line, or empty.
        reference_score: its mean score on the same episodes.
    """

    steps: FloatArray
    scores: FloatArray
    reference_name: str = ""
    reference_score: float = float("nan")


@dataclass(frozen=True)
class Cast:
    """The colours of the policies, and what the score is called."""

    focus: str
    reference: str
    score: str = "score"

    def colour(self, policy: str) -> str:
        """Colour of a policy: focus and reference stand out, the others are grey."""
        if policy == self.focus:
            return FOCUS_COLOUR
        return REFERENCE_COLOUR if policy == self.reference else OTHER_COLOUR

    def names(self, policy: str) -> bool:
        """True if the policy stands out."""
        return policy in (self.focus, self.reference)


def learning_curve(curve: LearningCurve, cast: Cast) -> Markup:
    """Score against steps, with the reference as a line."""
    figure, axes = canvas(9.0, 3.4)
    axes.plot(curve.steps, curve.scores, color=FOCUS_COLOUR, marker="o", markersize=3.5, lw=1.8)
    if curve.reference_name and np.isfinite(curve.reference_score):
        axes.axhline(curve.reference_score, color=REFERENCE_COLOUR, lw=1.5, ls="--")
        axes.annotate(
            f"{curve.reference_name} on the same customers",
            (1.0, curve.reference_score),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 4),
            textcoords="offset points",
            ha="right",
            color=REFERENCE_COLOUR,
        )
    axes.set_xlabel("environment steps (days with a decision)")
    axes.set_ylabel(f"{cast.score}, validation")
    axes.xaxis.set_major_formatter(lambda value, _position: f"{value:,.0f}")
    quiet_grid(axes)
    return svg(figure)


def score_distributions(scores: Mapping[str, FloatArray], cast: Cast) -> Markup:
    """A row per policy: every episode as a dot, quartiles and median as a box."""
    figure, axes = canvas(9.0, 0.9 + 0.36 * len(scores))
    rng = np.random.default_rng(0)
    for row, (policy, values) in enumerate(reversed(list(scores.items()))):
        height = row + rng.uniform(-0.28, 0.28, values.size)
        axes.scatter(
            values, height, s=5, color=cast.colour(policy), alpha=0.45, lw=0, rasterized=True
        )
    axes.boxplot(
        list(scores.values())[::-1],
        positions=range(len(scores)),
        orientation="horizontal",
        widths=0.62,
        showfliers=False,
        boxprops={"color": INK, "lw": 1.0},
        whiskerprops={"color": INK, "lw": 0.8},
        capprops={"color": INK, "lw": 0.8},
        medianprops={"color": INK, "lw": 2.2},
    )
    axes.set_yticks(range(len(scores)), list(scores)[::-1])
    axes.set_ylim(-0.6, len(scores) - 0.4)
    axes.set_xlabel(f"{cast.score} of an episode")
    quiet_grid(axes, "x")
    return svg(figure)


def paired_differences(
    differences: FloatArray, interval: Interval, cast: Cast, others: Mapping[str, Interval]
) -> Markup:
    """Left: focus minus reference, customer by customer; right: every policy's mean."""
    figure, (left, right) = canvas_columns(9.0, 3.6, (1.25, 1.0))
    ordered = np.sort(differences)
    rank = np.arange(1, ordered.size + 1)
    colours = np.where(ordered > 0, FOCUS_COLOUR, REFERENCE_COLOUR)
    left.vlines(rank, 0, ordered, colors=list(colours), lw=max(0.5, min(4, 330 / ordered.size)))
    left.axhspan(interval.low, interval.high, color=INK, alpha=0.16, lw=0)
    left.axhline(interval.estimate, color=INK, lw=1.4)
    left.axhline(0, color=INK, lw=0.8)
    left.set_xlabel("customers, sorted")
    left.set_ylabel(f"{cast.focus} minus {cast.reference}")
    quiet_grid(left, "y")
    _forest(right, others, cast)
    return svg(figure)


def performance_profiles(profiles: Mapping[str, Profile], cast: Cast) -> Markup:
    """Share of customers with more than a score, for every score."""
    figure, axes = canvas(9.0, 3.8)
    for policy, profile in sorted(profiles.items(), key=lambda item: cast.names(item[0])):
        standing_out = cast.names(policy)
        colour = cast.colour(policy)
        axes.step(
            profile.thresholds,
            profile.share,
            where="post",
            color=colour,
            lw=2.2 if standing_out else 0.9,
            alpha=1.0 if standing_out else 0.8,
        )
        if standing_out:
            axes.fill_between(
                profile.thresholds,
                profile.low,
                profile.high,
                step="post",
                color=colour,
                alpha=0.2,
                lw=0,
            )
    _legend(axes, cast, any(not cast.names(policy) for policy in profiles))
    axes.set_xlabel(cast.score)
    axes.set_ylabel("share of customers above it")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    quiet_grid(axes)
    return svg(figure)


def _forest(axes: Axes, intervals: Mapping[str, Interval], cast: Cast) -> None:
    for row, (policy, interval) in enumerate(reversed(list(intervals.items()))):
        colour = cast.colour(policy)
        axes.plot((interval.low, interval.high), (row, row), color=colour, lw=3, alpha=0.7)
        axes.plot(interval.estimate, row, "o", color=colour, markersize=5)
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(range(len(intervals)), list(intervals)[::-1])
    axes.set_ylim(-0.6, len(intervals) - 0.4)
    axes.set_xlabel(f"mean difference to {cast.reference}")
    quiet_grid(axes, "x")


def _legend(axes: Axes, cast: Cast, with_others: bool) -> None:
    from matplotlib.lines import Line2D

    entries: list[tuple[str, str]] = []
    if cast.focus:
        entries.append((cast.focus, FOCUS_COLOUR))
    if cast.reference and cast.reference != cast.focus:
        entries.append((cast.reference, REFERENCE_COLOUR))
    if with_others:
        entries.append(("others", OTHER_COLOUR))
    lines = [Line2D([], [], color=colour, lw=2) for _, colour in entries]
    axes.legend(
        lines,
        [name for name, _ in entries],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(entries),
        labelcolor=INK,
        frameon=False,
    )
