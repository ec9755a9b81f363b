"""``golive cache`` and the cache of ``golive evaluate`` as a user meets them."""

from __future__ import annotations

import io
import json
import sys

import pytest

from golive.cli.app import run
from golive.core.execution.cache import ResultCache
from golive.core.execution.cache.sqlite_store import SqliteStore
from golive.trainers.evaluation import runner

EVALUATE = ["evaluate", "--policies", "do_nothing", "--episodes", "2", "--workers", "1", "--json"]


@pytest.fixture
def place(tmp_path):
    """A file with two entries, put in 1970."""
    path = tmp_path / "x.sqlite"
    with ResultCache(SqliteStore(path, clock=lambda: 100.0)) as cache:
        cache.put_many({"a": {"seed": 1}, "b": {"seed": 2}})
        cache.get_many(["a", "b", "c"])
    return path


def refuse_tasks(_function, tasks, **_others):
    assert not tasks
    yield from ()


class Terminal(io.StringIO):
    """A terminal at which somebody types an answer."""

    def isatty(self) -> bool:
        return True


def entries(place) -> int:
    store = SqliteStore(place)
    try:
        return store.statistics().entries
    finally:
        store.close()


def test_stats_say_what_is_in_it_and_what_it_was_good_for(place, capsys):
    assert run(["cache", "stats", "--cache", str(place)]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["cache"] == str(place)
    assert lines["episodes"] == "2"
    assert lines["hits"] == "2 (67 %)"
    assert lines["misses"] == "1"
    assert lines["oldest"].startswith("19")


def test_stats_as_json(place, capsys):
    assert run(["cache", "stats", "--cache", str(place), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["entries"] == 2
    assert content["hit_rate"] == pytest.approx(2 / 3)
    assert content["oldest_seconds"] == 100.0
    assert content["size_limit_bytes"] == 500_000_000


def test_stats_of_a_cache_that_is_not_there(tmp_path, capsys):
    assert run(["cache", "stats", "--cache", str(tmp_path / "none")]) == 0
    out = capsys.readouterr().out
    assert "episodes     0" in out
    assert "hits         0 (-)" in out
    assert list(tmp_path.iterdir()) == []


def test_clear_deletes_and_says_how_many(place, capsys):
    assert run(["cache", "clear", "--yes", "--cache", str(place)]) == 0
    assert capsys.readouterr().out == f"{place}: 2 episodes deleted\n"
    assert entries(place) == 0


def test_clear_by_age(place, capsys):
    with ResultCache(SqliteStore(place)) as cache:
        cache.put_many({"new": {"seed": 1}})
    assert run(["cache", "clear", "--yes", "--older-than", "1d", "--cache", str(place)]) == 0
    assert "2 episodes deleted" in capsys.readouterr().out
    assert entries(place) == 1


@pytest.mark.parametrize(("answer", "code", "left"), [("y\n", 0, 0), ("n\n", 130, 2)])
def test_clear_asks_at_a_terminal(place, capsys, monkeypatch, answer, code, left):
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert run(["cache", "clear", "--cache", str(place)]) == code
    assert "Delete all 2 episodes (" in capsys.readouterr().err
    assert entries(place) == left


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clear"], "--yes: missing: expected it where nobody can be asked"),
        (["clear", "--yes", "--older-than", "soon"], "--older-than: 'soon': expected a number"),
        (["stats", "--cache", "off"], "cache: it is off"),
        (["stats", "--cache", "ftp://x"], "ftp://: expected a file or one of redis://"),
        (["stats", "--cache", "redis://127.0.0.1:1/0"], "cache redis://127.0.0.1:1/0: "),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(place, capsys, arguments, message):
    place = [] if "--cache" in arguments else ["--cache", str(place)]
    assert run(["cache", *arguments, *place]) == 2
    error = capsys.readouterr().err.strip()
    assert len(error.splitlines()) == 1
    assert error.startswith("error: ")
    assert message in error


def test_evaluate_uses_the_cache_by_default_and_says_so(tmp_path, capsys, monkeypatch):
    place = tmp_path / "x.sqlite"
    monkeypatch.setenv("GOLIVE_CACHE", str(place))
    assert run(EVALUATE) == 0
    first = capsys.readouterr()
    assert "Cache:" not in first.err
    with monkeypatch.context() as patch:
        patch.setattr(runner, "map_chunks", refuse_tasks)
        assert run(EVALUATE) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert f"Cache: 2 of 2 episodes from {place}\n" in second.err
    assert run([*EVALUATE, "--no-cache"]) == 0
    third = capsys.readouterr()
    assert third.out == first.out
    assert "Cache:" not in third.err
    assert run(["cache", "stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["store_hits"] == 2  # the third asked for nothing


def test_evaluate_goes_on_without_a_cache_that_cannot_be_used(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert run([*EVALUATE, "--cache", str(tmp_path / "file" / "x.sqlite")]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["plan"]["episodes"] == 2
    warnings = [line for line in printed.err.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1
    assert warnings[0].endswith("going on without this cache")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cache", "x.sqlite", "--no-cache"], "--no-cache: given with --cache"),
        (["--cache", "gopher://x"], "gopher://: expected a file or one of"),
    ],
)
def test_a_wrong_place_is_met_before_the_first_episode(capsys, arguments, message):
    assert run([*EVALUATE, *arguments]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]
