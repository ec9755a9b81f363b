"""The language of operations: closed, typed, and reversible until the load.

An operation is a frozen record that names tables and columns of the workspace. Those that change
tables are applied and undone exactly (``workspace``); the others (a profile, a question, a mock
load) only cost time, and what they tell is the world's business. Nothing outside this list can be
done: no code is run.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from ...core.errors import GoliveError
from ...core.records import Flag, Record
from ...scenarios.migration.vocabulary import TableName
from .habits import DateFormat

Text = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Row = Annotated[int, Field(strict=True, ge=0)]
Rows = Annotated[tuple[Row, ...], Field(min_length=1, max_length=200_000)]


class Normalisation(StrEnum):
    """Ways to bring the values of a column into one form."""

    TRIM = "trim"
    """No space or no-break space at the ends, one between words."""
    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"
    CODE = "code"
    """Only letters, digits and dashes."""
    UNICODE = "unicode"
    """UTF-8 that was read as code page 1252 is read again."""
    LEGAL_FORM = "legal_form"
    """Incorporated is Inc., Corporation Corp., Company Co., Limited Ltd."""
    STREET = "street"
    """St is Street, Rd Road, Ave. Avenue, str. straße, ..."""


class Reason(StrEnum):
    """Reasons for leaving a row behind."""

    DUPLICATE = "duplicate"
    INVALID = "invalid"
    OBSOLETE = "obsolete"
    UNKNOWN = "unknown"


class Question(StrEnum):
    """Questions that a key user can be asked."""

    DATE_ORDER = "date_order"
    UNIT = "unit"
    MEANING = "meaning"
    VALUE = "value"
    SAME_THING = "same_thing"


class _Operation(Record):
    # A space at the end of a value is what is wrong with it.
    model_config = ConfigDict(str_strip_whitespace=False)


class _OnTable(_Operation):
    table: Name


class _OnColumn(_OnTable):
    column: Name


class MapColumn(_OnColumn):
    """Say which of the target's columns a column is: it is called ``table.column`` then."""

    operation: Literal["map_column"] = "map_column"
    to_table: TableName
    to_column: Name


class DropColumn(_OnColumn):
    """Leave a column behind."""

    operation: Literal["drop_column"] = "drop_column"


class SplitColumn(_OnColumn):
    """Split a column in two at the first separator; without one the second part is empty."""

    operation: Literal["split_column"] = "split_column"
    separator: Annotated[str, Field(min_length=1, max_length=5)]
    into: tuple[Name, Name]


class JoinColumns(_OnTable):
    """Join two columns into one, with a separator between what is not empty."""

    operation: Literal["join_columns"] = "join_columns"
    columns: tuple[Name, Name]
    separator: Annotated[str, Field(max_length=5)]
    into: Name


class SplitTable(_OnTable):
    """Move columns into a table of their own, a row for each value of a key."""

    operation: Literal["split_table"] = "split_table"
    key: Name
    columns: Annotated[tuple[Name, ...], Field(min_length=1)]
    into: Name


class JoinTables(_OnTable):
    """Add the columns of another table where the keys are equal; the other table is gone."""

    operation: Literal["join_tables"] = "join_tables"
    other: Name
    key: Name
    other_key: Name


class CastDate(_OnColumn):
    """Read dates in a format; those that are in another one stay as they are."""

    operation: Literal["cast_date"] = "cast_date"
    format: DateFormat


class CastNumber(_OnColumn):
    """Read numbers with a decimal mark and perhaps one for thousands; others stay as they are."""

    operation: Literal["cast_number"] = "cast_number"
    decimal: Literal[".", ","]
    thousands: Literal["", ".", ",", "'", " "] = ""
    digits: Annotated[int, Field(strict=True, ge=0, le=3)]


class ConvertUnit(_OnColumn):
    """Multiply the numbers of some rows by a fraction; those that are no numbers stay."""

    operation: Literal["convert_unit"] = "convert_unit"
    rows: Rows
    multiply: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    divide: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class Normalise(_OnColumn):
    """Bring the values of a column into one form."""

    operation: Literal["normalise"] = "normalise"
    how: Normalisation


class PadZeros(_OnColumn):
    """Give numbers of digits their leading zeros back, up to a width."""

    operation: Literal["pad_zeros"] = "pad_zeros"
    width: Annotated[int, Field(strict=True, ge=1, le=40)]


class ReplaceValue(_OnColumn):
    """Put one value in place of another everywhere in a column; null: nothing."""

    operation: Literal["replace_value"] = "replace_value"
    value: Text
    by: Text | None


class LookUp(_OnColumn):
    """Fill what is empty from another table, by equal keys."""

    operation: Literal["look_up"] = "look_up"
    key: Name
    other: Name
    other_key: Name
    other_column: Name


class Fill(_OnColumn):
    """Fill what is empty with one value."""

    operation: Literal["fill"] = "fill"
    value: Annotated[str, Field(min_length=1, max_length=500)]


class SetCell(_OnColumn):
    """Set one cell by hand; null: nothing."""

    operation: Literal["set_cell"] = "set_cell"
    row: Row
    value: Text | None


class SwapCells(_OnTable):
    """Exchange the cells of two columns in some rows."""

    operation: Literal["swap_cells"] = "swap_cells"
    rows: Rows
    columns: tuple[Name, Name]


class AddRow(_OnTable):
    """Add a row that is missing, such as a line of a bill; columns not named are empty."""

    operation: Literal["add_row"] = "add_row"
    cells: Annotated[dict[Name, Text], Field(min_length=1)]


class MergeCluster(_OnTable):
    """Say that rows are one thing: one survives, and what refers to the others refers to it."""

    operation: Literal["merge_cluster"] = "merge_cluster"
    rows: Annotated[tuple[Row, ...], Field(min_length=2, max_length=1_000)]
    survivor: Row


class SetSurvivor(_OnColumn):
    """Take a value of a merged row for its survivor."""

    operation: Literal["set_survivor"] = "set_survivor"
    row: Row
    survivor: Row


class RejectRows(_OnTable):
    """Leave rows behind for good."""

    operation: Literal["reject_rows"] = "reject_rows"
    rows: Rows
    reason: Reason


class QuarantineRows(_OnTable):
    """Keep rows back until somebody has decided."""

    operation: Literal["quarantine_rows"] = "quarantine_rows"
    rows: Rows
    reason: Reason


class ReleaseRows(_OnTable):
    """Take rows back that were rejected, kept back or merged."""

    operation: Literal["release_rows"] = "release_rows"
    rows: Rows


class Profile(_OnTable):
    """Count values, gaps and shapes in every column."""

    operation: Literal["profile"] = "profile"


class Sample(_OnTable):
    """Look at some rows."""

    operation: Literal["sample"] = "sample"
    rows: Annotated[int, Field(strict=True, ge=1, le=1_000)]


class AskKeyUser(_OnColumn):
    """Ask a key user about rows of a column, or about the column if there are none."""

    operation: Literal["ask_key_user"] = "ask_key_user"
    question: Question
    rows: Annotated[tuple[Row, ...], Field(max_length=50)] = ()


class MockLoad(_Operation):
    """Load into a test system and see what it rejects."""

    operation: Literal["mock_load"] = "mock_load"
    masked: Flag = Field(default=True, description="Whether personal data is masked.")


class Reconcile(_Operation):
    """Compare rows and totals of both systems."""

    operation: Literal["reconcile"] = "reconcile"
    table: TableName


class SignOff(_Operation):
    """Have the data's owner sign a table."""

    operation: Literal["sign_off"] = "sign_off"
    table: TableName


class Load(_Operation):
    """Load into the production system; nothing can be undone after it."""

    operation: Literal["load"] = "load"


Change = (
    MapColumn
    | DropColumn
    | SplitColumn
    | JoinColumns
    | SplitTable
    | JoinTables
    | CastDate
    | CastNumber
    | ConvertUnit
    | Normalise
    | PadZeros
    | ReplaceValue
    | LookUp
    | Fill
    | SetCell
    | SwapCells
    | AddRow
    | MergeCluster
    | SetSurvivor
    | RejectRows
    | QuarantineRows
    | ReleaseRows
)
"""Operations that change tables."""
Operation = Change | Profile | Sample | AskKeyUser | MockLoad | Reconcile | SignOff | Load
"""All operations."""
CHANGES: tuple[type[Record], ...] = Change.__args__
OPERATIONS: tuple[type[Record], ...] = Operation.__args__

_ADAPTER: TypeAdapter[Operation] = TypeAdapter(
    Annotated[Operation, Field(discriminator="operation")]
)


def operation_name(kind: type[Record]) -> str:
    """Name of a kind of operation, as its field ``operation`` has it."""
    return str(kind.model_fields["operation"].default)


def parse_operation(data: Any) -> Operation:
    """The operation that plain data describes.

    Raises:
        GoliveError: there is no such operation, or a field of it is missing or wrong.
    """
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise GoliveError(f"operation: {place}: {first['msg']}") from None


def language_schema() -> dict[str, Any]:
    """JSON Schema of every operation."""
    return _ADAPTER.json_schema()
