"""Stores of every kind, under a clock that the test turns."""

from __future__ import annotations

import threading

import pytest
from fakeredis import TcpFakeServer

from golive.core.execution.cache import Limits
from golive.core.execution.cache.redis_store import RedisStore
from golive.core.execution.cache.sqlite_store import SqliteStore


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def warnings():
    """What was warned of; the fixture is what the store and the cache call."""
    return []


class Server:
    """A Redis server on a real port, in threads of this process."""

    def __init__(self) -> None:
        self._server = TcpFakeServer(("127.0.0.1", 0))
        self._server.daemon_threads = True
        self.url = f"redis://127.0.0.1:{self._server.server_address[1]}/0"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, and hang up on whoever is connected."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "redis"])
def open_store(request, tmp_path, clock):
    """Opens the same place again and again: ``open_store(Limits(...))``."""
    opened = []
    if request.param == "redis":
        url = request.getfixturevalue("server").url

    def open_it(limits=None):
        limits = limits or Limits()
        if request.param == "redis":
            store = RedisStore(url, limits, clock=clock)
        else:
            store = SqliteStore(tmp_path / "x.sqlite", limits, clock=clock, warn=pytest.fail)
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()
