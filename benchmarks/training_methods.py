"""Ways to train an agent beside each other, at equal processor time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.bands import bands_png
from benchmarks.command import CORES, JsonOption, WorkersOption, show, span, start, write_report
from golive.agents.policy_file import BEST_POLICY
from golive.core.execution import map_tasks
from golive.core.files import json_text, read_json, write_bytes_atomically, write_text_atomically
from golive.core.tables import Table, figures
from golive.core.yaml_reader import read_document
from golive.scenarios.loader import load_scenario, load_suite, suite_name_of
from golive.sim.worlds import kind_of
from golive.trainers.evaluation import evaluate_suite
from golive.trainers.evaluation.intervals import student_half_width
from golive.trainers.evaluation.plan import make_entrants
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import DEFAULT_LEVEL, Interval
from golive.trainers.evaluation.summary import compare, summarise
from golive.trainers.training import parse_configuration, train
from golive.trainers.training.callbacks import Change, TrainingCallback
from golive.trainers.training.episodes import Validation

_IN_TIME = "in-time.policy"
METHODS = Path(__file__).with_suffix(".yaml")
_POINTS = 12
_COLOURS = ("#e0762f", "#7a5bb5", "#3b7dd8", "#1a9c8b")


@dataclass(frozen=True, slots=True)
class Curve:
    """Mean validation score over trainings, by processor time.

    Attributes:
        seconds: of a core; evaluations are not counted.
        scores: over training seeds; None until each of them has been judged.
    """

    seconds: tuple[float, ...]
    scores: tuple[Interval | None, ...]


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method on held-out customers, by the policy that was best on validation.

    Attributes:
        score: its interval is over training seeds and customers.
        difference: from the expert, on the same customers.
    """

    score: Interval | None
    difference: Interval | None


@dataclass(frozen=True, slots=True)
class MethodReport:
    """All methods.

    Attributes:
        seconds: of a core that each training had.
        seeds: trainings of each method.
        validation_episodes: that each point of a curve is a mean of.
        test_episodes: that each row is a mean of.
        curves: by method.
        rows: by method, and the policies that learn nothing.
    """

    seconds: float
    seeds: int
    validation_episodes: int
    test_episodes: int
    curves: Mapping[str, Curve]
    rows: Mapping[str, MethodRow]


def command(
    *,
    out: Annotated[
        Path, typer.Option(help="Directory of what is made; what it holds is not made again.")
    ],
    seconds: Annotated[float, typer.Option(min=1.0, help="Of a core, for each training.")] = 180.0,
    seeds: Annotated[int, typer.Option(min=2, help="Trainings of each method.")] = 5,
    episodes: Annotated[int, typer.Option(min=2, help="Held-out customers.")] = 200,
    methods: Annotated[Path, typer.Option(help="File of the methods.")] = METHODS,
    workers: WorkersOption = CORES,
    picture: Annotated[
        Path | None, typer.Option(help="PNG of the curves (default: curves.png in --out).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Train by each method with several seeds for the same processor time; judge all of them."""
    report = measure_methods(methods, out, seconds, seeds, episodes, workers)
    path = picture or out / "curves.png"
    write_bytes_atomically(path, curves_png(report))
    write_report(report, out / "report.json")
    show(report, [methods_table(report).to_markdown()], as_json)
    typer.echo(f"Picture: {path}", err=True)


def methods_table(report: MethodReport) -> Table:
    """Each method on held-out customers."""
    return Table(
        f"{report.seconds:g} s of a core for each of {report.seeds} trainings; "
        f"{report.test_episodes} held-out customers; 95 % intervals over both",
        figures("", "score", "minus expert"),
        [
            (name, span(row.score, ".3f"), span(row.difference, "+.3f"))
            for name, row in report.rows.items()
        ],
    )


def measure_methods(
    methods: Path, out: Path, seconds: float, seeds: int, episodes: int, workers: int
) -> MethodReport:
    """Train and judge; trainings whose points are in the directory are not made again.

    Args:
        methods: YAML file of the common configuration and of each method's stages.
        out: directory of the trainings.
        seconds: of a core, for each training.
        seeds: trainings of each method.
        episodes: held-out customers of the scenario.
        workers: trainings at once.
    """
    content: Any = read_document(methods).data
    common = content["common"]
    tasks = [
        (_folder(out, name, seed), stages, seed)
        for seed in range(seeds)
        for name, stages in content["methods"].items()
    ]
    with counting_bar("Trainings") as progress:
        done = count(1)
        points = map_tasks(
            partial(_train, common, seconds),
            tasks,
            workers=workers,
            on_result=lambda *_: progress(next(done), len(tasks)),
        )
    names, others = list(content["methods"]), content["beside"]
    scenario = load_scenario(common["environment"]["scenario"])
    kind = kind_of(scenario)
    named = [f"{name}={_folder(out, name, None)}/seed-*/{_IN_TIME}" for name in names]
    suite = load_suite(suite_name_of(scenario.name) or kind.default_suite)
    with counting_bar("Episodes") as progress:
        result = evaluate_suite(
            make_entrants([*named, *others, kind.expert]),
            suite,
            [scenario],
            episodes=episodes,
            reference=kind.expert,
            workers=workers,
            progress=progress,
        )
    score = kind.figures.score
    means = {
        row.policy: row.mean
        for row in summarise(result).metrics
        if row.metric == score and row.scenario is None
    }
    return MethodReport(
        seconds,
        seeds,
        int(common["evaluation"]["episodes"]),
        episodes,
        {name: _curve(points[place :: len(names)], seconds) for place, name in enumerate(names)},
        {
            name: MethodRow(means[name], compare(result, name, kind.expert).difference)
            for name in [*names, *others]
        },
    )


def _folder(out: Path, name: str, seed: int | None) -> Path:
    folder = out / name
    return folder if seed is None else folder / f"seed-{seed}"


def _train(
    common: Mapping[str, Any], seconds: float, task: tuple[Path, Sequence[Mapping[str, Any]], int]
) -> list[tuple[float, float]]:
    """One training through its stages: (seconds of a core, validation score) of each evaluation."""
    folder, stages, seed = task
    kept = folder / "points.json"
    if kept.is_file():
        return [(at, score) for at, score in read_json(kept, "points")]
    if folder.exists():  # of a call that was interrupted in it
        shutil.rmtree(folder)
    clock = _Clock(folder / _IN_TIME, seconds)
    started_from: Path | None = None
    for number, stage in enumerate(stages):
        told = {**common, **stage, "seed": seed}
        clock.until = seconds * told.pop("until", 1.0)
        if started_from is not None:
            told["initial_policy"] = {**told["initial_policy"], "file": str(started_from)}
        run = folder / f"stage-{number}"
        started_from = run / BEST_POLICY
        clock.begin_stage(started_from, "warm_start" in told and "improvement" not in told)
        train(parse_configuration(told, "methods"), run, callbacks=[clock])
    write_text_atomically(kept, json_text(clock.points))
    return clock.points


class _Clock(TrainingCallback):
    """Counts this process's time without evaluations, ends a stage by it, keeps the best policy.

    Args:
        kept: where the best policy of those that were there in time is copied to.
        seconds: that there are in all.
    """

    def __init__(self, kept: Path, seconds: float) -> None:
        self.points: list[tuple[float, float]] = []
        self.until = seconds
        self._seconds = seconds
        self._kept = kept
        self._best = Path()
        self._only_imitates = False
        self._spent = self._since = 0.0

    def begin_stage(self, best: Path, only_imitates: bool) -> None:
        """Go on in another stage, whose best policy is written to a file."""
        self._best, self._only_imitates = best, only_imitates
        self._since = time.process_time()

    def advance(self, done: int, score: float | None = None) -> None:
        """Count what has passed; an evaluation begins after the last of these."""
        now = time.process_time()
        self._spent, self._since = self._spent + now - self._since, now

    def learned(self, steps: int, figures: Mapping[str, float]) -> Change | None:
        """End the training if its time is over."""
        return self._end()

    def evaluated(self, steps: int, result: Validation, is_best: bool) -> Change | None:
        """Keep the point; the evaluation's own time does not count."""
        self.points.append((self._spent, result.score))
        if is_best and (self._spent <= self._seconds or not self._kept.exists()):
            shutil.copyfile(self._best, self._kept)
        self._since = time.process_time()
        return self._end()

    def _end(self) -> Change | None:
        return Change(stop=True) if self._only_imitates or self._spent >= self.until else None


def _curve(trainings: Sequence[Sequence[tuple[float, float]]], seconds: float) -> Curve:
    """The last score of each training at moments of the time that it had."""
    moments = [seconds * (number + 1) / _POINTS for number in range(_POINTS)]
    scores: list[Interval | None] = []
    for moment in moments:
        last = [[score for at, score in points if at <= moment] for points in trainings]
        is_judged = all(last)
        scores.append(_over_trainings([s[-1] for s in last]) if is_judged else None)
    return Curve(tuple(moments), tuple(scores))


def _over_trainings(scores: Sequence[float]) -> Interval:
    """Mean and Student's interval, as for trainings elsewhere."""
    values = np.array(scores)
    mean, half = float(values.mean()), student_half_width([values], DEFAULT_LEVEL)
    return Interval(mean, mean - half, mean + half, DEFAULT_LEVEL)


def curves_png(report: MethodReport) -> bytes:
    """Draw the curves: means over training seeds, their 95 % intervals as bands."""
    return bands_png(
        {name: (curve.seconds, curve.scores) for name, curve in report.curves.items()},
        _COLOURS,
        "seconds of one core, evaluations not counted",
        f"score of {report.validation_episodes} validation customers",
    )


if __name__ == "__main__":
    start("benchmarks.training_methods")
