"""The CRM agents against the truth behind the database, and the judge against wrong ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, SEED, JsonOption, WorkersOption, show, span
from golive.agents.gateway.crm.rules import by_rules, facts_of
from golive.agents.gateway.crm.runner import run_workflow
from golive.agents.gateway.crm.shortcuts import shortcuts
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.workflow import CrmAgent, read_workflow
from golive.sim.gateway.crm.database import Reader
from golive.sim.gateway.crm.making import make_crm
from golive.sim.gateway.crm.tasks import KINDS, judge_task, make_task
from golive.trainers.evaluation.intervals import table_interval
from golive.trainers.evaluation.statistics import Interval

RIGHT = "the shipped workflow"
FIGURES = (
    "leads: AUC of the quality score",
    "leads: AUC of their true chance",
    "deals: AUC of the win probability",
    "deals: AUC of their true chance",
    "deals: Brier score",
    "deals: Brier score of the base rate",
    "deals: Brier score of their true chance",
)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way to do tasks, on all kinds and databases.

    Attributes:
        way: its name.
        tasks: that were tried.
        ended: of them, those that ended as they should.
        solved: of them, those whose way was right, too.
    """

    way: str
    tasks: int
    ended: int
    solved: int


@dataclass(frozen=True, slots=True)
class CrmReport:
    """All that was measured.

    Attributes:
        databases: seeds.
        figures: agents' answers against the truth, 95 % over databases.
        ways: tasks by way.
    """

    databases: int
    figures: dict[str, Interval]
    ways: tuple[WayRow, ...]


def measured(databases: int, workers: int) -> CrmReport:
    """Judge agents and ways on so many databases."""
    seeds = range(SEED, SEED + databases)
    rows = map_tasks(_figures, list(seeds), workers=workers)
    table = np.array(rows, dtype=np.float64)

    def mean(place: int) -> Interval:
        return table_interval(table[:, place], lambda part: float(part.mean()), FIGURES[place])

    done = [one for part in map_tasks(_ways, list(seeds), workers=workers) for one in part]
    ways = tuple(
        WayRow(
            way,
            sum(name == way for name, _, _ in done),
            sum(name == way and end for name, end, _ in done),
            sum(name == way and solved for name, _, solved in done),
        )
        for way in dict.fromkeys(name for name, _, _ in done)
    )
    return CrmReport(databases, {name: mean(n) for n, name in enumerate(FIGURES)}, ways)


def _figures(seed: int) -> list[float]:
    crm, truth = make_crm(seed)
    reader = Reader()

    def asked(agent: CrmAgent, name: str, number: int) -> float:
        result = by_rules(agent, facts_of(agent, {name: number}, crm, reader)).model_dump()
        return float(result["quality_score" if name == "lead" else "win_probability"])

    scores = np.array([asked(CrmAgent.LEAD_QUALIFICATION, "lead", n) for n in truth.lead_converts])
    converts = np.array(list(truth.lead_converts.values()))
    chances = np.array([asked(CrmAgent.DEAL_ANALYSIS, "deal", n) for n in truth.deal_wins])
    wins = np.array(list(truth.deal_wins.values()))
    lead_truth = np.array(list(truth.lead_chance.values()))
    deal_truth = np.array(list(truth.deal_chance.values()))
    crm.close()
    return [
        area_under_curve(scores, converts),
        area_under_curve(lead_truth, converts),
        area_under_curve(chances, wins),
        area_under_curve(deal_truth, wins),
        float(((chances - wins) ** 2).mean()),
        float(((wins.mean() - wins) ** 2).mean()),
        float(((deal_truth - wins) ** 2).mean()),
    ]


def area_under_curve(scores: Floats, happened: NDArray[np.bool_]) -> float:
    """Chance that what happened has the higher score of two; .5 where all or nothing happened."""
    yes, no = scores[happened], scores[~happened]
    if not len(yes) or not len(no):
        return 0.5
    above = (yes[:, None] > no).mean() + 0.5 * (yes[:, None] == no).mean()
    return float(above)


def _ways(seed: int) -> list[tuple[str, bool, bool]]:
    found = []
    for kind in KINDS:
        workflow = read_workflow(kind)
        for way, tried in {RIGHT: workflow, **shortcuts(workflow)}.items():
            crm, _ = make_crm(seed)
            before = crm.content()
            task = make_task(kind, seed, before)
            run = run_workflow(crm, tried, task.told)
            verdict = judge_task(task, before, crm, run.number)
            crm.close()
            found.append((way, verdict.end, verdict.solved))
    return found


def tables(report: CrmReport) -> Sequence[Table]:
    """The report as tables."""
    figures = [(name, span(value, ".3f")) for name, value in report.figures.items()]
    ways = [(row.way, row.tasks, row.ended, row.solved) for row in report.ways]
    return (
        Table(
            f"Agents by rules; {report.databases} databases; 95 % intervals over them",
            ("figure", right("mean")),
            figures,
        ),
        Table(
            "Tasks by way",
            ("way", *map(right, ("tasks", "right end", "solved"))),
            ways,
        ),
    )


def command(
    databases: Annotated[int, typer.Option(min=4, help="Databases.")] = 40,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Judge the CRM agents' rules by the truth, and the judge of tasks by wrong ways."""
    report = measured(databases, workers)
    show(report, tables(report), as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.crm")
