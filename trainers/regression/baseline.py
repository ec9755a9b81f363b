"""The figures that a regression benchmark compares with, as a committed JSON file.

A file's floats are written as Python writes them (``repr``), so that reading gives the very same
number; only the speed is rounded, to six decimals. Keys are sorted and a figure's values over the
seeds stand on one line, so that a difference of two versions of the file can be read.
"""

from __future__ import annotations

import json
import math
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, read_json, write_text_atomically
from ...core.problems import validated
from ...core.records import Flag, Integer, Number, Record
from ...core.yaml_reader import Document
from ..evaluation.plan import installed_versions
from .suite import Role

KIND: Literal["golive regression baseline"] = "golive regression baseline"
FORMAT_VERSION: Literal[1] = 1
SPEED_DECIMALS = 6
_LIBRARIES = ("mesa", "numpy", "simpy")
Value = Flag | Integer | Number
CellKey = tuple[str, Role, str]
"""Scenario, role and policy."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


def mean_of(values: Sequence[float]) -> float:
    """The mean, summed exactly, so that it does not depend on the order."""
    return math.fsum(values) / len(values)


class CellRecord(Record):
    """One policy in one scenario: a value for each seed.

    Probes have no metrics and no reward terms; policies of a file have its hash.
    """

    digests: tuple[Text, ...] = Field(description="Hash of the final state, by seed.")
    scores: tuple[Number, ...] = Field(min_length=1, description="Score, by seed.")
    mean_score: Number = Field(description="Mean of the scores.")
    metrics: dict[str, tuple[Value, ...]] = Field(
        default_factory=dict, description="Every other field of the scorecard, by seed."
    )
    reward_terms: dict[str, tuple[Number, ...]] = Field(
        default_factory=dict, description="What each term paid in the episode, by seed."
    )
    policy_file: str = Field(default="", description="Hash of the policy's file.")

    @model_validator(mode="after")
    def _as_long(self) -> CellRecord:
        columns = (self.digests, *self.metrics.values(), *self.reward_terms.values())
        if any(len(column) != len(self.scores) for column in columns):
            raise ValueError(f"scores: expected {len(self.scores)} values of every figure")
        if repr(self.mean_score) != repr(mean_of(self.scores)):
            raise ValueError(
                f"mean_score: {self.mean_score!r}: expected the mean of the scores, "
                f"{mean_of(self.scores)!r}"
            )
        return self


class ScenarioRecord(Record):
    """All policies in one scenario, by role and name."""

    content: Text = Field(description="Hash of the scenario's content.")
    baselines: dict[str, CellRecord] = Field(default_factory=dict, description="Exact figures.")
    probes: dict[str, CellRecord] = Field(default_factory=dict, description="Who must lose.")
    policies: dict[str, CellRecord] = Field(default_factory=dict, description="Learned ones.")


class SpeedRecord(Record):
    """World steps per task of a bare event loop in the same run, with its 95 % interval."""

    ratio: Number = Field(gt=0.0, description="Middle of the repetitions.")
    low: Number = Field(ge=0.0, description="Lower end.")
    high: Number = Field(gt=0.0, description="Upper end.")
    repetitions: Integer = Field(ge=1, description="Repetitions it is of.")


class Figures(Record):
    """All that a run of a bench suite measured."""

    seeds: tuple[Integer, ...] = Field(min_length=1, description="Seeds of every cell.")
    scenarios: dict[str, ScenarioRecord] = Field(description="By name.")
    speed: SpeedRecord | None = Field(default=None, description="null: not measured.")

    @model_validator(mode="after")
    def _as_long(self) -> Figures:
        for (name, role, policy), cell in self.cells().items():
            if len(cell.scores) != len(self.seeds):
                raise ValueError(
                    f"scenarios: {name}: {role}: {policy}: {len(cell.scores)} scores: "
                    f"expected one for each of the {len(self.seeds)} seeds"
                )
        return self

    def cells(self) -> dict[CellKey, CellRecord]:
        """Cells by scenario, role and policy."""
        return {
            (label, role, policy): cell
            for label, scenario in self.scenarios.items()
            for role in Role
            for policy, cell in getattr(scenario, role.value).items()
        }

    @property
    def episodes(self) -> int:
        """Episodes in all."""
        return len(self.seeds) * len(self.cells())


class HistoryEntry(Record):
    """One reason for which the baseline was written."""

    golive: Text = Field(description="Version of golive that wrote it.")
    reason: Text = Field(description="Why.")


class SuiteRecord(Record):
    """The suite that the figures are of."""

    name: Text = Field(description="Its name.")
    content: Text = Field(description="Hash of its file's content.")


class Baseline(Record):
    """A committed baseline."""

    kind: Literal["golive regression baseline"] = Field(default=KIND, description="What this is.")
    format_version: Literal[1] = Field(default=FORMAT_VERSION, description="Of this layout.")
    golive_version: Text = Field(description="Version of golive that wrote it.")
    environment: dict[str, str] = Field(
        default_factory=dict, description="Interpreter, machine and libraries it was made with."
    )
    suite: SuiteRecord = Field(description="Whose figures these are.")
    reason: Text = Field(description="Why it was written.")
    history: tuple[HistoryEntry, ...] = Field(
        min_length=1, description="All reasons, oldest first."
    )
    figures: Figures = Field(description="What must stay as it is.")


def this_environment() -> dict[str, str]:
    """Interpreter, machine and libraries of this process."""
    versions = installed_versions()
    return {
        "machine": platform.machine(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": platform.system(),
        **{name: versions[name] for name in _LIBRARIES},
    }


def renewed(old: Baseline | None, suite: SuiteRecord, figures: Figures, why: str) -> Baseline:
    """The baseline of new figures, with the history of the old one.

    A speed that was not measured this time is kept from the old one.
    """
    version = installed_versions()["golive"]
    if figures.speed is None and old is not None:
        figures = figures.model_copy(update={"speed": old.figures.speed})
    return Baseline(
        golive_version=version,
        environment=this_environment(),
        suite=suite,
        reason=why,
        history=(*(old.history if old else ()), HistoryEntry(golive=version, reason=why)),
        figures=figures,
    )


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        GoliveError: not there, not readable, not JSON, not a baseline, or of another layout.
    """
    data = read_json(path, "a baseline")
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise GoliveError(f"{path}: kind: expected {KIND!r}: this is no baseline of golive bench")
    if data.get("format_version") != FORMAT_VERSION:
        raise GoliveError(
            f"{path}: format_version: {data.get('format_version')!r}: expected {FORMAT_VERSION}: "
            "written by another version of golive; remove it and make a new one with --update"
        )
    try:
        return validated(Baseline, Document(path, data))
    except GoliveError as error:
        raise GoliveError(str(error).replace(f"{path}: ", f"{path}: damaged: ", 1)) from None


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline, all of it or nothing; equal ones have equal texts.

    Raises:
        GoliveError: it cannot be written.
    """
    prepare_output_directory(path.parent)
    write_text_atomically(path, _text(baseline.model_dump(mode="json"), 0) + "\n")


def _text(value: Any, depth: int) -> str:
    """JSON with sorted keys, in which a list of plain values stands on one line."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value:
        lines = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_text(value[key], depth + 1)}"
            for key in sorted(value)
        ]
        return "{\n" + ",\n".join(lines) + f"\n{outer}}}"
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        lines = [f"{inner}{_text(item, depth + 1)}" for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{outer}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
