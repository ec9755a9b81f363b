"""What holds for every test: nobody's own cache is touched."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_result_cache():
    """Commands simulate what they are asked to; a test of the cache names one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOLIVE_CACHE", "off")
        for variable in ("GOLIVE_CACHE_SIZE", "GOLIVE_CACHE_TTL"):
            patch.delenv(variable, raising=False)
        yield
