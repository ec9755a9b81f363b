"""Results that are kept, so that what was simulated once is not simulated again."""

from .entries import Row, Value
from .keys import key_of
from .location import open_cache, open_store
from .result_cache import ResultCache
from .source import source_digest
from .store import CacheStatistics, CacheUnavailable, Limits, Store

__all__ = [
    "CacheStatistics",
    "CacheUnavailable",
    "Limits",
    "ResultCache",
    "Row",
    "Store",
    "Value",
    "key_of",
    "open_cache",
    "open_store",
    "source_digest",
]
