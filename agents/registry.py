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
_OWN_NAMES = ("static", PLANNER)
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
    known: dict[str, Callable[[], Policy]] = {
        **BASELINES,
        **PRACTICES,
        **probes(),
        PLANNER: Planner,
    }
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
    """The policy file that a spec of ``load_policy`` reads; None: it reads none.

    Raises:
        GoliveError: a folder without a policy, or a spec of wrong form.
    """
    if spec.startswith(NOISY):
        return policy_file_of(_noisy(spec)[0])
    if spec.startswith(SAMPLED):
        return find_policy_file(_sampled(spec)[0])
    named = spec in policy_names() or spec in PRACTICES or spec.partition(":")[0] in _OWN_NAMES
    return find_policy_file(Path(spec)) if not named and Path(spec).exists() else None


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


def _planner(spec: str) -> Planner:
    form = re.fullmatch(rf"{PLANNER}:(\d+)(:hindsight)?", spec)
    if form is None:
        raise GoliveError(
            f"policy: {spec!r}: expected {PLANNER}, {PLANNER}:BUDGET or "
            f"{PLANNER}:BUDGET:hindsight, BUDGET being rollouts per decision"
        )
    return Planner(int(form[1]), hindsight=form[2] is not None)
