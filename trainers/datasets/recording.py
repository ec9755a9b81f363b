"""Recording episodes of policies as a Minari dataset, and the standard sets.

Those are one dataset for each kind of policy that one learns from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...agents.policy_file import read_policy_file
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.files import removed_if_refused
from ...sim.policy import Policy
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from ..evaluation.episode_rows import EpisodeTask, policy_of
from ..evaluation.plan import Entrant, make_entrants
from .episode_file import encode_episode
from .metadata import RECORDING, form_of_world, read_metadata, write_metadata
from .places import DatasetPlace, Staging, dataset_place
from .plan import RecordingPlan
from .playing import play_episode
from .spreading import Progress, results_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ...scenarios.scenario import Scenario

_STANDARD_VERSION = 0


@checked
def record(
    policies: Sequence[str | Policy | Entrant],
    scenarios: Sequence[Scenario],
    out: str | Path,
    *,
    root: Path | None = None,
    first_seed: int,
    episodes: int,
    mix: Sequence[float] | None = None,
    reward: str | BaseModel | Mapping[str, object] | None = None,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
    resume: bool = False,
) -> Path:
    """Record episodes as a Minari dataset, which is whole or not there.

    The dataset is a function of (golive version, policies, scenarios, seeds, mix, reward);
    episodes are on disk as soon as they are played, so memory does not grow with their number.

    Args:
        policies: names, paths or other specs of ``load_policy``, or policies themselves
            (picklable unless the backend is serial).
        scenarios: what is played, of one world.
        out: the dataset's id, or a folder (see ``dataset_place``).
        root: holds datasets by id instead of Minari's root.
        first_seed: of ``episodes`` consecutive seeds.
        episodes: seeds per scenario.
        mix: weights of the policies, of which one plays each seed; None: each plays every seed.
        reward: a preset's name, a mapping of weights or the world's configuration; None: the
            preset that its recordings usually have.
        workers: processes; None: one for every core.
        backend: serial, process or ray; the dataset is the same.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as episodes finish.
        resume: go on with what an interrupted recording of the same plan left; a dataset of
            the same plan that is there already is left as it is.

    Returns:
        The dataset's folder.

    Raises:
        GoliveError: wrong arguments, or another dataset or recording is in the way.
        TaskError: an episode failed; what was recorded can be resumed.
    """
    place = dataset_place(out, root)
    plan = RecordingPlan(
        tuple(make_entrants(policies)),
        tuple(scenarios),
        first_seed,
        episodes,
        None if mix is None else tuple(mix),
        reward={},
    )
    language = plan.kind.reward_language
    config = language.config(language.recorded if reward is None else reward)
    plan = replace(plan, reward=config.model_dump(mode="json"))
    description = json.loads(json.dumps(plan.description()))
    if place.exists:
        check_same(place, description, resume)
        return place.folder
    play = partial(_encoded, plan, tuple(policy_of(one, plan.kind.name) for one in plan.entrants))
    keys = plan.keys()
    with removed_if_refused(place.unfinished, lambda: any(place.unfinished.glob("data/*"))):
        staging = Staging(place, description, resume=resume)
        there = staging.episodes()
        missing = [episode for episode in range(len(keys)) if episode not in there]
        if progress is not None:
            progress(len(there), len(keys))
        results = results_of(
            play,
            [keys[episode] for episode in missing],
            workers,
            backend,
            ray_address,
            progress,
            there=len(there),
            name_of=plan.name_of,
        )
        for index, (content, metadata) in results:
            label = plan.entrants[keys[missing[index]].policy].label
            staging.add(missing[index], content, {"id": missing[index], "policy": label} | metadata)
    write_metadata(staging, plan, description, place.id, form_of_world(plan, description))
    staging.publish()
    return place.folder


def check_same(place: DatasetPlace, description: Mapping[str, Any], resume: bool) -> None:
    """See that a dataset which is there is of a plan.

    Raises:
        GoliveError: it is not, or it was not asked to go on with it.
    """
    if not resume:
        raise GoliveError(f"{place.folder}: there is a dataset already: expected another name")
    if read_metadata(place)[RECORDING] != description:
        raise GoliveError(
            f"{place.folder}: the dataset here has other policies, scenarios, seeds, reward or "
            "versions: expected another name"
        )


def _encoded(
    plan: RecordingPlan, policies: Sequence[Policy], key: EpisodeTask
) -> tuple[bytes, dict[str, Any]]:
    """Play an episode: its file and its metadata."""
    kind = plan.kind
    world = kind.build(plan.scenarios[key.scenario], key.seed)
    episode = play_episode(world, policies[key.policy], kind.reward_language.reward(plan.reward))
    metadata = {
        "total_steps": len(episode.rewards),
        "seed": episode.seed,
        "options": plan.reset_options(key.scenario),
        "scenario": episode.scenario,
        "digest": episode.digest,
        "return": float(episode.rewards.sum()),
        **episode.scorecard,
    }
    return encode_episode(episode), metadata


def standard_sets(kind: WorldKind, trained: Path | None = None) -> dict[str, dict[str, float]]:
    """The standard sets of a world: its best and its last baseline, and random decisions.

    Args:
        kind: of the world.
        trained: policy file or run directory that "trained" is recorded with, sampled by its
            probabilities; None: there is no such set.

    Returns:
        By name, the last part of its id: the weights of the policies, one of which plays a seed.
    """
    best, last = kind.baselines[0], kind.baselines[-1]
    random = "random" if "random" in kind.registered_policies else f"random=noisy:{last}:1"
    mixed = {
        best: 2.0,
        f"noisy:{best}:0.05": 2.0,
        f"noisy:{best}:0.2": 2.0,
        last: 1.0,
        f"noisy:{last}:0.2": 1.0,
    }
    sampled = {} if trained is None else {f"trained=sampled:{trained}": 1.0}
    mixed |= {**sampled, random: 1.0}
    sets = {"random": {random: 1.0}, last: {last: 1.0}, best: {best: 1.0}, "mixed": mixed}
    return {**sets, "trained": sampled} if sampled else sets


def record_standard(
    scenario: Scenario, root: Path | None = None, *, trained: Path | None = None, **asked: Any
) -> Iterator[Path]:
    """Record the standard sets one after the other; what is there already is left as it is.

    Args:
        scenario: what is played.
        root: holds the datasets by id, such as ``golive/furniture/expert-v0``; None: Minari's.
        trained: as for ``standard_sets``.
        asked: of each set, as for ``record``: seeds, reward, where to play, progress.

    Yields:
        Each dataset's folder, once it is whole.

    Raises:
        GoliveError: as ``record``.
    """
    if trained is not None:  # the last set is far too late to find it broken
        read_policy_file(trained)
    for name, mix in standard_sets(kind_of(scenario), trained).items():
        dataset_id = f"golive/{scenario.name}/{name}-v{_STANDARD_VERSION}"
        weights = tuple(mix.values())
        yield record(
            tuple(mix), [scenario], dataset_id, root=root, mix=weights, resume=True, **asked
        )
