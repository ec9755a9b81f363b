"""Packages of environments for verifiers: episodes, and what the world's expert reaches in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .export import Export, Files, begun, filled, json_lines, play_expert

CLOSE = 1e-9
"""Difference of scores that are the same."""


def recorded(export: Export) -> Iterator[dict[str, Any]]:
    """Episodes with what the world's expert reaches in each: the ground truth of a taskset."""
    for seed, _ in export.each():
        play_expert(export.session)
        world = export.session.environment.world
        truth = {"expert_score": export.session.score, "expert_digest": world.digest()}
        yield {"episode": export.row(seed), **truth}


def is_true(row: Mapping[str, Any]) -> bool:
    """True if the expert, playing an episode by calls, ends as it was recorded."""
    session = begun(row["episode"])
    play_expert(session)
    return (
        session.refused == 0
        and abs(session.score - row["expert_score"]) <= CLOSE
        and session.environment.world.digest() == row["expert_digest"]
    )


_PACKAGE = '''"""Episodes of golive's scenario @SCENARIO@, as a taskset of verifiers."""

from pathlib import Path

from verifiers.v1.harnesses.null import NullHarness

from golive.envs.faces.verifiers import taskset

WorldTaskset = taskset(Path(__file__).with_name("episodes.jsonl"))

__all__ = ["NullHarness", "WorldTaskset"]
'''
PROJECT = """[project]
name = "@NAME@"
version = "0.1.0"
description = "Episodes of golive's scenario @SCENARIO@."
requires-python = ">=3.11"
dependencies = ["golive[verifiers]"]

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
packages = ["@PACKAGE@"]
package-data = { "*" = ["*.jsonl"] }
"""


def exported(export: Export) -> Files:
    """A package of an environment, as verifiers and its hub name them."""
    name = f"golive-{export.name}"
    package = name.replace("-", "_")
    tokens = {"NAME": name, "PACKAGE": package, "SCENARIO": export.name}
    yield "pyproject.toml", filled(PROJECT, tokens)
    yield f"{package}/__init__.py", filled(_PACKAGE, tokens)
    yield f"{package}/episodes.jsonl", json_lines(recorded(export))
