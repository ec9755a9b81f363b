"""``golive sensitivity``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.parameters import PARAMETERS
from golive.trainers.implementation.validation.sensitivity import OUTCOMES, rank, screen


@pytest.mark.slow
def test_it_screens_and_ranks_and_writes_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--trajectories", "2", "--episodes", "1", "--worlds", "2"]
    policies = ["--policies", "expert,other=plan_follower"]
    assert run(["sensitivity", *policies, *arguments, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "What expert on furniture depends on" in printed
    assert "| other |" in printed
    document = json.loads((tmp_path / "sensitivity.json").read_text(encoding="utf-8"))
    assert {effect["outcome"] for effect in document["screening"]["effects"]} == set(OUTCOMES)
    assert len(document["ranking"]["worlds"]) == 2
    assert (tmp_path / "tornado.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_parameter_that_nothing_depends_on_has_no_effect_and_a_speed_has_one() -> None:
    rows = [row for row in PARAMETERS if row.name in ("agentic_speed", "conventional_speed")]
    found = screen(
        "critical_path",
        load_scenario("furniture"),
        (0, 1),
        rows,
        trajectories=2,
        seed=0,
        workers=1,
    )
    strength = {
        effect.parameter: effect.strength
        for effect in found.effects
        if effect.outcome == "adoption"
    }
    assert strength["conventional_speed"] == 0.0
    assert strength["agentic_speed"] > 0.0


@pytest.mark.slow
def test_a_ranking_compares_on_the_same_episodes_world_by_world() -> None:
    worlds = ({"agentic_speed": 3.0}, {"agentic_speed": 8.0})
    policies = {"expert": "expert", "same": "expert", "worse": "do_nothing"}
    found = rank(policies, "expert", load_scenario("furniture"), (0, 1), worlds, workers=1)
    assert found.mean_difference["same"].estimate == 0.0
    assert found.better_in == {"same": 0.0, "worse": 0.0}
    assert all(world.differences["worse"] < -0.3 for world in found.worlds)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--policies", "nobody"], "nobody"),
        (["--policies", "expert,expert"], "expected each label once"),
        (["--reference", "random"], "--reference: 'random'"),
    ],
)
def test_wrong_input_is_one_line_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sensitivity", *arguments]) == 2
    assert said in capsys.readouterr().err
