"""OCEL 2.0 in JSON."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....core.files import read_limited
from .values import parse_json

_MOST_BYTES = 2 << 30


def load_json(path: Path) -> Any:
    """The content of a file.

    Raises:
        GoliveError: it cannot be read, is too big, no UTF-8 or no JSON.
    """
    data = read_limited(path, _MOST_BYTES, "OCEL 2.0 in JSON")
    try:
        return parse_json(data)
    except UnicodeDecodeError:
        raise GoliveError(f"{path}: expected a text file encoded in UTF-8") from None
    except json.JSONDecodeError as error:
        raise GoliveError(f"{path}:{error.lineno}: not valid JSON: {error.msg}") from None
    except ValueError as error:
        raise GoliveError(f"{path}: {error}: expected OCEL 2.0 in JSON") from None


def dump_json(content: Any, _left_out: Counter[str]) -> bytes:
    """A content as a document, which has a place for all of it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode("utf-8", "replace")
