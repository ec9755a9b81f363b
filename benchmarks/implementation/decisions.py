"""Worth of deciding at all: the best of many static policies, chosen in hindsight, against one
that adapts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, start
from golive.agents.implementation.static import static_policies
from golive.scenarios.loader import load_suite_split, suite_scenarios
from golive.sim.implementation.metrics import SCORE
from golive.trainers.evaluation import EvaluationResult, compare, evaluate_suite
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import Interval


@dataclass(frozen=True, slots=True)
class DecisionsReport:
    """Scores of an adapting policy and of static ones on common seeds.

    Attributes:
        adapting: label.
        static_count: static policies tried.
        best_static: the one with the best mean score on these very seeds, which flatters it.
        adapting_score: mean.
        best_static_score: mean.
        difference: adapting minus best static, paired, mean with its interval.
        episodes: pairs.
    """

    adapting: str
    static_count: int
    best_static: str
    adapting_score: float
    best_static_score: float
    difference: Interval
    episodes: int

    @property
    def decisions_matter(self) -> bool:
        """True if the interval of the difference lies above zero."""
        return self.difference.above(0.0)


def command(
    *,
    suite: Annotated[str, typer.Option(help="Suite by name or file.")] = "furniture",
    episodes: Annotated[int, typer.Option(min=2, help="Customers per scenario.")] = 100,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare the expert with the hindsight-best static policy; exit code 1 if it does not win."""
    chosen, split = load_suite_split(suite)
    static = [policy.name for policy in static_policies()]
    with counting_bar("Static policies") as progress:
        result = evaluate_suite(
            ["expert", *static],
            chosen,
            suite_scenarios(chosen),
            split=split,
            episodes=episodes,
            workers=workers,
            progress=progress,
        )
    report = judge_decisions(result, "expert", static)
    show(report, [decisions_line(report)], as_json)
    if not report.decisions_matter:
        raise typer.Exit(1)


def judge_decisions(
    result: EvaluationResult, adapting: str, static: Sequence[str]
) -> DecisionsReport:
    """Compare a policy with the hindsight-best of the static ones of an evaluation."""
    means = {name: _mean_score(result, name) for name in static}
    best = max(means, key=means.__getitem__)
    comparison = compare(result, adapting, best)
    if comparison.difference is None:
        raise ValueError(f"{adapting} and {best} have no common episode")
    return DecisionsReport(
        adapting=adapting,
        static_count=len(static),
        best_static=best,
        adapting_score=_mean_score(result, adapting),
        best_static_score=means[best],
        difference=comparison.difference,
        episodes=comparison.pairs,
    )


def decisions_line(report: DecisionsReport) -> str:
    """The comparison in words."""
    difference = report.difference
    word = "beats" if report.decisions_matter else "does not beat"
    return (
        f"{report.adapting} ({report.adapting_score:.3f}) {word} the hindsight-best of "
        f"{report.static_count} static policies, {report.best_static} "
        f"({report.best_static_score:.3f}): paired difference {difference.estimate:+.4f} "
        f"[{difference.low:+.4f}, {difference.high:+.4f}] on {report.episodes} customers."
    )


def _mean_score(result: EvaluationResult, policy: str) -> float:
    return float(np.concatenate(result.scores(policy, SCORE)).mean())


if __name__ == "__main__":
    start("benchmarks.implementation.decisions")
