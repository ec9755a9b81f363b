"""Recording episodes of teams: a Minari dataset for each role, as that role had them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...agents.team_spec import TeamSpec, is_team
from ...core.arguments import checked, one_of
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.files import removed_if_refused
from ..evaluation.episode_rows import EpisodeTask
from ..evaluation.plan import make_entrants
from .episode_file import encode_role_episode
from .metadata import TEAM, DatasetForm, write_metadata
from .places import DatasetPlace, Staging, dataset_place
from .plan import RecordingPlan
from .recording import check_same
from .spreading import Progress, results_of
from .team_playing import TeamSetting, play_team_episode

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ...envs.team import TeamEnv
    from ...scenarios.scenario import Scenario

_VERSION = 0


@checked
def record_team(
    teams: Sequence[str],
    scenarios: Sequence[Scenario],
    out: str | Path,
    *,
    roles: Sequence[str] | None = None,
    root: Path | None = None,
    first_seed: int,
    episodes: int,
    mix: Sequence[float] | None = None,
    reward: str | BaseModel | Mapping[str, object] | None = None,
    messages: Mapping[str, Any] | None = None,
    absence: str | Mapping[str, Any] | None = None,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
    resume: bool = False,
) -> dict[str, Path]:
    """Record episodes of teams as a Minari dataset for each role.

    An episode is played once for all roles. The datasets are a function of (golive version, teams,
    scenarios, seeds, mix, reward, messages, absence), each whole or not there.

    Args:
        teams: ``team:PLAYER+ROLE=PLAYER`` or paths of trained teams; ``name=TEAM`` names one.
        scenarios: what is played, of one world that has a team.
        out: the folder, or the first part of the ids, of the datasets ``ROLE-v0``.
        roles: whose datasets are written; None: all.
        root: holds datasets by id instead of Minari's root.
        first_seed: of ``episodes`` consecutive seeds.
        episodes: seeds per scenario.
        mix: weights of the teams, of which one plays each seed; None: each plays every seed.
        reward: a preset's name, a mapping of weights or the world's configuration; None: the
            preset that its recordings usually have. What messages cost is taken from it.
        messages: rules of messages; an empty mapping: the usual ones; None: nobody can speak.
        absence: a preset's name or rules; None: nobody is ever away.
        workers: processes; None: one for every core.
        backend: serial, process or ray; the datasets are the same.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as episodes finish.
        resume: as of ``record``.

    Returns:
        By role its dataset's folder.

    Raises:
        GoliveError: wrong arguments, or another dataset or recording is in the way.
        TaskError: an episode failed; what was recorded can be resumed.
    """
    plan = RecordingPlan(
        tuple(make_entrants(teams)),
        tuple(scenarios),
        first_seed,
        episodes,
        None if mix is None else tuple(mix),
        reward={},
    )
    language = plan.kind.reward_language
    config = language.config(language.recorded if reward is None else reward)
    plan = replace(plan, reward=config.model_dump(mode="json"))
    setting = TeamSetting("", messages, absence, _players(plan))
    environment = setting.environment(plan.scenarios[0], plan.reward)
    for label in setting.players:  # the first episode is late to find one unfit
        for player in setting.made(plan.kind, label).values():
            player.reset(environment, 0)
    names = environment.team.names
    asked = names if roles is None else tuple(roles)
    for role in asked or ("",):
        one_of("role", role, names)
    described = {role: _description(plan, replace(setting, role=role)) for role in asked}
    places = {role: _place(out, role, root) for role in asked}
    for role, place in places.items():
        if place.exists:
            check_same(place, described[role], resume)
    missing_roles = [role for role in asked if not places[role].exists]
    with ExitStack() as stack:
        stagings = {
            role: _staging(stack, places[role], described[role], resume) for role in missing_roles
        }
        _record(
            plan, setting, stagings, workers=workers, backend=backend, ray_address=ray_address,
            progress=progress,
        )  # fmt: skip
    for role, staging in stagings.items():
        form = _form(environment, role)
        write_metadata(staging, plan, described[role], places[role].id, form)
    for staging in stagings.values():
        staging.publish()
    return {role: place.folder for role, place in places.items()}


def _record(
    plan: RecordingPlan, setting: TeamSetting, stagings: Mapping[str, Staging], **how: Any
) -> None:
    """Play the episodes that one of the roles lacks."""
    keys = plan.keys()
    there = {role: staging.episodes() for role, staging in stagings.items()}
    done = set.intersection(*there.values()) if there else set(range(len(keys)))
    missing = [episode for episode in range(len(keys)) if episode not in done]
    if how["progress"] is not None:
        how["progress"](len(done), len(keys))
    results = results_of(
        partial(_encoded, plan, setting, tuple(stagings)),
        [keys[episode] for episode in missing],
        there=len(done),
        name_of=plan.name_of,
        **how,
    )
    for index, (contents, metadata) in results:
        episode = missing[index]
        label = plan.entrants[keys[episode].policy].label
        for role, (content, own) in contents.items():
            if episode not in there[role]:
                row = {"id": episode, "policy": label} | metadata | own
                stagings[role].add(episode, content, row)


def _encoded(
    plan: RecordingPlan, setting: TeamSetting, roles: Sequence[str], key: EpisodeTask
) -> tuple[dict[str, tuple[bytes, dict[str, Any]]], dict[str, Any]]:
    """Play an episode: by role its file and what is its own of the metadata, and all the rest."""
    scenario = plan.scenarios[key.scenario]
    environment = setting.environment(scenario, plan.reward)
    players = setting.made(plan.kind, plan.entrants[key.policy].label)
    played = play_team_episode(environment, players, key.seed)
    contents = {
        role: (
            encode_role_episode(played.roles[role]),
            {"return": float(played.roles[role].rewards.sum())},
        )
        for role in roles
    }
    metadata = {
        "total_steps": len(next(iter(played.roles.values())).rewards),
        "seed": key.seed,
        "options": plan.reset_options(key.scenario),
        "scenario": scenario.name,
        "digest": played.digest,
        **played.scorecard,
    }
    return contents, metadata


def _players(plan: RecordingPlan) -> dict[str, dict[str, str]]:
    """By team, by role, who plays it.

    Raises:
        GoliveError: not a team, or one of which a player does not exist.
    """
    from ...agents.team_policy import team_players

    found = {}
    for entrant in plan.entrants:
        spec = str(entrant.policy)
        if not is_team(spec):
            raise GoliveError(
                f"policies: {spec!r}: expected a team, such as team:expert or a trained team's path"
            )
        players, _ = team_players(TeamSpec.parse(spec), plan.kind)
        found[entrant.label] = {role: player.name for role, player in players.items()}
    return found


def _description(plan: RecordingPlan, setting: TeamSetting) -> dict[str, Any]:
    told = plan.description() | {TEAM: asdict(setting)}
    described: dict[str, Any] = json.loads(json.dumps(told))
    return described


def _place(out: str | Path, role: str, root: Path | None) -> DatasetPlace:
    name = f"{role}-v{_VERSION}"
    return dataset_place(out / name if isinstance(out, Path) else f"{out}/{name}", root)


def _staging(
    stack: ExitStack, place: DatasetPlace, description: Mapping[str, Any], resume: bool
) -> Staging:
    """The unfinished recording at a place, which a refused command does not leave behind."""
    unfinished = place.unfinished
    stack.enter_context(removed_if_refused(unfinished, lambda: any(unfinished.glob("data/*"))))
    return Staging(place, description, resume=resume)


def _form(environment: TeamEnv, role: str) -> DatasetForm:
    """What a role observes and does."""
    from ...agents.team_chances import role_numbers

    place = environment.team.place(role)
    choices = role_numbers(environment, role).choices
    known = environment.state_features
    interface = {
        "action_names": [factor.name for factor in choices.factors],
        "action_sizes": list(choices.sizes),
        "choice_names": list(choices.names),
        "observation_names": [known[number].name for number in environment.sight[place]],
        "actions": list(environment.actions.roles[place].names),
    }
    return DatasetForm(
        environment.observation_space(role),
        environment.action_space(role),
        None,
        interface,
        f"{environment.kind.title}, a team's {role}",
    )
