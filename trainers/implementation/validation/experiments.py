"""The experiments by name: what tests and the command line run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .law import Law, LawResult
from .laws import (
    brooks,
    change_management,
    dip_and_recovery,
    earlier_testing,
    key_user_queue,
    overtime,
    site_reuse,
)

LAWS: Mapping[str, Law] = {
    "brooks": brooks.experiment,
    "overtime": overtime.experiment,
    "earlier_testing": earlier_testing.experiment,
    "change_management": change_management.experiment,
    "key_user_queue": key_user_queue.experiment,
    "site_reuse": site_reuse.experiment,
    "dip_and_recovery": dip_and_recovery.experiment,
}
"""Experiment by the law's short name."""


def run_laws(
    customers: int,
    first_seed: int,
    parameters: Mapping[str, float] | None = None,
    names: Sequence[str] = tuple(LAWS),
) -> list[LawResult]:
    """Run experiments one after another, all of them unless told, each on so many customers.

    Raises:
        KeyError: no law of a name.
    """
    return [LAWS[name](customers, first_seed, parameters) for name in names]
