"""How rarely garbage is collected where many worlds live."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from golive.core.garbage import collect_rarely
from golive.envs.vector import WorldVectorEnv


@pytest.fixture(autouse=True)
def _as_found() -> Iterator[None]:
    found = gc.get_threshold()
    yield
    gc.set_threshold(*found)


def test_it_is_collected_more_rarely_and_never_more_often() -> None:
    gc.set_threshold(700, 10, 10)
    collect_rarely()
    assert gc.get_threshold()[0] == 50_000
    gc.set_threshold(1_000_000, 10, 10)
    collect_rarely()
    assert gc.get_threshold()[0] == 1_000_000


def test_a_collector_that_is_off_stays_off() -> None:
    gc.set_threshold(0, 10, 10)
    collect_rarely()
    assert gc.get_threshold()[0] == 0


def test_environments_in_this_process_have_it_collected_rarely() -> None:
    gc.set_threshold(700, 10, 10)
    WorldVectorEnv(2, workers=0).close()
    assert gc.get_threshold()[0] == 50_000
