"""What the README shows is true: code runs, folders exist, numbers are made."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import struct
from pathlib import Path

import pytest

from benchmarks.command import run
from golive.cli.app import run as run_golive
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation import evaluate, save_summary, summarise
from tools.pages.__main__ import app
from tools.pages.filling import placed

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", BLOCKS, ids=range(len(BLOCKS)))
def test_the_python_examples_run(code, capsys):
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
    assert re.search(r"score|minus", capsys.readouterr().out)


def test_there_are_python_examples():
    assert len(BLOCKS) == 3


def test_the_rooms_are_the_folders():
    rows = re.findall(r"^\| `(\w+)/` \| (?:`([\w.]+)`|not installed)? ?\|", README, re.MULTILINE)
    assert [folder for folder, _ in rows] == [
        "golive", "trainers", "agents", "envs", "sim", "scenarios", "core", "tests", "benchmarks",
    ]  # fmt: skip
    for folder, name in rows:
        assert (REPOSITORY / folder).is_dir()
        assert not name or importlib.util.find_spec(name) is not None


def test_the_make_targets_exist():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake (\w+)", README)) - {"and"}
    assert {"demo", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_picture_is_made_by_the_command_below_it(tmp_path, capsys):
    command = re.search(r"`golive (simulate .*--picture (\S+))`", README)
    assert command is not None
    shown = REPOSITORY / command[2]
    assert f"]({command[2]})" in README
    made = tmp_path / "made.png"
    arguments = command[1].replace(command[2], str(made))
    assert run_golive(shlex.split(arguments)) == 0
    assert _size(made) == _size(shown)


def _size(picture: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    directory = tmp_path_factory.mktemp("evaluation")
    result = evaluate(
        ["expert", "random"],
        [load_scenario("furniture")],
        first_seed=1_000_000,
        episodes=12,
        reference="expert",
    )
    summary = summarise(result)
    save_summary(result, summary, directory)
    return directory, summary


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- results:begin -->\nold\n<!-- results:end -->\nafter\n", "utf-8")
    return path


def test_results_are_those_of_the_evaluation(evaluation, page):
    directory, summary = evaluation
    arguments = ["results", str(directory), "--command", "golive x", "--page", str(page)]
    assert run(app, [*arguments, "--policy", "random"]) == 0
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "$ golive x" in text
    assert "random scores lower than expert" in text
    assert f"| **random** | {summary.metric('random').mean.estimate:.3f} (" in text
    assert f"{summary.comparison('random').difference.estimate:+.3f} (" in text
    assert f"{summary.metric('expert', 'nps').mean.estimate:.1f} |" in text
    assert run(app, [*arguments, "--policy", "random"]) == 0
    assert page.read_text("utf-8") == text


def test_results_are_refused_where_they_cannot_be_right(evaluation, page, tmp_path, capsys):
    directory, _ = evaluation
    before = page.read_text("utf-8")
    options = ["--command", "x", "--page", str(page)]
    assert run(app, ["results", str(directory), *options, "--policy", "nobody"]) == 2
    assert run(app, ["results", str(tmp_path / "none"), *options]) == 2
    (tmp_path / "summary.json").write_text(json.dumps({"summary_version": 99}), "utf-8")
    assert run(app, ["results", str(tmp_path), *options]) == 2
    assert page.read_text("utf-8") == before
    assert len(capsys.readouterr().err.splitlines()) == 3
    with pytest.raises(GoliveError, match="once each"):
        placed("no marks", "results", "text")


def test_the_results_in_the_readme_come_with_their_command():
    block = README.split("<!-- results:begin -->")[1].split("<!-- results:end -->")[0]
    assert re.search(r"```console\n\$ (golive|make) ", block)
    assert re.search(r"^\| .*\bexpert\b.* \| \d\.\d{3} \(", block, re.MULTILINE)


def test_results_by_scenario_are_those_of_the_evaluation(tmp_path):
    scenarios = [load_scenario(name) for name in ("furniture", "injection-moulding")]
    result = evaluate(
        ["expert", "do_nothing"], scenarios, first_seed=0, episodes=2, reference="expert"
    )
    summary = summarise(result)
    save_summary(result, summary, tmp_path)
    page = tmp_path / "page.md"
    page.write_text("<!-- here:begin -->\nold\n<!-- here:end -->\n", "utf-8")
    arguments = [str(tmp_path), "--command", "golive x && golive y", "--page", str(page)]
    assert run(app, ["results", *arguments, "--by-scenario", "--mark", "here"]) == 0
    text = page.read_text("utf-8")
    assert "old" not in text
    assert "$ golive x\n$ golive y\n" in text
    assert "| policy | furniture | injection-moulding |" in text
    for scenario in ("furniture", "injection-moulding"):
        score = summary.metric("expert", scenario=scenario).mean
        assert f"{score.estimate:.3f} ({score.low:.3f} to {score.high:.3f})" in text
    assert "0 % succeed" in text


@pytest.mark.parametrize("mark", ["scenarios", "robustness"])
def test_every_table_of_the_readme_comes_with_its_command(mark):
    block = README.split(f"<!-- {mark}:begin -->")[1].split(f"<!-- {mark}:end -->")[0]
    assert re.search(r"```console\n\$ golive ", block)
    assert re.search(r"^\| .*\bexpert\b.* \| \d\.\d{3} \(", block, re.MULTILINE)
