"""Learning rate: what a training's log says about score against steps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NEARLY = 0.9
"""Share of the whole gain at which a policy has learned nearly everything."""


@dataclass(frozen=True, slots=True)
class Learning:
    """A learning curve on validation customers, and its figures.

    Attributes:
        steps: environment steps of the evaluations.
        scores: mean score there.
        gain: best score minus the first.
        best_steps: steps at which the best was found.
        nearly_steps: steps after which 90 % of the gain was there.
        gain_per_100k_steps: gain up to there, per 100,000 steps; None if it was there at once.
    """

    steps: tuple[int, ...]
    scores: tuple[float, ...]
    gain: float
    best_steps: int
    nearly_steps: int
    gain_per_100k_steps: float | None


def learning_of(steps: list[int], scores: list[float]) -> Learning | None:
    """The figures of a curve; None without a point."""
    if not steps:
        return None
    best = max(range(len(scores)), key=lambda index: scores[index])
    gain = scores[best] - scores[0]
    wanted = scores[0] + NEARLY * gain
    nearly = next(index for index, score in enumerate(scores) if score >= wanted)
    spent = steps[nearly] - steps[0]
    rate = (scores[nearly] - scores[0]) / spent * 100_000 if spent > 0 else None
    return Learning(tuple(steps), tuple(scores), gain, steps[best], steps[nearly], rate)


def read_learning(policy: Path) -> Learning | None:
    """The learning of a policy's training; None if its log does not lie beside it."""
    directory = policy if policy.is_dir() else policy.parent
    if not (directory / "curve.jsonl").is_file():
        return None
    import polars as pl

    from ..training.logs import read_learning_curve

    curve = read_learning_curve(directory)
    if "validation/score" not in curve.columns:
        return None
    judged = curve.filter(pl.col("validation/score").is_not_null())
    return learning_of(judged["step"].to_list(), judged["validation/score"].to_list())
