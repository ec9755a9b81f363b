"""Mapping files: which column of a file is which of the target's; proposed, corrected by people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from ...core.problems import validated
from ...core.records import FirstVersion, Name, Record, Share
from ...core.yaml_reader import read_document
from ...scenarios.migration.vocabulary import TableName
from ...sim.migration.target import TARGET

Header = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=False)]
Line = Annotated[str, StringConstraints(max_length=1_000)]
MOST_COLUMNS = 2_000


class MappedColumn(Record):
    """A column of the file: ``column`` is what it is in the target, absent if that is open."""

    header: Header = Field(description="As it stands in the file.")
    column: Name | None = Field(
        default=None, description="Of the target table; absent: not mapped."
    )
    confidence: Share | None = Field(default=None, description="Of the proposal, in [0, 1].")
    format: Name | None = Field(default=None, description="Of dates, such as %d.%m.%Y.")
    decimal: Name | None = Field(
        default=None, description="Mark before the decimals: point or comma."
    )
    reasons: tuple[Line, ...] = Field(default=(), description="Why; nothing reads them.")


class SourceTable(Record):
    """File and table that the columns stand in."""

    file: Line
    customer: Name | None = Field(
        default=None, description="Whose table: counted once by what is learned."
    )
    table: Line = Field(description="Sheet, record type or name of the file.")
    header_line: Annotated[int, Field(ge=0)] = Field(description="From 1; 0 if there is none.")


class MappingFile(Record):
    """A mapping of the columns of one table to a table of the target."""

    golive_mapping: FirstVersion = Field(default=1, description="Version of the format.")
    source: SourceTable
    to: TableName
    confidence: Share | None = Field(default=None, description="That it is this table.")
    columns: tuple[MappedColumn, ...] = Field(min_length=1, max_length=MOST_COLUMNS)
    missing: tuple[Name, ...] = Field(default=(), description="Columns of the target that none is.")

    @model_validator(mode="after")
    def _fits(self) -> MappingFile:
        known = TARGET[self.to].names
        used = Counter(one.column for one in self.columns if one.column is not None)
        for column, count in used.items():
            if column not in known:
                raise ValueError(f"{column!r} is no column of {self.to}: {', '.join(known)}")
            if count > 1:
                raise ValueError(f"{column!r} is mapped {count} times: expected once")
        return self


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping file.

    Raises:
        GoliveError: it cannot be read, is no YAML or no mapping of the target's columns.
    """
    return validated(MappingFile, read_document(path))
