"""The frame of the command line."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest
import typer

import golive
from golive.cli.app import build, run
from golive.core.compiled import is_compiled

COMMANDS = {
    "bench",
    "cache",
    "calibrate",
    "check-world",
    "crossplay",
    "dataset",
    "demo",
    "evaluate",
    "export",
    "gate",
    "gateway",
    "learn",
    "log",
    "mcp",
    "migration",
    "mine",
    "ope",
    "openenv",
    "opponent",
    "parameters",
    "plan",
    "play",
    "policies",
    "record",
    "scenario",
    "sensitivity",
    "simulate",
    "team",
    "train",
    "tune",
    "tune-expert",
    "validate",
    "worlds",
}

HEAVY = {
    "faker",
    "matplotlib",
    "mesa",
    "pandas",
    "pettingzoo",
    "polars",
    "ray",
    "sb3_contrib",
    "scipy",
    "stable_baselines3",
    "torch",
}


def test_the_version_is_that_of_the_installed_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    built = " (compiled)" if is_compiled() else ""
    assert capsys.readouterr().out == f"golive {version('golive')}{built}\n"
    assert golive.__version__ == version("golive")


def test_every_command_is_there_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    commands = typer.main.get_command(build()).commands  # type: ignore[attr-defined]
    assert set(commands) == COMMANDS
    for name in commands:
        assert run([name, "--help"]) == 0
        assert name in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["scenario"]], ids=["golive", "a group"])
def test_without_a_command_the_help_is_printed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert "Usage:" in printed.out
    assert printed.err == ""


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys, golive.__main__\n"
        "from golive.cli.app import run\n"
        "code = run(['--help'])\n"
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    code, *loaded = done.stdout.splitlines()[-1].split()
    assert code == "0"
    assert "typer" in loaded
    assert HEAVY.isdisjoint(loaded)


def test_importing_golive_loads_no_more_than_the_registration() -> None:
    program = "import sys, golive; print(*[n for n in sys.modules if n.startswith('golive.')])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    ground = {"golive.core", "golive.core.errors", "golive.core.registry", "golive.core.worlds"}
    assert set(done.stdout.split()) <= {"golive.envs", "golive.envs.registration", *ground}


def test_every_public_name_is_there() -> None:
    for name in golive.__all__:
        assert getattr(golive, name) is not None
        assert name in dir(golive)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        golive.nonsense  # noqa: B018
