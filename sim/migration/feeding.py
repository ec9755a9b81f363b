"""The result of a migration as the data parameters of the same customer's implementation.

The other world's customer comes and goes as plain data (``golive.scenarios.migration.customer``):
no world may import another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import GoliveError
from ...scenarios.migration.vocabulary import DataObject
from .ground import Ground
from .judge import judge
from .target import TARGET

_HIGHEST_RATE = 0.9
"""Of an error in the other world."""


def errors_left(ground: Ground) -> dict[DataObject, float]:
    """Errors that are left after a migration, new ones included, as a share of those before.

    Args:
        ground: of the world, as it is loaded; data objects without errors before are not told.
    """
    verdict = judge(ground.truth, ground.submission(), ground.obsolete())
    sums: dict[DataObject, tuple[int, int]] = {}
    for name, (before, left) in verdict.errors_left.items():
        kind = TARGET[name].data_object
        if kind is not None:
            total = sums.get(kind, (0, 0))
            sums[kind] = total[0] + before, total[1] + left
    return {kind: left / before for kind, (before, left) in sums.items() if before}


def facts_after(
    facts: Mapping[str, Any], left: Mapping[DataObject, float], *, mock_loads: int
) -> dict[str, Any]:
    """An implementation's customer with the data that a migration has left.

    Args:
        facts: the customer as plain data, with ``data_objects`` (``kind``, ``error_rates``,
            ``masked_share``).
        left: share of the errors that is left, by data object.
        mock_loads: of the migration: after one no error hides behind others any more.

    Returns:
        A copy: each rate of error is multiplied by what is left, .9 at the most.

    Raises:
        GoliveError: the facts are not an implementation's customer.
    """
    try:
        rows = [dict(row) for row in facts["data_objects"]]
        for row in rows:
            share = left.get(DataObject(row["kind"]), 1.0)
            row["error_rates"] = {
                kind: round(min(rate * share, _HIGHEST_RATE), 4)
                for kind, rate in row["error_rates"].items()
            }
            if mock_loads:
                row["masked_share"] = 0.0
    except (KeyError, TypeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise GoliveError(
            f"facts: {told}: expected the fields of an implementation's customer"
        ) from error
    return {**facts, "data_objects": rows}
