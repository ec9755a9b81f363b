"""What the command line says and exits with when something goes wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from golive.cli.exits import code_of
from golive.core.errors import GoliveError


def golive(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "golive", *arguments]
    return subprocess.run(command, text=True, check=False, **({"capture_output": True} | options))  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (GoliveError("a.yaml:3: weeks: 0: expected 1..52"), 2, "error: a.yaml:3: weeks: 0: exp"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (typer.BadParameter("not so"), 2, "error: Invalid value: not so\n"),
        (PermissionError(errno.EACCES, "x", "/etc/a"), 2, "error: /etc/a: it is not writable\n"),
        (OSError(errno.ENOSPC, "x", "out.json"), 2, "error: out.json: the disk is full\n"),
        (typer.Exit(1), 1, ""),
    ],
    ids=["bad input", "interruption", "bad usage", "permission", "disk full", "judged"],
)
def test_each_known_error_is_one_line_and_its_code(
    error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(error) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert printed.err.count("\n") == (1 if line else 0)


def test_an_error_in_golive_shows_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ZeroDivisionError("unexpected")

    with pytest.raises(ZeroDivisionError) as caught:
        fail()
    assert code_of(caught.value) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("Traceback")
    assert "in fail" in printed
    assert "ZeroDivisionError: unexpected" in printed


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["simulate", "--nonsense"], ["simulate"], ["simulate", "--seed", "-1"]],
    ids=["no such command", "no such option", "nothing to simulate", "out of range"],
)
def test_wrong_usage_is_one_line_on_stderr_and_two(arguments: Sequence[str]) -> None:
    done = golive(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("form", ["json", "table"])
def test_a_reader_that_goes_away_is_no_error(form: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = golive(
        "parameters",
        "--format",
        form,
        capture_output=False,
        stdout=write_end,
        stderr=subprocess.PIPE,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = golive(
            "parameters",
            "--format",
            "json",
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert (done.returncode, done.stderr) == (2, "error: the disk is full\n")
