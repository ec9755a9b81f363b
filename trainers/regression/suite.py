"""Bench suites as validated files: scenarios, policies, seeds, tolerances."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from ...core.errors import GoliveError
from ...core.problems import validated
from ...core.records import Integer, Name, Record, Share, Slug
from ...core.yaml_reader import Document, Place, format_place, read_document
from ...scenarios.loader import load_scenario, scenario_names
from ...scenarios.suite import SeedRange
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from ..evaluation.episode_rows import policy_of
from ..evaluation.plan import Entrant, policy_fingerprint

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

SUITES = Path(__file__).parent / "suites"
"""Folder of the bench suites that come with golive."""
MOST_SEEDS = 1_000
_SUFFIX = ".yaml"
_NAMED = re.compile(r"([A-Za-z0-9_-]+)=(.+)")


class Role(StrEnum):
    """Ways to judge a policy's figures; also the name of its list in the suite's file."""

    BASELINE = "baselines"
    """Every figure must be exactly the baseline's."""
    PROBE = "probes"
    """Scores and digests must be exact, and the mean score below the reference's."""
    LEARNED = "policies"
    """The mean score may not fall by more than the tolerance."""


class BenchScenario(Record):
    """One scenario of a bench suite, with or without edge cases."""

    scenario: Name = Field(description="Scenario by name, or by path relative to the suite's file.")
    edge_cases: tuple[Name, ...] = Field(
        default=(),
        alias="with",
        description="Edge cases laid over it, such as corrupt_data:critical.",
    )
    name: Name | None = Field(
        default=None,
        description="What tables call it; null: the scenario's name and its edge cases.",
    )


class Tolerances(Record):
    """Moves of figures that cannot be exact, up to which there is no regression."""

    learned_score: Share = Field(
        default=0.005, description="Fall of a learned policy's mean score in a scenario, 0..1."
    )
    speed: Share = Field(
        default=0.3, lt=1.0, description="Fall of the speed ratio, as a share of the baseline's."
    )


class SpeedMeasurement(Record):
    """A measurement of speed beside a bare event loop."""

    scenario: Name = Field(
        default="furniture",
        description="Scenario by name, or by path relative to the suite's file.",
    )
    policy: Name = Field(default="expert", description="Policy whose decisions are replayed.")
    first_seed: Integer = Field(default=3_000_000, ge=0, lt=2**62, description="First seed.")
    episodes: Integer = Field(default=4, ge=1, le=1_000, description="Episodes per repetition.")
    repetitions: Integer = Field(default=10, ge=2, le=1_000, description="Repetitions.")


class BenchSuite(Record):
    """A regression benchmark: every policy on every scenario and seed."""

    schema_version: Literal[1] = Field(default=1, description="Version of this format.")
    name: Slug = Field(description="Name of the suite: lower-case letters, digits, hyphens.")
    title: Name = Field(description="Title in words.")
    scenarios: tuple[BenchScenario, ...] = Field(
        min_length=1, description="Scenarios, each with the edge cases laid over it."
    )
    seeds: SeedRange = Field(description="Seeds that every policy meets in every scenario.")
    baselines: tuple[Name, ...] = Field(
        default=(), description="Policies whose every figure must stay exact, by name or path."
    )
    probes: tuple[Name, ...] = Field(
        default=(), description="Policies that must score below the reference, by name or path."
    )
    reference: Name = Field(
        default="expert", description="The baseline that the probes must stay below."
    )
    policies: tuple[Name, ...] = Field(
        default=(),
        description=(
            "Learned policies, judged by their mean score within a tolerance: path, or name=path; "
            "relative to the suite's file, else to the baseline's."
        ),
    )
    tolerances: Tolerances = Field(
        default_factory=Tolerances, description="How far inexact figures may move."
    )
    speed: SpeedMeasurement | None = Field(
        default=None, description="What is timed; null: nothing."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> BenchSuite:
        if len(self.seeds) > MOST_SEEDS:
            raise ValueError(f"seeds: {len(self.seeds)}: expected at most {MOST_SEEDS} seeds")
        labels = [label_of(text) for _, _, text in self.listed()]
        if not labels:
            raise ValueError("baselines: expected a policy here, in probes or in policies")
        double = next((label for label in labels if labels.count(label) > 1), None)
        if double is not None:
            raise ValueError(f"baselines: policy {double!r} is given twice: expected each once")
        if self.probes and self.reference not in map(label_of, self.baselines):
            raise ValueError(
                f"reference: {self.reference!r}: expected one of the baselines, "
                "so that there is something for the probes to stay below"
            )
        return self

    def listed(self) -> Iterator[tuple[Role, int, str]]:
        """Every policy as it is written: its role, its index in that list, its text."""
        for role in Role:
            for index, text in enumerate(getattr(self, role.value)):
                yield role, index, text

    def fingerprint(self) -> str:
        """Hash of the suite's content as it was written, defaults left out."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        text = json.dumps(content, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class LoadedSuite:
    """A bench suite with all that it names.

    Attributes:
        kind: of the world that all its scenarios are of.
        suite: as its file says.
        path: of the file.
        scenarios: by label, edge cases laid over them.
        entrants: policies by role, in the order of the file.
        speed_scenario: what is timed, if anything is.
        speed_policy: whose decisions are replayed for it.
    """

    kind: WorldKind
    suite: BenchSuite
    path: Path
    scenarios: dict[str, Scenario]
    entrants: tuple[tuple[Role, Entrant], ...]
    speed_scenario: Scenario | None = None
    speed_policy: Entrant | None = None

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of every cell."""
        return tuple(range(self.suite.seeds.start, self.suite.seeds.stop))


def bench_suite_names() -> tuple[str, ...]:
    """Names of the bench suites that come with golive."""
    return tuple(sorted(path.stem for path in SUITES.glob(f"*{_SUFFIX}")))


def load_bench_suite(name_or_path: str, beside: Path | None = None) -> LoadedSuite:
    """Load a bench suite, its scenarios and its policies.

    Args:
        name_or_path: a name of ``bench_suite_names()``, or a file.
        beside: a folder in which policies are looked for that are not beside the suite's file.

    Raises:
        GoliveError: there is none, it is not valid, or something it names is not there.
    """
    path = _suite_path(name_or_path)
    document = read_document(path)
    suite = validated(BenchSuite, document)
    file = _File(document, [path.parent, *([beside] if beside is not None else [])])
    scenarios = file.scenarios(suite)
    kind = kind_of(next(iter(scenarios.values())))
    entrants = tuple(
        (role, file.entrant(kind, text, (role.value, index)))
        for role, index, text in suite.listed()
    )
    loaded = LoadedSuite(kind, suite, path, scenarios, entrants)
    if suite.speed is None:
        return loaded
    return replace(
        loaded,
        speed_scenario=file.scenario(suite.speed.scenario, ("speed", "scenario")),
        speed_policy=file.entrant(kind, suite.speed.policy, ("speed", "policy")),
    )


def label_of(text: str) -> str:
    """Name of a policy in tables: what stands before ``=`` in the suite's file, else its text."""
    named = _NAMED.fullmatch(text)
    return named.group(1) if named else text


def _suite_path(name_or_path: str) -> Path:
    path = Path(name_or_path)
    if name_or_path in bench_suite_names():
        return SUITES / f"{name_or_path}{_SUFFIX}"
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or path.is_file():
        return path
    names = bench_suite_names()
    close = get_close_matches(name_or_path, names, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    raise GoliveError(
        f"--suite: {name_or_path!r}: no such bench suite: {guess}"
        f"expected the path of a file or one of {', '.join(names)}"
    )


@dataclass(frozen=True)
class _File:
    """Finds what a suite's file names.

    Attributes:
        document: the file's content.
        folders: in which policies lie.
    """

    document: Document
    folders: list[Path]

    def scenarios(self, suite: BenchSuite) -> dict[str, Scenario]:
        scenarios: dict[str, Scenario] = {}
        for index, entry in enumerate(suite.scenarios):
            place: Place = ("scenarios", index)
            loaded = self.scenario(entry.scenario, (*place, "scenario"))
            world = next(iter(scenarios.values()), loaded).world
            if loaded.world != world:
                raise self._problem(place, f"world {loaded.world!r}: expected {world!r} as above")
            label = entry.name or " + ".join((loaded.name, *entry.edge_cases))
            if label in scenarios:
                words = f"{label!r} is there twice: expected a name of its own for each"
                raise self._problem(place, words)
            try:
                scenarios[label] = loaded.mix.of(entry.edge_cases).met(loaded)
            except GoliveError as error:
                raise self._problem((*place, "with"), str(error)) from None
        return scenarios

    def scenario(self, text: str, place: Place) -> Scenario:
        """A scenario by name, or by the path of its file beside this one."""
        path = self.document.path.parent / text
        names = scenario_names()
        if text in names or path.is_file():
            return load_scenario(text if text in names else path)
        words = f"{text!r}: no scenario of this name, and no such file beside it"
        raise self._problem(place, f"{words}{_guess(text, names)}")

    def entrant(self, kind: WorldKind, text: str, place: Place) -> Entrant:
        """A policy by name, or by the path of its file in one of the folders."""
        named = _NAMED.fullmatch(text)
        label, spec = named.groups() if named else (text, text)
        names = kind.registered_policies
        if spec not in names and spec.partition(":")[0] not in kind.families:
            found = [folder / spec for folder in self.folders if (folder / spec).exists()]
            if not found:
                where = " or ".join(str(folder) for folder in dict.fromkeys(self.folders))
                words = f"{spec!r}: no policy of this name, and no such file in {where}"
                raise self._problem(place, f"{words}{_guess(spec, names)}")
            spec = str(found[0])
        try:
            entrant = Entrant(label, spec, policy_fingerprint(spec))
            policy_of(entrant, kind.name)
        except GoliveError as error:
            raise self._problem(place, str(error)) from None
        return entrant

    def _problem(self, place: Place, words: str) -> GoliveError:
        line = self.document.line(place)
        return GoliveError(f"{self.document.path}:{line}: {format_place(place)}: {words}")


def _guess(given: str, known: Iterable[str]) -> str:
    close = get_close_matches(given, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
