"""``golive learn``: a policy from recorded episodes, without simulating."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument

from ..core.errors import GoliveError
from ..core.files import removed_if_refused
from . import completion
from .options import (
    MOST_STEPS,
    AsJson,
    PrintSchema,
    WorkersOption,
    option,
    option_record,
    processes,
    writable_directory,
)
from .output import show_result

if TYPE_CHECKING:
    from ..scenarios.suite import Suite
    from ..trainers.datasets import LoggedEpisodes
    from ..trainers.offline import Learned, OfflineConfiguration
    from ..trainers.offline.session import Validated


_FIT = {
    "actor/agreement": "agreement with what was learned from",
    "held_out/agreement": "with what was held out",
}


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
        None,
        "When all is learned, simulate on this suite's validation split.",
        metavar="SUITE",
        autocompletion=completion.suites,
    )
    episodes: int = option(100, "Customers per scenario for --validate.", min=1)
    workers: WorkersOption = None
    schema: PrintSchema = False
    as_json: AsJson = False


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
    from ..trainers.datasets import load_logged
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
    logged = load_logged(dataset)
    if suite is not None and logged.setting is not None:
        raise GoliveError(
            f"--validate: {dataset} is of a team's {logged.setting.role}: expected "
            "golive ope --check, which plays it beside the recorded partners"
        )
    learned = _learn(logged, configuration, told.out)
    fit = {name: learned.curve[-1][key] for key, name in _FIT.items() if key in learned.curve[-1]}
    steps, path = configuration.gradient_steps, told.out / "final.policy"
    content: dict[str, Any] = {"policy": path, "gradient_steps": steps, "fit": fit}
    lines = [
        f"{steps:,} gradient steps; "
        + ", ".join(f"{name} {value:.3f}" for name, value in fit.items())
    ]
    if suite is not None:
        from ..trainers.offline import save_learned

        judged = _judged(learned, suite, told)
        save_learned(replace(learned, policy=judged.policy), configuration, told.out)
        content |= {"score": asdict(judged.score), "success": judged.success}
        lines.append(
            f"Validation: score {judged.score.estimate:.3f} ({judged.score.low:.3f} to "
            f"{judged.score.high:.3f}), success {100 * judged.success:.0f} %"
        )
    show_result(told.as_json, content, *lines, f"Policy: {path}")


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


def _learn(logged: LoggedEpisodes, configuration: OfflineConfiguration, out: Path) -> Learned:
    from ..trainers.offline import interface_of, save_learned
    from ..trainers.offline import learn as learn_offline
    from ..trainers.training.progress import ConsoleReporter
    from ..trainers.training.run_directory import new_directory

    with removed_if_refused(out, (out / "final.policy").exists), ConsoleReporter() as reporter:
        directory = new_directory(out)
        learned = learn_offline(configuration, logged, interface_of(logged), reporter)
        save_learned(learned, configuration, directory)
    return learned


def _judged(learned: Learned, suite: Suite, told: Learning) -> Validated:
    """Simulate the finished policy: it with its score on record, and how it did."""
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline.session import validate_policy

    with counting_bar("Validating") as progress:
        return validate_policy(
            learned.policy,
            suite,
            episodes=told.episodes,
            workers=processes(told.workers),
            progress=progress,
        )
