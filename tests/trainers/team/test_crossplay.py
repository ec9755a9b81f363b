"""Teams beside partners that nobody chose for them, and how soon they get on with a new one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import golive
from golive import GoliveError
from golive.cli.app import run as golive_command
from golive.core import archive
from golive.sim.episodes import begin_episode, run
from golive.sim.policy import Policy
from golive.trainers.training.configuration import parse_configuration

pytest.importorskip("pettingzoo", reason="needs golive[team]")

from golive.agents.partners import partner
from golive.agents.policy_file import TeamFile, write_team_file
from golive.agents.registry import load_policy, policy_files_of
from golive.agents.team import play_team
from golive.agents.team_adaptation import AdaptiveTeam, PartnerBelief
from golive.agents.team_planner import TeamPlanner
from golive.agents.team_policy import TeamPolicy
from golive.agents.team_spec import TeamSpec, is_team
from golive.envs.team import TeamEnv
from golive.trainers.evaluation.best_responses import best_scores, measure_efficiency
from golive.trainers.evaluation.crossplay import Cast, CrossPlay, cross_play
from golive.trainers.evaluation.episode_rows import EpisodePlayer
from golive.trainers.evaluation.gate_suites import load_gate
from golive.trainers.evaluation.plan import make_entrants
from golive.trainers.evaluation.runner import evaluate_suite
from golive.trainers.team.ground import TeamGround

KIND = golive.world_kind("implementation")
SUITE = golive.load_suite("furniture")
SCENARIO = golive.load_scenario("furniture")
SMALL = {
    "environment": {"scenario": "furniture", "reward": "score_shaped"},
    "team": {},
    "total_steps": 1,
    "n_envs": 1,
    "ppo": {"net_arch": [8]},
}
EPISODES = 3


def untrained(seed: int) -> TeamFile:
    ground = TeamGround(parse_configuration({**SMALL, "seed": seed}, "test"))
    return ground.export(ground.learner(), None)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two trainings of a team, which have learned nothing yet; beside them ``paces``, two of which
    only the orchestrator is trained, so that they get somewhere."""
    folder = tmp_path_factory.mktemp("teams")
    for seed in (0, 1):
        team = untrained(seed)
        for place, roles in (
            ("", team.roles),
            ("paces", {"orchestrator": team.roles["orchestrator"]}),
        ):
            (folder / place / str(seed)).mkdir(parents=True)
            file = folder / place / str(seed) / "best.policy"
            write_team_file(file, replace(team, roles=roles))
    return [folder / "0", folder / "1"]


@pytest.fixture(scope="module")
def played(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CrossPlay]:
    """The folder and the figures of a small cross-play."""
    teams = ["experts=team:expert", f"mine={files[0].parent}/paces/*"]
    cast = Cast(KIND, teams, ["stale", f"other={files[1]}"], ["configuration"], ["expert"])
    folder = tmp_path_factory.mktemp("crossplay") / "out"
    options: dict[str, Any] = {"split": "test", "episodes": EPISODES, "directory": folder}
    return folder, cross_play(cast, SUITE, [SCENARIO], **options)


# -- cross-play ------------------------------------------------------------------------------


def test_a_pairing_is_the_team_with_the_partner_in_its_role(
    played: tuple[Path, CrossPlay], files: list[Path]
) -> None:
    _, found = played
    paces = [files[0].parent / "paces" / file.name for file in files]
    specs = [f"a=team:{file}+configuration=stale" for file in paces]
    entrants = [*specs, f"b=team:expert+configuration={files[1]}"]
    again = evaluate_suite(
        [entrants[0], entrants[1].replace("a=", "c="), entrants[2]],
        SUITE,
        [SCENARIO],
        split="test",
        episodes=EPISODES,
    )
    scores = {one: again.scores(one, again.score)[0] for one in "abc"}
    mine = found.pairing("mine", "configuration", "stale")
    assert mine.score.estimate > 0.0
    assert mine.score.estimate == pytest.approx(np.mean([scores["a"], scores["c"]]))
    beside = found.pairing("experts", "configuration", "other")
    assert beside.score.estimate == pytest.approx(scores["b"].mean())
    assert beside.worst_tenth.estimate == pytest.approx(scores["b"].min())
    assert found.itself["experts"].low < found.itself["experts"].estimate


def test_means_differences_and_proximities_are_those_of_the_pairings(
    played: tuple[Path, CrossPlay],
) -> None:
    folder, found = played
    for team in found.teams:
        cells = [found.pairing(team, "configuration", one) for one in found.partners]
        every = found.pairing(team)
        assert every.score.estimate == pytest.approx(np.mean([c.score.estimate for c in cells]))
    experts, mine = found.pairing("experts"), found.pairing("mine")
    assert experts.difference is None
    assert mine.difference is not None
    gap = mine.score.estimate - experts.score.estimate
    assert mine.difference.estimate == pytest.approx(gap)
    assert found.responses == ()  # the experts are among the teams already
    rows = pl.read_parquet(folder / "results.parquet").sort("seed")
    score = KIND.figures.score
    candidates = [
        [rows.filter(pl.col("policy") == f"{who} beside stale as configuration")[score].to_numpy()]
        for who in ("experts", "mine/0", "mine/1")
    ]
    beside = found.pairing("experts", "configuration", "stale")
    means = np.mean(candidates, axis=2)
    assert beside.best == ("experts", "mine 1", "mine 2")[int(np.argmax(means))]
    assert beside.proximity is not None
    ratio = candidates[0][0].sum() / best_scores(candidates)[0].sum()
    assert beside.proximity.estimate == pytest.approx(ratio)


def test_it_goes_on_where_it_was_and_is_judged_again_without_playing(
    played: tuple[Path, CrossPlay],
    files: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, found = played
    monkeypatch.setattr(EpisodePlayer, "__call__", lambda *told: pytest.fail("played again"))
    arguments = [
        *("crossplay", "--teams", f"experts=team:expert,mine={files[0].parent}/paces/*"),
        *("--partners", f"stale,other={files[1]}", "--roles", "configuration"),
        *("--responses", "expert", "--suite", "furniture-test", "--episodes", str(EPISODES)),
        *("--out", str(folder), "--no-cache", "--workers", "1"),
    ]
    assert golive_command([*arguments, "--resume", "--reference", "mine", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content == json.loads((folder / "crossplay.json").read_text())
    assert content["reference"] == "mine"
    assert len(content["pairings"]) == len(found.pairings)
    assert golive_command([*arguments, "--resume"]) == 0
    printed = capsys.readouterr().out
    assert "Beside a partner as configuration" in printed
    assert golive_command(arguments) == 2  # it is there already
    assert capsys.readouterr().out == ""


def test_the_best_is_chosen_on_the_other_half_of_the_customers() -> None:
    even, odd = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 0.9, 0.0, 0.9])
    (chosen,) = best_scores([[even], [odd]])
    assert chosen.tolist() == [0.0, 0.0, 0.0, 0.0]  # luck that chose them is not theirs to keep
    (chosen,) = best_scores([[even], [odd], [np.full(4, 0.6)]])
    assert chosen.tolist() == [0.0, 0.0, 0.0, 0.0]
    (chosen,) = best_scores([[np.array([0.5, 0.4])], [np.array([0.1, 0.2])]])
    assert chosen.tolist() == [0.5, 0.4]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"teams": ["expert"]}, "expert: expected a team"),
        ({"teams": ["team:nobody"]}, "partner: 'nobody'"),
        ({"partners": ["nobody"]}, "partner: 'nobody'"),
        ({"roles": ["tester"]}, "role: 'tester': expected one of orchestrator"),
        ({"responses": ["nobody"]}, "partner: 'nobody'"),
        ({"reference": "nobody"}, "reference: 'nobody': expected one of team:expert"),
    ],
)
def test_who_cannot_play_is_told_in_a_line(changes: dict[str, Any], line: str) -> None:
    told = {"teams": ["team:expert"], "partners": ["stale"], "reference": ""} | changes
    reference = told.pop("reference")
    with pytest.raises(GoliveError, match=line) as caught:
        cross_play(Cast(KIND, **told), SUITE, [SCENARIO], episodes=1, reference=reference)
    assert "\n" not in str(caught.value)


# -- partners and teams by name --------------------------------------------------------------


def test_a_trained_teams_role_is_a_partner_by_its_path(files: list[Path]) -> None:
    environment = TeamEnv(SCENARIO)
    roles = environment.possible_agents
    players = {role: partner(KIND, role, "expert") for role in roles}
    mine = partner(KIND, "data_migration", str(files[0]))
    assert (mine.role, mine.name) == ("data_migration", str(files[0]))
    play_team(environment, {**players, "data_migration": mine}, 2_000_000)
    team = load_policy(f"team:expert+data_migration={files[0]}")
    episode = run(KIND, team, SCENARIO, 2_000_000)
    assert episode.digest == environment.world_env.world.digest()


def one_role(team: TeamFile) -> TeamFile:
    return replace(team, roles={"configuration": team.roles["configuration"]})


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (one_role, "not trained as data_migration: expected configuration"),
        (lambda team: replace(team, world="gateway"), "a team of world 'gateway'"),
    ],
)
def test_a_team_that_has_no_such_role_is_no_partner(
    change: Callable[[TeamFile], TeamFile], line: str, tmp_path: Path
) -> None:
    write_team_file(tmp_path / "other.policy", change(untrained(0)))
    with pytest.raises(GoliveError, match=line) as caught:
        partner(KIND, "data_migration", str(tmp_path / "other.policy"))
    assert "\n" not in str(caught.value)


def test_a_team_that_learned_in_silence_does_not_talk(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["team", "--partners", f"configuration={files[0]}", "--seed", "1"]
    assert golive_command(arguments) == 2
    assert "trained in silence: expected no messages" in capsys.readouterr().err
    assert golive_command([*arguments, "--silent", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["partners"]["configuration"] == str(files[0])


def test_a_team_is_named_by_who_plays(files: list[Path]) -> None:
    team = TeamSpec.parse("team:expert+configuration=junior")
    assert team.player("configuration") == "junior"
    assert str(team.with_player("configuration", "expert")) == "team:expert"
    assert team.with_player("configuration", "junior") is team
    both = str(TeamSpec.parse(str(files[0])).with_player("configuration", str(files[1])))
    assert both == f"team:{files[0]}+configuration={files[1]}"
    assert is_team(both)
    assert is_team(str(files[0]))
    assert not is_team("expert")
    assert policy_files_of(both) == tuple(file / "best.policy" for file in files)
    one, other = (make_entrants([spec])[0].fingerprint for spec in (both, str(files[0])))
    assert one
    assert one != other


def test_a_policys_file_is_opened_once(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = archive.zipfile.ZipFile
    monkeypatch.setattr(archive.zipfile, "ZipFile", lambda p, *a: opened.append(p) or real(p, *a))
    load_policy(str(files[0]))
    assert opened == [files[0] / "best.policy"]
    opened.clear()
    load_policy(str(KIND.champion))
    assert opened == [KIND.champion]


def test_a_planner_decides_for_all_roles_but_the_partners() -> None:
    team = load_policy("team:planner:12:hindsight+project_manager=by_the_book", KIND)
    assert isinstance(team, TeamPlanner)
    world = KIND.build(SCENARIO, 2_000_000)
    begin_episode(team, world)
    numbers, five = KIND.language, team._own
    assert isinstance(five, TeamPolicy)
    place = five.table.team.place("project_manager")
    own = five.table.actions.roles[place].factors[0]
    for _ in range(3):
        briefing, legal = world.briefing(), world.legal()
        decision = five.decide(briefing, legal)
        tried = team.candidates(briefing, legal, decision, 12)
        rows = [tuple(numbers.action(one).tolist()) for one in tried]
        assert len(set(rows)) == len(rows) > 3
        assert {row[own] for row in rows} == {numbers.action(decision).tolist()[own]}
        world.advance(decision)
    assert team.name == "team:planner:12:hindsight+project_manager=by_the_book"
    snapshot = world.snapshot()
    world = KIND.restore(snapshot)
    best = KIND.restore(snapshot)
    begin_episode(team, best)
    best.advance(team.decide(best.briefing(), best.legal()))
    assert best.now > world.now
    with pytest.raises(GoliveError, match="without :blind"):
        load_policy("team:planner:12:blind+configuration=stale", KIND)


# -- the gate --------------------------------------------------------------------------------


def test_a_teams_collaboration_is_its_score_over_that_of_the_best_responses() -> None:
    (entrant,) = make_entrants(["team:expert+project_manager=saboteur"])
    seeds = range(SUITE.splits["test"].start, SUITE.splits["test"].start + 4)
    found = measure_efficiency(entrant, KIND, [(SCENARIO, seeds)], responses=["expert"], level=0.95)
    by_role = {one.role: one for one in found.roles}
    own, better = (
        [KIND.score_of(run(KIND, load_policy(s), SCENARIO, seed).scorecard) for seed in seeds]
        for s in (str(entrant.policy), "team:expert")
    )
    assert by_role["project_manager"].best == "expert"
    assert by_role["orchestrator"].gain.estimate == 0.0
    best = np.array([own, better, own, own, own]).mean(axis=0)
    assert found.ratio is not None
    assert found.ratio.estimate == pytest.approx(np.sum(own) / best.sum())
    assert found.ratio.estimate < 1.0
    assert by_role["project_manager"].gain.estimate == pytest.approx(np.mean(better) - np.mean(own))


def test_the_gates_settings_say_who_is_tried() -> None:
    gate = load_gate()
    assert gate.best_responses.responses == ("expert", "all_seeing")
    assert gate.made_quick().best_responses.episodes < gate.best_responses.episodes


# -- adaptation ------------------------------------------------------------------------------

KINDS = ("expert", "by_the_book", "rusher")


def test_a_partners_kind_is_told_by_what_it_chooses() -> None:
    environment = TeamEnv(SCENARIO)
    roles = environment.possible_agents
    belief = PartnerBelief(KIND, "project_manager", KINDS)
    assert set(belief.probabilities().values()) == {1.0 / 3.0}
    players = {role: partner(KIND, role, "expert") for role in roles}
    players["project_manager"] = partner(KIND, "project_manager", "by_the_book")
    environment.reset(options={"episode_seed": 5})
    for player in players.values():
        player.reset(environment, 5)
    belief.begin(environment, 5)
    for _ in range(30):
        actions = {role: players[role].act(environment) for role in roles}
        belief.observe(environment, actions["project_manager"])
        environment.step(actions)
    assert belief.probabilities()["by_the_book"] > 0.99
    belief.forget()
    assert set(belief.probabilities().values()) == {1.0 / 3.0}


def test_a_team_that_adapts_picks_who_did_best_beside_such_a_partner() -> None:
    scores = {
        "team:expert": dict(zip(KINDS, (0.6, 0.1, 0.6), strict=True)),
        "team:slow": dict(zip(KINDS, (0.3, 0.5, 0.3), strict=True)),
    }
    team = AdaptiveTeam(KIND, "project_manager", "by_the_book", scores)
    assert isinstance(team, Policy)
    assert team.choice() == "team:expert"
    for first in (2_000_000, 2_000_001):
        playing = TeamSpec.parse(team.choice()).with_player("project_manager", "by_the_book")
        episode = run(KIND, team, SCENARIO, first)
        assert episode.digest == run(KIND, load_policy(str(playing)), SCENARIO, first).digest
        assert team.choice() == "team:slow"
    team.forget()
    assert team.choice() == "team:expert"


@pytest.mark.parametrize(
    ("scores", "line"),
    [
        ({}, "scores: none given"),
        ({"team:expert": {}}, "kinds: none given"),
        ({"team:expert": {"slow": 0.5}, "team:slow": {"stale": 0.5}}, "expected the kinds slow"),
        ({"team:expert": {"nobody": 0.5}}, "partner: 'nobody'"),
    ],
)
def test_teams_of_which_nothing_is_known_cannot_adapt(
    scores: dict[str, dict[str, float]], line: str
) -> None:
    with pytest.raises(GoliveError, match=line):
        AdaptiveTeam(KIND, "configuration", "stale", scores)
