"""Learning from recorded episodes: in memory, into a folder like a training's, and judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...agents.learned import LearnedPolicy, current_interface
from ...agents.policy_file import (
    FINAL_POLICY,
    InterfaceRecord,
    NetworkRecord,
    PolicyFile,
    TeamFile,
    TrainingRecord,
    write_policy_file,
    write_team_file,
)
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.files import json_text, prepare_output_directory, write_text_atomically
from ...scenarios.loader import suite_scenarios
from ...scenarios.suite import Split, Suite
from ...sim.worlds import DEFAULT_WORLD, kind_of, world_kind
from ..datasets import LoggedEpisodes
from ..evaluation import evaluate_suite
from ..evaluation.intervals import SHARE_BOUNDS, mean_interval
from ..evaluation.statistics import Interval
from ..training.actor import actor_layers
from ..training.callbacks import TrainingCallback
from ..training.configuration_files import record_text
from ..training.imitation import discounted_returns
from ..training.logs import CURVE_FILE, write_curve_table
from ..training.memory import BYTES_PER_WEIGHT, check_needs, check_policy_size, weights
from ..training.run_directory import CONFIGURATION_FILE
from .configuration import EpisodeFilter, Method, OfflineConfiguration
from .implicit_q_learning import ImplicitQLearner
from .learners import BehaviourCloning, Transitions, endless_batches, fit_at

_BATCH_KEY = 0xBA7C
"""Keeps the order of batches apart from others that take the same seed."""
_HELD_OUT_KEY = 0x0FF1
"""Keeps the choice of held-out episodes apart from others that take the same seed."""
_LABEL = "learned"


@dataclass(frozen=True, slots=True)
class Learned:
    """Results of offline learning.

    Attributes:
        policy: the policy after the last gradient step.
        curve: a row per ``report_every`` gradient steps: ``step`` and figures by name.
        episodes: learned from.
        held_out: episodes on which the fit was reported only.
        team: the policy as a team's file, if it plays one of a team's roles; else None.
    """

    policy: PolicyFile
    curve: tuple[dict[str, float], ...]
    episodes: int
    held_out: int
    team: TeamFile | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """A policy that was judged.

    Attributes:
        policy: with its validation score on record.
        score: mean score and its 95 % interval.
        success: share of successful episodes; 0 in a world that has no such figure.
    """

    policy: PolicyFile
    score: Interval
    success: float


@checked
def learn(
    configuration: OfflineConfiguration,
    logged: LoggedEpisodes,
    interface: InterfaceRecord,
    reporter: TrainingCallback | None = None,
) -> Learned:
    """Make a policy from recorded episodes alone; nothing is simulated.

    Args:
        configuration: how.
        logged: the episodes.
        interface: what the policy will see and order; that of the episodes.
        reporter: who hears how it goes; None: nobody.

    Raises:
        GoliveError: no episodes, or not those of this interface, or learning diverged.
    """
    _check_fits(logged, interface)
    _check_memory(configuration, interface)
    reporter = reporter or TrainingCallback()
    if configuration.method is Method.FILTERED_BC:
        logged = logged.of_episodes(best_episodes(logged, configuration.filter))
    kept, held_out = split_held_out(len(logged.lengths), configuration.held_out, configuration.seed)
    scale = _reward_scale(configuration, logged)
    transitions = Transitions.of(logged.of_episodes(kept), scale)
    unseen = Transitions.of(logged.of_episodes(held_out), scale)
    reporter.message(
        f"{configuration.method}: {len(kept)} episodes, {len(transitions)} decisions; "
        f"{len(held_out)} episodes held out"
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(configuration.torch_threads)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(configuration.seed)
            made = ImplicitQLearner if configuration.method is Method.IQL else BehaviourCloning
            learner = made(configuration, transitions)
            curve = _run(configuration, learner, transitions, unseen, reporter)
    finally:
        torch.set_num_threads(threads)
    policy = _policy_file(configuration, learner, logged, len(transitions), interface)
    return Learned(policy, curve, len(kept), len(held_out), _team_file(logged, policy))


def interface_of(logged: LoggedEpisodes) -> InterfaceRecord:
    """The interface of what is learned from recorded episodes: a whole decision's, or a role's.

    Raises:
        GoliveError: a role's episodes whose scenario is not known.
    """
    played = next(iter(logged.scenarios.values()), None)
    if logged.setting is None:
        return current_interface(world_kind(DEFAULT_WORLD) if played is None else kind_of(played))
    if played is None:
        raise GoliveError("the dataset: its scenario is not known")
    from ...agents.team_policy import role_interface

    return role_interface(logged.setting.environment(played), logged.setting.role)


def _team_file(logged: LoggedEpisodes, policy: PolicyFile) -> TeamFile | None:
    """A team's file of one role, by which it plays as a partner."""
    if logged.setting is None:
        return None
    world = next(iter(logged.scenarios.values())).world
    roles = {logged.setting.role: policy}
    return TeamFile(world, logged.setting.messages, roles, policy.training)


def _check_memory(configuration: OfflineConfiguration, interface: InterfaceRecord) -> None:
    inputs, choices = interface.observation_size, sum(interface.action_sizes)
    actor = weights(inputs, configuration.net_arch, choices)
    check_policy_size("net_arch", configuration.net_arch, actor)
    critic = weights(inputs, configuration.iql.critic_net_arch, choices)
    critics = critic if configuration.method is Method.IQL else 0
    check_needs({"networks": BYTES_PER_WEIGHT * (actor + critics)})


@checked
def save_learned(learned: Learned, configuration: OfflineConfiguration, directory: Path) -> None:
    """Keep policy, curve and configuration in a folder, named as a training names them.

    Raises:
        GoliveError: it cannot be written.
    """
    prepare_output_directory(directory)
    write_text_atomically(directory / CONFIGURATION_FILE, record_text(configuration))
    lines = "".join(json_text(row) + "\n" for row in learned.curve)
    write_text_atomically(directory / CURVE_FILE, lines)
    write_curve_table(directory)
    if learned.team is not None:
        write_team_file(directory / FINAL_POLICY, learned.team)
    else:
        write_policy_file(directory / FINAL_POLICY, learned.policy)


@checked
def validate_policy(
    policy: PolicyFile,
    suite: Suite,
    *,
    episodes: int,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> Validated:
    """Play a policy on the first seeds of a suite's validation split.

    Args:
        policy: who decides, by its most probable decisions.
        suite: whose scenarios and seeds.
        episodes: per scenario.
        workers: processes.
        progress: called as episodes finish.

    Raises:
        GoliveError: the suite has no such split, or fewer seeds.
    """
    learned = LearnedPolicy(policy, _LABEL)
    figures = learned.kind.figures
    result = evaluate_suite(
        [learned],
        suite,
        suite_scenarios(suite),
        split=Split.VALIDATION,
        episodes=episodes,
        workers=workers,
        progress=progress,
    )
    strata = result.scores(_LABEL, figures.score)
    score = mean_interval(strata, bounds=SHARE_BOUNDS)
    training = replace(
        policy.training,
        validation_score=score.estimate,
        validation_episodes=sum(len(scores) for scores in strata),
    )
    success = float(result.rows[figures.success].mean()) if figures.success else 0.0  # type: ignore[arg-type]
    return Validated(replace(policy, training=training), score, success)


def best_episodes(logged: LoggedEpisodes, chosen: EpisodeFilter) -> NDArray[np.int64]:
    """Numbers of the best episodes of every scenario, in the order of recording.

    At least one of each scenario; of equally good ones the first recorded.

    Raises:
        GoliveError: the episodes have no score and it was asked for.
    """
    if chosen.by == "return":
        worth = episode_returns(logged)
    elif logged.score in logged.episodes.columns:
        worth = logged.episodes[logged.score].to_numpy().astype(np.float64)
    else:
        raise GoliveError("filter.by: score: the episodes have no score: expected by: return")
    scenarios = logged.episodes["scenario"].to_numpy()
    kept = []
    for scenario in dict.fromkeys(scenarios.tolist()):
        members = np.flatnonzero(scenarios == scenario)
        count = math.ceil(chosen.share * len(members))
        order = np.argsort(-worth[members], kind="stable")
        kept.append(members[order[:count]])
    return np.sort(np.concatenate(kept))


def episode_returns(logged: LoggedEpisodes) -> NDArray[np.float64]:
    """float64 (episodes,), sum of each episode's rewards."""
    return np.add.reduceat(logged.rewards, logged.starts)


def split_held_out(
    episodes: int, share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the episodes to learn from and of those held out, drawn by the seed.

    At least one is learned from.
    """
    order = np.random.default_rng([seed, _HELD_OUT_KEY]).permutation(episodes)
    held_out = min(int(share * episodes), episodes - 1)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def _run(
    configuration: OfflineConfiguration,
    learner: BehaviourCloning,
    transitions: Transitions,
    unseen: Transitions,
    reporter: TrainingCallback,
) -> tuple[dict[str, float], ...]:
    """Make all gradient steps; a row of mean figures for every so many of them."""
    total, every = configuration.gradient_steps, configuration.report_every
    generator = np.random.default_rng([configuration.seed, _BATCH_KEY])
    batches = endless_batches(len(transitions), configuration.batch_size, generator)
    reporter.begin(f"learning by {configuration.method}", total)
    learner.policy.set_training_mode(True)
    rows: list[dict[str, float]] = []
    since: list[dict[str, float]] = []
    for step in range(1, total + 1):
        since.append(learner.learn(next(batches), (step - 1) / total))
        if step % every == 0 or step == total:
            means = {name: float(np.mean([row[name] for row in since])) for name in since[0]}
            _check_finite(means, step)
            rows.append({"step": step, **means, **_fit_to_unseen(learner, unseen)})
            since.clear()
            reporter.advance(step)
    return tuple(rows)


def _check_finite(figures: Mapping[str, float], step: int) -> None:
    for name, value in figures.items():
        if not math.isfinite(value):
            raise GoliveError(
                f"learning diverged by gradient step {step:,}: {name}: {value}: expected smaller "
                "learning rates, or finite rewards in the dataset"
            )


def _fit_to_unseen(learner: BehaviourCloning, unseen: Transitions) -> dict[str, float]:
    """Likelihood of held-out decisions under the policy; empty if none are held out."""
    if not len(unseen):
        return {}
    with torch.no_grad():
        fit = fit_at(learner.policy, unseen, torch.arange(len(unseen)))
    return {
        "held_out/loss": -fit.log_probabilities.mean().item(),
        "held_out/agreement": fit.agreement,
    }


def _check_fits(logged: LoggedEpisodes, interface: InterfaceRecord) -> None:
    if not len(logged.lengths):
        raise GoliveError("the dataset: holds no episodes: expected at least one")
    found = (logged.observations.shape[1], tuple(logged.action_sizes))
    expected = (interface.observation_size, tuple(interface.action_sizes))
    if found != expected:
        raise GoliveError(
            f"the dataset: observations and choices per factor of {found}: expected {expected}: "
            "it was recorded with another version of the environment"
        )


def _reward_scale(configuration: OfflineConfiguration, logged: LoggedEpisodes) -> float:
    """Standard deviation of the discounted returns over all steps; 1 if they do not vary."""
    if not configuration.iql.scale_rewards:
        return 1.0
    episodes = np.split(logged.rewards, logged.starts[1:])
    gamma = configuration.iql.gamma
    deviation = np.concatenate([discounted_returns(e, gamma) for e in episodes]).std()
    return float(deviation) if deviation > 0.0 else 1.0


def _policy_file(
    configuration: OfflineConfiguration,
    learner: BehaviourCloning,
    logged: LoggedEpisodes,
    decisions: int,
    interface: InterfaceRecord,
) -> PolicyFile:
    scenarios = dict.fromkeys(logged.episodes["scenario"].to_list())
    training = TrainingRecord(
        golive_version=version("golive"),
        scenario=", ".join(scenarios),
        seed=configuration.seed,
        steps=decisions,
        validation_score=None,
        validation_episodes=0,
        configuration=record_text(configuration),
    )
    network = NetworkRecord(configuration.net_arch, configuration.activation)
    return PolicyFile(interface, network, training, actor_layers(learner.policy))
