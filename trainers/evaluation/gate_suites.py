"""Gate files: what a policy must show before it is called ready, as validated data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.problems import validated
from ...core.records import (
    FirstVersion,
    Integer,
    Name,
    Number,
    Record,
    RecordT,
    Share,
    Slug,
    changed,
)
from ...core.yaml_reader import Document, read_document
from ...scenarios.suite import SeedRange, Split
from ..training.learning import PpoConfiguration
from ..world_files import world_files
from .best_responses import RESPONSES

DEFAULT_GATE = "readiness"


class EdgeCases(Record):
    """Edge cases that the policy meets, each by itself, in every scenario."""

    kinds: tuple[Name, ...] = Field(default=(), description="Kinds of edge case.")
    severities: tuple[Name, ...] = Field(
        default=("moderate",), description="Severities of each kind; empty: kinds that have none."
    )
    episodes: Integer = Field(
        default=40, ge=1, description="Customers per scenario, kind and severity."
    )

    @model_validator(mode="after")
    def _each_once(self) -> EdgeCases:
        for name, given in (("kinds", self.kinds), ("severities", self.severities)):
            if len(set(given)) != len(given):
                raise ValueError(f"{name}: expected each only once")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """Each edge case as on a command line."""
        if not self.severities:
            return self.kinds
        return tuple(f"{kind}:{severity}" for kind in self.kinds for severity in self.severities)


class AccuracySettings(Record):
    """Sizes of the comparison of decisions with what would have been better."""

    episodes: Integer = Field(default=10, ge=1, description="Customers per scenario.")
    every: Integer = Field(default=5, ge=1, description="Every so many decisions one is judged.")
    futures: Integer = Field(
        default=16, ge=2, description="Futures played per alternative, half of them to choose it."
    )
    tolerance: Number = Field(
        default=0.01, ge=0.0, description="Score that a decision may lose and still be right."
    )


def _fine_tuning() -> PpoConfiguration:
    return PpoConfiguration.model_validate(
        {
            "n_steps": 64,
            "batch_size": 1024,
            "n_epochs": 6,
            "learning_rate": 1e-4,
            "gamma": 0.998,
            "gae_lambda": 0.98,
            "ent_coef": 0.0,
            "target_kl": 0.03,
        }
    )


class AdaptationSettings(Record):
    """The course in which a policy that learns is taught a scenario that is new to it."""

    scenarios: tuple[Name, ...] = Field(
        min_length=1,
        description="The first of them that the policy was not trained on is the new one.",
    )
    suite: str | None = Field(
        default=None, description="Suite with the new scenario's training seeds; null: its own."
    )
    iterations: Integer = Field(
        default=10, ge=1, description="Rollouts, each with its update, that are made."
    )
    level: Share = Field(
        default=0.95, description="Share of the reference's score that counts as adapted."
    )
    episodes: Integer = Field(default=50, ge=1, description="Customers per evaluation.")
    reference: str = Field(default="expert", description="Policy whose score sets the level.")
    n_envs: Integer = Field(default=64, ge=1, description="Environments stepped together.")
    critic_warmup_rollouts: Integer = Field(
        default=1, ge=0, description="First rollouts that train the new critic only; they count."
    )
    reward: str = Field(default="score_shaped", description="Reward preset by name.")
    seed: Integer = Field(default=0, ge=0, lt=2**32, description="Of the fine-tuning.")
    ppo: PpoConfiguration = Field(
        default_factory=_fine_tuning,
        description="Hyper-parameters; net_arch and activation are the policy's own.",
    )


class BestResponseSettings(Record):
    """Sizes of the comparison of a team's roles with the best of those that are tried there."""

    episodes: Integer = Field(
        default=50, ge=1, description="Customers per scenario, of those that there are."
    )
    responses: tuple[Name, ...] = Field(
        default=RESPONSES,
        min_length=1,
        description="Players that are tried in each role beside its own.",
    )


class Thresholds(Record):
    """Limits to exceed (or, for adaptation, to stay below), bound of the interval included."""

    completion: Share = Field(default=0.95, description="Successful share of the episodes.")
    accuracy: Share = Field(default=0.90, description="Share kept of what was at stake.")
    adaptation_iterations: Integer = Field(
        default=5, ge=1, description="Iterations to adapt: fewer than this."
    )
    retention: Share = Field(default=0.85, description="Score kept on the old scenario.")
    collaboration: Share = Field(
        default=0.80,
        description="Useful share of employable hours; of a team its score over that of the best "
        "responses in its roles.",
    )
    recovery: Share = Field(default=0.95, description="Share of disruptions recovered from.")
    test_scenario: Share = Field(
        default=0.80, description="Successful share in each scenario and edge case."
    )


class Quick(Record):
    """Sizes of a quick look."""

    episodes: Integer = Field(default=30, ge=1, description="Customers per scenario.")
    edge_case_episodes: Integer = Field(default=3, ge=1, description="Per edge case.")
    accuracy_episodes: Integer = Field(default=2, ge=1, description="Per scenario.")
    every: Integer = Field(default=10, ge=1, description="Every so many decisions one is judged.")
    futures: Integer = Field(default=8, ge=2, description="Per alternative.")
    iterations: Integer = Field(default=5, ge=1, description="Of adaptation.")
    adaptation_episodes: Integer = Field(default=20, ge=1, description="Per evaluation.")
    response_episodes: Integer = Field(default=10, ge=1, description="Of best responses.")


class GateSuite(Record):
    """A gate: scenarios, edge cases, sizes, and the thresholds that decide."""

    schema_version: FirstVersion = Field(default=1, description="Version of this format.")
    name: Slug = Field(description="Name of the gate: lower-case letters, digits, hyphens.")
    title: Name = Field(description="Title in words.")
    scenarios: tuple[Name, ...] = Field(
        min_length=1, description="Scenarios by name, or by path relative to the gate's file."
    )
    split: Split = Field(default=Split.TEST, description="Split of each scenario's suite.")
    seeds: SeedRange | None = Field(
        default=None, description="Seeds of every scenario; null: the split of its suite."
    )
    episodes: Integer = Field(
        default=100, ge=1, description="Customers per scenario without an added edge case."
    )
    edge_cases: EdgeCases = Field(default_factory=EdgeCases, description="Edge cases.")
    accuracy: AccuracySettings = Field(
        default_factory=AccuracySettings, description="Decision accuracy."
    )
    adaptation: AdaptationSettings | None = Field(
        default=None, description="Adaptation and retention; null: not measured."
    )
    best_responses: BestResponseSettings = Field(
        default_factory=BestResponseSettings, description="Collaboration of a team's roles."
    )
    thresholds: Thresholds = Field(default_factory=Thresholds, description="What decides.")
    level: Number = Field(default=0.95, gt=0.0, lt=1.0, description="Of all intervals.")
    quick: Quick = Field(default_factory=Quick, description="Sizes of a quick look.")

    @model_validator(mode="after")
    def _without_contradiction(self) -> GateSuite:
        if len(set(self.scenarios)) != len(self.scenarios):
            raise ValueError("scenarios: expected each scenario only once")
        if self.split is Split.TRAIN:
            raise ValueError("split: train: expected validation or test: training has seen it")
        most = {"accuracy.episodes": self.accuracy.episodes}
        if self.edge_cases.kinds:
            most["edge_cases.episodes"] = self.edge_cases.episodes
        for name, episodes in most.items():
            if episodes > self.episodes:
                raise ValueError(f"{name}: {episodes}: expected at most episodes = {self.episodes}")
        return self

    def made_quick(self) -> GateSuite:
        """The same gate with the sizes of a quick look, none larger than its own."""
        quick = self.quick
        episodes = min(quick.episodes, self.episodes)
        accuracy = _at_most(
            self.accuracy, episodes=min(quick.accuracy_episodes, episodes), futures=quick.futures
        )
        return changed(
            self,
            episodes=episodes,
            edge_cases=_at_most(self.edge_cases, episodes=min(quick.edge_case_episodes, episodes)),
            best_responses=_at_most(
                self.best_responses, episodes=min(quick.response_episodes, episodes)
            ),
            accuracy=changed(accuracy, every=max(quick.every, accuracy.every)),
            adaptation=self.adaptation
            and _at_most(
                self.adaptation, iterations=quick.iterations, episodes=quick.adaptation_episodes
            ),
        )

    def sha256(self) -> str:
        """Hash of the gate's whole content, defaults included."""
        return json_sha256(self.model_dump(mode="json"))


def _at_most(record: RecordT, **sizes: int) -> RecordT:
    """The record with these sizes where its own are larger."""
    return changed(
        record, **{name: min(size, getattr(record, name)) for name, size in sizes.items()}
    )


def json_sha256(content: Mapping[str, Any]) -> str:
    """SHA-256 of canonical JSON: keys sorted, no spaces, ASCII, numbers as Python writes them."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def gate_names() -> tuple[str, ...]:
    """Names of the gates that come with the worlds."""
    return tuple(sorted(world_files("gates")))


@checked
def load_gate(name: str = DEFAULT_GATE) -> GateSuite:
    """A gate by name, or from a file.

    Raises:
        GoliveError: no such gate, or a field that is missing, unknown, wrongly typed, out of
            range or contradictory.
    """
    if name in gate_names():
        return validated(GateSuite, read_document(world_files("gates")[name]))
    path = Path(name)
    if not path.exists():
        names = ", ".join(gate_names())
        if Path(name).suffix in (".yaml", ".yml"):
            raise GoliveError(f"{name}: there is no such file: expected a gate")
        raise GoliveError(f"gate: {name!r}: expected a file that exists or one of {names}")
    document = read_document(path)
    gate = validated(GateSuite, document)
    places: dict[str, Any] = {"scenarios": _beside(path, gate.scenarios)}
    if gate.adaptation is not None:
        near = _beside(path, gate.adaptation.scenarios)
        places["adaptation"] = changed(gate.adaptation, scenarios=near)
    found = changed(gate, **places)
    _check_edge_cases(found, document)
    return found


@checked
def parse_gate(data: dict[str, Any], source: str = "gate") -> GateSuite:
    """Validate a gate given as data; ``source`` is what errors call it.

    Raises:
        GoliveError: as for a file.
    """
    document = Document(Path(source), data)
    gate = validated(GateSuite, document)
    _check_edge_cases(gate, document)
    return gate


def _check_edge_cases(gate: GateSuite, document: Document) -> None:
    """Refuse edge cases that the scenarios' world does not know."""
    from ...scenarios.loader import load_scenario

    if not gate.edge_cases.texts:
        return
    scenario = load_scenario(gate.scenarios[0])
    try:
        scenario.mix.of(gate.edge_cases.texts)
    except GoliveError as error:
        where = document.where(("edge_cases", "kinds"))
        raise GoliveError(f"{where}: edge_cases: {error}") from None


def _beside(gate: Path, scenarios: Sequence[str]) -> tuple[str, ...]:
    """Paths of scenarios as seen from here; a name stays what it is."""
    return tuple(
        str(gate.parent / name) if Path(name).suffix in (".yaml", ".yml") else name
        for name in scenarios
    )
