"""The gateway's queues beside queueing theory."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, SEED, JsonOption, WorkersOption, show
from golive.core.distributions import gamma_table, lognormal_table
from golive.core.execution import map_tasks
from golive.core.random_streams import RandomStreams, purpose
from golive.core.tables import Table, right
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.vocabulary import FAMILIES, TRAITS
from golive.sim.agenda import Agenda, Due
from golive.sim.gateway.context import Context
from golive.sim.gateway.laws import whole_ticks
from golive.sim.gateway.parameters import PARAMETERS
from golive.sim.gateway.state import NOBODY, Agent, Happening, State, Task
from golive.sim.gateway.work import Outcome, Work
from golive.trainers.evaluation.intervals import student_half_width

_GAP, _SERVICE, _URGENT = (
    purpose(f"benchmarks/queue {name}") for name in ("gap", "hours", "urgent")
)
_SIGMA = 1.0
"""Of lognormal service, whose squared coefficient of variation is e - 1."""


@dataclass(frozen=True, slots=True)
class Station:
    """A station to measure; service takes one hour in the mean.

    Attributes:
        name: in Kendall's notation.
        servers: tasks at once.
        load: arrivals per server and hour.
        variation: squared coefficient of variation of service: 1, exponential, or lognormal.
        urgent: share of tasks of a higher priority, which do not interrupt.
    """

    name: str
    servers: int
    load: float
    variation: float = 1.0
    urgent: float = 0.0


STATIONS = (
    Station("M/M/1", 1, 0.6),
    Station("M/M/1", 1, 0.8),
    Station("M/M/3", 3, 0.7),
    Station("M/M/8", 8, 0.8),
    Station("M/G/1, lognormal", 1, 0.6, math.e - 1.0),
    Station("M/M/1, two priorities", 1, 0.7, urgent=0.3),
)
"""What is measured."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A mean wait, measured and by theory, in hours of service.

    Attributes:
        station: in Kendall's notation, with the class of tasks.
        load: arrivals per server and hour.
        theory: mean wait.
        measured: mean of the runs' means.
        half_width: of its 95 % interval.
        little: largest relative difference, over the runs, of time spent and tasks present.
    """

    station: str
    load: float
    theory: float
    measured: float
    half_width: float
    little: float

    @property
    def difference(self) -> float:
        """Relative, of measured and theory."""
        return self.measured / self.theory - 1.0

    @property
    def covered(self) -> bool:
        """True if the interval has the theory in it."""
        return abs(self.measured - self.theory) <= self.half_width


def theory(station: Station) -> tuple[float, ...]:
    """Mean waits by class of tasks: Erlang C, Pollaczek and Khinchine, Cobham."""
    servers, load = station.servers, station.load
    if station.urgent:
        rest = load * (1.0 + station.variation) / 2.0
        high = load * station.urgent
        return rest / (1.0 - high), rest / ((1.0 - high) * (1.0 - load))
    if servers == 1:
        return (load * (1.0 + station.variation) / (2.0 * (1.0 - load)),)
    offered = servers * load
    terms = [offered**n / math.factorial(n) for n in range(servers)]
    last = offered**servers / math.factorial(servers) / (1.0 - load)
    return (last / (math.fsum(terms) + last) / (servers * (1.0 - load)),)


class _Station(Work):
    """The world's own work, with hours of service that theory knows."""

    def __init__(self, context: Context, agenda: Agenda, hours: NDArray[np.float64]) -> None:
        super().__init__(context, agenda)
        self._service = hours
        self.begun: dict[int, float] = {}

    def _outcome(self, task: Task, slot: int, agent: Agent) -> Outcome:
        return Outcome.RIGHT

    def _hours(self, task: Task, slot: int, agent: Agent, outcome: Outcome) -> float:
        self.begun[task.id] = self._context.state.now
        return float(self._service[task.id])


def measure(station: Station, tasks: int, seed: int) -> tuple[list[float], float]:
    """One run from empty to empty.

    Args:
        station: what is simulated.
        tasks: that come; the first tenth, while the queue fills, is not counted.
        seed: of the luck.

    Returns:
        Mean waits by class of tasks, and the relative difference of the time that tasks spent
        there and of the number present, added up over time (Little: none).
    """
    streams, whom = RandomStreams(seed), np.arange(tasks, dtype=np.uint64)
    gaps = gamma_table(1.0).at_all(streams.uniforms(_GAP, whom)) / (station.servers * station.load)
    arrivals = [whole_ticks(at) for at in np.cumsum(gaps).tolist()]
    table, mean = gamma_table(1.0), 1.0
    if station.variation != 1.0:
        table, mean = lognormal_table(_SIGMA), math.exp(0.5 * _SIGMA**2)
    drawn = table.at_all(streams.uniforms(_SERVICE, whom)) / mean
    hours = np.array([max(whole_ticks(one), whole_ticks(1e-6)) for one in drawn.tolist()])
    urgent = streams.uniforms(_URGENT, whom) < station.urgent
    state = _state(station)
    context = Context(_SCENARIO, PARAMETERS, state, streams)
    present = _Present()

    def happen(due: Due) -> None:
        if due.kind == Happening.ARRIVAL:
            present.change(state.now, +1)
            number = due.whom
            task = _task(number, state.now, 1 if urgent[number] else 3)
            state.tasks[number] = task
            if number + 1 < tasks:
                agenda.note(arrivals[number + 1], Happening.ARRIVAL, number + 1)
            work.give(task, 0)
        else:
            present.change(state.now, -1)
            work.finish(state.tasks.pop(due.whom), Outcome.RIGHT)

    agenda = Agenda(state, happen)
    work = _Station(context, agenda, hours)
    agenda.note(arrivals[0], Happening.ARRIVAL, 0)
    while state.dues:
        agenda.step()
    waits = np.array([work.begun[n] for n in range(tasks)]) - np.array(arrivals)
    spent = math.fsum((waits + hours).tolist())
    counted = np.arange(tasks) >= tasks // 10
    classes = (urgent, ~urgent) if station.urgent else (np.ones(tasks, dtype=np.bool_),)
    means = [float(waits[counted & one].mean()) for one in classes]
    return means, abs(present.area / spent - 1.0)


class _Present:
    """Tasks present, added up over time."""

    def __init__(self) -> None:
        self.area, self._number, self._since = 0.0, 0, 0.0

    def change(self, now: float, by: int) -> None:
        self.area += self._number * (now - self._since)
        self._number, self._since = self._number + by, now


_SCENARIO = GatewayScenario(name="queue", title="One station")


def _state(station: Station) -> State:
    count = len(FAMILIES)
    agent = Agent(
        *("station", "specialised", [1.0] * count, 1.0, 1.0, station.servers, True, 1e9),
        *([0.0] * count, 0.0, 0.0),
        placed=[[0] * count, [0] * count],
        failed=[[0] * count, [0] * count],
    )
    return State(0.0, [0.0] * len(TRAITS), [agent], [], [1.0] * count)


def _task(number: int, now: float, priority: int) -> Task:
    return Task(
        number, now, 0, 0, 0, 0, NOBODY, 0.0, 0.0, 0.0, vague=False, missing=False,
        estimate_hours=1.0, priority=priority, due=1e9, worth_usd=1.0, confidential=False,
        nature=0, text="",
    )  # fmt: skip


def measured_rows(
    stations: Sequence[Station], runs: int, tasks: int, workers: int
) -> list[QueueRow]:
    """Each station's mean waits over runs, with 95 % intervals over them."""
    # Seeds of their own, so that stations do not share the luck of a run.
    work = [
        (station, SEED + place * runs + run)
        for place, station in enumerate(stations)
        for run in range(runs)
    ]
    one: Callable[[tuple[Station, int]], tuple[list[float], float]] = partial(_measured, tasks)
    found = map_tasks(one, work, workers=workers)
    rows = []
    for place, station in enumerate(stations):
        mine = found[place * runs : (place + 1) * runs]
        for kind, expected in enumerate(theory(station)):
            means = np.array([waits[kind] for waits, _ in mine])
            name = station.name
            if station.urgent:
                name += ": urgent" if kind == 0 else ": usual"
            rows.append(
                QueueRow(
                    *(name, station.load, expected, float(means.mean())),
                    student_half_width([means], 0.95),
                    max(little for _, little in mine),
                )
            )
    return rows


def _measured(tasks: int, one: tuple[Station, int]) -> tuple[list[float], float]:
    station, seed = one
    return measure(station, tasks, seed)


def queue_table(rows: Sequence[QueueRow], runs: int, tasks: int) -> Table:
    """The rows as a table."""
    return Table(
        f"Mean wait in hours of service; {runs} runs of {tasks:,} tasks, 95 % intervals",
        (
            "station",
            *map(right, ("load", "theory", "measured", "difference", "interval", "Little")),
            "in it",
        ),
        [
            (
                row.station,
                f"{row.load:.2f}",
                f"{row.theory:.4f}",
                f"{row.measured:.4f}",
                f"{100.0 * row.difference:+.2f} %",
                f"±{100.0 * row.half_width / row.theory:.2f} %",
                f"{row.little:.0e}",
                "yes" if row.covered else "NO",
            )
            for row in rows
        ],
    )


def command(
    runs: Annotated[int, typer.Option(min=4, help="Runs of each station.")] = 40,
    tasks: Annotated[int, typer.Option(min=1_000, help="Tasks of each run.")] = 50_000,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare mean waits at the gateway's stations with queueing theory, and check Little's law."""
    rows = measured_rows(STATIONS, runs, tasks, workers)
    show(rows, [queue_table(rows, runs, tasks)], as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.queues")
