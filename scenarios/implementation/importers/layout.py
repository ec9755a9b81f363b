"""Layouts of tables of tasks: which column of which tool's export says what."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ....core.errors import GoliveError
from ....core.problems import validated
from ....core.records import FirstVersion, Number, Record
from ....core.yaml_reader import read_document
from .amounts import Decimal, TimeUnit
from .names import heading

FOLDER = Path(__file__).parent / "layouts"
DEFAULT = "golive"
Heading = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class TableField(StrEnum):
    """Fields of a task that a column can hold."""

    ID = "id"
    OTHER_ID = "other_id"
    NAME = "name"
    EFFORT = "effort"
    DURATION = "duration"
    ROLE = "role"
    PREDECESSORS = "predecessors"
    SUCCESSORS = "successors"
    WORKSTREAM = "workstream"
    DEPARTMENT = "department"
    SITE = "site"
    KEY_USER_HOURS = "key_user_hours"
    LEVEL = "level"
    OUTLINE = "outline"
    PARENT = "parent"
    CONTEXT = "context"
    SUMMARY = "summary"
    MILESTONE = "milestone"
    ACTIVE = "active"
    COMPLETE = "complete"
    STATUS = "status"
    START = "start"
    FINISH = "finish"


class TableLayout(Record):
    """Columns of a table of tasks, as a tool exports it."""

    schema_version: FirstVersion = Field(default=1, description="Version of this format.")
    title: Heading = Field(description="Which tool's export it is.")
    required: tuple[Heading, ...] = Field(
        min_length=1, description="Headings by which the layout is known: all must be there."
    )
    columns: dict[TableField, tuple[Heading, ...]] = Field(
        description="Headings of each field; of several the first that a row fills counts. "
        "Capitals, blanks and marks do not matter."
    )
    units: dict[Literal["effort", "duration", "key_user_hours"], TimeUnit] = Field(
        default_factory=dict, description="Unit of a number that has none; otherwise hours."
    )
    decimal: Decimal = Field(
        default=Decimal.POINT, description="Mark of fractions, where a number leaves it open."
    )
    encoding: Literal["utf-8", "windows-1252"] = Field(
        default="utf-8", description="Encoding of files that are not UTF-8 or UTF-16."
    )
    row_numbers: bool = Field(
        default=False, description="Whether predecessors are numbers of rows, from 1."
    )
    captions_below: bool = Field(
        default=False, description="Whether a second heading stands below the first."
    )
    groups: bool = Field(
        default=False, description="Whether lines of one cell name the group of those below."
    )
    parents_add: bool = Field(
        default=False,
        description="Whether a parent's hours are beside those of its tasks, not their sum.",
    )
    outside_links: bool = Field(
        default=False,
        description="Whether links may be to tasks that are not in the file: listed, not refused.",
    )
    note: Heading | None = Field(
        default=None, description="What the tool's export leaves out, listed with what is read."
    )
    hours_if_none: Number | None = Field(
        default=None,
        gt=0.0,
        le=1_000.0,
        description="Hours of a task of which the table says none: a guess, listed as such.",
    )

    @cached_property
    def by_heading(self) -> dict[str, tuple[TableField, int]]:
        """The field of each heading, and its place among those of that field."""
        found: dict[str, tuple[TableField, int]] = {}
        for name, headings in self.columns.items():
            for place, words in enumerate(headings):
                found.setdefault(heading(words), (name, place))
        return found

    def reads(self, headings: Collection[str]) -> bool:
        """True when a heading line has names of tasks, and their ids if they need any.

        Args:
            headings: of the line, as ``names.heading`` has them.
        """
        plain = {re.sub(r" [0-9]{1,2}$", "", words) for words in headings}
        known = {self.by_heading[words][0] for words in plain if words in self.by_heading}
        needs_ids = TableField.ID in self.columns and not self.row_numbers
        return TableField.NAME in known and (TableField.ID in known or not needs_ids)

    def fits(self, headings: Collection[str]) -> bool:
        """True when a heading line has all the columns by which the layout is known.

        Args:
            headings: of the line, as ``names.heading`` has them.
        """
        for words in map(heading, self.required):
            one = self.by_heading.get(words)
            same = () if one is None else map(heading, self.columns[one[0]])
            if {words, *same}.isdisjoint(headings):
                return False
        return True


def layout_names() -> tuple[str, ...]:
    """Names of the layouts that come with golive, its own first."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT))


@cache
def shipped_layout(name: str) -> TableLayout:
    """A layout that comes with golive."""
    return validated(TableLayout, read_document(FOLDER / f"{name}.yaml"))


def named_layout(name: str) -> TableLayout:
    """A layout by its name, or by the path of a file of one's own.

    Raises:
        GoliveError: there is none of that name, or the file is no layout.
    """
    if name in layout_names():
        return shipped_layout(name)
    if name.endswith((".yaml", ".yml")):
        return validated(TableLayout, read_document(Path(name)))
    known = ", ".join(layout_names())
    raise GoliveError(f"--from: {name!r}: expected one of {known}, or a .yaml file of a layout")
