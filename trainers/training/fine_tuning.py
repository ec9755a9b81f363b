"""Fine-tuning in memory: a policy after each rollout and update, without a run's folder."""

from __future__ import annotations

from collections.abc import Generator

from ...agents.policy_file import PolicyFile
from .configuration import TrainingConfiguration


def fine_tune(configuration: TrainingConfiguration) -> Generator[PolicyFile, None, None]:
    """Train from the configuration's initial policy, one iteration at a time.

    An iteration is one rollout of ``rollout_steps`` environment steps and the update that
    follows; there are as many as ``total_steps`` needs. The same configuration gives the same
    policies. What is not asked for is not trained: leave early by closing the iterator.

    Args:
        configuration: with an ``initial_policy``; its evaluation and checkpoints are not used.

    Yields:
        The policy after each iteration.

    Raises:
        GoliveError: the initial policy does not fit, or a name that does not exist.
    """
    import torch
    from stable_baselines3.common.logger import Logger

    from .actor import export_policy, read_initial_policy, start_from
    from .algorithm import ResumablePPO
    from .figures import EpisodeFigures
    from .rewards import ScaledRewards
    from .world_ground import WorldGround

    initial = read_initial_policy(configuration)
    ground = WorldGround(configuration)
    threads = torch.get_num_threads()
    environments = ground.environments()
    rewards = ScaledRewards(environments, configuration.reward_scaling, configuration.ppo.gamma)
    try:
        logger = Logger(None, [])
        model = ResumablePPO(configuration, rewards, logger, ground.action_names)
        figures = EpisodeFigures(rewards, ground.score)
        figures.init_callback(model)
        start_from(model, initial)
        model.start_episodes()
        while not model.finished:
            torch.set_num_threads(1)
            model.collect(figures)
            report = environments.judge(model.rollout_buffer)
            model.rollout_buffer.choose(None if report is None else report.keep)
            torch.set_num_threads(configuration.torch_threads)
            model.update()
            logger.dump(model.num_timesteps)
            yield export_policy(model, ground.interface, None)
    finally:
        torch.set_num_threads(threads)
        rewards.close()
