"""Calibration: choose the weak parameters by the fitted half of the published outcomes.

Waves of simulations and history matching (``history_matching``), then the best points left are
simulated on many customers and the best of them is taken. Everything is a function of the
settings, one seed included; finished points are kept in a file, so that an interrupted calibration
goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from ....core.errors import GoliveError
from ....core.execution import map_tasks
from ....core.files import (
    MOST_JSON_BYTES,
    prepare_output_directory,
    read_limited,
    write_text_atomically,
)
from ....sim.implementation.parameters import Parameter
from ...evaluation.statistics import FloatArray
from . import history_matching as matching
from .calibrated import SHARED, calibrated_rows
from .survey import SIZE_CLASSES, SurveyCase, answers, implement, survey_cases
from .targets import TARGETS, Target

Answered = dict[str, list[float]]
"""Values that the projects of a point answered, by target."""

STORE_FILE = "simulated.json"
FITTED: tuple[Target, ...] = tuple(target for target in TARGETS if target.fitted)
POLICY = "typical_practice"
_DIGITS = 3
"""Significant digits of a parameter's value."""
_LOGARITHMIC_FROM = 8.0
"""Highest over lowest value from which a range is gone through by ratios."""


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """All that a calibration depends on.

    Attributes:
        seed: of design, candidates and emulators.
        waves: points of each wave of simulations.
        customers_per_point: simulated at each of them, other ones at each.
        finalists: points that are simulated on many customers.
        customers_per_finalist: the same ones at each finalist.
        first_customer: first seed of the generated customers.
        plausible_sets: of the points that are not ruled out, so many are kept.
    """

    seed: int = 0
    waves: tuple[int, ...] = (96, 80)
    customers_per_point: int = 32
    finalists: int = 24
    customers_per_finalist: int = 200
    first_customer: int = 0
    plausible_sets: int = 24


@dataclass(slots=True)
class Calibration:
    """The result of a calibration.

    Attributes:
        settings: it was made with.
        values: chosen, by parameter.
        intervals: 5 % and 95 % quantiles of what is not ruled out, by parameter.
        plausible: parameter sets that are not ruled out, far from one another.
        share_left: of the candidates after each wave.
        points: simulated, in all.
        projects: simulated, in all.
        finalist_losses: distance from the bands, per finalist; the least was chosen.
    """

    settings: CalibrationSettings
    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    plausible: list[dict[str, float]]
    share_left: list[float] = field(default_factory=list)
    points: int = 0
    projects: int = 0
    finalist_losses: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PointTask:
    """A point to simulate: a name unique in the calibration, parameter values, customers."""

    name: str
    values: dict[str, float]
    cases: tuple[SurveyCase, ...]


def simulate_point(policy: str, task: PointTask) -> Answered:
    """The answers of a point's customers to every target."""
    outcomes = [implement(policy, task.values, case) for case in task.cases]
    return {
        target.name: [value for stratum in answers(target.name, outcomes) for value in stratum]
        for target in TARGETS
    }


class Store:
    """Simulated points, in memory and in a file; a file of other settings is refused.

    Raises:
        GoliveError: the file cannot be read, or is of another calibration.
    """

    def __init__(self, directory: Path, settings: CalibrationSettings) -> None:
        self._path = prepare_output_directory(directory) / STORE_FILE
        self._head = {
            **asdict(settings),
            "waves": list(settings.waves),
            "parameters": [row.name for row in calibrated_rows()],
        }
        self.points: dict[str, Answered] = self._read() if self._path.exists() else {}

    def _read(self) -> dict[str, Answered]:
        try:
            kept = json.loads(read_limited(self._path, MOST_JSON_BYTES, "a calibration's store"))
            head, points = kept["settings"], dict(kept["points"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise GoliveError(f"{self._path}: {error}: expected a calibration's store") from None
        if head != self._head:
            words = f"is of another calibration ({head}): expected {self._head}"
            raise GoliveError(f"{self._path}: {words}; name another --out")
        return points

    def add(self, name: str, answered: Answered) -> None:
        """Keep a finished point."""
        self.points[name] = answered
        text = json.dumps({"settings": self._head, "points": self.points})
        write_text_atomically(self._path, text)


class Calibrator:
    """Runs a calibration, and keeps finished points in a directory.

    ``on_points`` is told (what is done, points done, points in all) as points are finished.
    """

    def __init__(
        self,
        settings: CalibrationSettings,
        directory: Path,
        *,
        workers: int,
        on_points: Callable[[str, int, int], None] = lambda what, done, total: None,
    ) -> None:
        self.settings = settings
        self.rows: tuple[Parameter, ...] = calibrated_rows()
        self._workers = workers
        self._on_points = on_points
        self._store = Store(directory, settings)
        self.start = np.array([_place(row) for row in self.rows])
        self.free = np.array([row.name not in SHARED for row in self.rows])

    def run(self) -> Calibration:
        """Run waves and finalists, and choose."""
        settings = self.settings
        first = matching.design(settings.waves[0] - 1, len(self.rows), settings.seed)
        drawn = matching.drawn_towards(first, self.start, self.free)
        points = more = np.vstack([self.start, drawn])
        simulated = self._simulate_wave(0, points)
        matched = self._match(points, simulated)
        shares = [matched.share_left]
        for wave, count in enumerate(settings.waves[1:], start=1):
            more = matching.with_the_best(matched, count)
            simulated += self._simulate_wave(wave, more)
            points = np.vstack([points, more])
            matched = self._match(points, simulated)
            shares.append(matched.share_left)
        # Every so many of the best: neighbours have the same to say.
        step = max(1, len(matched.best) // settings.finalists)
        # The start is one of them, so that few simulations never end worse than where they began.
        finalists = np.vstack([self.start, matched.best[::step][: settings.finalists - 1]])
        chosen, losses = self._choose(finalists)
        plausible = matching.spread_out(matched, settings.plausible_sets)
        projects = len(points) * settings.customers_per_point
        return Calibration(
            settings=settings,
            values=self.values_of(chosen),
            intervals=self._intervals(matched),
            plausible=[self.values_of(point) for point in plausible],
            share_left=shares,
            points=len(points) + len(finalists),
            projects=projects + len(finalists) * settings.customers_per_finalist,
            finalist_losses=losses,
        )

    def values_of(self, point: FloatArray) -> dict[str, float]:
        """Parameter values of a point of the unit cube."""
        return {
            row.name: min(row.high, max(row.low, float(f"{_value(row, share):.{_DIGITS}g}")))
            for row, share in zip(self.rows, point.tolist(), strict=True)
        }

    def _match(self, points: FloatArray, simulated: Sequence[Answered]) -> matching.Matched:
        seed = self.settings.seed
        collected = matching.collect(FITTED, simulated)
        emulators = {
            name: matching.Emulator(points, answers, seed) for name, answers in collected.items()
        }
        return matching.match(FITTED, emulators, self.start, seed + 1, self.free)

    def _simulate_wave(self, wave: int, points: FloatArray) -> list[Answered]:
        """Every point gets customers of its own, so that the emulators average over them."""
        count = self.settings.customers_per_point * len(points)
        cases = survey_cases(count, self.settings.first_customer + wave)
        hands = zip(points, _dealt(cases, len(points)), strict=True)
        tasks = [
            PointTask(f"wave {wave + 1}, point {number}", self.values_of(point), dealt)
            for number, (point, dealt) in enumerate(hands)
        ]
        return self._simulate(f"wave {wave + 1}", tasks)

    def _choose(self, finalists: FloatArray) -> tuple[FloatArray, list[float]]:
        """The finalist nearest to the middle of the fitted bands, and to the start."""
        settings = self.settings
        first = settings.first_customer + len(settings.waves)
        cases = tuple(survey_cases(settings.customers_per_finalist, first))
        tasks = [
            PointTask(f"finalist {number}", self.values_of(point), cases)
            for number, point in enumerate(finalists)
        ]
        losses = []
        for point, answered in zip(finalists, self._simulate("finalists", tasks), strict=True):
            loss = matching.PRIOR_WEIGHT * float(((point - self.start) ** 2).sum())
            for target in FITTED:
                loss += float(matching.band_loss(target, *_share(answered[target.name])))
            losses.append(loss)
        return finalists[int(np.argmin(losses))], losses

    def _simulate(self, what: str, tasks: Sequence[PointTask]) -> list[Answered]:
        missing = [task for task in tasks if task.name not in self._store.points]
        done = len(tasks) - len(missing)
        self._on_points(what, done, len(tasks))

        def keep(index: int, answered: Answered) -> None:
            nonlocal done
            done += 1
            self._store.add(missing[index].name, answered)
            self._on_points(what, done, len(tasks))

        map_tasks(
            partial(simulate_point, POLICY),
            missing,
            workers=self._workers,
            name_of=lambda task: task.name,
            on_result=keep,
        )
        return [self._store.points[task.name] for task in tasks]

    def _intervals(self, matched: matching.Matched) -> dict[str, tuple[float, float]]:
        low, high = np.quantile(matched.points, (0.05, 0.95), axis=0)
        lower, upper = self.values_of(low), self.values_of(high)
        return {row.name: (lower[row.name], upper[row.name]) for row in self.rows}


def _is_logarithmic(row: Parameter) -> bool:
    """True if the range spans so much that its middle is the geometric one."""
    return row.low > 0.0 and row.high / row.low >= _LOGARITHMIC_FROM


def _place(row: Parameter) -> float:
    """Place of a row's value in its range, 0 to 1."""
    if _is_logarithmic(row):
        return float(np.log(row.value / row.low) / np.log(row.high / row.low))
    return (row.value - row.low) / (row.high - row.low)


def _value(row: Parameter, share: float) -> float:
    """The value at a place of the row's range."""
    if _is_logarithmic(row):
        return float(row.low * (row.high / row.low) ** share)
    return row.low + share * (row.high - row.low)


def _share(values: Sequence[float]) -> tuple[FloatArray, FloatArray]:
    """Share of yes and its standard error, which few equal answers do not make zero."""
    count = len(values)
    likely = (sum(values) + 0.5) / (count + 1.0)
    return np.array(np.mean(values)), np.array(np.sqrt(likely * (1.0 - likely) / count))


def _dealt(cases: Sequence[SurveyCase], hands: int) -> list[tuple[SurveyCase, ...]]:
    """Cases dealt out like cards, size class by size class, so that all hands are alike."""
    sizes = [size for size, _, _ in SIZE_CLASSES]
    ordered = sorted(cases, key=lambda case: sizes.index(case.size))
    return [tuple(ordered[hand::hands]) for hand in range(hands)]
