"""Policies that say their probabilities draw by them, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from golive import GoliveError, ImplementationWorld, load_policy, load_scenario
from golive.agents.noisy import NoisyPolicy
from golive.agents.probabilities import (
    certain,
    choice_probabilities_of,
    decide_with_probabilities,
    draw_decision,
    masked_softmax,
    uniform_legal,
)
from golive.agents.registry import policy_file_of
from golive.agents.sampled import SampledPolicy
from golive.core.random_streams import RandomStreams, purpose
from golive.envs.implementation.actions import action_mask, encode_decision
from golive.sim.episodes import run_episode
from golive.sim.implementation.decision import Decision, Move
from golive.sim.policy import StochasticPolicy
from golive.sim.worlds import world_kind

SCENARIO = load_scenario("furniture")
KIND = world_kind("implementation")
NUMBERS = KIND.language
CHOICES = NUMBERS.choices
DRAW = purpose("tests/draw")
DRAWS = 3000
LOGITS = st.lists(st.floats(-30, 30), min_size=CHOICES.count, max_size=CHOICES.count).map(np.array)


def sums(probabilities: np.ndarray) -> np.ndarray:
    return np.add.reduceat(probabilities, CHOICES.starts, axis=-1)


@st.composite
def masks(draw):
    mask = np.array(draw(st.lists(st.booleans(), min_size=CHOICES.count, max_size=CHOICES.count)))
    for start, size in zip(CHOICES.starts, CHOICES.sizes, strict=True):
        mask[start + draw(st.integers(0, size - 1))] = True
    return mask


def play(spec: str, seed: int = 3, steps: int = 60):
    """Yields (policy, briefing, legal, decision, probabilities) at each decision point."""
    world, policy = ImplementationWorld(SCENARIO, seed), load_policy(spec)
    policy.reset(seed)
    for _ in range(steps):
        if world.finished:
            return
        briefing, legal = world.briefing(), world.legal()
        decision, probabilities = decide_with_probabilities(policy, NUMBERS, briefing, legal)
        yield policy, briefing, legal, decision, probabilities
        world.advance(decision)


@settings(deadline=None, max_examples=50)
@given(LOGITS, masks(), st.floats(0.05, 20))
def test_a_softmax_is_a_distribution_over_the_legal_choices_of_each_factor(
    logits, mask, temperature
):
    probabilities = masked_softmax(CHOICES, logits, mask, temperature)
    assert (probabilities[~mask] == 0.0).all()
    assert sums(probabilities) == pytest.approx(np.ones(7))
    chosen = np.flatnonzero(mask[48:]) + 48
    ratio = np.log(probabilities[chosen] + 1e-300) * temperature
    assert (np.diff(ratio[np.argsort(logits[chosen])]) >= -1e-9).all()


@settings(deadline=None, max_examples=50)
@given(masks(), st.integers(0, 2**63), st.integers(0, 500))
def test_an_impossible_choice_is_never_drawn(mask, seed, day):
    probabilities = masked_softmax(CHOICES, np.linspace(-40, 40, CHOICES.count), mask)
    decision = draw_decision(NUMBERS, probabilities, RandomStreams(seed), DRAW, day)
    assert (probabilities[encode_decision(decision) + CHOICES.starts] > 0.0).all()


def test_draws_are_as_frequent_as_they_are_probable():
    logits = np.linspace(-2, 2, CHOICES.count)
    probabilities = masked_softmax(CHOICES, logits, np.ones(CHOICES.count, dtype=bool))
    streams = RandomStreams(11)
    drawn = np.array(
        [
            encode_decision(draw_decision(NUMBERS, probabilities, streams, DRAW, day))
            for day in range(DRAWS)
        ]
    )
    for factor, (start, size) in enumerate(zip(CHOICES.starts, CHOICES.sizes, strict=True)):
        counts = np.bincount(drawn[:, factor], minlength=size)
        expected = probabilities[start : start + size] * DRAWS
        assert chisquare(counts, expected).pvalue > 1e-4
    roles = np.zeros((9, 9))
    np.add.at(roles, (drawn[:, 0], drawn[:, 1]), 1)
    expected = np.outer(probabilities[:9], probabilities[9:18]) * DRAWS
    assert chisquare(roles.ravel(), expected.ravel()).pvalue > 1e-4  # factors are independent


@pytest.mark.parametrize(
    "spec", ["random", "noisy:expert:0.3", "sampled:{file}:2", "noisy:sampled:{file}:0.1"]
)
def test_a_policy_draws_what_it_calls_possible_whenever_it_is_asked(spec, untrained):
    spec = spec.format(file=untrained)
    assert isinstance(load_policy(spec), StochasticPolicy)
    for policy, briefing, legal, decision, probabilities in play(spec):
        mask = action_mask(legal)
        assert (probabilities[~mask] == 0.0).all()
        assert sums(probabilities) == pytest.approx(np.ones(7))
        assert (probabilities[encode_decision(decision) + CHOICES.starts] > 0.0).all()
        assert legal.replace_illegal(decision) == (decision, 0)
        again = policy.choice_probabilities(briefing, legal)
        np.testing.assert_array_equal(again, probabilities)
        assert policy.decide(briefing, legal) == decision


def test_noise_is_mixed_with_what_the_policy_itself_would_order():
    asked = load_policy("expert")
    asked.reset(3)
    kept, factors = 0, 0
    for _, briefing, legal, decision, probabilities in play("noisy:expert:0.4"):
        own = legal.replace_illegal(asked.decide(briefing, legal))[0]
        expected = 0.6 * certain(NUMBERS, own) + 0.4 * uniform_legal(CHOICES, action_mask(legal))
        np.testing.assert_allclose(probabilities, expected)
        kept += (encode_decision(own) == encode_decision(decision)).sum()
        factors += 7
    assert 0.6 < kept / factors < 0.95


def test_without_noise_the_policy_is_itself():
    noisy, expert = (run_episode(load_policy(s), SCENARIO, 5) for s in ("noisy:expert:0", "expert"))
    assert noisy.digest == expert.digest


def test_all_noise_is_the_random_policy_in_distribution():
    for _, _, legal, _, probabilities in play("noisy:plan_follower:1", steps=10):
        np.testing.assert_allclose(probabilities, uniform_legal(CHOICES, action_mask(legal)))


def test_an_episode_is_a_function_of_policy_and_seed():
    policy = load_policy("noisy:expert:0.2")
    first, other, again = (run_episode(policy, SCENARIO, seed).digest for seed in (7, 8, 7))
    assert first == again != other


def test_a_deterministic_policy_is_certain_of_what_is_carried_out():
    class Stubborn:
        name = "stubborn"

        def reset(self, seed: int) -> None:
            pass

        def decide(self, briefing, legal) -> Decision:
            return Decision(move=Move.ROLL_BACK)

    world = ImplementationWorld(SCENARIO, 0)
    briefing, legal = world.briefing(), world.legal()
    assert not legal.move[Move.ROLL_BACK]
    decision, probabilities = decide_with_probabilities(Stubborn(), NUMBERS, briefing, legal)
    assert decision.move is Move.NONE
    np.testing.assert_array_equal(probabilities, certain(NUMBERS, Decision()))
    np.testing.assert_array_equal(
        choice_probabilities_of(Stubborn(), NUMBERS, briefing, legal), probabilities
    )


def test_a_cold_sampled_policy_is_the_trained_one(untrained):
    specs = (f"sampled:{untrained}:1e-6", str(untrained))
    cold, trained = (run_episode(load_policy(spec), SCENARIO, 4) for spec in specs)
    assert cold.digest == trained.digest


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("noisy:expert", "expected noisy:POLICY:EPSILON"),
        ("noisy:expert:1.5", "epsilon: 1.5: expected 0 to 1"),
        ("noisy:planner:0.1", "looks into the world"),
        ("noisy:exprt:0.1", "did you mean 'expert'"),
        ("sampled:{file}:0", "temperature: 0: expected above 0"),
        ("sampled:nowhere:0.5", "nowhere"),
    ],
)
def test_a_wrong_spec_is_refused_with_its_reason(spec, message, untrained):
    with pytest.raises(GoliveError, match=message):
        load_policy(spec.format(file=untrained))


def test_the_file_behind_a_spec_is_found(untrained):
    for spec in ("{}", "sampled:{}", "sampled:{}:0.5", "noisy:{}:0.1"):
        assert policy_file_of(spec.format(untrained)) == untrained
    for spec in ("expert", "noisy:expert:0.1", "planner:3", "static:x", "random"):
        assert policy_file_of(spec) is None


def test_specs_are_read_from_the_right(tmp_path, untrained):
    path = tmp_path / "a:b.policy"
    path.write_bytes(untrained.read_bytes())
    policy = load_policy(f"noisy:sampled:{path}:0.5:0.1")
    assert isinstance(policy, NoisyPolicy)
    inner = load_policy(f"sampled:{path}")
    assert isinstance(inner, SampledPolicy)
    assert inner.temperature == 1.0
