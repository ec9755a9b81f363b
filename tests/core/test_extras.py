"""What is not installed is named with the extra that brings it, before any work begins."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from golive.core import extras
from golive.core.extras import EXTRAS, MissingExtraError, explanation, require
from golive.core.lazy_names import lazy_names

DISTRIBUTIONS = {"sb3_contrib": "sb3-contrib", "stable_baselines3": "stable-baselines3"}
DISTRIBUTIONS |= {"sklearn": "scikit-learn", "inspect_ai": "inspect-ai"}
WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

ABSENT = {names}

class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in ABSENT else real(name, *more)
from golive.__main__ import main
main(sys.argv[1:])
"""


def test_the_table_is_that_of_the_project_file():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    for extra, modules in EXTRAS.items():
        wanted = project["optional-dependencies"][extra]
        for module in modules:
            name = DISTRIBUTIONS.get(module, module)
            assert any(line.lower().startswith(name.lower()) for line in wanted), module
    whole = project["optional-dependencies"]["all"][0]
    assert set(whole.removeprefix("golive[").removesuffix("]").split(",")) == set(EXTRAS) - set(
        extras.APART
    )


def test_what_is_absent_is_named_with_its_extra(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"^torch is .*'golive\[train,data\]'"):
        require("train", "data")
    error = ModuleNotFoundError("No module named 'ray.tune'", name="ray.tune")
    assert explanation(error) == "ray is not installed: pip install 'golive[ray]'"
    assert explanation(ModuleNotFoundError(name="nobody")) == ""


def test_a_name_that_needs_what_is_absent_says_so(monkeypatch, tmp_path):
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "till.py").write_text("import ray.absent\n")
    monkeypatch.syspath_prepend(tmp_path)
    find = lazy_names("shop", till="Till")
    with pytest.raises(ModuleNotFoundError):
        find("Till")  # Ray is here: a fault of that module, not of the installation
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"shop\.Till: ray is not installed"):
        find("Till")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "absent"),
    [
        ("train --out here", "torch"),
        ("demo --out here", "matplotlib"),
        ("evaluate --policies expert --suite furniture-test --out here", "matplotlib"),
        ("evaluate --policies expert --suite furniture-test --backend ray", "ray"),
        ("record --policies expert --out here", "minari"),
        ("sensitivity --out here", "SALib"),
    ],
)
def test_a_command_whose_extra_is_absent_says_which_and_leaves_nothing(tmp_path, command, absent):
    script = WITHOUT.format(names={absent})
    done = subprocess.run(
        [sys.executable, "-c", script, *command.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"error: {absent} is not installed: pip install 'golive[")
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
