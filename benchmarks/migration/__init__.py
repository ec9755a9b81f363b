"""Measures the data migration; ``command`` is the dial of difficulty."""

from __future__ import annotations

from golive.core.lazy_names import lazy_names

__getattr__ = lazy_names(__name__, difficulty="command")
