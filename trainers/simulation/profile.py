"""Profiles: which simulation environment runs, as validated data, and the replicas it means.

Three come with golive: ``sandbox``, ``staging`` and ``simulation``. A user's own is a YAML file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Any

from pydantic import Field, JsonValue, model_validator

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.problems import validated
from ...core.records import FirstVersion, Integer, Name, Number, Record, Slug, json_schema
from ...core.yaml_reader import Document, read_document
from ...scenarios.loader import load_scenario, load_suite
from ...scenarios.mixes import MixField, refuse_equal_mixes
from ...scenarios.scenario import NO_MIX, Mix, Scenario
from ...scenarios.suite import Split

PROFILES = Path(__file__).parent / "profiles"
"""Folder of the profiles that come with golive."""
_Found = list[tuple[Scenario, range]]
"""Scenarios with their seeds."""


class Failures(StrEnum):
    """The failures that are injected; a world's own luck is no injected failure."""

    NONE = "none"
    """None: what the scenario, its suite or gate lists is taken away."""
    LISTED = "listed"
    """Those that the scenario and its suite or gate list."""
    MIXES = "mixes"
    """The profile's mixes in turn, on top of the scenario's own."""


class Profile(Record):
    """A simulation environment: what is simulated, how often, with which failures, and where."""

    schema_version: FirstVersion = Field(default=1, description="Version of this format.")
    name: Slug = Field(description="Name of the profile: lower-case letters, digits, hyphens.")
    title: Name = Field(description="Title in words.")
    description: str = Field(default="", max_length=5_000, description="What it is for.")
    scenario: Name | None = Field(
        default=None, description="Scenario by name or file; or else a suite or a gate."
    )
    suite: Name | None = Field(default=None, description="Suite by name or file.")
    gate: Name | None = Field(
        default=None, description="Gate by name or file: its scenarios and edge cases are met."
    )
    split: Split = Field(default=Split.TEST, description="Split of the suite's seeds.")
    first_seed: Integer | None = Field(
        default=None,
        ge=0,
        lt=2**62,
        description="Seed of the first customer; null: the first of the suite's or gate's split, "
        "or 0.",
    )
    replicas: Integer = Field(
        default=1, ge=1, le=100_000, description="Customers simulated at once."
    )
    failures: Failures = Field(
        default=Failures.LISTED, description="Which failures are injected: none, listed or mixes."
    )
    mixes: tuple[MixField, ...] = Field(
        default=(),
        description="With failures: mixes: edge cases and opponents that replicas meet in turn.",
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict,
        description="World parameters that differ, by name; what a scenario itself says wins.",
    )
    policy: Name = Field(default="expert", description="Who decides: a policy by name or file.")
    acceleration: Number | None = Field(
        default=None,
        gt=0.0,
        description="Working time passes so many times faster than the clock; null: as fast as "
        "it goes.",
    )
    backend: Backend = Field(
        default=Backend.PROCESS,
        description="Where replicas live: serial (this process), process (isolated in processes "
        "of their own) or ray.",
    )
    workers: Integer | None = Field(
        default=None, ge=1, description="Processes among which they are divided; null: all cores."
    )
    metrics_seconds: Number = Field(
        default=1.0, ge=0.0, description="Time between two rows of performance metrics."
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> Profile:
        given = [name for name in ("scenario", "suite", "gate") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"expected one of scenario, suite and gate, found {found}")
        if (self.failures is Failures.MIXES) != bool(self.mixes):
            raise ValueError("mixes: expected some with failures: mixes, and none otherwise")
        refuse_equal_mixes(self.mixes)
        return self


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with golive."""
    return tuple(sorted(file.stem for file in PROFILES.glob("*.yaml")))


@checked
def load_profile(name: str | Path) -> Profile:
    """A profile by name, or from a file; paths in it are meant relative to the file.

    Raises:
        GoliveError: no such profile, or a field that is missing, unknown, wrongly typed, out of
            range or contradictory.
    """
    if str(name) in profile_names():
        return validated(Profile, read_document(PROFILES / f"{name}.yaml"))
    path = Path(name)
    if not path.exists():
        names = ", ".join(profile_names())
        if Path(name).suffix in (".yaml", ".yml"):
            raise GoliveError(f"{name}: there is no such file: expected a profile")
        raise GoliveError(f"profile: {str(name)!r}: expected a file that exists or one of {names}")
    document = read_document(path)
    for field in ("scenario", "suite", "gate", "policy"):
        value = document.data.get(field)
        if isinstance(value, str) and (path.parent / value).exists():
            document.data[field] = str(path.parent / value)
    return validated(Profile, document)


def with_changes(profile: Profile, changes: Mapping[str, Any]) -> Profile:
    """A profile with some fields changed.

    Raises:
        GoliveError: as for a file; it is called the command line.
    """
    data = {**profile.model_dump(mode="json"), **changes}
    return validated(Profile, Document(Path("command line"), data))


def profile_schema() -> dict[str, JsonValue]:
    """JSON Schema of profile files."""
    return json_schema(Profile)


@dataclass(frozen=True, slots=True)
class ReplicaPlan:
    """One replica.

    Attributes:
        number: its place in the profile, from 0.
        scenario: what it plays, failures included.
        mix: what it meets on top of its scenario, by its label.
        seed: its customer and luck.
    """

    number: int
    scenario: Scenario
    mix: str
    seed: int

    @property
    def level_name(self) -> str:
        """Scenario and mix: ``furniture+corrupt_data:critical``."""
        return self.scenario.name if self.mix == NO_MIX else f"{self.scenario.name}+{self.mix}"


@checked
def plan_replicas(profile: Profile) -> tuple[ReplicaPlan, ...]:
    """The replicas of a profile.

    Scenarios come in turn. Of each scenario every further replica is the next customer, and
    meets the next mix.

    Raises:
        GoliveError: a scenario, suite or gate that cannot be loaded, or too few seeds.
    """
    found, listed = _named(profile)
    if profile.first_seed is not None:
        own = range(profile.first_seed, profile.first_seed + profile.replicas)
        found = [(scenario, own) for scenario, _ in found]
    mixes: Sequence[Mix] = listed if profile.failures is Failures.LISTED else profile.mixes
    mixes = mixes or (Mix(),)
    levels = [[_level(scenario, mix, profile) for mix in mixes] for scenario, _ in found]
    plans = []
    for number in range(profile.replicas):
        turn, place = divmod(number, len(found))
        scenario, seeds = found[place]
        if turn >= len(seeds):
            raise GoliveError(
                f"replicas: {profile.replicas}: expected at most the {len(seeds)} seeds of "
                f"{scenario.name}"
            )
        choice = turn % len(mixes)
        plans.append(ReplicaPlan(number, levels[place][choice], mixes[choice].label, seeds[turn]))
    return tuple(plans)


def _named(profile: Profile) -> tuple[_Found, Sequence[Mix]]:
    """Things that a profile names: scenarios with seeds, and mixes that a suite or gate lists."""
    if profile.gate is not None:
        return _of_gate(profile.gate, profile.replicas)
    if profile.scenario is not None:
        return [(load_scenario(profile.scenario), range(profile.replicas))], ()
    suite = load_suite(str(profile.suite))
    named = "split" in profile.model_fields_set
    split = profile.split if named else suite.only_split or profile.split
    if split not in suite.splits:
        known = ", ".join(suite.splits)
        raise GoliveError(f"suite {suite.name}: split {split}: expected one of {known}")
    found = suite.splits[split]
    seeds = range(found.start, found.stop)
    return [(load_scenario(name), seeds) for name in suite.scenarios], suite.edge_cases


def _of_gate(name: str, replicas: int) -> tuple[_Found, Sequence[Mix]]:
    from ..evaluation.gate import scenario_with_seeds
    from ..evaluation.gate_suites import load_gate

    gate = load_gate(name)
    episodes = ceil(replicas / len(gate.scenarios))
    found = [scenario_with_seeds(gate, entry, episodes) for entry in gate.scenarios]
    kind = found[0][0].mix
    return found, [Mix(), *(kind.of([text]) for text in gate.edge_cases.texts)]


def _level(scenario: Scenario, mix: Mix, profile: Profile) -> Scenario:
    if profile.failures is Failures.NONE:
        scenario = scenario.without_failures()
    if profile.parameters:
        scenario = scenario.with_parameters(profile.parameters, own_win=True)
    return mix.met(scenario)
