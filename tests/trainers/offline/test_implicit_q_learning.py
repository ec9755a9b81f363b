"""Implicit Q-learning against exact answers, and where imitation must fail."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tabular import (
    BOLD,
    END,
    GAMMA,
    MIDDLE,
    SAFE,
    SIZES,
    START,
    STITCHING,
    expectile_of,
    stitching_episodes,
)

from golive.agents.learned import ActorNetwork
from golive.agents.policy_file import InterfaceRecord
from golive.trainers.offline import OfflineConfiguration, learn
from golive.trainers.offline.implicit_q_learning import ImplicitQLearner, expectile_loss
from golive.trainers.offline.learners import Transitions, endless_batches

INTERFACE = InterfaceRecord("tabular", STITCHING.states, "digest", SIZES)
MASK = np.array([True, True, False, True, True])


def configuration(**changes) -> OfflineConfiguration:
    fields = {
        "gradient_steps": 400,
        "batch_size": 128,
        "net_arch": [16],
        "learning_rate": 1e-2,
        "held_out": 0.0,
        "report_every": 200,
        "iql": {
            "expectile": 0.9,
            "inverse_temperature": 10.0,
            "critic_net_arch": [32],
            "critic_learning_rate": 1e-2,
            "target_rate": 0.1,
            "gamma": GAMMA,
            "scale_rewards": False,
        },
    }
    return OfflineConfiguration.model_validate(fields | changes)


def with_expectile(expectile: float) -> OfflineConfiguration:
    settings = configuration().iql.model_dump() | {"expectile": expectile}
    return configuration(method="iql", iql=settings)


def result_from(start: int, **changes) -> float:
    """Return from a state of the policy learned from the stitching episodes."""
    found = learn(configuration(**changes), stitching_episodes(), INTERFACE)
    actor = ActorNetwork(found.policy)
    states = np.eye(STITCHING.states, dtype=np.float32)
    return STITCHING.follow(start, lambda state: int(actor.best(states[state], MASK)[0]))


def test_no_recorded_episode_from_the_start_is_optimal() -> None:
    logged = stitching_episodes()
    from_start = logged.observations[logged.starts, START] == 1.0
    returns = logged.episodes["worth"].to_numpy()
    assert returns[from_start].max() == 0.5
    best = STITCHING.expectile_values(logged, 1.0)
    assert best[START] == pytest.approx(GAMMA * (0.5 + GAMMA * 0.5))
    assert best[START] > 0.5


@pytest.mark.parametrize(
    "imitation",
    [
        {"method": "bc", "gradient_steps": 150},
        {"method": "filtered_bc", "filter": {"share": 0.7}, "gradient_steps": 150},
    ],
    ids=["bc", "filtered_bc"],
)
def test_imitation_does_no_better_than_the_best_episode(imitation) -> None:
    assert result_from(START, **imitation) == 0.5


def test_it_stitches_the_best_path_from_parts_of_episodes() -> None:
    assert result_from(START, method="iql") == 1.0


@pytest.mark.parametrize("expectile", [0.5, 0.8, 0.97])
def test_values_are_those_of_dynamic_programming(expectile: float) -> None:
    logged = stitching_episodes()
    settings = with_expectile(expectile)
    transitions = Transitions.of(logged)
    torch.manual_seed(0)
    learner = ImplicitQLearner(settings, transitions)
    batches = endless_batches(len(transitions), 128, np.random.default_rng(0))
    for _ in range(settings.gradient_steps):
        learner.learn(next(batches), 0.0)
    found = learner.values(torch.eye(STITCHING.states)).detach().numpy()
    exact = STITCHING.expectile_values(logged, expectile)
    np.testing.assert_allclose(found, exact, atol=0.04)


def test_half_is_the_value_of_the_behaviour_and_one_that_of_the_best_in_support() -> None:
    """The exact answers that the learned ones are compared with are what they should be."""
    logged = stitching_episodes()
    behaviour, best = np.zeros(5), np.zeros(5)
    states, routes = logged.observations.argmax(axis=1), logged.actions[:, 0]
    for _ in range(10):
        for state in range(STITCHING.states):
            taken = routes[states == state]
            behaviour[state] = np.mean([STITCHING.worth(state, r, behaviour) for r in taken])
            best[state] = max(STITCHING.worth(state, r, best) for r in taken)
    np.testing.assert_allclose(STITCHING.expectile_values(logged, 0.5), behaviour[:4], atol=1e-8)
    np.testing.assert_allclose(STITCHING.expectile_values(logged, 1 - 1e-7), best[:4], atol=1e-5)
    steps = [STITCHING.expectile_values(logged, e) for e in (0.5, 0.7, 0.9, 0.99)]
    assert (np.diff(steps, axis=0) >= -1e-9).all()


@pytest.mark.parametrize("expectile", [0.5, 0.8, 0.99])
def test_the_loss_is_lowest_at_the_expectile(expectile: float) -> None:
    samples = np.random.default_rng(1).normal(size=300)
    exact = expectile_of(samples, expectile)
    value = torch.tensor(exact, dtype=torch.float64, requires_grad=True)
    expectile_loss(torch.as_tensor(samples) - value, expectile).backward()
    assert value.grad is not None
    assert abs(value.grad.item()) < 1e-6  # the weights are float32


def test_no_greed_is_behaviour_cloning() -> None:
    logged = stitching_episodes()
    settings = configuration().iql.model_dump() | {"inverse_temperature": 0.0}
    greedless = learn(
        configuration(method="iql", iql=settings, gradient_steps=50), logged, INTERFACE
    )
    cloned = learn(configuration(method="bc", gradient_steps=50), logged, INTERFACE)
    for layer, other in zip(greedless.policy.layers, cloned.policy.layers, strict=True):
        np.testing.assert_array_equal(layer[0], other[0])


def test_the_end_of_an_episode_is_worth_nothing_more() -> None:
    transitions = Transitions.of(stitching_episodes(copies=1))
    ends = np.cumsum(stitching_episodes(copies=1).lengths) - 1
    assert (transitions.continues.numpy() == 0.0).nonzero()[0].tolist() == ends.tolist()
    follows = transitions.following.numpy()
    assert (follows[ends] == ends).all()
    inside = np.setdiff1d(np.arange(len(transitions)), ends)
    assert (follows[inside] == inside + 1).all()
    assert STITCHING.edges[MIDDLE, SAFE][0] == END
    assert STITCHING.edges[START, BOLD][0] == MIDDLE
