"""The episodes of a gate: a policy on cells, each a scenario as it is or with one edge case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .episode_rows import watch_episode
from .plan import Entrant
from .runner import Progress, evaluate
from .statistics import FloatArray

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...sim.world_kind import WorldKind


@dataclass(frozen=True, slots=True)
class CellKey:
    """Names a cell: a scenario, and an edge case as on a command line; empty: as it is."""

    scenario: str
    edge_case: str = ""

    @property
    def nominal(self) -> bool:
        """True if no edge case is added."""
        return not self.edge_case

    def __str__(self) -> str:
        """Text for a table or an error."""
        return f"{self.scenario} with {self.edge_case}" if self.edge_case else self.scenario


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is played: its key, the scenario with its edge case, and the seeds."""

    key: CellKey
    scenario: Scenario
    seeds: range


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a cell.

    Attributes:
        kind: record of the world.
        cell: which.
        figures: the evaluation's row: scorecard and what was watched, by name.
    """

    kind: WorldKind
    cell: CellKey
    figures: Mapping[str, Any]

    @property
    def seed(self) -> int:
        """Seed of the episode: which customer and luck."""
        return int(self.figures["seed"])

    @property
    def score(self) -> float:
        """The scalar that policies are judged by."""
        return float(self.figures[self.kind.figures.score])

    @property
    def success(self) -> bool:
        """True if it ended well."""
        return bool(self.figures[self.kind.figures.success])

    @property
    def collaboration(self) -> float:
        """Useful share of the hours in which there was something to do, 0..1."""
        teamwork = self.kind.teamwork
        assert teamwork is not None
        employable = sum(self.figures[name] for name in teamwork.parts if name != teamwork.free)
        return float(self.figures[teamwork.useful] / employable) if employable > 0.0 else 0.0


def gate_cells(
    scenarios: Sequence[tuple[Scenario, range]], edge_cases: Sequence[str], edge_case_episodes: int
) -> list[Cell]:
    """Every scenario as it is and with each edge case.

    An edge case is met on the first of the seeds that the scenario itself is played on, so that
    the two are compared customer by customer.

    Raises:
        GoliveError: a scenario's world does not know an edge case.
    """
    cells = []
    for scenario, seeds in scenarios:
        cells.append(Cell(CellKey(scenario.name), scenario, seeds))
        for text in edge_cases:
            met = scenario.mix.of([text]).met(scenario)
            cells.append(Cell(CellKey(scenario.name, text), met, seeds[:edge_case_episodes]))
    return cells


def run_cells(
    entrant: Entrant, cells: Sequence[Cell], *, workers: int = 1, progress: Progress | None = None
) -> list[Episode]:
    """Episodes of every cell's seeds, in the order of cells and seeds.

    Raises:
        PoisonedEpisodesError: an episode failed.
        GoliveError: the policy cannot be loaded.
    """
    total = sum(len(cell.seeds) for cell in cells)
    done = 0
    episodes: dict[CellKey, list[Episode]] = {}

    for edge_case, seeds in dict.fromkeys((cell.key.edge_case, cell.seeds) for cell in cells):
        alike = [c for c in cells if (c.key.edge_case, c.seeds) == (edge_case, seeds)]
        found = evaluate(
            [entrant],
            [cell.scenario for cell in alike],
            first_seed=seeds.start,
            episodes=len(seeds),
            workers=workers,
            progress=progress and shifted(progress, done, total),
            run=watch_episode,
        )
        done += len(alike) * len(seeds)
        for row in found.rows.iter_rows(named=True):
            key = CellKey(row["scenario"], edge_case)
            episodes.setdefault(key, []).append(Episode(found.plan.kind, key, row))
    return [episode for cell in cells for episode in episodes[cell.key]]


def shifted(progress: Progress, before: int, total: int) -> Progress:
    """Make progress of a part tell how far the whole is, of which so much was done before."""
    return lambda done, _total: progress(before + done, total)


def strata_of(episodes: Sequence[Episode], value: Callable[[Episode], float]) -> list[FloatArray]:
    """Values of episodes, one array per scenario in the order they come."""
    groups: dict[str, list[float]] = {}
    for episode in episodes:
        groups.setdefault(episode.cell.scenario, []).append(value(episode))
    return [np.asarray(values, dtype=np.float64) for values in groups.values()]
