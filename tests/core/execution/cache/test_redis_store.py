"""The store on a server: URLs, a server that goes away, what is shown of a password."""

from __future__ import annotations

import builtins

import pytest
import redis

from golive.core.errors import GoliveError
from golive.core.execution.cache import CacheUnavailable, Limits, ResultCache
from golive.core.execution.cache.redis_store import RedisStore


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost", "redis://localhost"),
        ("redis://user:secret@host:6380/2", "redis://***@host:6380/2"),
        ("rediss://:secret@host/0?ssl_cert_reqs=none", "rediss://***@host/0"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock"),
    ],
)
def test_a_place_is_shown_without_its_password(url, shown):
    assert RedisStore(url).location == shown


@pytest.mark.parametrize(
    "url",
    ["redis://", "redis:///0", "redis://host/zero", "redis://host:0", "http://host", "unix://"],
)
def test_a_wrong_url_is_refused_with_what_is_expected(url):
    with pytest.raises(GoliveError, match=r"expected redis://host:port/database"):
        RedisStore(url)


@pytest.mark.parametrize("url", ["redis://host:99999", "redis://host:port", "redis://[::1/0"])
def test_a_url_that_cannot_be_read_is_refused(url):
    with pytest.raises(GoliveError, match="a Redis URL that cannot be read"):
        RedisStore(url)


def test_a_wrong_option_is_refused():
    with pytest.raises(GoliveError, match="cache: redis://host/0: "):
        RedisStore("redis://host/0?socket_timeout=soon")


def test_without_the_package_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def absent(name, *arguments):
        if name.partition(".")[0] == "redis":
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(GoliveError, match=r"pip install 'golive\[redis\]'"):
        RedisStore("redis://host")


def test_a_server_that_is_not_there_is_unavailable(server):
    server.stop()
    with pytest.raises(CacheUnavailable, match=r"cache redis://127\.0\.0\.1:.*refused"):
        RedisStore(server.url).get_many(["a"])


def test_work_goes_on_when_the_server_goes_away(server):
    warnings = []
    with ResultCache(RedisStore(server.url), warn=warnings.append) as cache:
        cache.put_many({"a": {"seed": 1}})
        assert cache.statistics().location == server.url
        server.stop()
        cache.put_many({"b": {"seed": 2}})
        assert cache.get_many(["a", "b", "c"]) == {"a": {"seed": 1}, "b": {"seed": 2}}
    assert len(warnings) == 1
    assert warnings[0].endswith("going on without this cache")


def test_another_password_is_unavailable_not_a_crash(server):
    store = RedisStore(server.url.replace("//", "//nobody:wrong@"))
    with pytest.raises(CacheUnavailable) as refusal:
        store.get_many(["a"])
    assert "wrong@" not in str(refusal.value)
    store.close()


def test_other_keys_of_the_server_are_left_alone(server):
    store, client = RedisStore(server.url), redis.Redis.from_url(server.url)
    client.set("theirs", "1")
    store.put_many({"a": b"1"})
    store.clear()
    assert client.keys() == [b"theirs"]
    store.close()
    client.close()


def test_the_server_itself_lets_entries_expire(server):
    store = RedisStore(server.url, Limits(time_to_live_seconds=3_600.0))
    client = redis.Redis.from_url(server.url)
    store.put_many({"a": b"1"})
    assert 3_590 < client.ttl("golive:cache:a") <= 3_600
    store.close()
    client.close()


def test_a_place_that_holds_something_else_is_unavailable(server):
    client = redis.Redis.from_url(server.url)
    client.set("golive:cache:sizes", "theirs")
    store = RedisStore(server.url)
    with pytest.raises(CacheUnavailable, match="WRONGTYPE"):
        store.statistics()
    store.close()
    client.close()
