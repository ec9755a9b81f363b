"""The search for the dispatcher's weights, on training seeds alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from golive.agents.gateway.expert import (
    RANGES,
    SHIPPED_FILE,
    Expert,
    Weights,
    changed_weights,
    shipped_weights,
)
from golive.cli.options import words_of
from golive.core.errors import GoliveError
from golive.core.execution import map_tasks
from golive.core.files import write_text_atomically
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.progress import counting_bar

SCENARIOS = ("office", "generated-pool", "busy-desk")
_WORLD = "gateway"
_APART = 1_000
"""Rule by rule is searched on companies that the search of all at once has not seen."""


def scores_of(weights: Weights, seeds: range, workers: int) -> list[float]:
    """Scores of a dispatcher, scenario by scenario, seed by seed."""
    work = [(scenario, seed) for scenario in SCENARIOS for seed in seeds]
    return map_tasks(partial(_score, weights), work, workers=workers)


def _score(weights: Weights, one: tuple[str, int]) -> float:
    kind = world_kind(_WORLD)
    return kind.score_of(run(kind, Expert(weights), *one).scorecard)


def searched(trials: int, seeds: range, seed: int, workers: int) -> tuple[Weights, float]:
    """The best weights found by CMA-ES from the shipped ones, and their mean score.

    Args:
        trials: sets of weights that are tried.
        seeds: of the training split, on which each is judged.
        seed: of the search.
        workers: processes.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    begin = asdict(shipped_weights())
    sampler = optuna.samplers.CmaEsSampler(x0=begin, sigma0=0.2, seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.enqueue_trial(begin)

    def judged(trial: optuna.Trial) -> float:
        weights = Weights(
            **{name: trial.suggest_float(name, *ends) for name, ends in RANGES.items()}
        )
        progress(trial.number + 1, trials)
        return float(np.mean(scores_of(weights, seeds, workers)))

    with counting_bar("Weights") as progress:
        study.optimize(judged, n_trials=trials)
    return Weights(**study.best_params), study.best_value


def improved(
    weights: Weights, seeds: range, workers: int, *, rules: Sequence[str] = tuple(RANGES)
) -> Weights:
    """The weights with one after another changed where that surely pays on training companies.

    A search over all weights at once on few companies leaves single ones where they do not matter
    there; this is what a table of one-rule edits would find.

    Args:
        weights: that it begins with.
        seeds: of the training split, on which each change is judged against none.
        workers: processes.
        rules: that are tried, in this order.
    """
    now = np.array(scores_of(weights, seeds, workers))
    with counting_bar("Rules") as progress:
        for number, rule in enumerate(rules, start=1):
            best, found = weights, now
            for value in values_around(rule, float(getattr(weights, rule))):
                edited = changed_weights(weights, **{rule: value})
                scores = np.array(scores_of(edited, seeds, workers))
                gains = scores - now
                sure = gains.mean() > gains.std(ddof=1) / np.sqrt(len(gains))
                if sure and scores.mean() > found.mean():
                    best, found = edited, scores
            weights, now = best, found
            progress(number, len(rules))
    return weights


def values_around(rule: str, value: float) -> list[float]:
    """Values of a rule that are tried: steps either way, and spread over its range."""
    low, high = RANGES[rule]
    if low >= 1.0:  # on a scale of ratios
        spread = [float(low * (high / low) ** share) for share in (0.1, 0.4, 0.7)]
        near = [value * 0.6, value * 1.6]
    else:
        spread = [low + (high - low) * share for share in (0.1, 0.5, 0.9)]
        near = [value - 0.15 * (high - low), value + 0.15 * (high - low)]
    kept = [float(f"{min(high, max(low, one)):.4g}") for one in (*near, *spread)]
    return [one for one in dict.fromkeys(kept) if one != value]


def weights_text(weights: Weights, header: str) -> str:
    """The weights as the file that the dispatcher reads."""
    lines = [f"# {line}" for line in header.splitlines()]
    lines += [f"{name}: {value:.4g}" for name, value in asdict(weights).items()]
    return "\n".join(lines) + "\n"


def command(
    trials: Annotated[int, typer.Option(min=2, help="Sets of weights that are tried.")] = 240,
    customers: Annotated[int, typer.Option(min=2, help="Training companies of a scenario.")] = 16,
    seed: Annotated[int, typer.Option(min=0, help="Of the search.")] = 0,
    by_rule: Annotated[
        bool, typer.Option("--by-rule", help="Change one weight after another instead.")
    ] = False,
    rules: Annotated[
        str, typer.Option(help="With --by-rule: of them, comma-separated.")
    ] = ",".join(RANGES),
    out: Annotated[Path, typer.Option(help="File of the weights.")] = SHIPPED_FILE,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Search the dispatcher's weights on training seeds and write them; held-out seeds judge."""
    suite = load_suite(_WORLD)
    start = suite.splits[Split.TRAIN].start
    seeds = range(start, start + customers)
    if by_rule:
        asked = words_of(rules)
        if unknown := set(asked) - set(RANGES):
            raise GoliveError(f"rules: {min(unknown)!r}: expected some of {', '.join(RANGES)}")
        others = range(seeds.stop + _APART, seeds.stop + _APART + customers)
        found = improved(shipped_weights(), others, workers, rules=asked)
    else:
        found, _ = searched(trials, seeds, seed, workers)
    fresh = range(start + 500_000, start + 500_000 + 2 * customers)
    before, after = (np.mean(scores_of(w, fresh, workers)) for w in (shipped_weights(), found))
    kept = found if after > before else shipped_weights()
    header = (
        "Weights of the dispatcher; what each is: expert.py.\n"
        "Searched by `python -m benchmarks.gateway.search`, all at once and then `--by-rule`, on\n"
        f"{customers} training companies of each scenario, kept as it was better on others."
    )
    write_text_atomically(out, weights_text(kept, header))
    report = {"before": float(before), "after": float(after), "weights": asdict(kept)}
    show(report, [f"On other training companies: {before:.4f} before, {after:.4f} after"], as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.search")
