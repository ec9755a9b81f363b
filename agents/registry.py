"""Policies by name, or from a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

from ..scenarios.errors import GoliveError
from .critical_path import CriticalPath
from .expert import Expert
from .plan_follower import PlanFollower
from .planner import PLANNER, Planner
from .policy import Policy
from .policy_file import find_policy_file
from .probes import probes
from .static import static_policies
from .typical_practice import TypicalPractice

BASELINES: dict[str, Callable[[], Policy]] = {
    "expert": Expert,
    "critical_path": CriticalPath,
    "plan_follower": PlanFollower,
}
PRACTICES: dict[str, Callable[[], Policy]] = {TypicalPractice.name: TypicalPractice}


def baseline_names() -> tuple[str, ...]:
    """Policies that try to win, best first."""
    return tuple(BASELINES)


def probe_names() -> tuple[str, ...]:
    """The nine policies that must lose."""
    return tuple(probes())


def practice_names() -> tuple[str, ...]:
    """What the literature says that firms do; nobody's bar, but what validation compares with."""
    return tuple(PRACTICES)


def policy_names() -> tuple[str, ...]:
    """All policies that see briefings only and have a name, the static ones apart."""
    return (*baseline_names(), *probe_names())


def load_policy(spec: str) -> Policy:
    """A policy by its name, or a trained one from its file or run directory.

    Args:
        spec: a name of ``policy_names()``, a ``static:...`` name, ``planner`` (or
            ``planner:BUDGET``, ``planner:BUDGET:hindsight``), or a path.

    Raises:
        GoliveError: no such name or path, or not a policy that this version can load.
    """
    known = _known_policies()
    if spec in known:
        return known[spec]()
    if spec.startswith("static:"):
        for policy in static_policies():
            if policy.name == spec:
                return policy
        example = static_policies()[0].name
        raise GoliveError(f"policy: {spec!r}: no such static policy; expected one like {example!r}")
    if spec.startswith(f"{PLANNER}:"):
        return _planner(spec)
    if Path(spec).exists():
        from .learned import LearnedPolicy

        return LearnedPolicy.load(spec)
    close = difflib.get_close_matches(spec, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise GoliveError(
        f"policy: {spec!r}: neither a path that exists nor one of {', '.join(known)}{hint}"
    )


def policy_file_of(spec: str) -> Path | None:
    """The file that a policy is read from; None for one that comes with golive.

    The file decides what the policy does as much as its name, so whoever keeps results keeps
    the file's hash with them. A spec that wraps another's policy (``prefix:SPEC``, and
    ``prefix:SPEC:arguments``) means the other's file.

    Args:
        spec: as for ``load_policy``; None also if nothing is known of it.

    Raises:
        GoliveError: the path of a folder without a policy.
    """
    if _comes_with_golive(spec):
        return None
    if Path(spec).exists():
        return find_policy_file(Path(spec))
    _, _, wrapped = spec.partition(":")
    inner = wrapped
    while inner:
        if _comes_with_golive(inner):
            return None
        if Path(inner).exists():
            return find_policy_file(Path(inner))
        inner, _, _ = inner.rpartition(":")
    return policy_file_of(wrapped) if wrapped else None


def _known_policies() -> dict[str, Callable[[], Policy]]:
    return {**BASELINES, **PRACTICES, **probes(), PLANNER: Planner}


def _comes_with_golive(spec: str) -> bool:
    return spec in _known_policies() or spec.startswith(("static:", f"{PLANNER}:"))


def _planner(spec: str) -> Planner:
    form = re.fullmatch(rf"{PLANNER}:(\d+)(:hindsight)?", spec)
    if form is None:
        raise GoliveError(
            f"policy: {spec!r}: expected {PLANNER}, {PLANNER}:BUDGET or "
            f"{PLANNER}:BUDGET:hindsight, BUDGET being rollouts per decision"
        )
    return Planner(int(form[1]), hindsight=form[2] is not None)
