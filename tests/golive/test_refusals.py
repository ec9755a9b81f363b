"""Wrong arguments: one clear line, exit code 2, nothing left behind, and nothing waited for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from golive.cli.app import build, run

HUGE = "9" * 24
PIPE = "a pipe"
DEVICE = "something that is not a file"
ABSENT = "there is no such file"
FILES_OF_COMMANDS = {
    "scenario": "scenario show {}.yaml",
    "training": "train --out new --config {}.yaml",
    "search": "tune --out new --space {}.yaml",
    "parameters": "train --out new --parameters {}.yaml",
    "learning": "learn nonsense-v0 --out new --config {}.yaml",
    "suite": "evaluate --policies expert --out new --suite {}.yaml",
    "policy": "evaluate --policies {}.policy --out new",
    "sampled": "simulate furniture --policy sampled:{}.policy",
    "named policy": "gate --out new --policy mine={}.policy",
    "policy of a profile": "simulate --profile sandbox --out new --policy {}.policy",
    "policy to record": "record --standard --out new --trained {}.policy",
    "policy to validate": "validate --out new --policy {}.policy",
    "policy to attack": "opponent train --out new.yaml --against {}.policy",
    "gate": "gate --policy expert --out new --gate {}.yaml",
    "report": "gate --check {}.json",
    "snapshot": "simulate --from-snapshot {}.json",
    "profile": "simulate --out new --profile {}.yaml",
    "baseline": "bench --suite ci --against {}.json",
    "XES": "mine {}.xes --out new.yaml",
    "CSV": "log convert {}.csv new.xes",
    "OCEL": "log convert {}.json new.xes",
    "Parquet": "mine {}.parquet --out new.yaml",
    "mapping": "mine a.xes --mapping {}.yaml --out new.yaml",
    "plan": "plan show {}.yaml",
    "project": "plan import {}.xml --out new.yaml",
}
"""Commands that read a file, each with the place of its name."""

WRONG = {
    "train --out new --steps 0": "--steps",
    f"train --out new --steps {HUGE}": "--steps",
    "train --out new --seed 4294967296": "seed",
    f"train --out new --workers {HUGE}": "--workers",
    "train --out new --minutes nan": "--minutes",
    "train --out new --config big.yaml": "ppo.net_arch: [1000000000]: a policy of 2 TB",
    "train --out new --config wide.yaml": "memory: at least 202 TB are needed",
    "train --out new --callback nonsense": "callback",
    "train --out new --backend ray --ray-address nonsense": "ray address: nonsense",
    "train --out file": "file: cannot be used as output directory: it exists and is a file",
    "train --out file/new": "a part of its path is a file",
    "train --out full": "exists and is not empty",
    "train --out new --resume": "no training to resume",
    "tune big.yaml --out new": "ppo.net_arch",
    "tune --out new --trials 0": "--trials",
    f"tune --out new --trials {HUGE}": "--trials",
    "tune --out new --workers 0": "--workers",
    "tune --out new --ray-address nonsense": "ray address: nonsense",
    "learn --out new": "expected a dataset",
    f"learn a-v0 --out new --steps {HUGE}": "--steps",
    "learn a-v0 --out new": "there is none at",
    "evaluate --policies nonsense --out new": "policy: 'nonsense'",
    "evaluate --policies , --out new": "policies: none given",
    "evaluate --policies expert,expert --out new": "is given twice",
    "evaluate --policies noisy:expert:7 --out new": "epsilon: 7",
    "evaluate --policies os:path --out new": "policy: 'os:path': is a module",
    "evaluate --policies empty.policy --out new": "empty.policy: not a golive policy",
    "evaluate --policies expert --out new --episodes 0": "episodes: 0",
    f"evaluate --policies expert --out new --episodes {HUGE}": "episodes",
    "evaluate --policies expert --out new --reference nonsense": "reference: 'nonsense'",
    "evaluate --policies expert --out new --workers 0": "--workers",
    f"evaluate --policies expert --out new --workers {HUGE}": "--workers",
    "evaluate --policies expert --out new --no-cache --ray-address nonsense": "ray address",
    "evaluate --policies expert --cache pipe.json --out new": "cache: pipe.json",
    "evaluate --policies expert --out file": "it exists and is a file",
    "gate --policy expert --out file": "it exists and is a file",
    f"gate --policy expert --out new --workers {HUGE}": "--workers",
    f"simulate furniture --seed {HUGE}": "--seed",
    "simulate furniture --seed 18446744073709551615 --episodes 2": "below 2**64",
    f"simulate furniture --episodes {HUGE}": "--episodes",
    "simulate furniture --events full": "full: cannot be written: it is a directory",
    "simulate furniture --events new --gantt new": "new: given twice",
    "simulate furniture --event-log a.xes --event-log a.xes": "a.xes: given twice",
    "simulate furniture --picture no/new.png": "its directory does not exist",
    "simulate furniture --snapshot-at 3 --snapshot-out full": "it is a directory",
    "simulate --profile sandbox --out new --policy nonsense": "policy: 'nonsense'",
    "simulate nonsense --profile sandbox --out new": "'nonsense': no such scenario",
    "simulate --profile sandbox --out file": "it exists and is a file",
    "simulate --profile sandbox --out new --ray-address nonsense": "ray address: nonsense",
    f"demo --out new --steps {HUGE}": "--steps",
    "demo --out new --episodes 99999999": "episodes",
    "demo --out file": "it exists and is a file",
    "check-world implementation --seeds 0": "--seeds",
    "record --policies nonsense --out ./new-v0": "policy: 'nonsense'",
    "record --policies expert --out ./new": "expected an id that ends in a version",
    "record --policies expert --out ./new-v0 --mix nan": "mix",
    "record --policies expert --out ./new-v0 --episodes 0": "episodes",
    "record --policies expert --out ./new-v0 --reward nonsense": "reward",
    "record --policies expert --out ./new-v0 --workers 0": "--workers",
    "record --policies expert --out ./new-v0 --ray-address nonsense": "ray address: nonsense",
    "record --policies expert --out ./file/new-v0": "a part of its path is a file",
    "ope a-v0 --policy expert": "there is none at",
    "dataset list no": "no: there is no such folder",
    "dataset replay a-v0": "there is none at",
    "cache stats --cache pipe.json": "cache: pipe.json: expected a folder",
    "bench --suite ci --against new.json --update --reason x --out no/new": "no/new",
    "bench --suite ci --against new.json --update --reason x --summary full": "is a directory",
    "bench --suite ci --against file/new.json --update --reason x": "it exists and is a file",
    "scenario generate --industry furniture --out new --count 0": "count: 0",
    "scenario generate --industry furniture --out file": "it exists and is a file",
    "scenario validate full": "'full'",
    "scenario schema --out full": "is a directory",
    f"validate --out new --seed {HUGE}": "--seed",
    f"validate --out new --customers {HUGE}": "--customers",
    "validate --out new --psplib no": "--psplib: no",
    "validate --out file": "it exists and is a file",
    f"calibrate --out new --waves {HUGE}": "--waves",
    f"calibrate --out new --finalists {HUGE}": "--finalists",
    "calibrate --out file": "it exists and is a file",
    "sensitivity --policies , --out new": "--policies: none given",
    "sensitivity --trajectories 0 --worlds 0 --out new": "nothing to do",
    f"sensitivity --seed {HUGE} --out new": "--seed",
    "sensitivity --out file": "it exists and is a file",
    "opponent train --out new.yaml --budget inf": "--budget",
    f"opponent train --out new.yaml --episodes {HUGE}": "--episodes",
    f"opponent train --out new.yaml --seed {HUGE}": "--seed",
    "opponent train --out no/new.yaml": "its directory does not exist",
    f"opponent compare random:8 --workers {HUGE}": "--workers",
    "tune-expert furniture --out new.yaml --seeds test": "--seeds: 'test'",
    "tune-expert furniture --out new.yaml --only nonsense": "only: 'nonsense'",
    "tune-expert furniture --out new.yaml --rules pipe.yaml": "found a pipe",
    f"tune-expert furniture --out new.yaml --seed {HUGE}": "--seed",
    f"tune-expert furniture --out new.yaml --trials {HUGE}": "--trials",
    "tune-expert furniture --out no/new.yaml": "its directory does not exist",
    "opponent compare random:8 --against nonsense": "policy: 'nonsense'",
    "openenv init --out full": "expected a folder that is new or empty",
    "openenv init --out file": "expected a folder that is new or empty",
    "openenv init --scenario nonsense": "scenario: 'nonsense'",
    "openenv init --world nonsense": "world: 'nonsense'",
    "openenv init --reward mission": "expected a preset of implementation with bounds: score",
    "openenv serve --port 65536": "--port",
    "export --out new": "--format",
    "export --format nonsense --out new": "format: 'nonsense': expected 'skyrl'",
    "export --format skyrl --out new --split nonsense": "split: 'nonsense': expected one of train",
    "export --format skyrl --out new --episodes 0": "episodes: 0: expected 1 to",
    f"export --format skyrl --out new --episodes {HUGE}": "episodes",
    "export --format skyrl --out new --reward nonsense": "nonsense",
    "export --format skyrl --out new --scenario nonsense": "'nonsense': no such scenario",
    "export --format skyrl --out full": "full: is not empty: expected a new or an empty folder",
    "export --format skyrl --out file": "it exists and is a file",
    "export --format skyrl --out file/new": "a part of its path is a file",
}
"""Commands with one wrong argument, and what their line says."""

PRINT_NO_JSON = {
    "bench schema": "prints a JSON Schema",
    "log schema": "likewise",
    "plan schema": "likewise",
    "scenario schema": "likewise",
    "play": "is played in the terminal",
    "mcp": "speaks a protocol of its own",
    "openenv init": "writes a folder",
    "openenv serve": "speaks a protocol of its own",
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with what a file should not be."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOLIVE_CACHE", "off")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "minari"))
    for ending in ("yaml", "json", "policy", "xes", "csv", "parquet", "xml"):
        os.mkfifo(f"pipe.{ending}")
        Path(f"zero.{ending}").symlink_to("/dev/zero")
    Path("file").write_text("x")
    Path("empty.policy").touch()
    Path("full").mkdir()
    Path("minari").mkdir()
    Path("full/x").touch()
    Path("big.yaml").write_text("total_steps: 512\nppo: {net_arch: [1_000_000_000]}\n")
    Path("wide.yaml").write_text(
        "total_steps: 512\nn_envs: 1_000_000_000\nppo: {n_steps: 1, net_arch: [8]}\n"
    )
    yield tmp_path


def refused(command: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """See that a command is refused in one line, and leaves everything as it was."""
    before = sorted(Path().rglob("*"))
    assert run(command.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert words in printed.err
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("command", WRONG)
def test_a_wrong_argument_leaves_nothing(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(command, WRONG[command], capsys)


@pytest.mark.parametrize("command", FILES_OF_COMMANDS.values(), ids=FILES_OF_COMMANDS)
def test_pipes_devices_and_absent_files_are_called_that(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(command.format("pipe"), f"found {PIPE}", capsys)
    refused(command.format("zero"), f"found {DEVICE}", capsys)
    absent = command.format("none")
    refused(absent, "there is no such baseline" if "bench" in absent else ABSENT, capsys)


def test_the_corrected_command_runs_in_the_same_place(capsys: pytest.CaptureFixture[str]) -> None:
    evaluation = "evaluate --policies {} --episodes 1 --workers 1 --out new"
    refused(evaluation.format("exprt"), "did you mean 'expert'?", capsys)
    assert run(evaluation.format("expert").split()) == 0
    assert Path("new/report.html").is_file()


def commands(app: typer.Typer, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every command's name and options."""

    def walk(command: object, name: str) -> Iterator[tuple[str, list[str]]]:
        below = getattr(command, "commands", {})
        if not below or getattr(command, "invoke_without_command", False):
            yield name, [opt for param in command.params for opt in param.opts]  # type: ignore[attr-defined]
        for word, one in below.items():
            yield from walk(one, f"{name} {word}".strip())

    yield from walk(typer.main.get_command(app), before)


def test_every_command_has_json_and_can_be_quiet() -> None:
    found = dict(commands(build()))
    assert PRINT_NO_JSON.keys() <= found.keys()
    for name, options in found.items():
        assert "--quiet" in options, name
        assert ("--json" in options) != (name in PRINT_NO_JSON), name


@pytest.mark.parametrize(
    "command",
    [
        "worlds",
        "policies",
        "parameters --filter salary",
        "scenario list",
        "scenario validate furniture",
        "dataset list full",
        "log activities",
        "simulate furniture --episodes 2",
        "opponent compare random:8 --episodes 2 --workers 1",
        "scenario generate --industry furniture --out new",
        "cache clear --yes --cache cache.sqlite",
        "export --format nemo --episodes 1 --out new",
    ],
)
def test_json_is_all_that_is_on_stdout_and_quiet_leaves_stderr_empty(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(constant: str) -> float:
        raise AssertionError(f"{constant} is not JSON")

    assert run([*command.split(), "--json", "--quiet"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out, parse_constant=refuse) is not None
    assert printed.err == ""


def test_quiet_does_not_hide_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policies", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert run(["policies", "--world", "nonsense", "--quiet"]) == 2
    assert capsys.readouterr().err.startswith("error: world: 'nonsense'")
    assert run(["scenario", "validate", "file", "--quiet"]) == 1
    assert capsys.readouterr().err.startswith("error: file")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("golive train furn", "furniture"),
        ("golive evaluate --policies expert,plan_f", "expert,plan_follower"),
        ("golive evaluate --suite techm", "techmold"),
        ("golive check-world impl", "implementation"),
        ("golive train --config qui", "quick"),
        ("golive export --scenario techm", "techmold"),
        ("golive export --format harb", "harbor"),
    ],
)
def test_a_shell_is_offered_names(
    words: str, offered: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_GOLIVE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 0
    assert offered in capsys.readouterr().out.split()
