"""Files are written whole or not at all, and refusals are one clear line."""

from __future__ import annotations

import errno
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.core.files import (
    check_output_directory,
    check_writable_file,
    json_text,
    prepare_output_directory,
    read_json,
    read_limited,
    removed_if_refused,
    write_bytes_atomically,
    write_text_atomically,
)


def _names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def _fail_with(code: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@dataclass
class Figures:
    value: float
    rows: tuple[float, ...]


def test_json_is_strict():
    content = {"a": math.nan, "b": [1.5, -math.inf], "c": Figures(math.inf, (0.5, math.nan))}
    written = json_text(content)
    wanted = {"a": None, "b": [1.5, None], "c": {"value": None, "rows": [0.5, None]}}
    assert json.loads(written, parse_constant=pytest.fail) == wanted
    assert json_text({"a": 1.5}, 2) == '{\n  "a": 1.5\n}'


def test_what_is_no_file_or_too_big_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big").write_bytes(bytes(11))
    for name, said in (
        ("pipe", "expected a log, found a pipe"),
        (".", "found a directory"),
        ("/dev/zero", "found something that is not a file"),
        ("none", "there is no such file"),
        ("big", "expected at most 10 bytes"),
    ):
        with pytest.raises(GoliveError, match=said):
            read_limited(tmp_path / name, 10, "a log")
    assert read_limited(tmp_path / "big", 11, "a log") == bytes(11)


def test_text_is_written_and_overwritten_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text_atomically(target, "first, longer")
    write_text_atomically(target, "größer")
    assert target.read_text(encoding="utf-8") == "größer"
    assert _names(tmp_path) == ["a.txt"]


def test_a_written_file_has_the_usual_permissions(tmp_path: Path) -> None:
    plain, atomic = tmp_path / "plain", tmp_path / "atomic"
    plain.write_text("")
    write_text_atomically(atomic, "")
    assert atomic.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "not writable")]
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str, step: str
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    owner = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, _fail_with(code))
    with pytest.raises(GoliveError, match=words) as caught:
        write_bytes_atomically(target, b"new")
    assert str(target) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.bin"]


def test_an_interrupted_write_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.bin"]


def test_writing_over_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match="it is a directory"):
        write_text_atomically(tmp_path, "")


def test_writing_into_a_missing_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match="its directory does not exist"):
        write_text_atomically(tmp_path / "none" / "a", "")


def test_an_output_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    made = prepare_output_directory(tmp_path / "a" / "b")
    assert made.is_dir()
    assert _names(made) == []
    assert prepare_output_directory(made) == made


def test_a_file_is_no_output_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GoliveError, match="it exists and is a file"):
        prepare_output_directory(tmp_path / "file")
    with pytest.raises(GoliveError, match="a part of its path is a file"):
        prepare_output_directory(tmp_path / "file" / "below")


def test_a_full_disk_is_found_before_the_work_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", _fail_with(errno.ENOSPC))
    with pytest.raises(GoliveError, match="the disk is full"):
        prepare_output_directory(tmp_path)
    assert _names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(GoliveError, match="not writable"):
        prepare_output_directory(tmp_path)
    with pytest.raises(GoliveError, match="not writable"):
        write_text_atomically(tmp_path / "a", "")


def test_a_refused_directory_goes_with_the_parents_made_for_it(tmp_path: Path) -> None:
    with pytest.raises(GoliveError), removed_if_refused(tmp_path / "a/b", lambda: False):
        (prepare_output_directory(tmp_path / "a/b") / "plan.json").touch()
        raise GoliveError("refused")
    assert _names(tmp_path) == []


def test_what_others_keep_beside_a_refused_directory_stays(tmp_path: Path) -> None:
    with pytest.raises(GoliveError), removed_if_refused(tmp_path / "runs/a", lambda: False):
        prepare_output_directory(tmp_path / "runs/a")
        (tmp_path / "runs/b").mkdir()
        raise GoliveError("refused")
    assert _names(tmp_path / "runs") == ["b"]


@pytest.mark.parametrize("used", [True, False])
def test_a_directory_that_is_used_or_held_files_before_stays(tmp_path: Path, used: bool) -> None:
    if not used:
        (tmp_path / "mine").touch()
    with pytest.raises(KeyboardInterrupt), removed_if_refused(tmp_path, lambda: used):
        (tmp_path / "made").touch()
        raise KeyboardInterrupt
    assert "made" in _names(tmp_path)


def test_seeing_whether_files_and_directories_can_be_written_makes_none(tmp_path: Path) -> None:
    check_writable_file(tmp_path / "a.txt")
    check_output_directory(tmp_path / "a/b/c")
    assert _names(tmp_path) == []
    for path in (tmp_path / "no/a.txt", tmp_path, Path(os.devnull)):
        with pytest.raises(GoliveError, match="cannot be written"):
            check_writable_file(path)
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file/a", tmp_path / ("x" * 300)):
        with pytest.raises(GoliveError, match="cannot be used as output directory"):
            check_output_directory(path)


def test_a_device_is_not_replaced_by_a_file() -> None:
    with pytest.raises(GoliveError, match="it is something that is not a file"):
        write_bytes_atomically(os.devnull, b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a thing or damaged: not JSON"),
        ("[NaN]", "NaN is not a number of JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "not JSON"),
        (b"\xff", "utf-8"),
        ("[1" + " " * 200_000 + "]", "too big"),
    ],
)
def test_json_that_is_none_is_one_line(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(GoliveError, match=words) as caught:
        read_json(path, "a thing", 200_000)
    assert "\n" not in str(caught.value)
