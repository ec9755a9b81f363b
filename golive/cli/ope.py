"""``golive ope``: policies judged on recordings of others."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ..core.errors import GoliveError
from ..core.execution import Backend
from ..core.tables import Table
from . import completion
from .exits import JUDGED_FAILED
from .options import (
    AsJson,
    BackendOption,
    WorkersOption,
    option,
    option_record,
    processes,
    words_of,
)
from .output import show, show_json

if TYPE_CHECKING:
    from ..trainers.datasets import LoggedEpisodes
    from ..trainers.evaluation.statistics import Interval
    from ..trainers.offline_evaluation import Estimator, OfflineEvaluation

ESTIMATORS = (
    "Estimators, comma-separated: recorded, trajectory, weighted_trajectory, per_decision, "
    "weighted_per_decision, direct, direct_network, doubly_robust, weighted_doubly_robust, switch."
)


@option_record
class Judging:
    """Options of what is asked of the recording."""

    policy: str = option(
        ...,
        "Who is judged: a name, a path, sampled:PATH, noisy:POLICY:EPSILON; of a team's role "
        "a kind of partner, a trained team's path, or either with noise.",
        autocompletion=completion.policies,
    )
    estimators: str | None = option(None, ESTIMATORS)
    metric: str | None = option(
        None,
        "What an episode is worth: a field of the scorecard (default: the score), or "
        "rewards for the sum of the recorded rewards.",
    )
    gamma: float = option(1.0, "Discount per decision.")
    require_support: bool = option(
        False, "Exit with 1 if the data can carry none of the estimates."
    )
    check: int | None = option(
        None,
        "Play it too, on so many customers of the test split, and say which estimates agree "
        "with the value it has there.",
        min=2,
    )
    workers: WorkersOption = None
    backend: BackendOption = Backend.PROCESS
    as_json: AsJson = False


def ope(
    dataset: Annotated[str, Argument(help="Recorded dataset: its id, or its folder.")],
    *,
    told: Judging,
) -> None:
    """Judge a policy on recorded episodes of others, without letting it decide anything.

    Says with every estimate whether the data can carry it, and if not, why.
    """
    from ..trainers.datasets import load_logged, target_probabilities
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline_evaluation import ask, evaluate_offline

    chosen = chosen_estimators(told.estimators)
    logged = load_logged(dataset)
    played = None if told.check is None else _played(logged, told)
    with counting_bar("Asking the policy") as progress:
        target = target_probabilities(
            logged,
            told.policy,
            workers=processes(told.workers),
            backend=told.backend,
            progress=progress,
        )
    question = ask(logged, target, metric=told.metric, gamma=told.gamma)
    found = evaluate_offline(question, estimators=chosen)
    if told.as_json:
        from ..trainers.offline_evaluation.truth import agree

        truth: dict[str, object] = {}
        if played is not None:
            agreeing = [one.estimator for one in found.estimates if agree(one.value, played)]
            truth = {"played": asdict(played), "agreeing": agreeing}
        show_json({"dataset": dataset, "policy": told.policy, **found.as_dict(), **truth})
    else:
        _print(found, told.policy, played)
    if not found.supported:
        typer.echo("warning: these data cannot carry the question", err=True)
        if told.require_support:
            raise typer.Exit(JUDGED_FAILED)


def _played(logged: LoggedEpisodes, told: Judging) -> Interval:
    """The policy's value where it plays."""
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline_evaluation.truth import played_value

    with counting_bar("Playing") as progress:
        return played_value(
            logged,
            told.policy,
            metric=told.metric,
            gamma=told.gamma,
            episodes=told.check or 0,
            workers=processes(told.workers),
            backend=told.backend,
            progress=progress,
        )


def chosen_estimators(text: str | None) -> tuple[Estimator, ...]:
    """Estimators of a comma-separated text; None means the usual ones.

    Raises:
        GoliveError: there is no such estimator, or one stands there twice.
    """
    from ..trainers.offline_evaluation import DEFAULT_ESTIMATORS, Estimator

    if text is None:
        return DEFAULT_ESTIMATORS
    names = words_of(text)
    unknown = [name for name in names if name not in set(Estimator)]
    if unknown or not names or len(set(names)) < len(names):
        raise GoliveError(
            f"--estimators: {text!r}: expected some of {', '.join(Estimator)}, each once"
        )
    return tuple(Estimator(name) for name in names)


def _print(found: OfflineEvaluation, policy: str, played: Interval | None) -> None:
    from ..trainers.offline_evaluation.offline import MEANING
    from ..trainers.offline_evaluation.truth import agree

    rows = [
        (
            one.estimator,
            MEANING[one.estimator],
            f"{one.value.estimate:.3g} ({one.value.low:.3g} to {one.value.high:.3g})",
            "no: " + "; ".join(one.against) if one.against else "yes",
            *([] if played is None else ["yes" if agree(one.value, played) else "no"]),
        )
        for one in found.estimates
    ]
    support = found.support
    title = f"{policy}: {found.metric} an episode, judged on {found.episodes} recorded episodes"
    headings = ["estimator", "what it is", "estimate (95 %)", "the data can carry it"]
    notes = []
    if played is not None:
        headings.append("agrees with what was played")
        notes.append(
            f"Played on customers of the test split: {played.estimate:.3g} "
            f"({played.low:.3g} to {played.high:.3g})."
        )
    show(
        Table(title, headings, rows),
        *notes,
        f"Effective episodes {support.effective_episodes:.1f} of {found.episodes}; effective "
        f"share of the {found.steps} decisions {support.effective_steps_share:.1%}; heaviest "
        f"episode {support.largest_weight_share:.0%} of the weight; never possible in the "
        f"recording {support.mass_outside_share:.1%} of what the policy would decide.",
        *_about_the_model(found),
        *(f"Note: {note}." for note in dict.fromkeys(e.note for e in found.estimates if e.note)),
    )


def _about_the_model(found: OfflineEvaluation) -> list[str]:
    if found.model is None:
        return []
    reasons = found.model.against() or (
        "the data do not speak against the model of values "
        f"(linear, choice by choice; p = {found.model.p_value:.2g})",
    )
    return [f"direct: {reason}." for reason in reasons]
