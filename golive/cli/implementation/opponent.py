"""``golive opponent``: learn an opponent against a policy, and compare opponents."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...core.errors import GoliveError
from ...core.tables import Column, Table, right
from ...scenarios.suite import Split
from .. import completion
from ..options import (
    LARGEST_SEED,
    MOST_WORKERS,
    AsJson,
    expanded,
    option,
    option_record,
    processes,
    writable_file,
)
from ..output import show, show_json, show_result
from .scenarios import own_scenario

if TYPE_CHECKING:
    from ...scenarios.suite import SeedRange
    from ...trainers.evaluation.statistics import Interval
    from ...trainers.implementation.adversary import OpponentComparison

app = typer.Typer(
    help="Opponents: who breaks things during an episode. Learn one, compare them.",
    no_args_is_help=True,
)

Against = Annotated[
    str,
    Option(help="The policy: a baseline's name or a path.", autocompletion=completion.policies),
]
ScenarioName = Annotated[
    str, Option(help="Scenario by name or file.", autocompletion=completion.scenarios)
]

Workers = Annotated[
    int | None, Option(min=0, max=MOST_WORKERS, help="Processes (default: one per core).")
]


@option_record
class Learning:
    """Options of what is learned, and against whom."""

    out: Path = option(..., "Write the opponent's plan to this YAML file.", callback=writable_file)
    against: Against = "expert"
    scenario: ScenarioName = "furniture"
    budget: float = option(8.0, "What the opponent may spend.", min=0.0, max=1_000.0)
    generations: int = option(25, "Generations of the search.", min=1, max=1_000_000)
    episodes: int = option(256, "Episodes of a generation.", min=1, max=1_000_000)
    phases: int = option(6, "Phases of the plan.", min=1, max=20)
    seed: int = option(0, "Of the search.", min=0, max=LARGEST_SEED)
    workers: Workers = None
    resume: bool = option(False, "Go on with the interrupted search beside --out.")
    as_json: AsJson = False


@app.command()
@expanded
def train(*, told: Learning) -> None:
    """Learn preferences by which an opponent hurts a policy most, on training customers."""
    from ...agents.registry import load_policy
    from ...scenarios.implementation.edge_cases import EDGE_CASES
    from ...scenarios.implementation.vocabulary import Severity
    from ...scenarios.loader import save_yaml
    from ...trainers.implementation.adversary import AdversarySettings, learn_opponent
    from ...trainers.implementation.adversary.preferences import PreferenceSpace

    state = told.out.with_suffix(".state.json")
    if not told.resume and (told.out.exists() or state.exists()):
        raise GoliveError(f"{told.out}: it or its search exists: give another file, or --resume")
    settings = AdversarySettings(
        budget=told.budget, generations=told.generations, episodes=told.episodes, seed=told.seed
    )
    chosen = own_scenario(told.scenario)
    load_policy(told.against)  # what is wrong with it is met here, not in a worker
    found = learn_opponent(
        told.against,
        chosen,
        _seeds(told.scenario, Split.TRAIN),
        PreferenceSpace(EDGE_CASES, tuple(Severity), told.phases),
        settings,
        workers=processes(told.workers),
        state_file=state,
        resume=told.resume,
        on_generation=_say,
        name=f"learned-{chosen.name}-{told.budget:g}".replace(".", "-"),
    )
    save_yaml(found.plan, told.out)
    show_result(
        told.as_json,
        {"out": told.out, "losses": found.losses, "plan": found.plan.model_dump(mode="json")},
        f"Opponent: {told.out}",
    )


@app.command()
def compare(
    opponents: Annotated[
        list[str], Argument(help="Such as random:8 or a plan's file; the first is compared.")
    ],
    *,
    against: Against = "expert",
    scenario: ScenarioName = "furniture",
    split: Annotated[Split, Option(help="Whose customers.")] = Split.VALIDATION,
    episodes: Annotated[int, Option(min=2, help="Customers.")] = 100,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Compare a policy's scores under several opponents, on the same customers."""
    from ...agents.registry import load_policy
    from ...scenarios.implementation.opponents import parse_opponent
    from ...trainers.implementation.adversary import compare_opponents

    load_policy(against)
    seeds = _seeds(scenario, split)
    if episodes > len(seeds):
        raise GoliveError(f"--episodes: {episodes}: expected at most {len(seeds)}")
    rows = compare_opponents(
        against,
        own_scenario(scenario),
        [parse_opponent(text) for text in opponents],
        range(seeds.start, seeds.start + episodes),
        workers=processes(workers),
    )
    if as_json:
        show_json([asdict(row) for row in rows])
        return
    _print(rows, f"{against} on {scenario}, {split}: {episodes} customers")


def _seeds(scenario: str, split: Split) -> SeedRange:
    """The split of the scenario's own suite, or of the first that holds it."""
    from ...scenarios.loader import load_suite, suite_name_of

    name = suite_name_of(own_scenario(scenario).name) or "furniture"
    return load_suite(name).splits[split]


def _say(generation: int, loss: float, worst: float) -> None:
    typer.echo(
        f"generation {generation:>3}: the policy loses {loss:.3f}, in its worst episodes "
        f"{worst:.3f}",
        err=True,
    )


def _print(rows: list[OpponentComparison], title: str) -> None:
    cells = [
        (
            row.opponent,
            _words(row.score),
            _words(row.loss),
            "-" if row.more_than_first is None else _words(row.more_than_first),
            f"{row.spent:.1f}",
            f"{row.strikes:.1f}",
        )
        for row in rows
    ]
    more = f"more than to {rows[0].opponent}"
    wide = [right(name, wraps=True) for name in ("score", "lost to it", more)]
    headings = (Column("opponent", wraps=False), *wide, right("spent"), right("strikes"))
    show(Table(title, headings, cells))


def _words(interval: Interval) -> str:
    return f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"
