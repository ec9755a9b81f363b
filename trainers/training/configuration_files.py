"""Configurations of any kind as files: read, checked, changed from the command line, written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ...core.problems import validated
from ...core.records import RecordT
from ...core.yaml_reader import Document, read_document


def read_record(model: type[RecordT], path: Path) -> RecordT:
    """Read and validate a YAML file.

    Raises:
        GoliveError: missing, not YAML, or a field that is missing, unknown, wrongly typed,
            out of range or contradictory.
    """
    return validated(model, read_document(path))


def parse_record(model: type[RecordT], data: dict[str, Any], source: str) -> RecordT:
    """Validate what would stand in a file; ``source`` is what errors call it.

    Raises:
        GoliveError: as for a file.
    """
    return validated(model, Document(Path(source), data))


def changed_record(record: RecordT, changes: Mapping[str, Any]) -> RecordT:
    """A record with some fields changed; a mapping changes fields within a field.

    Raises:
        GoliveError: as for a file; it is called the command line.
    """
    data = record.model_dump(mode="json")
    for name, value in changes.items():
        is_within = isinstance(value, dict) and isinstance(data.get(name), dict)
        data[name] = data[name] | value if is_within else value
    return parse_record(type(record), data, "command line")


def record_text(record: RecordT) -> str:
    """The whole record as YAML, defaults written out."""
    return yaml.safe_dump(record.model_dump(mode="json"), sort_keys=False)


def record_schema(model: type[RecordT]) -> str:
    """JSON Schema of the file."""
    return json.dumps(model.model_json_schema(), indent=2)
