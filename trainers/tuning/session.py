"""One search from its settings to its result: what scripts and the command line call."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import GoliveError
from ..training.configuration import TrainingConfiguration
from ..training.world_ground import WorldGround
from .plan import TuningPlan, stored_plan
from .results import TuningListener, TuningResult
from .settings import TuningSettings


def tune(
    settings: TuningSettings | None,
    base: TrainingConfiguration | None,
    directory: Path,
    *,
    workers: int | None = None,
    address: str | None = None,
    resume: bool = False,
    listener: TuningListener | None = None,
) -> TuningResult:
    """Search for the training configuration with the best validation score.

    The folder then holds ``best.policy``, ``best.yaml`` (its configuration, for another
    training), ``trials.json`` and ``trials.parquet``, and each trial's training in ``trials/``.
    Proposals are Optuna's tree-structured Parzen estimator's (Bergstra et al. 2011).

    Args:
        settings: what varies; None only when resuming, as is the base: as it was.
        base: what trials have in common.
        directory: new or empty, or with ``resume`` the folder of an interrupted search.
        workers: trials at a time, each on one core; None: as many as there are.
        address: of a Ray cluster that sees the folder; None: this machine.
        resume: go on; trials that have ended are not made again.
        listener: who hears how it goes; None: nobody.

    Raises:
        GoliveError: settings that do not fit the base, a folder that will not do, or no cluster
            at the address.
        KeyboardInterrupt: a second interrupt came while the first was being obeyed.
    """
    if workers is not None and workers < 1:
        raise GoliveError(f"workers: {workers}: expected at least 1")
    if address is not None and address.startswith("ray://"):
        raise GoliveError(
            f"ray address: {address}: expected auto or host:port: a search runs on a machine of "
            "the cluster, which sees its folder"
        )
    if resume:
        if settings is not None or base is not None:
            raise GoliveError("settings and base: expected none when resuming: they are kept")
        plan = stored_plan(directory)
    elif settings is None or base is None:
        raise GoliveError("settings and base: expected both for a new search")
    else:
        plan = TuningPlan(base, settings, directory.resolve())
    plan.check()
    WorldGround(plan.base)  # its scenarios, suites and policies exist
    if not resume:
        plan.write()
    from .search import search

    return search(
        plan,
        workers=workers,
        address=address,
        resume=resume,
        listener=listener or TuningListener(),
    )
