"""``golive sensitivity``: which parameters matter, and whether the better policy stays better."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ...core.errors import GoliveError
from ...core.tables import Table, right
from .. import completion
from ..options import (
    LARGEST_SEED,
    MOST_EPISODES,
    AsJson,
    WorkersOption,
    option,
    option_record,
    processes,
    words_of,
    writable_directory,
)
from ..output import show_json
from .scenarios import own_scenario

if TYPE_CHECKING:
    from ...scenarios.implementation.scenario import ImplementationScenario
    from ...trainers.implementation.validation.sensitivity import Ranking, Screening

FIRST_SEED = 1_000_000
"""Of the validation range, as ``golive validate`` has it."""


@option_record
class Analysis:
    """Options of an analysis."""

    policies: str = option(
        "expert,critical_path,plan_follower",
        "Policies to rank, separated by commas; name=path gives a label. The first is screened.",
    )
    reference: str = option("expert", "Whom the others are compared with.")
    trajectories: int = option(12, "Of Morris's screening; 0: no screening.", min=0, max=10_000)
    episodes: int = option(12, "At each point and in each world.", min=1, max=MOST_EPISODES)
    worlds: int = option(24, "Parameter sets to rank policies under; 0: no ranking.", min=0)
    every: bool = option(False, "Screen every row, not the weak ones only.", "--all-parameters")
    seed: int = option(0, "Of the design.", min=0, max=LARGEST_SEED)
    workers: WorkersOption = None
    as_json: AsJson = False
    out: Path | None = option(
        None,
        "Directory for sensitivity.json, tornado.png and tables.md.",
        callback=writable_directory,
    )


def sensitivity(
    scenario: Annotated[
        str, Argument(help="Scenario by name or file.", autocompletion=completion.scenarios)
    ] = "furniture",
    *,
    told: Analysis,
) -> None:
    """Say what the headline outcomes depend on, and whether the better policy stays the better.

    Screening is by Morris's elementary effects over the plausible ranges of the parameters;
    ranking is under parameter sets that published outcomes do not rule out.
    """
    entrants = _entrants(told.policies)
    if not entrants:
        raise GoliveError("--policies: none given: expected at least one")
    if told.reference not in entrants:
        raise GoliveError(f"--reference: {told.reference!r}: expected one of {', '.join(entrants)}")
    world = own_scenario(scenario)
    seeds = tuple(range(FIRST_SEED, FIRST_SEED + told.episodes))
    if not told.trajectories and not (told.worlds and len(entrants) > 1):
        raise GoliveError(
            "sensitivity: nothing to do: expected --trajectories above 0, or --worlds above 0 "
            "with two policies"
        )
    screening = ranking = None
    if told.trajectories:
        screening = _screen(next(iter(entrants.values())), world, seeds, told)
    if told.worlds and len(entrants) > 1:
        ranking = _rank(entrants, world, seeds, told)
    from ...core.files import plain

    document = {
        "command": f"golive sensitivity {scenario} --policies {told.policies} "
        f"--reference {told.reference} --trajectories {told.trajectories} "
        f"--episodes {told.episodes} --worlds {told.worlds}",
        "scenario": world.name,
        "episodes": told.episodes,
        "screening": plain(screening),
        "ranking": plain(ranking),
    }
    if told.as_json:
        show_json(document)
    else:
        typer.echo(tables(screening, ranking))
    if told.out is not None:
        _write(told.out, document, screening, ranking)


def _entrants(text: str) -> dict[str, str]:
    from ...agents.registry import load_policy

    entrants: dict[str, str] = {}
    for part in words_of(text):
        label, _, spec = part.partition("=")
        spec = spec or label
        load_policy(spec)
        if label in entrants:
            raise GoliveError(f"--policies: {label!r}: expected each label once")
        entrants[label] = spec
    return entrants


def _screen(
    policy: str, scenario: ImplementationScenario, seeds: Sequence[int], told: Analysis
) -> Screening:
    from ...sim.implementation.parameters import PARAMETERS
    from ...trainers.evaluation.progress import counting_bar
    from ...trainers.implementation.validation.sensitivity import screen, screened_rows

    with counting_bar("Screening") as progress:
        return screen(
            policy,
            scenario,
            seeds,
            PARAMETERS if told.every else screened_rows(),
            trajectories=told.trajectories,
            seed=told.seed,
            workers=processes(told.workers),
            on_task=progress,
        )


def _rank(
    entrants: dict[str, str], scenario: ImplementationScenario, seeds: Sequence[int], told: Analysis
) -> Ranking:
    from ...trainers.evaluation.progress import counting_bar
    from ...trainers.implementation.validation.calibration_files import plausible_sets
    from ...trainers.implementation.validation.sensitivity import rank

    sets, workers = plausible_sets()[: told.worlds], processes(told.workers)
    with counting_bar("Ranking") as show:
        return rank(entrants, told.reference, scenario, seeds, sets, workers=workers, on_task=show)


def tables(screening: Screening | None, ranking: Ranking | None) -> str:
    """The findings as Markdown tables."""
    parts: list[str] = []
    if screening is not None:
        parts += (
            f"What {screening.policy} on {screening.scenario} depends on ({screening.trajectories} "
            f"trajectories, {screening.episodes} episodes at each point):",
            f"{_screening_table(screening).to_markdown()}\n",
        )
    if ranking is not None:
        parts += (
            f"Go-live score minus {ranking.reference} on {ranking.scenario}, in "
            f"{len(ranking.worlds)} worlds that published outcomes do not rule out "
            f"({ranking.episodes} episodes each):",
            f"{_ranking_table(ranking).to_markdown()}\n",
        )
    return "\n\n".join(parts)


def _screening_table(screening: Screening) -> Table:
    rows = []
    for outcome in dict.fromkeys(effect.outcome for effect in screening.effects):
        strongest = ", ".join(
            f"`{effect.parameter}` {effect.direction:+.3g} ± {effect.error:.2g}"
            for effect in screening.ranking(outcome)[:5]
        )
        rows.append((outcome, strongest))
    strongest = "strongest parameters: change of the outcome over the plausible range"
    return Table("", ("outcome", strongest), rows)


def _ranking_table(ranking: Ranking) -> Table:
    rows = []
    for policy, interval in ranking.mean_difference.items():
        values = [world.differences[policy] for world in ranking.worlds]
        rows.append(
            (
                policy,
                f"{interval.estimate:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})",
                f"{min(values):+.3f}",
                f"{max(values):+.3f}",
                f"{100.0 * ranking.better_in[policy]:.0f} % of worlds",
            )
        )
    mean = "mean difference (95 % over worlds)"
    headings = ("policy", mean, right("least"), right("greatest"), right("better in"))
    return Table("", headings, rows)


def _write(
    out: Path, document: object, screening: Screening | None, ranking: Ranking | None
) -> None:
    from ...core.files import (
        json_text,
        prepare_output_directory,
        write_bytes_atomically,
        write_text_atomically,
    )

    directory = prepare_output_directory(out)
    write_text_atomically(directory / "sensitivity.json", json_text(document, 2) + "\n")
    write_text_atomically(directory / "tables.md", tables(screening, ranking) + "\n")
    if screening is not None:
        from ...trainers.implementation.validation.tornado import tornado_png

        write_bytes_atomically(directory / "tornado.png", tornado_png(screening))
    typer.echo(f"Results: {directory}", err=True)  # stdout may be JSON
