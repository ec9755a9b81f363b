"""``golive policies``."""

from __future__ import annotations

import json

import pytest

from golive.agents.registry import baseline_names, load_policy, policy_names, probe_names
from golive.cli.app import run


def test_every_listed_policy_loads_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policies", "--static", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["kind"] for row in rows} == {"baseline", "practice", "probe", "bound", "static"}
    assert set(policy_names()) < {row["policy"] for row in rows}
    for row in rows:
        assert load_policy(row["policy"]).name == row["policy"]


def test_the_list_leaves_the_static_policies_out_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["policies"]) == 0
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()] == [
        *baseline_names(),
        "typical_practice",
        *probe_names(),
        "planner",
    ]
    assert "static policies: golive policies --static" in printed.err
