"""``golive policies``, and policies by the place of their class."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")


def test_every_listed_policy_loads_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policies", "--static", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    kinds = {"baseline", "practice", "probe", "champion", "bound", "static"}
    assert {row["kind"] for row in rows} == kinds
    assert set(KIND.registered_policies) < {row["policy"] for row in rows}
    assert {row["package"] for row in rows} == {"golive"}
    for row in rows:
        assert load_policy(row["policy"]).name == row["policy"]


def test_the_list_leaves_the_static_policies_out_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["policies"]) == 0
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()] == [
        *KIND.baselines,
        "adaptive",
        "typical_practice",
        *KIND.probes,
        "champion",
        "planner",
    ]
    assert "static policies: golive policies --static" in printed.err


def test_a_policy_of_another_package_is_listed_with_where_it_is_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    registry = KIND.registered_policies
    registry.register("another", KIND.policies["expert"])
    try:
        assert run(["policies", "--world", "implementation"]) == 0
        assert "another              practice, from this process" in capsys.readouterr().out
    finally:
        registry.unregister("another")


def test_a_world_that_there_is_not_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["policies", "--world", "chess"]) == 2
    assert "world: 'chess': no such world" in capsys.readouterr().err


PATIENT = """
from golive.sim.worlds import world_kind

class Patient:
    name = "patient"

    def reset(self, seed):
        pass

    def decide(self, briefing, legal):
        return world_kind("implementation").neutral()
"""


def test_a_policy_is_taken_from_a_class_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "patient_policies.py").write_text(PATIENT)
    monkeypatch.chdir(tmp_path)
    digests = []
    for policy in ("patient_policies:Patient", "do_nothing"):
        assert run(["simulate", "furniture", "--policy", policy, "--json"]) == 0
        [episode] = json.loads(capsys.readouterr().out)
        digests.append((episode["policy"], episode["digest"]))
    assert digests[0][0] == "patient"
    assert digests[0][1] == digests[1][1]


@pytest.mark.parametrize("place", ["patient_policies:Nobody", "no_such_module:Patient"])
def test_a_place_without_a_policy_is_one_line(
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "patient_policies.py").write_text(PATIENT)
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", "furniture", "--policy", place]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: policy: {place!r}: cannot be loaded: ")
    assert error.count("\n") == 1
