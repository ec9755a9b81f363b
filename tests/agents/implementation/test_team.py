"""Partners of the implementation's team, the teams that they play in, and exact credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import golive
from golive import GoliveError
from golive.sim.implementation.decision import ROLES

pytest.importorskip("pettingzoo", reason="needs golive[team]")

from golive.agents import team as teams
from golive.agents.implementation.team_weeks import TeamWeeks
from golive.agents.partners import ALL_SEEING, partner, partners_of
from golive.agents.policy_file import (
    NetworkRecord,
    PolicyFile,
    TeamFile,
    TrainingRecord,
    write_team_file,
)
from golive.agents.registry import load_policy
from golive.agents.team import TeamObserver, credit, play_team
from golive.agents.team_policy import role_interface
from golive.envs.team import TeamEnv

KIND = golive.world_kind("implementation")
KINDS = KIND.partners()
NAMES = tuple(map(str, ROLES))
ORCHESTRATOR, MANAGER, DATA, CONFIGURATION, EXPERT = NAMES


@dataclass
class Played(TeamObserver):
    """What a team did, by role and decision point."""

    words: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    legal: bool = True
    digest: str = ""

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        for role in environment.actions.roles:
            action = actions[role.name]
            self.legal &= bool(environment.action_mask(role.name)[action])
            parts = dict(word.split("=") for word in role.names[action].split())
            self.words.setdefault(role.name, []).append(parts)

    def of(self, role: str, part: str) -> list[str]:
        return [words.get(part, "") for words in self.words[role]]


@cache
def played(kind: str, seed: int = 1) -> Played:
    """A team of five of a kind."""
    environment, watch = TeamEnv(messages={}), Played()
    play_team(environment, partners_of(KIND, NAMES, {}, kind), seed, [watch])
    watch.digest = environment.world_env.world.digest()
    return watch


@pytest.mark.parametrize("scenario", ["furniture", "furniture-conventional"])
def test_five_who_see_all_are_the_expert(scenario: str) -> None:
    alone = golive.run_episode(golive.load_policy("expert"), scenario, 2)
    environment = TeamEnv(scenario)
    score = play_team(environment, partners_of(KIND, NAMES, {}, ALL_SEEING), 2)
    assert environment.world_env.world.digest() == alone.digest
    assert score == KIND.score_of(alone.scorecard)


def test_who_sees_only_its_part_decides_differently() -> None:
    assert played("expert").digest != played(ALL_SEEING).digest


@pytest.mark.parametrize("kind", KINDS)
def test_a_partner_makes_legal_choices_and_the_same_ones_again(kind: str) -> None:
    first = played(kind)
    assert first.legal
    if KINDS[kind].noise or KINDS[kind].idle or KINDS[kind].cloned:
        assert played.__wrapped__(kind).digest == first.digest


def test_three_fifths_of_the_kinds_are_to_train_beside() -> None:
    held_out = [name for name, kind in KINDS.items() if kind.held_out]
    assert len(KINDS) >= 12
    assert len(held_out) * 5 == len(KINDS) * 2


def test_the_page_lists_the_kinds() -> None:
    page = (Path(__file__).parents[3] / "docs" / "team.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert f"| {name} | {'held out' if kind.held_out else 'train'} | {kind.does} |" in page


def test_kinds_are_what_they_are_called() -> None:
    assert not any(any(played("silent").of(role, "says")) for role in NAMES)
    assert all(all(played("over_reporter").of(role, "says")) for role in NAMES)
    assert any(played("expert").of(CONFIGURATION, "says"))
    assert set(played("rusher").of(ORCHESTRATOR, "pace")) == {"rush"}
    slow = played("slow").words[DATA]
    changes = [n for n, (a, b) in enumerate(pairwise(slow), start=1) if a["move"] != b["move"]]
    proposed = [n for n, words in enumerate(slow) if words["move"] != "none"]
    assert proposed
    assert len(changes) <= 2 * len(slow) / 5
    assert "postpone_go_live" in played("expert").of(MANAGER, "move")
    assert "postpone_go_live" not in played("pleaser").of(MANAGER, "move")
    assert "ready" in played("pleaser").of(DATA, "says")[:2]
    assert "not_ready" not in played("pleaser").of(DATA, "says")
    idle = played("idler").of(EXPERT, f"focus_{EXPERT}").count("none")
    assert idle > played("expert").of(EXPERT, f"focus_{EXPERT}").count("none")
    hoards = played("hoarder").of(CONFIGURATION, "move")
    assert hoards.count("none") < played("expert").of(CONFIGURATION, "move").count("none")
    assert "data" in played("biased").of(EXPERT, f"focus_{EXPERT}")


def test_a_saboteur_harms_on_so_many_days_and_is_an_expert_on_all_others() -> None:
    budget = KINDS["saboteur"].budget_days
    stood_down = played("saboteur").of(DATA, f"focus_{DATA}")
    assert stood_down[:budget] == ["none"] * budget
    assert set(stood_down[budget:]) - {"none"}


def test_partners_are_chosen_by_role() -> None:
    players = partners_of(KIND, NAMES, {DATA: "junior"})
    assert [players[role].name for role in NAMES] == ["expert", "expert", "junior", *["expert"] * 2]
    with pytest.raises(GoliveError, match="partner: 'boss': expected a role, one of orchestrator"):
        partners_of(KIND, NAMES, {"boss": "expert"})
    with pytest.raises(GoliveError, match="partner: 'guru': expected one of expert, junior"):
        partner(KIND, DATA, "guru")


def test_each_role_has_a_player_of_its_own() -> None:
    players, environment = partners_of(KIND, NAMES, {}), TeamEnv()
    with pytest.raises(GoliveError, match="players: data_migration: plays 'configuration'"):
        play_team(environment, {**players, DATA: players[CONFIGURATION]}, 0)
    del players[DATA]
    with pytest.raises(GoliveError, match="players: 'data_migration' is missing"):
        play_team(environment, players, 0)


def test_who_is_away_passes() -> None:
    environment = TeamEnv(absence={"leave": {"per_year": 250.0, "days": [90, 90]}})
    watch = Played()
    play_team(environment, partners_of(KIND, NAMES, {}), 0, [watch])
    assert watch.legal
    assert all(set(watch.of(role, f"focus_{role}")) == {"none"} for role in NAMES)


def test_credit_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    worth = {ORCHESTRATOR: 0.1, MANAGER: 0.2, DATA: 0.05, CONFIGURATION: 0.0, EXPERT: -0.1}

    def score(_environment: Any, players: Mapping[str, Any], _seed: int) -> float:
        mine = [role for role in NAMES if players[role] == "own"]
        together = 0.3 if {MANAGER, DATA} <= set(mine) else 0.0
        return 0.4 + sum(worth[role] for role in mine) + together

    monkeypatch.setattr(teams, "play_team", score)
    own: dict[str, Any] = dict.fromkeys(NAMES, "own")
    shares = credit(None, own, dict.fromkeys(NAMES, "default"), 0)  # type: ignore[arg-type]
    assert len(shares.scores) == 32
    expected = {**worth, MANAGER: 0.35, DATA: 0.2}  # what two do together is shared in halves
    assert shares.shapley == pytest.approx(expected, abs=1e-12)
    assert shares.difference == pytest.approx({**worth, MANAGER: 0.5, DATA: 0.35}, abs=1e-12)
    whole, nobody = shares.scores[0, 1, 2, 3, 4], shares.scores[()]
    assert sum(shares.shapley.values()) == pytest.approx(whole - nobody, abs=1e-9)


def test_weeks_tell_who_did_what() -> None:
    environment, watch = TeamEnv(messages={}, render_mode="rgb_array"), TeamWeeks()
    play_team(environment, partners_of(KIND, NAMES, {}), 1, [watch])
    assert environment.world_env.world.digest() == played("expert").digest  # recording changes none
    weeks = watch.weeks(environment)
    assert [week.number for week in weeks] == list(range(1, len(weeks) + 1))
    assert weeks[0].planned == ("discovery",)
    first = {role.role: role for role in weeks[0].roles}
    assert tuple(first) == NAMES
    assert sum(sum(role.tasks.values()) for role in first.values()) > 80.0
    moves = [move for week in weeks for role in week.roles for move in role.moves]
    card = environment.world_env.world.scorecard()
    assert moves.count("manual_intervention") == card.manual_interventions
    said = played("expert")
    assert sum(week.messages for week in weeks) == sum(
        len([word for word in said.of(role, "says") if word]) for role in NAMES
    )
    assert all(h.giver != h.taker for week in weeks for h in week.hand_overs)
    assert any(week.hand_overs for week in weeks)
    assert all(0.0 <= week.collaboration <= 1.0 for week in weeks)


def test_a_policy_of_another_role_is_refused(tmp_path: Path) -> None:
    environment, role = TeamEnv("furniture"), "data_migration"
    interface = role_interface(environment, role)
    outputs = sum(interface.action_sizes)
    layer = (
        np.zeros((outputs, interface.observation_size), np.float32),
        np.zeros(outputs, np.float32),
    )
    training = TrainingRecord("0", "furniture", 0, 0, None, 0, "")
    policy = PolicyFile(interface, NetworkRecord((), "tanh"), training, (layer,))
    path = tmp_path / "data.policy"
    write_team_file(path, TeamFile(KIND.name, None, {role: policy}, training))
    assert load_policy(f"team:expert+{role}={path}").name
    with pytest.raises(GoliveError, match="was not trained as configuration"):
        load_policy(f"team:expert+configuration={path}")
