"""Policies by name, or from a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

from ..scenarios.errors import GoliveError
from .critical_path import CriticalPath
from .expert import Expert
from .noisy import NoisyPolicy
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
NOISY = "noisy:"
SAMPLED = "sampled:"
_NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
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
            ``planner:BUDGET``, ``planner:BUDGET:hindsight``), a path,
            ``sampled:PATH`` or ``sampled:PATH:TEMPERATURE`` (a trained policy that draws by its
            probabilities), or ``noisy:POLICY:EPSILON`` (each factor of its decision replaced by
            any legal choice with this probability).

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
    if spec.startswith(NOISY):
        inner, epsilon = _noisy(spec)
        return NoisyPolicy(load_policy(inner), epsilon, spec)
    if spec.startswith(SAMPLED):
        from .sampled import SampledPolicy

        path, temperature = _sampled(spec)
        return SampledPolicy.load(path, spec, temperature)
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


def _noisy(spec: str) -> tuple[str, float]:
    """The policy and the probability of ``noisy:POLICY:EPSILON``."""
    form = re.fullmatch(rf"{NOISY}(.+):({_NUMBER})", spec)
    if form is None:
        raise GoliveError(
            f"policy: {spec!r}: expected {NOISY}POLICY:EPSILON, such as {NOISY}expert:0.1"
        )
    return form[1], float(form[2])


def _sampled(spec: str) -> tuple[Path, float]:
    """The path and the temperature of ``sampled:PATH`` or ``sampled:PATH:TEMPERATURE``."""
    rest = spec.removeprefix(SAMPLED)
    form = re.fullmatch(rf"(.+):({_NUMBER})", rest)
    if form is None or Path(rest).exists():
        return Path(rest), 1.0
    return Path(form[1]), float(form[2])
