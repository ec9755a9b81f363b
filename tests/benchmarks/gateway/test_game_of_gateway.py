"""The gateway's game: companies stay, luck changes; the table has what the world brings."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks.command import run
from benchmarks.game import command, game_of
from benchmarks.game_ground import Ground
from benchmarks.game_play import cases_of
from benchmarks.gateway import game as game_module
from benchmarks.gateway.game import GAME, ROWS, TARGETS, edits, follies, ways
from golive.agents.gateway.expert import RANGES, shipped_weights
from golive.agents.gateway.kind import KIND
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.world_kind import PolicyFactory


def test_a_company_stays_under_another_luck_and_its_tasks_do_not():
    (case, other) = cases_of(load_suite("gateway"), Split.TEST, 2, GAME.case)
    worlds = []
    for luck in (case.first_luck, case.first_luck + 1):
        arguments = case.arguments(luck)
        world = KIND.build(case.scenario, arguments["seed"])
        worlds.append(KIND.restore(world.snapshot(), seed=arguments["luck"]))
    first, second = (world.context.state for world in worlds)
    assert first.traits == second.traits
    assert [agent.horizon for agent in first.agents] == [agent.horizon for agent in second.agents]
    assert first.dues != second.dues
    assert other.first_luck - case.first_luck >= 2


def test_there_are_enough_routers_and_each_is_another():
    assert len(ways()) >= 12
    assert set(follies()) == {f"probe: {name}" for name in KIND.probes}
    shipped = shipped_weights()
    weights = [made().weights for made in edits().values()]
    assert len(set(weights)) == 2 * len(RANGES)
    assert shipped not in weights
    for found in weights:
        changed = [name for name in RANGES if getattr(found, name) != getattr(shipped, name)]
        assert len(changed) == 1


def test_a_game_of_a_scenario_is_of_it_alone():
    ground = Ground(GAME, "busy-desk", GAME.quick, 1, lambda *_: None)
    assert {case.scenario.name for case in ground.cases} == {"busy-desk"}
    whole = Ground(GAME, "gateway", GAME.quick, 1, lambda *_: None)
    assert len({case.scenario.name for case in whole.cases}) == 3


def test_the_command_measures_the_gateway(tmp_path, monkeypatch):
    few: dict[str, PolicyFactory] = {name: ways()[name] for name in ("expert", "by_text")}
    json_file, page_file = tmp_path / "game.json", tmp_path / "game.md"
    arguments = ["--world", "gateway", "--scenario", "busy-desk", "--rows", "variance,paired"]
    arguments += ["--customers", "4", "--luck", "2", "--processes", "1", "--quiet"]
    monkeypatch.setattr(game_module, "GAME", replace(GAME, ways=lambda: few))
    files = ["--json", str(json_file), "--page", str(page_file)]
    assert run(command, [*arguments, *files]) == 0
    (game,) = json.loads(json_file.read_text())["games"]
    shares = [f["value"]["estimate"] for f in game["figures"] if f["key"].startswith("paired.")]
    assert sum(shares[:3]) == pytest.approx(1.0)
    text = page_file.read_text()
    assert "policy x company" in text
    assert "over companies" in text
    assert "customer" not in text.replace("--customers", "")


def test_every_target_is_of_a_row_and_other_worlds_are_refused(capsys):
    assert {key.partition(".")[0] for key in TARGETS} <= set(ROWS)
    assert game_of("gateway") is GAME
    assert run(command, ["--world", "moon"]) == 2
    assert "world: 'moon'" in capsys.readouterr().err
    assert run(command, ["--world", "gateway", "--team"]) == 2
