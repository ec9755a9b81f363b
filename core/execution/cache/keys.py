"""The key of a result: a hash of everything that the result is a function of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

_KEY_BYTES = 20


def key_of(parts: Mapping[str, object]) -> str:
    """The key of the result that these parts determine.

    Args:
        parts: JSON values by name; their order does not matter.

    Returns:
        40 hexadecimal digits: BLAKE2b (RFC 7693) over the parts' canonical JSON.

    Raises:
        TypeError: a part is not a JSON value.
        ValueError: a part is NaN or infinite, which no two texts of JSON agree on.
    """
    text = json.dumps(
        parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).hexdigest()
