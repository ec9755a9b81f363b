"""Policies by name, from a file, or from a place in a package."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from ..core.arguments import checked
from ..core.errors import GoliveError
from ..core.registry import import_user_module, load_made
from ..core.worlds import DEFAULT_WORLD
from ..sim.policy import Policy
from ..sim.world_kind import WorldKind
from ..sim.worlds import world_kind
from .noisy import NoisyPolicy
from .planner import PLANNER, Planner
from .policy_file import TeamFile, find_policy_file, read_any_policy
from .team_spec import NOISY, TEAM, TeamSpec

EXPERT = "expert"
"""Means the first of a world's baselines, whatever it is called there."""
CHAMPION = "champion"
"""Name of the best trained policy, which comes with a world as a file (``WorldKind.champion``)."""
LLM = "llm"
SAMPLED = "sampled:"
_NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_PLACE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
"""``package.module:Class``; what stands for itself (a name, a family, a path) comes first."""


@checked
def load_policy(spec: str, world: str | WorldKind = DEFAULT_WORLD) -> Policy:
    """A policy by its name, a trained one from its file, or one from a place in a package.

    Args:
        spec: a name that the world or another package brings, ``expert`` (the world's bar),
            ``champion`` (the best trained policy that comes with it), ``planner`` (or
            ``planner:BUDGET``, ``planner:BUDGET:hindsight``, ``planner:BUDGET:blind``), a path,
            ``sampled:PATH`` or ``sampled:PATH:TEMPERATURE`` (a trained policy that draws by its
            probabilities), ``noisy:POLICY:EPSILON`` (each factor of its decision replaced by
            any legal choice with this probability), ``team:PLAYER`` or ``team:PLAYER+ROLE=PLAYER``
            (a team: kinds of partners, or trained teams' paths; ``planner:BUDGET`` as the first
            plans for all roles that others do not play), ``llm:MODEL@URL`` or ``llm:FILE``
            (a language model decides by calling tools), a member of a family of the world, such
            as ``static:...``, or ``package.module:Class`` (made without arguments).
        world: that it is to decide in, by name or as its record.

    Raises:
        GoliveError: no such name, path or place, or not a policy that this version can load.
    """
    kind = world_kind(world) if isinstance(world, str) else world
    named = kind.registered_policies
    if spec == EXPERT and spec not in named:
        spec = kind.expert
    if spec in named:
        return named[spec]()
    prefix, _, rest = spec.partition(":")
    if prefix == PLANNER:
        return _planner(spec, kind)
    if prefix == LLM and rest:
        from .language_model import language_model

        return language_model(spec, kind)
    if rest and prefix in kind.families:
        return kind.families[prefix](spec)
    if spec.startswith(NOISY):
        inner, epsilon = noisy_parts(spec)
        return NoisyPolicy(kind, load_policy(inner, kind), epsilon, spec)
    if spec.startswith(SAMPLED):
        from .sampled import SampledPolicy

        path, temperature = _sampled(spec)
        return _of_world(SampledPolicy.load(path, spec, temperature), kind)
    if spec.startswith(TEAM):
        return _team(spec, kind)
    if Path(spec).exists():
        return _from_file(spec, kind)
    if _PLACE.fullmatch(spec):
        return _from_place(spec)
    if len(Path(spec).parts) > 1 or Path(spec).suffix == ".policy":
        raise GoliveError(f"{spec}: there is no such file: expected a policy")
    names = (*named, PLANNER)
    raise GoliveError(
        f"policy: {spec!r}: neither a path that exists nor one of {', '.join(names)}"
        f"{_hint(spec, names)}"
    )


@checked
def policy_file_of(spec: str, world: str | WorldKind = DEFAULT_WORLD) -> Path | None:
    """The file that a policy is read from; None for one that comes with golive.

    The file decides what the policy does as much as its name, so whoever keeps results keeps
    the file's hash with them. A spec that wraps another's policy (``prefix:SPEC``, and
    ``prefix:SPEC:arguments``) means the other's file, a place in a package its module's.

    Args:
        spec: as for ``load_policy``; None also if nothing is known of it.
        world: likewise.

    Raises:
        GoliveError: the path of a folder without a policy.
    """
    kind = world_kind(world) if isinstance(world, str) else world
    if spec == CHAMPION:
        return kind.champion
    if _has_no_file(spec, kind):
        return None
    if spec.startswith(TEAM):
        return _team_file(spec)
    if Path(spec).exists():
        return find_policy_file(Path(spec))
    prefix, _, wrapped = spec.partition(":")
    if wrapped and (prefix in kind.families or prefix == LLM):
        return Path(wrapped) if Path(wrapped).is_file() else None
    inner = wrapped
    while inner:
        if inner == CHAMPION:
            return kind.champion
        if _has_no_file(inner, kind):
            return None
        path = Path(_of_family(inner, kind))
        if path.exists():
            return find_policy_file(path)
        inner, _, _ = inner.rpartition(":")
    if _PLACE.fullmatch(spec):
        return _module_file(spec)
    return policy_file_of(wrapped, kind) if wrapped else None


def policy_files_of(spec: str, world: str | WorldKind = DEFAULT_WORLD) -> tuple[Path, ...]:
    """The files that a policy is read from: one mostly, several of a team of several trainings.

    Args:
        spec: as for ``load_policy``.
        world: likewise.

    Raises:
        GoliveError: as of ``policy_file_of``.
    """
    if spec.startswith(TEAM):
        return TeamSpec.parse(spec).files()
    file = policy_file_of(spec, world)
    return () if file is None else (file,)


def _team_file(spec: str) -> Path | None:
    """The one file of ``team:PLAYER+ROLE=PLAYER``."""
    files = TeamSpec.parse(spec).files()
    if len(files) > 1:
        raise GoliveError(f"policy: {spec!r}: {len(files)} trained teams: expected at most one")
    return next(iter(files), None)


def _has_no_file(spec: str, kind: WorldKind) -> bool:
    is_planner = spec.partition(":")[0] == PLANNER
    return spec == EXPERT or spec in kind.registered_policies or is_planner


def _of_family(spec: str, kind: WorldKind) -> str:
    """The part that may be a file: behind a family's word, as in ``expert:FILE``, or all of it."""
    prefix, _, rest = spec.partition(":")
    return rest if rest and prefix in kind.families else spec


def _hint(spec: str, names: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(spec, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _team(spec: str, kind: WorldKind) -> Policy:
    """A team, or a planner that decides for the roles which nobody else plays."""
    team = TeamSpec.parse(spec)
    if team.first.partition(":")[0] != PLANNER:
        from .team_policy import team_policy

        return team_policy(spec, kind)
    from .team_planner import TeamPlanner

    planner = _planner(team.first, kind)
    if planner.blind:
        raise GoliveError(f"policy: {spec!r}: expected a planner of a team without :blind")
    return TeamPlanner(kind, team, planner.budget, hindsight=planner.hindsight)


def _from_file(spec: str, kind: WorldKind) -> Policy:
    """A trained policy, or a trained team."""
    content = read_any_policy(Path(spec))
    if isinstance(content, TeamFile):
        from .team_policy import team_policy

        return team_policy(spec, kind, {spec: content})
    from .learned import LearnedPolicy

    return _of_world(LearnedPolicy(content, str(Path(spec))), kind)


def _of_world(policy: Any, kind: WorldKind) -> Policy:
    """A trained policy, if it was trained in the world it is to decide in."""
    if policy.kind.name != kind.name:
        raise GoliveError(
            f"policy: {policy.name!r}: trained in world {policy.kind.name!r}: "
            f"expected one of world {kind.name!r}"
        )
    loaded: Policy = policy
    return loaded


def _planner(spec: str, kind: WorldKind) -> Planner:
    form = re.fullmatch(rf"{PLANNER}(?::(\d+)(:hindsight|:blind)?)?", spec)
    if form is None:
        raise GoliveError(
            f"policy: {spec!r}: expected {PLANNER}, {PLANNER}:BUDGET, {PLANNER}:BUDGET:blind "
            f"or {PLANNER}:BUDGET:hindsight, BUDGET being rollouts per decision"
        )
    if form[1] is None:
        return Planner(kind)
    return Planner(kind, int(form[1]), hindsight=form[2] == ":hindsight", blind=form[2] == ":blind")


def noisy_parts(spec: str) -> tuple[str, float]:
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


def _from_place(spec: str) -> Policy:
    """The policy at ``package.module:Class``, which may lie in the working directory."""
    policy = load_made(spec, "policy")
    if not isinstance(policy, Policy):
        raise GoliveError(
            f"policy: {spec!r}: is a {type(policy).__name__}: "
            "expected something with name, reset(seed) and decide(briefing, legal)"
        )
    return policy


def _module_file(spec: str) -> Path | None:
    try:
        file = import_user_module(spec.partition(":")[0]).__file__
    except Exception:  # whoever loads it says what is wrong
        return None
    return Path(file) if file else None
