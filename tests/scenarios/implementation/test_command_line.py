"""``golive scenario``: what it prints and which code it exits with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.scenarios.implementation.batch import SUITE
from golive.scenarios.loader import load_scenario, scenario_names, suite_names


def _scenario(*arguments: str) -> int:
    return run(["scenario", *arguments])


def test_list_names_every_scenario_and_suite(capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("list") == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*scenario_names(), *suite_names()))


def test_list_as_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["scenarios"] == list(scenario_names())


@pytest.mark.parametrize("name", scenario_names("implementation"))
def test_show_prints_every_challenge(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("show", name) == 0
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for challenge in load_scenario(name).customer.challenges:
        assert challenge.name.split()[0] in printed


def test_show_as_yaml_can_be_loaded_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _scenario("show", "furniture", "--yaml") == 0
    path = tmp_path / "a.yaml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert load_scenario(path) == load_scenario("furniture")


def test_show_of_a_seed_shows_the_customer_it_draws(capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("show", "furniture", "--seed", "0", "--json") == 0
    assert json.loads(capsys.readouterr().out)["customer"]["name"].endswith("#0")


def test_validate_passes_what_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("validate", *scenario_names(), *suite_names()) == 0
    assert capsys.readouterr().out.count(": valid") == len(scenario_names()) + len(suite_names())


def test_validate_names_every_problem_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    assert _scenario("show", "furniture", "--yaml") == 0
    text = capsys.readouterr().out.replace("complexity: 6", "complexity: 11\n  size: 3", 1)
    bad.write_text(text, encoding="utf-8")
    assert _scenario("validate", str(bad), "furniture") == 1
    captured = capsys.readouterr()
    assert "customer.complexity: 11" in captured.err
    assert "customer.size: unknown field" in captured.err
    assert "furniture: valid" in captured.out


def test_validate_refuses_parameters_that_the_world_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _scenario("show", "furniture", "--yaml") == 0
    bad = tmp_path / "bad.yaml"
    text = capsys.readouterr().out.replace("parameters: {}", "parameters: {no_such: 1.0}")
    bad.write_text(text, encoding="utf-8")
    assert _scenario("validate", str(bad)) == 1
    assert "no_such" in capsys.readouterr().err


def test_validate_of_a_missing_file_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _scenario("validate", str(tmp_path / "none.yaml")) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_bad_input_is_one_line_and_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ("show", "furnitur"),
        ("show", "furniture", "--seed", "-1"),
        ("show", "industries", "--seed", "1"),
        ("schema", "policy"),
        ("generate", "--industry", "furniture", "--count", "0", "--out", "nowhere"),
    ):
        assert _scenario(*arguments) == 2, arguments
        error = capsys.readouterr().err
        assert error.startswith("error: ")
        assert error.count("\n") == 1


def test_generate_writes_loadable_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ("generate", "--industry", "furniture", "--count", "3", "--out", str(out))
    assert _scenario(*arguments) == 0
    assert str(out / SUITE) in capsys.readouterr().out.replace("\n", "")
    assert _scenario("validate", str(out / SUITE)) == 0
    assert _scenario(*arguments) == 2
    assert "--resume" in capsys.readouterr().err
    assert _scenario(*arguments, "--resume") == 0
    assert "3 of them were there already" in capsys.readouterr().out


def test_generate_to_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert _scenario("generate", "--industry", "furniture", "--out", str(tmp_path / "file")) == 2
    assert "it exists and is a file" in capsys.readouterr().err


def test_schema_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _scenario("schema") == 0
    printed = json.loads(capsys.readouterr().out)
    assert _scenario("schema", "--out", str(tmp_path / "schema.json")) == 0
    assert json.loads((tmp_path / "schema.json").read_text()) == printed


def _heed_interrupts() -> None:
    # A shell without job control lets its children ignore SIGINT; this one shall not.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_leaves_whole_files_and_generation_can_be_resumed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "golive", "scenario", "generate"]
    command += ["--industry", "furniture", "--count", "400", "--out", str(out)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 (no threads here)
    )
    deadline = time.monotonic() + 60.0
    while len(list(out.glob("furniture-*.yaml"))) < 5:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume goes on" in error
    written = sorted(out.glob("*.yaml"))
    assert 5 <= len(written) < 400
    assert not list(out.glob(".*"))
    for path in written:
        load_scenario(path)
    resumed = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=True)
    assert f"{len(written)} of them were there already" in resumed.stdout
    assert len(list(out.glob("furniture-*.yaml"))) == 400
