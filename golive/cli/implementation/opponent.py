"""``golive opponent``: learn an opponent against a policy, and compare opponents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import GoliveError
from ...core.tables import Table, figures
from ...scenarios.suite import Split
from ..output import show
from .scenarios import own_scenario

if TYPE_CHECKING:
    from ...scenarios.suite import SeedRange
    from ...trainers.evaluation.statistics import Interval
    from ...trainers.implementation.adversary import OpponentComparison

app = typer.Typer(
    help="Opponents: who breaks things during an episode. Learn one, compare them.",
    no_args_is_help=True,
)

Against = Annotated[str, typer.Option(help="The policy: a baseline's name or a path.")]
ScenarioName = Annotated[str, typer.Option(help="Scenario by name or file.")]
Workers = Annotated[int | None, typer.Option(min=0, help="Processes (default: one per core).")]


@app.command()
def train(
    *,
    out: Annotated[Path, typer.Option(help="Write the opponent's plan to this YAML file.")],
    against: Against = "expert",
    scenario: ScenarioName = "furniture",
    budget: Annotated[float, typer.Option(min=0.0, help="What the opponent may spend.")] = 8.0,
    generations: Annotated[int, typer.Option(min=1, help="Generations of the search.")] = 25,
    episodes: Annotated[int, typer.Option(min=1, help="Episodes of a generation.")] = 256,
    phases: Annotated[int, typer.Option(min=1, max=20, help="Phases of the plan.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="Of the search.")] = 0,
    workers: Workers = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the interrupted search beside --out.")
    ] = False,
) -> None:
    """Learn preferences by which an opponent hurts a policy most, on training customers."""
    from ...core.execution import default_workers
    from ...scenarios.implementation.edge_cases import EDGE_CASES
    from ...scenarios.implementation.vocabulary import Severity
    from ...scenarios.loader import save_yaml
    from ...trainers.implementation.adversary import AdversarySettings, learn_opponent
    from ...trainers.implementation.adversary.preferences import PreferenceSpace

    state = out.with_suffix(".state.json")
    if not resume and (out.exists() or state.exists()):
        raise GoliveError(f"{out}: it or its search exists: give another file, or --resume")
    settings = AdversarySettings(
        budget=budget, generations=generations, episodes=episodes, seed=seed
    )
    chosen = own_scenario(scenario)
    found = learn_opponent(
        against,
        chosen,
        _seeds(scenario, Split.TRAIN),
        PreferenceSpace(EDGE_CASES, tuple(Severity), phases),
        settings,
        workers=default_workers() if workers is None else workers,
        state_file=state,
        resume=resume,
        on_generation=_say,
        name=f"learned-{chosen.name}-{budget:g}".replace(".", "-"),
    )
    save_yaml(found.plan, out)
    typer.echo(f"Opponent: {out}", err=True)


@app.command()
def compare(
    opponents: Annotated[
        list[str], typer.Argument(help="Such as random:8 or a plan's file; the first is compared.")
    ],
    *,
    against: Against = "expert",
    scenario: ScenarioName = "furniture",
    split: Annotated[Split, typer.Option(help="Whose customers.")] = Split.VALIDATION,
    episodes: Annotated[int, typer.Option(min=2, help="Customers.")] = 100,
    workers: Workers = None,
) -> None:
    """What a policy scores under each opponent, on the same customers."""
    from ...core.execution import default_workers
    from ...scenarios.implementation.opponents import parse_opponent
    from ...trainers.implementation.adversary import compare_opponents

    seeds = _seeds(scenario, split)
    if episodes > len(seeds):
        raise GoliveError(f"--episodes: {episodes}: expected at most {len(seeds)}")
    rows = compare_opponents(
        against,
        own_scenario(scenario),
        [parse_opponent(text) for text in opponents],
        range(seeds.start, seeds.start + episodes),
        workers=default_workers() if workers is None else workers,
    )
    _print(rows, f"{against} on {scenario}, {split}: {episodes} customers")


def _seeds(scenario: str, split: Split) -> SeedRange:
    """The split of the scenario's own suite, or of the first that holds it."""
    from ...scenarios.loader import load_suite, suite_names

    name = own_scenario(scenario).name
    holding = [suite for suite in suite_names() if name in load_suite(suite).scenarios]
    chosen = name if name in suite_names() else next(iter(holding), "furniture")
    return load_suite(chosen).splits[split]


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
    headings = figures("opponent", "score", "lost to it", more, "spent", "strikes")
    show(Table(title, headings, cells))


def _words(interval: Interval) -> str:
    return f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"
