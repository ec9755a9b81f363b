"""The plan of an evaluation: policies, scenarios and seeds, and the versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

from ...agents.registry import policy_file_of
from ...core.errors import GoliveError
from ...core.files import reason
from ...sim.policy import Policy
from ...sim.world_kind import WorldKind
from ...sim.worlds import DEFAULT_WORLD, world_kind

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

DEFAULT_EPISODES = 200
_NAMED = re.compile(r"([A-Za-z0-9_-]+)=(.+)")
_VERSIONED = ("golive", "numpy", "simpy", "mesa", "torch", "stable-baselines3")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A policy under evaluation.

    Attributes:
        label: what tables call it; unique in an evaluation.
        policy: a name or path that the registry of policies can load, or the policy itself.
        fingerprint: hash of the file or folder behind a path, so that a resumed evaluation
            never mixes two policies of one name; empty for built-in policies.
    """

    label: str
    policy: str | Policy
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """All that determines the rows of an evaluation; two equal plans give equal rows.

    Attributes:
        policies: labels in the order of the tables.
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
        return len(self.policies) * len(self.scenarios) * self.episodes

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
            content = {"world": DEFAULT_WORLD, **content}  # from before there was a second one
            values = {f.name: content[f.name] for f in fields(cls)}
        except (ValueError, KeyError, TypeError) as error:
            raise GoliveError(f"{source}: expected the plan of an evaluation: {error!r}") from None
        for name in ("policies", "fingerprints", "scenarios", "scenario_fingerprints"):
            values[name] = tuple(values[name])
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
) -> EvaluationPlan:
    """The plan of an evaluation.

    Raises:
        GoliveError: no policy, no scenario, no episode, a label or a scenario twice, a
            negative seed, or a reference that is not among the policies.
    """
    labels = [entrant.label for entrant in entrants]
    names = [scenario.name for scenario in scenarios]
    _refuse_empty_or_double("policies", labels)
    _refuse_empty_or_double("scenarios", names)
    if episodes < 1:
        raise GoliveError(f"episodes: {episodes}: expected at least 1")
    if first_seed < 0:
        raise GoliveError(f"first seed: {first_seed}: expected 0 or more")
    if reference and reference not in labels:
        raise GoliveError(f"reference: {reference!r}: expected one of {', '.join(labels)}")
    return EvaluationPlan(
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
    )


def make_entrants(policies: Sequence[str | Policy | Entrant]) -> list[Entrant]:
    """Entrants from names, paths and policies; a path's file is hashed now.

    ``trained=runs/x`` calls the policy at ``runs/x`` "trained" in every table.
    """
    return [p if isinstance(p, Entrant) else _entrant(p) for p in policies]


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
    """Hash of the policy file that a name or path means; empty if it means none.

    Raises:
        GoliveError: a folder without a policy, or a file that cannot be read.
    """
    path = policy_file_of(spec)
    if path is None:
        return ""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from None
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _one_world(scenarios: Sequence[Scenario]) -> str:
    """The world that simulates all of them."""
    worlds = list(dict.fromkeys(scenario.world for scenario in scenarios))
    if len(worlds) > 1:
        raise GoliveError(f"scenarios: of worlds {', '.join(worlds)}: expected those of one world")
    return worlds[0]


def _entrant(policy: str | Policy) -> Entrant:
    if not isinstance(policy, str):
        return Entrant(policy.name, policy)
    named = _NAMED.fullmatch(policy)
    label, spec = named.groups() if named else (policy, policy)
    return Entrant(label, spec, policy_fingerprint(spec))


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
