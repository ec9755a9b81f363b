"""TorchRL's own wrapper, rollouts and PPO loss on a team of five, each with its own policy (IPPO).

Runs where TorchRL is installed (``make test-faces``).
"""

from __future__ import annotations

from typing import Any

import pytest

torchrl = pytest.importorskip("torchrl", reason="torchrl is not installed: `make test-faces`")
pytest.importorskip("pettingzoo", reason="needs golive[team]")
# TorchRL says with which version of PettingZoo it was tested.
pytestmark = pytest.mark.filterwarnings("ignore:PettingZoo in TorchRL:UserWarning")

import torch  # noqa: E402
from pettingzoo.utils.wrappers import BaseParallelWrapper  # noqa: E402
from tensordict.nn import TensorDictModule, TensorDictSequential  # noqa: E402
from torchrl.envs import MarlGroupMapType, PettingZooWrapper  # noqa: E402
from torchrl.modules import MaskedCategorical, ProbabilisticActor, ValueOperator  # noqa: E402
from torchrl.objectives import ClipPPOLoss, ValueEstimators  # noqa: E402

from golive.envs.team import TeamEnv  # noqa: E402


class _Figures(BaseParallelWrapper):
    """A team without information: TorchRL takes only numbers there, and nothing nested."""

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        observations, informations = super().reset(seed=seed, options=options)
        return observations, {role: {} for role in informations}

    def step(self, actions: Any) -> Any:
        *result, informations = super().step(actions)
        return *result, {role: {} for role in informations}


def _actor(team: TeamEnv, role: str) -> ProbabilisticActor:
    sees, choices = len(team.sight[team.team.place(role)]), int(team.action_space(role).n)
    logits = TensorDictModule(
        torch.nn.Linear(sees, choices),
        in_keys=[(role, "observation", "observation")],
        out_keys=[(role, "logits")],
    )
    return ProbabilisticActor(
        logits,
        in_keys={"logits": (role, "logits"), "mask": (role, "action_mask")},
        out_keys=[(role, "action")],
        distribution_class=MaskedCategorical,
        return_log_prob=True,
        log_prob_key=(role, "log_prob"),
    )


def _loss(team: TeamEnv, role: str, actor: ProbabilisticActor) -> ClipPPOLoss:
    critic = ValueOperator(
        torch.nn.Linear(len(team.sight[team.team.place(role)]), 1),
        in_keys=[(role, "observation", "observation")],
        out_keys=[(role, "value")],
    )
    loss = ClipPPOLoss(actor, critic)
    named = ("action", "reward", "done", "terminated", "value", "advantage", "value_target")
    loss.set_keys(sample_log_prob=(role, "log_prob"), **{name: (role, name) for name in named})
    loss.make_value_estimator(ValueEstimators.GAE, gamma=0.99, lmbda=0.95)
    return loss


def test_torchrl_plays_a_whole_episode_legally_and_every_role_learns_from_it() -> None:
    torch.manual_seed(0)
    team = TeamEnv("furniture")
    environment = PettingZooWrapper(
        _Figures(team),
        group_map=MarlGroupMapType.ONE_GROUP_PER_AGENT,
        categorical_actions=True,
        seed=3,
    )
    actors = {role: _actor(team, role) for role in team.possible_agents}
    with torch.no_grad():
        rollout = environment.rollout(200, TensorDictSequential(*actors.values()))
    assert rollout["next", "done"][-1].all()
    for role, actor in actors.items():
        chosen, mask = rollout[role, "action"], rollout[role, "action_mask"]
        assert mask.gather(2, chosen[..., None]).all()
        loss = _loss(team, role, actor)
        with torch.no_grad():
            loss.value_estimator(
                rollout,
                params=loss.critic_network_params,
                target_params=loss.target_critic_network_params,
            )
        before = [parameter.clone() for parameter in actor.parameters()]
        optimiser = torch.optim.Adam(loss.parameters(), lr=1e-2)
        losses = []
        for _ in range(10):
            told = loss(rollout)
            whole = told["loss_objective"] + told["loss_critic"]
            optimiser.zero_grad()
            whole.backward()
            optimiser.step()
            losses.append(whole.item())
        assert losses[-1] < losses[0]
        changed = zip(before, actor.parameters(), strict=True)
        assert not all(torch.equal(old, new) for old, new in changed)
