"""What the edge cases of delivery have in common: hidden, noticed, mended, worse with severity."""

from __future__ import annotations

from itertools import pairwise

import pytest
from edge_case_helpers import mean_score, of, responses, until_noticed, with_case
from world_helpers import decider, furniture, packages, play, played

from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.state import PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KINDS = (
    DisruptionKind.CORRUPT_DATA,
    DisruptionKind.MISSING_REQUIREMENTS,
    DisruptionKind.CONFLICTING_BUSINESS_RULES,
    DisruptionKind.LEGACY_INCOMPATIBILITY,
)
ONSET_DAY = 12
SEEDS = range(100, 124)


def neglected(scenario: ImplementationScenario, seed: int) -> ImplementationWorld:
    """A world under the expert in which nobody works on what a disruption brings up."""
    world, decide = ImplementationWorld(scenario, seed), decider("expert")
    while not world.finished:
        missing = [p for p in packages(world, PackageKind.CHANGE) if p.subject >= 0]
        for package in (*responses(world), *missing):
            if package.status in (Status.READY, Status.WAITING):
                world.mechanisms.work.set_status(package, Status.BLOCKED)
        world.advance(decide(world.briefing(), world.legal()))
    return world


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_not_noticed_at_once_and_the_briefing_shows_nothing_before(kind):
    delays = []
    for seed in range(6):
        world, decide = ImplementationWorld(with_case(kind, day=ONSET_DAY), seed), decider("expert")
        while not of(world).noticed:
            assert world.briefing().disruptions == ()
            world.advance(decide(world.briefing(), world.legal()))
        delays.append(of(world).notice_hour / 8.0 - ONSET_DAY)
        shown = world.briefing().disruptions[0]
        assert (shown.kind, shown.severity) == (kind, Severity.CRITICAL)
        assert shown.day_noticed == int(of(world).notice_hour / 8.0)
    assert min(delays) > 0.0
    assert max(delays) > 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_without_any_event_somebody_tells_at_the_latest(kind):
    world = ImplementationWorld(with_case(kind, day=1), 0)
    told = of(world).notice_hour
    world._state.next_steering_day = 1_000
    until_noticed(world, decider("do_nothing"))
    assert of(world).notice_hour == pytest.approx(told, abs=8.0)
    assert world.briefing().disruptions[0].kind == kind


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
    scenario, seeds = with_case(kind, day=ONSET_DAY), range(4)
    mended = mean_score(played(scenario, seed) for seed in seeds)
    left = [neglected(scenario, seed) for seed in seeds]
    assert not any(of(world).recovered for world in left)
    assert mean_score(left) < mended - 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("days_after_notice", [0, 2])
def test_a_snapshot_in_the_middle_has_the_same_future(kind, days_after_notice):
    world = ImplementationWorld(with_case(kind), 5)
    until_noticed(world)
    play(world, decider("expert"), world.briefing().calendar.day + days_after_notice)
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
    for name in ("onset_hour", "notice_hour", "amount", "names", "values", "targets"):
        assert getattr(of(start), name) == getattr(of(other), name)


@pytest.mark.parametrize("kind", KINDS)
def test_one_to_come_after_the_end_changes_nothing(kind):
    plain = played(furniture(), 2).scorecard()
    assert played(with_case(kind, day=500), 2).scorecard() == plain


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_sent_into_a_running_project_and_twice(kind):
    row = with_case(kind, Severity.MODERATE, day=0).disruptions[0]
    world = ImplementationWorld(furniture(), 3)
    play(world, decider("expert"), 8)
    assert world.disrupt(row)
    assert world.disrupt(row)
    play(world, decider("expert"))
    assert world.scorecard().disruptions_met == 2
    assert world.scorecard().disruptions_recovered == 2


NOISE = 0.01
"""What a mild case may seem to gain on so few customers, managed by an expert who mends it."""


@pytest.fixture(scope="module")
def score_without():
    return mean_score(played(furniture(), seed) for seed in SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damage_grows_with_severity(kind, score_without):
    """The expert on the furniture customer, onset on the same day."""
    scores = [score_without]
    for severity in Severity:
        scenario = with_case(kind, severity, day=ONSET_DAY)
        scores.append(mean_score(played(scenario, seed) for seed in SEEDS))
    hit = scores[1:]
    assert all(worse < milder + NOISE for milder, worse in pairwise(hit))
    assert hit[-1] < hit[0]
    assert -NOISE < scores[0] - scores[1] < 0.06
    assert 0.02 < scores[0] - scores[-1] < 0.40
