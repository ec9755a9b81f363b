"""The plan of an evaluation: policies, scenarios and seeds, and the versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from glob import glob, has_magic
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...agents.policy_file import MOST_BYTES
from ...agents.registry import policy_files_of
from ...core.errors import GoliveError
from ...core.files import read_limited
from ...sim.policy import Policy
from ...sim.world_kind import WorldKind
from ...sim.worlds import DEFAULT_WORLD, world_kind

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

DEFAULT_EPISODES = 200
_NAMED = re.compile(r"([A-Za-z0-9_-]+)=(.+)")
UNTRAINED = (".py", ".yaml")
"""Endings of files by which policies decide that were not trained: code and rules."""
_YOUNGER: Mapping[str, Any] = {"world": DEFAULT_WORLD, "trainings": {}, "attempts": 1}
"""Fields that older plans lack, and what held then."""
_VERSIONED = ("golive", "numpy", "simpy", "mesa", "torch", "stable-baselines3")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A policy under evaluation.

    Attributes:
        label: what tables call it; unique in an evaluation.
        policy: a name or path that the registry of policies can load, or the policy itself.
        fingerprint: hash of the file or folder behind a path, so that a resumed evaluation
            never mixes two policies of one name; empty for built-in policies.
        group: what the policy is called of which this is one of several trainings; or empty.
    """

    label: str
    policy: str | Policy
    fingerprint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """All that determines the rows of an evaluation; two equal plans give equal rows.

    Attributes:
        policies: labels of all that play, in the order of the tables.
        fingerprints: of the policies' files, in the same order; empty for built-in ones.
        scenarios: names of the scenarios.
        scenario_fingerprints: hashes of the scenarios' contents, in the same order.
        suite: name of the suite, or empty.
        split: name of the split, or empty.
        first_seed: of the run of consecutive seeds that every policy meets.
        episodes: per policy and scenario.
        reference: the policy the others are compared with, or empty.
        versions: of golive and of the libraries a result can depend on.
        world: name of the scenarios' world.
        trainings: labels of its trainings by the name of a policy that was trained: of several,
            or itself.
        attempts: at each customer by each policy; the first is the episode of the seed, the others
            are of the same customer with other luck.
    """

    policies: tuple[str, ...]
    fingerprints: tuple[str, ...]
    scenarios: tuple[str, ...]
    scenario_fingerprints: tuple[str, ...]
    first_seed: int
    episodes: int
    suite: str = ""
    split: str = ""
    reference: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    world: str = DEFAULT_WORLD
    trainings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attempts: int = 1

    @property
    def judged(self) -> tuple[str, ...]:
        """The policies that tables show: several trainings of one are one."""
        group_of = {label: name for name, labels in self.trainings.items() for label in labels}
        return tuple(dict.fromkeys(group_of.get(label, label) for label in self.policies))

    def training_count(self, policy: str) -> int:
        """Number of trainings that a judged policy is of; 0 if it was not trained."""
        return len(self.trainings.get(policy, ()))

    @property
    def kind(self) -> WorldKind:
        """The record of the scenarios' world."""
        return world_kind(self.world)

    @property
    def seeds(self) -> range:
        """The seeds that every policy meets in every scenario."""
        return range(self.first_seed, self.first_seed + self.episodes)

    @property
    def episode_count(self) -> int:
        """Episodes in all."""
        return len(self.policies) * len(self.scenarios) * self.episodes * self.attempts

    def to_json(self) -> str:
        """The plan as JSON, with sorted keys."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str, source: str = "plan.json") -> EvaluationPlan:
        """Read back what ``to_json`` wrote.

        Raises:
            GoliveError: not such a text; the message names ``source``.
        """
        try:
            content: Any = json.loads(text)
            content = {**_YOUNGER, **content}
            values = {f.name: content[f.name] for f in fields(cls)}
        except (ValueError, KeyError, TypeError) as error:
            raise GoliveError(f"{source}: expected the plan of an evaluation: {error!r}") from None
        for name in ("policies", "fingerprints", "scenarios", "scenario_fingerprints"):
            values[name] = tuple(values[name])
        values["trainings"] = {name: tuple(own) for name, own in values["trainings"].items()}
        return cls(**values)

    def difference(self, other: EvaluationPlan) -> str:
        """The first field in which another plan differs, in words; empty if its rows agree.

        The reference does not count: it changes what is compared, not what is run.
        """
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if f.name != "reference" and mine != theirs:
                return f"{f.name}: {theirs!r} there, {mine!r} now"
        return ""


def make_plan(
    entrants: Sequence[Entrant],
    scenarios: Sequence[Scenario],
    *,
    first_seed: int,
    episodes: int,
    reference: str = "",
    suite: str = "",
    split: str = "",
    attempts: int = 1,
) -> EvaluationPlan:
    """The plan of an evaluation.

    Raises:
        GoliveError: no policy, no scenario, no episode, no attempt, a label or a scenario twice, a
            negative seed, or a reference that is not among the policies.
    """
    labels = [entrant.label for entrant in entrants]
    for scenario in scenarios:
        if not hasattr(scenario, "name"):
            raise GoliveError(f"scenarios: {scenario!r}: expected scenarios")
    names = [scenario.name for scenario in scenarios]
    trainings = _trainings(entrants)
    _refuse_empty_or_double(
        "policies", [*labels, *dict.fromkeys(e.group for e in entrants if e.group)]
    )
    _refuse_empty_or_double("scenarios", names)
    if episodes < 1:
        raise GoliveError(f"episodes: {episodes}: expected at least 1")
    if attempts < 1:
        raise GoliveError(f"attempts: {attempts}: expected at least 1")
    if first_seed < 0:
        raise GoliveError(f"first seed: {first_seed}: expected 0 or more")
    plan = EvaluationPlan(
        policies=tuple(labels),
        fingerprints=tuple(entrant.fingerprint for entrant in entrants),
        scenarios=tuple(names),
        scenario_fingerprints=tuple(scenario_fingerprint(s) for s in scenarios),
        first_seed=first_seed,
        episodes=episodes,
        suite=suite,
        split=split,
        reference=reference,
        versions=installed_versions(),
        world=_one_world(scenarios),
        trainings=trainings,
        attempts=attempts,
    )
    if reference and reference not in plan.judged:
        raise GoliveError(f"reference: {reference!r}: expected one of {', '.join(plan.judged)}")
    return plan


def make_entrants(policies: Sequence[str | Policy | Entrant]) -> list[Entrant]:
    """Entrants from names, paths and policies; a path's file is hashed now.

    ``trained=runs/x`` calls the policy at ``runs/x`` "trained" in every table. A path with ``*``,
    ``?`` or ``[`` means several trainings of one policy: each is an entrant in its group.

    Raises:
        GoliveError: a file that cannot be read, no training where several are meant, or the same
            one more than once among them.
    """
    found: list[Entrant] = []
    for policy in policies:
        if isinstance(policy, str) and _means_several(policy):
            found += _group(policy)
        else:
            found.append(policy if isinstance(policy, Entrant) else _entrant(policy))
    return found


def installed_versions(packages: Sequence[str] = _VERSIONED) -> dict[str, str]:
    """Versions of golive and of the libraries a result can depend on."""
    versions = {}
    for package in packages:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def policy_fingerprint(spec: str) -> str:
    """Hash of the policy files that a name or path means; empty if it means none.

    Raises:
        GoliveError: a folder without a policy, or a file that cannot be read.
    """
    paths = policy_files_of(spec)
    if not paths:
        return ""
    digest = hashlib.blake2b(digest_size=8)
    for path in paths:
        digest.update(read_limited(path, MOST_BYTES, "a policy"))
    return digest.hexdigest()


def _one_world(scenarios: Sequence[Scenario]) -> str:
    """The world that simulates all of them."""
    worlds = list(dict.fromkeys(scenario.world for scenario in scenarios))
    if len(worlds) > 1:
        raise GoliveError(f"scenarios: of worlds {', '.join(worlds)}: expected those of one world")
    return worlds[0]


def _entrant(policy: str | Policy) -> Entrant:
    if not isinstance(policy, str):
        return Entrant(policy.name, policy)
    label, spec = _named(policy)
    return Entrant(label, spec, policy_fingerprint(spec))


def _named(policy: str) -> tuple[str, str]:
    """The label and the path or name of ``label=path``."""
    named = _NAMED.fullmatch(policy)
    return (named[1], named[2]) if named else (policy, policy)


def _means_several(policy: str) -> bool:
    _, path = _named(policy)
    return has_magic(path) and not Path(path).exists()


def _group(policy: str) -> list[Entrant]:
    """The trainings that a pattern means, called by the parts of their paths that differ."""
    name, pattern = _named(policy)
    paths = sorted(map(Path, glob(pattern)))  # noqa: PTH207 - it may be absolute
    if not paths:
        raise GoliveError(f"{pattern}: there is nothing of this kind: expected trained policies")
    own = [Path(*parts) for parts in _differing([path.parts for path in paths])]
    entrants = [
        Entrant(f"{name}/{part.as_posix()}", str(path), policy_fingerprint(str(path)), name)
        for part, path in zip(own, paths, strict=True)
    ]
    places: dict[str, str] = {}
    for entrant in entrants:
        if entrant.fingerprint in places:
            same = places[entrant.fingerprint]
            raise GoliveError(
                f"{entrant.policy}: the same policy as {same}: expected different trainings"
            )
        places[entrant.fingerprint] = str(entrant.policy)
    return entrants


def _differing(paths: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Paths without the parts that all have in common at their beginning and at their end."""
    if len(paths) == 1:
        return [paths[0][-1:]]
    first = next(i for i, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1)
    last = next(
        i
        for i, parts in enumerate(zip(*(path[::-1] for path in paths), strict=False))
        if len(set(parts)) > 1
    )
    return [path[first : len(path) - last] for path in paths]


def _trainings(entrants: Sequence[Entrant]) -> dict[str, tuple[str, ...]]:
    """Labels of the trainings by their policy's name; code and rules have files but are none."""
    found: dict[str, tuple[str, ...]] = {}
    for entrant in entrants:
        if entrant.group:
            found[entrant.group] = (*found.get(entrant.group, ()), entrant.label)
        elif isinstance(entrant.policy, str) and entrant.fingerprint:
            files = policy_files_of(entrant.policy)
            if any(file.suffix not in UNTRAINED for file in files):
                found[entrant.label] = (entrant.label,)
    return found


def scenario_fingerprint(scenario: Scenario) -> str:
    """Hash of a scenario's content."""
    content = scenario.model_dump_json().encode()
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _refuse_empty_or_double(what: str, names: Sequence[str]) -> None:
    if not names:
        raise GoliveError(f"{what}: none given: expected at least one")
    for name in names:
        if names.count(name) > 1:
            raise GoliveError(f"{what}: {name!r} is given twice: expected each only once")
