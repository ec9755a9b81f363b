"""Measures whether skill pays in a world: policies, edits of the expert, probes, oracles, learners.

An instance (a customer, a company) is drawn by a held-out seed and stays the same while luck
varies; every policy meets the same luck.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count, product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import golive
from benchmarks.command import CORES, SEED, show, write_report
from benchmarks.game_report import (
    Figure,
    Game,
    GameReport,
    PolicyRow,
    Unit,
    console_parts,
    counted,
    page,
)
from benchmarks.game_variance import (
    chosen_gains,
    customer_share,
    gain,
    over_customers,
    paired_shares,
)
from golive.cli.options import words_of
from golive.core import files
from golive.core.errors import GoliveError
from golive.core.execution import Backend, backend_for, map_tasks
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.world_kind import PolicyFactory
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.progress import Phase, phase_bars
from golive.trainers.evaluation.statistics import FloatArray, Interval

CLEAR_GAIN_SD = 0.05
"""Edits that surely gain more than this show that the expert is not what it could be."""
DECENT_SD = 1.0
"""Policies whose mean is so many standard deviations below the expert's are not compared."""
_MOST_LUCK = 1_000


@dataclass(frozen=True)
class WorldGame:
    """The policies that meet each other in a world's game.

    Attributes:
        world: its name.
        instance: word for what an episode's seed draws beside its luck, such as customer.
        ways: policies that try to win, by name; those far below the expert are left out.
        edits: the expert with one rule changed, by name.
        knowing: policies that see what nobody does, by name; the last is the oracle.
        learners: policies that learned, by name; the last is the best of them.
    """

    world: str
    instance: str
    ways: Mapping[str, PolicyFactory]
    edits: Mapping[str, PolicyFactory]
    knowing: Mapping[str, PolicyFactory]
    learners: Mapping[str, PolicyFactory]


@dataclass
class Field:
    """A scenario's held-out instances, and what policies reached on them."""

    game: WorldGame
    scenario: str
    instances: int
    luck: int
    workers: int
    tell: Phase
    rows: list[PolicyRow] = field(default_factory=list)

    @cached_property
    def expert(self) -> FloatArray:
        """The expert's scores (instances, luck)."""
        kind = world_kind(self.game.world)
        (scores,) = self._played("expert", {"expert": kind.policies[kind.expert]}).values()
        return scores

    @property
    def sd(self) -> float:
        """Standard deviation of the expert's episodes."""
        return float(self.expert.std(ddof=1))

    def compared(
        self, block: str, policies: Mapping[str, PolicyFactory], instances: int, luck: int
    ) -> dict[str, FloatArray]:
        """Scores of policies by name, which are noted against the expert's."""
        expert, played = self.expert[:instances, :luck], {}
        for name, scores in self._played(block, policies, instances, luck).items():
            played[name] = scores
            difference = gain(scores, expert, self.sd)
            self.rows.append(PolicyRow(block, name, float(scores.mean()), 0.0, difference, 0))
        return played

    def _played(
        self,
        block: str,
        policies: Mapping[str, PolicyFactory],
        instances: int | None = None,
        luck: int | None = None,
    ) -> dict[str, FloatArray]:
        shape = len(policies), instances or self.instances, luck or self.luck
        tasks = list(product(policies, range(shape[1]), range(shape[2])))
        done, tell = count(1), partial(self.tell, block)
        scores = map_tasks(
            partial(_score, self.game.world, self.scenario, dict(policies)),
            tasks,
            workers=self.workers,
            backend=backend_for(self.workers, Backend.PROCESS),
            name_of=lambda task: f"{task[0]}, instance {task[1]}, luck {task[2]}",
            on_result=lambda *_: tell(next(done), len(tasks)),
        )
        table = np.asarray(scores, dtype=np.float64).reshape(shape)
        return dict(zip(policies, table, strict=True))


def _score(
    world: str,
    scenario: str,
    policies: Mapping[str, PolicyFactory],
    task: tuple[str, int, int],
) -> float:
    name, number, luck = task
    kind = world_kind(world)
    first = load_suite(kind.default_suite).splits[Split.TEST].start
    played = load_scenario(scenario)
    drawn = SEED + _MOST_LUCK * number + luck
    return kind.score_of(run(kind, policies[name](), played, first + number, luck=drawn).scorecard)


# -- rows ------------------------------------------------------------------------------------


def variance_row(played: Field) -> list[Figure]:
    """The expert's variance: instance and luck."""
    share = customer_share(played.expert)
    label = f"expert's variance: {played.game.instance}"
    return [Figure("variance.customer", label, Unit.SHARE, share)]


def paired_row(played: Field) -> list[Figure]:
    """Differences among decent policies: policy, policy x instance, policy x luck."""
    game, expert = played.game, played.expert
    ways = played.compared("ways of working", game.ways, played.instances, played.luck)
    bar = float(expert.mean()) - DECENT_SD * played.sd
    good = {name: scores for name, scores in ways.items() if scores.mean() >= bar}
    scores = np.stack([expert, *good.values()])
    dropped = [name for name in ways if name not in good]
    note = f"dropped {', '.join(dropped)}" if dropped else "all that were tried"
    policy, instance, luck = paired_shares(scores)
    label = "paired differences: policy"
    return [
        Figure("paired.policy", label, Unit.SHARE, policy),
        Figure("paired.customer", f"{label} x {game.instance}", Unit.SHARE, instance),
        Figure("paired.luck", f"{label} x luck", Unit.SHARE, luck),
        Figure("paired.decent", "decent policies", Unit.COUNT, counted(len(scores)), note),
        Figure(
            "chosen.gain",
            f"best policy per {game.instance} minus best single one",
            Unit.SD,
            over_customers(chosen_gains(scores), played.sd),
        ),
    ]


def edits_row(played: Field) -> list[Figure]:
    """The expert with one rule changed, on held-out instances."""
    edits = played.compared("one-rule edits", played.game.edits, played.instances, played.luck)
    rows = [row for row in played.rows if row.name in edits]
    gaining = [row.name for row in rows if row.gain and row.gain.above(CLEAR_GAIN_SD)]
    best = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    flattered = f"{best.name}; chosen on the instances it is judged on, which flatters it"
    label = f"of {len(rows)} one-rule edits, gain by clearly more than {CLEAR_GAIN_SD} sd"
    return [
        Figure("edits.gaining", label, Unit.COUNT, counted(len(gaining)), ", ".join(gaining)),
        Figure("edits.largest", "largest gain of an edit", Unit.SD, best.gain or _NONE, flattered),
    ]


def probes_row(played: Field) -> list[Figure]:
    """Policies that must lose against the expert."""
    kind = world_kind(played.game.world)
    probes = {name: kind.policies[name] for name in kind.probes}
    played.compared("probes", probes, max(4, played.instances // 2), 2)
    rows = [row for row in played.rows if row.block == "probes"]
    largest = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    label = f"best of {len(rows)} probes, minus expert"
    return [Figure("probes.largest", label, Unit.SD, largest.gain or _NONE, largest.name)]


def knowing_row(played: Field) -> list[Figure]:
    """Policies that see what nobody does, minus the expert."""
    return _against_expert(played, "knowing", played.game.knowing, "oracle")


def learners_row(played: Field) -> list[Figure]:
    """Policies that learned, minus the expert."""
    return _against_expert(played, "learners", played.game.learners, "learner")


def _against_expert(
    played: Field, block: str, policies: Mapping[str, PolicyFactory], key: str
) -> list[Figure]:
    if not policies:
        return []
    instances = played.instances if block == "learners" else max(4, played.instances // 2)
    luck = played.luck if block == "learners" else 2
    played.compared(block, policies, instances, luck)
    rows = [row for row in played.rows if row.block == block]
    keys = [f"{key}.{row.name}" for row in rows[:-1]] + [key]
    return [
        Figure(name, f"{row.name}, minus expert", Unit.SD, row.gain or _NONE)
        for name, row in zip(keys, rows, strict=True)
    ]


_NONE = Interval(0.0, 0.0, 0.0)
ROWS: dict[str, Callable[[Field], list[Figure]]] = {
    "variance": variance_row,
    "paired": paired_row,
    "edits": edits_row,
    "probes": probes_row,
    "knowing": knowing_row,
    "learners": learners_row,
}
"""Measurements by name."""


def game_command(game: WorldGame) -> Callable[..., None]:
    """The command that measures a world's game."""

    def command(
        *,
        scenario: Annotated[
            list[str] | None, typer.Option(help="Scenario; may be repeated.")
        ] = None,
        rows: Annotated[str, typer.Option(help="Of the table, comma-separated.")] = ",".join(ROWS),
        instances: Annotated[int, typer.Option(min=4, help="Held-out instances.")] = 40,
        luck: Annotated[int, typer.Option(min=2, help="Seeds for each, an even number.")] = 4,
        processes: Annotated[int, typer.Option(min=1, help="Processes.")] = CORES,
        json_file: Annotated[Path | None, typer.Option("--json", help="File as JSON.")] = None,
        page_file: Annotated[Path | None, typer.Option("--page", help="Page in Markdown.")] = None,
    ) -> None:
        """Measure whether skill pays: instances, luck, policies, edits, probes, oracles."""
        if luck % 2:
            raise GoliveError(f"luck: {luck}: expected an even number of seeds")
        asked = tuple(words_of(rows))
        for name in asked:
            if name not in ROWS:
                raise GoliveError(f"rows: {name!r}: expected some of {', '.join(ROWS)}")
        for path in filter(None, (json_file, page_file)):
            files.check_writable_file(path)
        names = tuple(scenario or [world_kind(game.world).default_scenario])
        with phase_bars() as tell:
            games = tuple(
                _measured(Field(game, one, instances, luck, processes, tell), asked)
                for one in names
            )
        line = shlex.join(["python", "-m", "benchmarks.game", "--world", game.world, *sys.argv[1:]])
        report = GameReport(line, golive.__version__, instances, luck, games, world=game.world)
        write_report(report, json_file)
        if page_file is not None:
            files.write_text_atomically(page_file, page(report))
        show(report, console_parts(report), as_json=False)

    return command


def _measured(played: Field, rows: tuple[str, ...]) -> Game:
    figures = tuple(figure for row in rows for figure in ROWS[row](played))
    mean = float(played.expert.mean())
    return Game(played.scenario, mean, played.sd, figures, tuple(played.rows))
