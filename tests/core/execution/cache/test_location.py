"""Which cache is meant, and how much it may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.core.execution.cache import open_cache, open_store
from golive.core.execution.cache.location import (
    format_size,
    limits_from_environment,
    parse_age,
    parse_size,
)
from golive.core.execution.cache.redis_store import RedisStore
from golive.core.execution.cache.store import Limits


def test_a_file_a_folder_and_a_server_are_told_apart(tmp_path):
    assert open_store(tmp_path / "x.sqlite").location == str(tmp_path / "x.sqlite")
    assert open_store(tmp_path).location == str(tmp_path / "results.sqlite")
    assert open_store(tmp_path / "new").location == str(tmp_path / "new" / "results.sqlite")
    assert isinstance(open_store("redis://localhost:1/0"), RedisStore)


def test_the_environment_names_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("GOLIVE_CACHE", str(tmp_path / "x.sqlite"))
    with open_cache() as cache:
        assert cache.location == str(tmp_path / "x.sqlite")
    with open_cache(tmp_path / "y.sqlite") as cache:
        assert cache.location == str(tmp_path / "y.sqlite")


@pytest.mark.parametrize("value", [None, ""])
def test_without_it_the_users_cache_directory_is_the_default(monkeypatch, value):
    import platformdirs

    if value is None:
        monkeypatch.delenv("GOLIVE_CACHE")
    else:
        monkeypatch.setenv("GOLIVE_CACHE", value)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name, **_: Path("/caches", name))
    assert open_store().location == str(Path("/caches/golive/results.sqlite"))


def test_off_is_no_cache(monkeypatch):
    assert open_cache("off") is None
    monkeypatch.setenv("GOLIVE_CACHE", "off")
    assert open_cache() is None
    assert open_store() is None


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(GoliveError, match=r"notes.txt: expected a folder, or a file that ends in"):
        open_cache(path)
    with pytest.raises(GoliveError, match="https://: expected a file or one of redis://"):
        open_cache("https://example.org")


def test_limits_come_from_the_environment(monkeypatch):
    assert limits_from_environment() == Limits()
    monkeypatch.setenv("GOLIVE_CACHE_SIZE", "2GB")
    monkeypatch.setenv("GOLIVE_CACHE_TTL", "30d")
    limits = limits_from_environment()
    assert limits.store_bytes == 2_000_000_000
    assert limits.time_to_live_seconds == 30 * 86_400


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GOLIVE_CACHE_SIZE", "much"), ("GOLIVE_CACHE_SIZE", "0MB"), ("GOLIVE_CACHE_TTL", "soon")],
)
def test_a_wrong_limit_names_its_variable(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(GoliveError, match=f"{variable}: '{value}': expected a"):
        open_cache("x")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("1.5h", 5_400), ("2w", 1_209_600)]
)
def test_ages_are_read(text, seconds):
    assert parse_age(text, "--older-than") == seconds


@pytest.mark.parametrize("text", ["30", "d", "-1d", "1 day", "nand"])
def test_other_ages_are_refused(text):
    with pytest.raises(GoliveError, match="--older-than"):
        parse_age(text, "--older-than")


@pytest.mark.parametrize(
    ("text", "size"), [("12B", 12), ("800kb", 800_000), ("1.5 GB", 1_500_000_000)]
)
def test_sizes_are_read(text, size):
    assert parse_size(text, "size") == size


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 KB"), (5_400_000_000, "5.4 GB")]
)
def test_sizes_are_shown(size, text):
    assert format_size(size) == text
