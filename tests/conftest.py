"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def ray_session() -> Iterator[None]:
    """Ray on this machine, once for all tests of a process that want it."""
    from golive.trainers.execution.ray_session import ray_session

    with ray_session(None, 2):
        yield
