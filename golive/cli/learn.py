"""``golive learn``: a policy from recorded episodes, without simulating."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ..core.errors import GoliveError
from .options import (
    MOST_STEPS,
    PrintSchema,
    WorkersOption,
    option,
    option_record,
    processes,
    writable_directory,
)

if TYPE_CHECKING:
    from ..agents.policy_file import PolicyFile
    from ..scenarios.suite import Suite
    from ..trainers.offline import Learned, OfflineConfiguration


@option_record
class Learning:
    """Options of learning."""

    method: str | None = option(
        None,
        "bc: imitate all episodes; filtered_bc: the best; iql: learn what is worth more "
        "than it was recorded for (default: the configuration's, or else bc).",
    )
    config: Path | None = option(None, "Configuration file (default: every field's default).")
    out: Path | None = option(None, "Directory of the result.", callback=writable_directory)
    steps: int | None = option(
        None, "Gradient steps instead of the configuration's.", min=1, max=MOST_STEPS
    )
    seed: int | None = option(None, "Seed instead of the configuration's.", min=0)
    validate: str | None = option(
        None, "When all is learned, simulate on this suite's validation split.", metavar="SUITE"
    )
    episodes: int = option(100, "Customers per scenario for --validate.", min=1)
    workers: WorkersOption = None
    schema: PrintSchema = False


def learn(
    dataset: Annotated[
        str | None, Argument(help="Recorded episodes: a dataset's id or folder.")
    ] = None,
    *,
    told: Learning,
) -> None:
    """Learn a policy from recorded episodes alone: same episodes and configuration, same weights.

    Nothing is simulated unless --validate asks for it. Ctrl-C leaves nothing behind.
    """
    from ..trainers.offline import OfflineConfiguration
    from ..trainers.training.configuration_files import record_schema

    if told.schema:
        typer.echo(record_schema(OfflineConfiguration))
        return
    if dataset is None or told.out is None:
        raise GoliveError("learn: expected a dataset and --out, the directory of the result")
    changes = {"method": told.method, "gradient_steps": told.steps, "seed": told.seed}
    configuration = _configuration(told.config, {k: v for k, v in changes.items() if v is not None})
    suite = None if told.validate is None else _checked_suite(told.validate, told.episodes)
    learned = _learn(dataset, configuration, told.out)
    if suite is not None:
        from ..trainers.offline import save_learned

        policy = _validated(learned, suite, told)
        save_learned(replace(learned, policy=policy), configuration, told.out)
    typer.echo(f"Policy: {told.out / 'final.policy'}")


def _configuration(file: Path | None, changes: dict[str, object]) -> OfflineConfiguration:
    from ..trainers.offline import OfflineConfiguration, read_offline_configuration
    from ..trainers.training.configuration_files import changed_record

    base = OfflineConfiguration() if file is None else read_offline_configuration(file)
    return changed_record(base, changes)


def _checked_suite(name: str, episodes: int) -> Suite:
    """The suite to validate on; what is wrong with it is met before anything is learned."""
    from ..scenarios.loader import load_suite
    from ..scenarios.suite import Split
    from ..trainers.evaluation.runner import split_start

    suite = load_suite(name)
    split_start(suite, Split.VALIDATION, episodes)
    return suite


def _learn(dataset: str, configuration: OfflineConfiguration, out: Path) -> Learned:
    from ..agents.learned import current_interface
    from ..sim.worlds import DEFAULT_WORLD, kind_of, world_kind
    from ..trainers.datasets import load_logged
    from ..trainers.offline import learn as learn_offline
    from ..trainers.offline import save_learned
    from ..trainers.training.progress import ConsoleReporter
    from ..trainers.training.run_directory import new_directory

    logged = load_logged(dataset)
    played = next(iter(logged.scenarios.values()), None)
    kind = world_kind(DEFAULT_WORLD) if played is None else kind_of(played)
    directory = new_directory(out)
    with ConsoleReporter() as reporter:
        learned = learn_offline(configuration, logged, current_interface(kind), reporter)
    save_learned(learned, configuration, directory)
    last = learned.curve[-1]
    fit = ", ".join(
        f"{name} {last[key]:.3f}"
        for key, name in (
            ("actor/agreement", "agreement with what was learned from"),
            ("held_out/agreement", "with what was held out"),
        )
        if key in last
    )
    typer.echo(f"{configuration.gradient_steps:,} gradient steps; {fit}")
    return learned


def _validated(learned: Learned, suite: Suite, told: Learning) -> PolicyFile:
    """Simulate the finished policy and say how it did: the policy with its score on record."""
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline.session import validate_policy

    with counting_bar("Validating") as progress:
        judged = validate_policy(
            learned.policy,
            suite,
            episodes=told.episodes,
            workers=processes(told.workers),
            progress=progress,
        )
    score = judged.score
    typer.echo(
        f"Validation: score {score.estimate:.3f} ({score.low:.3f} to {score.high:.3f}), "
        f"success {100 * judged.success:.0f} %"
    )
    return judged.policy
