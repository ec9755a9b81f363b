"""docs/model.md names every parameter and no other, every trait, and the parts of the value."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from golive.scenarios.implementation.plan import Plan
from golive.scenarios.implementation.traits import TRAITS
from golive.sim.implementation.parameters import PARAMETERS
from golive.sim.implementation.scorecard import GO_LIVE_SCORE_VERSION, Scorecard
from golive.sim.implementation.value import Value

PAGE = (Path(__file__).parents[3] / "docs" / "model.md").read_text(encoding="utf-8")
NAMES = {row.name for row in PARAMETERS}
FAMILIES = [
    re.compile(re.sub(r"<\w+>", "[a-z_]+", family)) for family in re.findall(r"\w+_<[\w<>]+>", PAGE)
]
"""Patterns of names such as ``skill_<role>_<workstream>``."""


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_page_names_every_parameter(name):
    alone = re.search(rf"(?<![\w<]){name}(?![\w<])", PAGE)
    assert alone or any(family.fullmatch(name) for family in FAMILIES)


def test_every_family_of_names_has_members():
    assert len(FAMILIES) >= 7
    for family in FAMILIES:
        assert any(family.fullmatch(name) for name in NAMES), family.pattern


def test_the_page_names_no_parameter_that_does_not_exist():
    known = NAMES | set(Plan.model_fields) | {f.name for f in dataclasses.fields(Scorecard)}
    known |= {*TRAITS, "add_capacity", "d_kind"}
    words = set(re.findall(r"(?<![\w<./])[a-z]+(?:_[a-z0-9]+)+(?![\w<(])", PAGE))
    assert words - known == set()


def test_the_page_has_a_row_for_each_part_of_the_value_and_for_each_trait():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    parts = [f"{field.name}_usd" for field in dataclasses.fields(Value)]
    assert rows == [*parts, *TRAITS]
    assert f"version {GO_LIVE_SCORE_VERSION}," in PAGE
