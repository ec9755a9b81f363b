"""The episodes of a gate: a policy on cells, each a scenario as it is or with one edge case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ...core.execution import backend_for, map_tasks
from ...scenarios.implementation.vocabulary import DisruptionKind, Severity
from ...sim.implementation.metrics import SCORE
from ...sim.observed import observe_episode
from .episode_rows import policy_of
from .plan import Entrant
from .statistics import FloatArray

if TYPE_CHECKING:
    from ...agents.implementation.crew_time import CrewTime
    from ...agents.implementation.milestones import Milestones
    from ...scenarios.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""


@dataclass(frozen=True, slots=True)
class CellKey:
    """Which cell.

    Attributes:
        scenario: name.
        kind: of the edge case; None for the scenario as it is.
        severity: of the edge case; None likewise.
    """

    scenario: str
    kind: DisruptionKind | None = None
    severity: Severity | None = None

    @property
    def nominal(self) -> bool:
        """Whether no edge case is added."""
        return self.kind is None

    @property
    def edge_case(self) -> str:
        """The edge case as ``kind:severity``; empty for none."""
        return "" if self.kind is None else f"{self.kind}:{self.severity}"

    def __str__(self) -> str:
        """For a table or an error."""
        return f"{self.scenario} with {self.edge_case}" if self.kind else self.scenario


@dataclass(frozen=True, slots=True)
class Cell:
    """What is played: a key, the scenario with its edge case, and the seeds."""

    key: CellKey
    scenario: Scenario
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a cell.

    Attributes:
        cell: which.
        seed: which customer and luck.
        figures: the scorecard by field.
        crew_time: hours of the crew.
        milestones: days on which they were reached.
        latencies_ms: wall time of each decision.
        digest: hash of the final state.
    """

    cell: CellKey
    seed: int
    figures: dict[str, float | bool | int]
    crew_time: CrewTime
    milestones: Milestones
    latencies_ms: tuple[float, ...]
    digest: str

    @property
    def score(self) -> float:
        """Go-live score."""
        return float(self.figures[SCORE])

    @property
    def success(self) -> bool:
        """Whether the implementation was a success."""
        return bool(self.figures["success"])


def gate_cells(
    scenarios: Sequence[tuple[Scenario, range]],
    edge_cases: Sequence[tuple[DisruptionKind, Severity]],
    edge_case_episodes: int,
) -> list[Cell]:
    """Every scenario as it is and with each edge case.

    An edge case is met on the first of the seeds that the scenario itself is played on, so that
    the two are compared customer by customer.

    Args:
        scenarios: each with its seeds.
        edge_cases: kinds and severities.
        edge_case_episodes: seeds of an edge case.
    """
    from ...scenarios.implementation.disruption import Disruption
    from ...scenarios.implementation.edge_cases import with_edge_cases

    cells = []
    for scenario, seeds in scenarios:
        cells.append(Cell(CellKey(scenario.name), scenario, tuple(seeds)))
        for kind, severity in edge_cases:
            changed = with_edge_cases(scenario, [Disruption(kind=kind, severity=severity)])
            key = CellKey(scenario.name, kind, severity)
            cells.append(Cell(key, changed, tuple(seeds[:edge_case_episodes])))
    return cells


def run_cells(
    entrant: Entrant,
    cells: Sequence[Cell],
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Episode]:
    """Play every cell's seeds; the episodes come back in the order of cells and seeds.

    Raises:
        TaskError: an episode failed.
        GoliveError: the policy cannot be loaded.
    """
    policy_of(entrant)
    tasks = [(index, seed) for index, cell in enumerate(cells) for seed in cell.seeds]
    done = 0

    def count(_index: int, _episode: Episode) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(tasks))

    if progress is not None:
        progress(0, len(tasks))
    return map_tasks(
        partial(_play, entrant, tuple(cells)),
        tasks,
        workers=workers,
        backend=backend_for(workers),
        name_of=lambda task: f"{entrant.label} on {cells[task[0]].key}, seed {task[1]}",
        on_result=count,
    )


def strata_of(episodes: Sequence[Episode], value: Callable[[Episode], float]) -> list[FloatArray]:
    """A value of each episode, one array per scenario in the order they come."""
    groups: dict[str, list[float]] = {}
    for episode in episodes:
        groups.setdefault(episode.cell.scenario, []).append(value(episode))
    return [np.asarray(values, dtype=np.float64) for values in groups.values()]


def _play(entrant: Entrant, cells: Sequence[Cell], task: tuple[int, int]) -> Episode:
    cell, seed = cells[task[0]], task[1]
    seen = observe_episode(policy_of(entrant), cell.scenario, seed)
    return Episode(
        cell.key,
        seed,
        seen.scorecard.as_dict(),
        seen.crew_time,
        seen.milestones,
        seen.latencies_ms,
        seen.digest,
    )
