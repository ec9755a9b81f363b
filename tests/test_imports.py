"""The rooms import only downward, and what breaks that is caught."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


TWO_WORLDS = {
    "scenarios/erp/x.py": "",
    "scenarios/bank/x.py": "",
    "sim/protocol.py": "class World:\n    illegal_decisions: int\n",
    "sim/erp/scorecard.py": "class Card:\n    go_live_score: float\n    adoption: float\n",
    "sim/erp/briefing.py": "class Briefing:\n    open_defects: int\n    people: int\n",
}
"""Worlds of two names, one with words."""


def check(repository: Path) -> subprocess.CompletedProcess[str]:
    """Run the contract's check on a repository."""
    command = [sys.executable, str(REPOSITORY / "tools/check_import_contract.py"), str(repository)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(repository: Path, files: dict[str, str]) -> None:
    """Write source files into a repository, in folders that are packages."""
    for name, text in {"golive/__init__.py": "", **files}.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.relative_to(repository).parents[:-1]:
            (repository / folder / "__init__.py").touch()
        path.write_text(text)


def test_the_rooms_keep_the_contract() -> None:
    done = check(REPOSITORY)
    assert done.returncode == 0, done.stdout
    assert "7 rooms, 0 problems" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("sim/x.py", "from ..envs.y import z\n", "envs is above it"),
        ("scenarios/x.py", "from .. import sim\n", "sim is above it"),
        ("agents/deep/x.py", "from ...trainers import y\n", "trainers is above it"),
        ("sim/x.py", "def f():\n    from ..agents import y\n", "agents is above it"),
        ("sim/x.py", "from .. import __version__\n", "golive is above it"),
        ("sim/x.py", "from golive.scenarios import y\n", "expected a relative import"),
        ("envs/x.py", "import golive\n", "expected a relative import"),
        ("envs/x.py", "import sim.world\n", "expected a relative import"),
        ("envs/x.py", "from ... import y\n", "from above the package"),
        ("core/x.py", "from ..scenarios import y\n", "scenarios is above it"),
        ("trainers/x.py", "from ..sim.erp.world import y\n", "only folders of world erp do"),
        ("trainers/x.py", "def f():\n    from ..sim.erp import y\n", "others ask the registry"),
        ("sim/bank/x.py", "from ..erp.world import y\n", "only folders of world erp do"),
        ("envs/erp/x.py", "from ...sim.erp.world import y\n", ""),
        ("trainers/x.py", "from ..sim.protocol import World\n", ""),
        ("trainers/x.py", 'name = "go_live_score"\n', "'go_live_score' is a word of world erp"),
        ("trainers/x.py", "score = card.go_live_score\n", "'go_live_score' is a word of world erp"),
        ("trainers/x.py", 'name = "adoption"\n', "'adoption' is a word of world erp"),
        ("trainers/x.py", 'name = "open_defects"\n', "'open_defects' is a word of world erp"),
        ("trainers/x.py", 'name = "people"  # one word of a briefing is English\n', ""),
        ("trainers/x.py", 'name = "illegal_decisions"  # the protocol has it too\n', ""),
        ("trainers/erp/x.py", 'name = "go_live_score"\n', ""),
        ("golive/cli/x.py", "import torch\n", "torch at the top"),
        ("golive/cli/x.py", "def f():\n    import torch\n", ""),
        ("golive/cli/x.py", "if TYPE_CHECKING:\n    import torch\n", ""),
        ("agents/x.py", "import torch\n", ""),
    ],
)
def test_a_broken_contract_is_caught_and_a_kept_one_is_not(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    write(tmp_path, {**TWO_WORLDS, name: f"pass\n{text}"})
    done = check(tmp_path)
    assert done.returncode == (1 if problem else 0), done.stdout
    if problem:
        line = 2 + text.splitlines().index(text.splitlines()[-1])
        assert f"{name}:{line}: " in done.stdout
        assert problem in done.stdout


def test_a_heavy_import_is_found_through_what_help_loads(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "golive/cli/x.py": "from ..trainers.y import z\n",
            "trainers/__init__.py": "import ray\n",
            "trainers/y.py": "from ..agents import w\n",
            "agents/w.py": "import mesa\n",
        },
    )
    done = check(tmp_path)
    assert done.returncode == 1
    assert "trainers/__init__.py:1: ray at the top" in done.stdout
    assert "agents/w.py:1: mesa at the top" in done.stdout


def test_a_folder_of_modules_that_is_no_package_is_caught(tmp_path: Path) -> None:
    write(tmp_path, {"agents/x.py": ""})
    (tmp_path / "agents/__init__.py").unlink()
    done = check(tmp_path)
    assert done.returncode == 1
    assert "agents: has modules but no __init__.py" in done.stdout


def test_a_folder_without_rooms_is_wrong_usage(tmp_path: Path) -> None:
    assert check(tmp_path).returncode == 2
