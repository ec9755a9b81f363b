"""``golive record``: episodes of policies as a Minari dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..core.errors import GoliveError
from ..core.execution import Backend
from ..scenarios.suite import Split
from .execution_options import BackendOption, RayAddressOption, WorkersOption, chosen_backend
from .implementation.parameter_option import ParametersOption, with_parameters

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import SeedRange


def record(
    scenario: Annotated[
        str | None, typer.Argument(help="Scenario by name or file (unless --suite).")
    ] = None,
    *,
    suite: Annotated[
        str | None, typer.Option(help="Play every scenario of this suite, by name or file.")
    ] = None,
    policies: Annotated[
        str | None,
        typer.Option(
            help="Who decides, comma-separated: names, paths, sampled:PATH, noisy:POLICY:EPSILON; "
            "name=PATH to name one."
        ),
    ] = None,
    standard: Annotated[
        bool,
        typer.Option(
            "--standard",
            help="Record the standard sets random, plan_follower, expert, mixed and trained.",
        ),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="DATASET",
            help="The dataset's id, such as golive/furniture/expert-v0 (in Minari's root), or a "
            "folder, such as ./expert-v0; with --standard the folder that holds the sets.",
        ),
    ] = None,
    episodes: Annotated[
        int, typer.Option(help="Seeds per scenario; each policy plays each, unless --mix.")
    ] = 200,
    mix: Annotated[
        str | None,
        typer.Option(
            metavar="WEIGHTS",
            help="Let one policy play each seed, drawn by these weights, such as 3,1,1.",
        ),
    ] = None,
    split: Annotated[Split, typer.Option(help="Whose seeds are played.")] = Split.TRAIN,
    first_seed: Annotated[
        int | None, typer.Option(help="First of the seeds (default: the split's first).")
    ] = None,
    reward: Annotated[
        str, typer.Option(help="Reward that is recorded: mission, shaped, score, score_shaped.")
    ] = "score_shaped",
    trained: Annotated[
        Path | None,
        typer.Option(help="Policy of the standard set trained (default: the one of golive)."),
    ] = None,
    parameters: ParametersOption = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the interrupted recording of --out.")
    ] = False,
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
    ray_address: RayAddressOption = None,
) -> None:
    """Record episodes of policies as a Minari dataset."""
    from ..trainers.datasets import record as record_dataset
    from ..trainers.datasets.standard import record_standard
    from ..trainers.evaluation.progress import counting_bar

    _check_combination(suite, policies, standard, out, mix, trained)
    scenarios, seeds = _scenarios(scenario, suite, split)
    scenarios = with_parameters(scenarios, parameters)
    first = seeds.start if first_seed is None else first_seed
    _check_seeds(first, episodes, seeds, split)
    running: dict[str, Any] = {
        "workers": workers,
        "backend": chosen_backend(backend, ray_address),
        "ray_address": ray_address,
    }
    with counting_bar("Recording") as progress:
        if standard:
            root = None if out is None else Path(out).expanduser()
            folders = list(
                record_standard(
                    scenarios[0],
                    root,
                    first_seed=first,
                    episodes=episodes,
                    trained=trained,
                    reward=reward,
                    progress=progress,
                    **running,
                )
            )
        else:
            assert policies is not None
            assert out is not None
            folders = [
                record_dataset(
                    [name.strip() for name in policies.split(",") if name.strip()],
                    scenarios,
                    out,
                    first_seed=first,
                    episodes=episodes,
                    mix=None if mix is None else _weights(mix),
                    reward=reward,
                    progress=progress,
                    resume=resume,
                    **running,
                )
            ]
    for folder in folders:
        typer.echo(folder)


def _check_combination(
    suite: str | None,
    policies: str | None,
    standard: bool,
    out: str | None,
    mix: str | None,
    trained: Path | None,
) -> None:
    if standard:
        for option, value in (("--suite", suite), ("--policies", policies), ("--mix", mix)):
            if value is not None:
                raise GoliveError(f"{option}: not with --standard, which says it by itself")
        return
    if trained is not None:
        raise GoliveError("--trained: expected --standard; otherwise name it in --policies")
    if policies is None or out is None:
        missing = "--policies" if policies is None else "--out"
        raise GoliveError(f"{missing}: expected (or --standard)")


def _scenarios(
    scenario: str | None, suite: str | None, split: Split
) -> tuple[list[Scenario], SeedRange]:
    from ..envs.episodes import episode_source
    from ..scenarios.loader import load_suite, suite_scenarios

    if suite is None:
        source = episode_source(scenario or "furniture", split, None, None, "drawn")
        return [source.scenario], source.seeds
    if scenario is not None:
        raise GoliveError(f"--suite: {suite}: expected either a scenario or a suite")
    chosen = load_suite(suite)
    scenarios = list(suite_scenarios(chosen))
    return scenarios, episode_source(scenarios[0], split, chosen, None, "drawn").seeds


def _check_seeds(first: int, episodes: int, seeds: SeedRange, split: Split) -> None:
    if first < seeds.start or first + episodes > seeds.stop:
        raise GoliveError(
            f"--episodes: {episodes} from seed {first}: expected seeds of the {split} split, "
            f"{seeds.start} to {seeds.stop - 1}"
        )


def _weights(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise GoliveError(f"--mix: {text!r}: expected numbers such as 3,1,1") from None
