"""Results that are kept, so that what was simulated once is not simulated again."""

from .keys import key_of, source_digest
from .location import open_cache, open_store
from .result_cache import ResultCache, Row, Value
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
