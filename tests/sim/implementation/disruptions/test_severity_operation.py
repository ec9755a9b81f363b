"""What the edge cases of use have in common: hidden, noticed, mended, worse with severity."""

from __future__ import annotations

from itertools import pairwise

import pytest
from edge_case_helpers import ONSET_DAY, ignored, mean_score, of, until_noticed, with_case
from world_helpers import decider, furniture, play, played

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.world import ImplementationWorld

KINDS = (
    DisruptionKind.PERFORMANCE_BOTTLENECK,
    DisruptionKind.REGULATORY_COMPLIANCE,
    DisruptionKind.MULTILINGUAL_REQUIREMENTS,
    DisruptionKind.NETWORK_FAILURES,
)
SEEDS = range(100, 124)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_not_noticed_at_once_and_the_briefing_shows_nothing_before(kind):
    delays = []
    for seed in range(6):
        world = ImplementationWorld(with_case(kind), seed)
        decide = decider("expert")
        while not of(world).noticed:
            assert world.briefing().disruptions == ()
            world.advance(decide(world.briefing(), world.legal()))
        delays.append(of(world).notice_hour / 8.0 - ONSET_DAY)
        shown = world.briefing().disruptions[0]
        assert (shown.kind, shown.severity) == (kind, Severity.CRITICAL)
        assert shown.response_hours > 0.0
        assert shown.day_noticed == int(of(world).notice_hour / 8.0)
    assert min(delays) > 0.0
    assert max(delays) > 3.0


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_up_mends_it_and_the_scorecard_counts_it(kind):
    for seed in range(3):
        world = played(with_case(kind, Severity.MODERATE), seed)
        card = world.scorecard()
        assert of(world).recovered
        assert (card.disruptions_met, card.disruptions_recovered) == (1, 1)
        assert card.recovery_days > 1.0
        assert world.briefing().disruptions == ()


@pytest.mark.parametrize("kind", KINDS)
def test_to_ignore_it_costs_more_than_to_mend_it(kind):
    scenario, seeds = with_case(kind), range(104, 110)
    mended = mean_score(played(scenario, seed) for seed in seeds)
    left = [ignored(scenario, seed) for seed in seeds]
    assert not any(of(world).recovered for world in left)
    assert mean_score(left) < mended - 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_a_snapshot_in_the_middle_has_the_same_future(kind):
    world = ImplementationWorld(with_case(kind), 5)
    until_noticed(world)
    play(world, decider("expert"), world.briefing().calendar.day + 2)
    assert not of(world).recovered
    twin = ImplementationWorld.restore(world.snapshot())
    assert twin.digest() == world.digest()
    play(world, decider("expert"))
    play(twin, decider("expert"))
    assert twin.digest() == world.digest()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_drawn_of_it_does_not_depend_on_what_is_decided(kind):
    scenario = with_case(kind)
    start = ImplementationWorld(scenario, 1)
    other = ImplementationWorld(scenario, 1)
    play(other, decider("random"), 4)
    for name in ("onset_hour", "notice_hour", "amount", "names", "values"):
        assert getattr(of(start), name) == getattr(of(other), name)


@pytest.mark.parametrize("kind", KINDS)
def test_one_to_come_after_the_end_changes_nothing(kind):
    plain = played(furniture(), 2).scorecard()
    assert played(with_case(kind, day=500), 2).scorecard() == plain


NOISE = 0.01
"""What a graver case may seem to gain on so few customers, managed by an expert who mends it."""


@pytest.fixture(scope="module")
def score_without():
    return mean_score(played(furniture(), seed) for seed in SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damage_grows_with_severity(kind, score_without):
    """The expert on the furniture customer, onset on the same day."""
    scores = [score_without]
    for severity in Severity:
        scores.append(mean_score(played(with_case(kind, severity), seed) for seed in SEEDS))
    assert all(worse < better + NOISE for better, worse in pairwise(scores))
    assert len(set(scores)) == len(scores)
    assert scores[2] > scores[3] > scores[4]
    assert 0.08 < scores[0] - scores[-1] < 0.4
    assert scores[0] - scores[1] < 0.06
