"""Tells whether the hot modules in use are compiled."""

from __future__ import annotations

from importlib.machinery import ExtensionFileLoader
from importlib.util import find_spec


def is_compiled() -> bool:
    """True if golive was built with ``GOLIVE_COMPILED`` for this interpreter."""
    spec = find_spec(".arithmetic", __package__)
    return spec is not None and isinstance(spec.loader, ExtensionFileLoader)
