"""Routers of cases: on the bandit view and in the world."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

import golive
from golive.agents.gateway.bandits import (
    LEARNING,
    SIMPLE,
    Factors,
    Neighbours,
    Prefix,
    best_in_hindsight,
    oracle_choices,
)
from golive.agents.gateway.cases import PERSON, CasePolicy, Lesson, StreamCases, play
from golive.agents.gateway.linear import (
    FEATURES,
    LinearRouter,
    features_of_case,
    features_of_stream,
    flat_law,
    lin_ucb_flat,
    pleasing,
)
from golive.agents.gateway.signs import signs_of
from golive.agents.gateway.vowpal import VowpalWabbit
from golive.core.extras import MissingExtraError
from golive.scenarios.gateway.vocabulary import Wordings
from golive.sim.gateway.bandit import BanditStream, bandit_stream


@pytest.fixture(scope="module")
def streams() -> list[BanditStream]:
    return [bandit_stream("busy-desk", seed) for seed in range(2_000_000, 2_000_004)]


def test_a_case_shows_what_the_world_s_first_briefing_does():
    world = golive.build_world("busy-desk", 4)
    seen = signs_of(world.briefing(), world.legal(), 4.0)
    case = StreamCases(bandit_stream("busy-desk", 4)).case(0)
    for name in ("legal", "home_label", "home_read", "good_label", "good_read", "good"):
        assert np.array_equal(getattr(case.signs, name), getattr(seen, name)), name
    for name in ("confidence", "price", "fee_usd"):
        assert np.allclose(getattr(case.signs, name), getattr(seen, name)), name


def test_features_of_all_tasks_are_those_of_each():
    stream = bandit_stream("busy-desk", 4)
    cases, features = StreamCases(stream), features_of_stream(stream)
    for number in (0, 7, len(stream) - 1):
        assert np.allclose(features[number], features_of_case(cases.case(number)), atol=1e-12)


@pytest.mark.parametrize("name", [*SIMPLE, *LEARNING])
def test_a_router_chooses_what_is_legal_and_the_same_again(streams, name):
    router = {**SIMPLE, **LEARNING}[name]()
    stream = streams[0]
    played = play(router, stream)
    assert stream.legal[np.arange(len(stream)), played.choices].all()
    assert np.array_equal(play(router, stream).choices, played.choices)


def test_who_learns_beats_who_does_not_and_the_oracle_all(streams):
    def mean(choices):
        return np.mean([s.score(c) for s, c in zip(streams, choices, strict=True)])

    oracle = mean([oracle_choices(stream) for stream in streams])
    learned = mean([play(LEARNING["lin_ucb"](), stream).choices for stream in streams])
    rules = [mean([play(make(), s).choices for s in streams]) for make in SIMPLE.values()]
    assert oracle > learned > max(rules) + 0.1
    assert oracle > mean([best_in_hindsight(stream) for stream in streams])


def test_who_pleases_scores_below_who_solves(streams):
    gained = [
        stream.score(play(lin_ucb_flat(), stream).choices)
        - stream.score(play(pleasing(), stream).choices)
        for stream in streams
    ]
    assert np.mean(gained) > 0.05


def test_other_words_hardly_change_a_learned_router_s_choices(streams):
    stream = streams[1]
    reworded = bandit_stream("busy-desk", stream.seed, wordings=Wordings.HELD_OUT)
    played = play(LEARNING["lin_ucb"](), stream, reworded)
    assert np.array_equal(played.choices, play(LEARNING["lin_ucb"](), stream).choices)
    assert 0.9 < (played.choices == played.others).mean() < 1.0


def test_a_linear_law_is_learned():
    stream = bandit_stream("busy-desk", 0)
    cases, luck = StreamCases(stream), np.random.default_rng(0)
    truth = luck.normal(size=len(FEATURES))
    router = LinearRouter("probe", flat_law())
    for number in range(len(stream)):
        case = cases.case(number)
        rows = features_of_case(case)
        choice = int(luck.integers(len(rows) - 1))
        reward = float(np.clip(rows[choice] @ truth / 10.0, -2.9, 1.4))
        router.learn(case, choice, Lesson(reward, 1.0, 1.0))
    told = [features_of_case(cases.case(n))[:-1] for n in range(20)]
    apart = np.concatenate([rows @ (router.mean - truth / 10.0) for rows in told])
    spread = np.concatenate([rows @ truth / 10.0 for rows in told]).std()
    assert np.abs(apart).mean() < 0.3 * spread


def test_neighbours_and_factors_move_to_who_does_well():
    cases = StreamCases(bandit_stream("busy-desk", 0))
    case = cases.case(0)
    for router in (Neighbours(), Factors()):
        before = router.chances(case)
        for turn in range(100):
            router.learn(case, turn % 2, Lesson(0.0, float(turn % 2), 1.0))
        after = router.chances(case)
        assert after[1] > before[1] and after[0] < before[0], router.name
        router.learn(case, PERSON, Lesson(0.0, 0.0, 0.0))
        router.reset(1)
        assert np.array_equal(router.chances(case), before)


def test_a_prefix_is_known_or_it_is_not(streams):
    stream = streams[0]
    known = Prefix({" ".join(stream.tasks.text[0].lower().split()[:2]): int(stream.tasks.read[0])})
    unknown = play(Prefix({}), stream).choices
    assert np.array_equal(unknown, play(SIMPLE["most_confident"](), stream).choices)
    assert not np.array_equal(play(known, stream).choices, unknown)


def test_in_the_world_a_router_learns_from_what_it_hears():
    world = golive.build_world("busy-desk", 3)
    router = LEARNING["lin_ucb"]()
    policy = CasePolicy("probe", lambda: router)
    policy.reset(3)
    begun = router.mean.copy()  # type: ignore[attr-defined]
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
    card = world.scorecard()
    assert card.illegal_decisions == 0
    assert card.gateway_score > 0.2
    assert np.abs(router.mean - begun).max() > 0.05  # type: ignore[attr-defined]


def test_vowpal_wabbit_learns_or_says_what_is_missing(streams, tmp_path):
    if find_spec("vowpalwabbit") is None:
        with pytest.raises(MissingExtraError, match=r"golive\[vw\]"):
            VowpalWabbit()
        return
    router = VowpalWabbit(keeps=True)
    scores = [s.score(play(router, s).choices) for s in streams[:2]]
    lots = [s.score(play(SIMPLE["by_lot"](), s).choices) for s in streams[:2]]
    assert np.mean(scores) > np.mean(lots)
    router.save(tmp_path / "model.vw")
    begun = VowpalWabbit(tmp_path / "model.vw")
    assert play(begun, streams[2]).choices.size == len(streams[2])
    begun.close()
