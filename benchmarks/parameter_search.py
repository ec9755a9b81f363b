"""The search for the numbers of an expert, on training seeds alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from golive.core.execution import map_tasks
from golive.core.files import write_text_atomically
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.policy import Policy
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.progress import counting_bar

FRESH = 500_000
"""Training seeds from here on judge what was found on the first ones."""


@dataclass(frozen=True)
class Search:
    """An expert whose numbers are searched.

    Attributes:
        world: its name.
        scenarios: names of those that it is judged on.
        policy: makes it from its numbers.
        shipped: its numbers now, a dataclass of floats.
        ranges: of each number.
        module: that is run, for the file's header.
        title: of the file.
    """

    world: str
    scenarios: tuple[str, ...]
    policy: Callable[[Any], Policy]
    shipped: Any
    ranges: Mapping[str, tuple[float, float]]
    module: str
    title: str

    def scores(self, numbers: Any, seeds: range, workers: int) -> list[float]:
        """Scores scenario by scenario, seed by seed."""
        work = [(scenario, seed) for scenario in self.scenarios for seed in seeds]
        return map_tasks(partial(_score, self, numbers), work, workers=workers)

    def found(self, trials: int, seeds: range, seed: int, workers: int) -> Any:
        """The best numbers that CMA-ES finds from the shipped ones.

        Args:
            trials: sets of numbers that are tried.
            seeds: of the training split, on which each is judged.
            seed: of the search.
            workers: processes.
        """
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        begin = asdict(self.shipped)
        sampler = optuna.samplers.CmaEsSampler(x0=begin, sigma0=0.2, seed=seed)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.enqueue_trial(begin)
        kind = type(self.shipped)

        def judged(trial: optuna.Trial) -> float:
            numbers = {name: trial.suggest_float(name, *ends) for name, ends in self.ranges.items()}
            progress(trial.number + 1, trials)
            return float(np.mean(self.scores(kind(**numbers), seeds, workers)))

        with counting_bar("Parameters") as progress:
            study.optimize(judged, n_trials=trials)
        return kind(**study.best_params)

    def swept(self, numbers: Any, seeds: range, workers: int) -> Any:
        """The numbers with each a fifth of its range lower or higher, or at an end, if that pays.

        One after another, on the same seeds: a step is kept if its mean gain is above its standard
        error, which one in six would be by chance alone.
        """
        best = np.array(self.scores(numbers, seeds, workers))
        with counting_bar("One by one") as progress:
            for count, (name, (least, most)) in enumerate(self.ranges.items(), start=1):
                now = getattr(numbers, name)
                steps = (now - 0.2 * (most - least), now + 0.2 * (most - least))
                inside = {min(most, max(least, value)) for value in steps}
                for value in sorted((inside | {least, most}) - {now}):
                    tried = replace(numbers, **{name: value})
                    scores = np.array(self.scores(tried, seeds, workers))
                    gain = scores - best
                    if gain.mean() > gain.std(ddof=1) / len(gain) ** 0.5:
                        numbers, best = tried, scores
                progress(count, len(self.ranges))
        return numbers

    def run(
        self, trials: int, sweeps: int, customers: int, seed: int, out: Path, workers: int
    ) -> Mapping[str, Any]:
        """Search, judge on other training seeds, and write the better numbers."""
        start = load_suite(self.world).splits[Split.TRAIN].start
        found = self.shipped
        if trials:
            found = self.found(trials, range(start, start + customers), seed, workers)
        for sweep in range(1, sweeps + 1):
            first = start + 1_000 * sweep
            found = self.swept(found, range(first, first + customers), workers)
        fresh = range(start + FRESH, start + FRESH + 2 * customers)
        before, after = (np.mean(self.scores(n, fresh, workers)) for n in (self.shipped, found))
        kept = found if after > before else self.shipped
        header = (
            f"{self.title}\nSearched by `python -m {self.module}` on {customers} training seeds of "
            "each\nscenario, kept as it was better on others."
        )
        write_text_atomically(out, numbers_text(kept, header))
        return {"before": float(before), "after": float(after), "numbers": asdict(kept)}


def _score(search: Search, numbers: Any, one: tuple[str, int]) -> float:
    kind = world_kind(search.world)
    return kind.score_of(run(kind, search.policy(numbers), *one).scorecard)


def numbers_text(numbers: Any, header: str) -> str:
    """The numbers as the file that the expert reads."""
    lines = [f"# {line}" for line in header.splitlines()]
    lines += [f"{name}: {value:.4g}" for name, value in asdict(numbers).items()]
    return "\n".join(lines) + "\n"


def told(report: Mapping[str, Any]) -> Sequence[str]:
    """The result of a search in a line."""
    return [f"On other training seeds: {report['before']:.4f} before, {report['after']:.4f} after"]
