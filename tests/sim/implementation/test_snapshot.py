"""From any decision point a snapshot has the future of the world that it was taken of."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from typing import Any

import pytest
from world_helpers import conventional, decider, load_scenario, with_parameters

from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.sim.implementation.briefing import SiteStatus
from golive.sim.implementation.decision import Decision
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import Snapshot, SnapshotError

SEED = 3
POLICIES = ("expert", "random", "plan_follower")

ELSEWHERE = """
import json, sys
from golive.sim.implementation.decision import Decision, Pace, Move
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import Snapshot
futures = []
for row in json.load(sys.stdin):
    world = ImplementationWorld.restore(Snapshot(row["world"], row["version"], row["payload"]))
    digests = [world.digest()]
    for focus, pace, move in row["decisions"]:
        world.advance(Decision(tuple(focus), Pace(pace), Move(move)))
        digests.append(world.digest())
    futures.append(digests)
json.dump([hash("salted"), futures], sys.stdout)
"""


class Episode:
    """A whole episode with a snapshot, a digest and a briefing per decision point."""

    def __init__(
        self, policy: str, seed: int = SEED, scenario: ImplementationScenario | str = "furniture"
    ) -> None:
        if isinstance(scenario, str):
            scenario = load_scenario(scenario)
        self.world = world = ImplementationWorld(scenario, seed, record=True)
        decide = decider(policy, seed)
        self.snapshots, self.digests = [world.snapshot()], [world.digest()]
        self.briefings, self.decisions = [world.briefing()], []
        while not world.finished:
            decision = decide(world.briefing(), world.legal())
            world.advance(decision)
            self.decisions.append(decision)
            self.snapshots.append(world.snapshot())
            self.digests.append(world.digest())
            self.briefings.append(world.briefing())
        self.scorecard = world.scorecard()

    def first(self, wanted: Any) -> int:
        """First decision point whose briefing is as wanted."""
        return next(index for index, known in enumerate(self.briefings) if wanted(known))

    def around(self, event: str) -> list[int]:
        """The decision points before and after the first event of a kind."""
        hours = self.world.events().filter(kind=event)["time_hours"]
        day = int(hours.min() // self.world.scenario.plan.hours_per_day)
        after = self.first(lambda known: known.calendar.day > day)
        return [after - 1, after]

    def interesting(self) -> list[int]:
        """Decision points in the midst of things."""
        return sorted(
            {
                0,
                self.first(lambda known: known.questions.pending > 0),
                self.first(lambda known: known.migration.mock_load_pending),
                self.first(
                    lambda known: known.sites[0].status in (SiteStatus.CUTOVER, SiteStatus.LIVE)
                ),
                self.first(lambda known: known.sites[0].status == SiteStatus.LIVE),
                len(self.decisions) - 2,
            }
        )


@pytest.fixture(scope="module")
def episodes() -> dict[str, Episode]:
    return {policy: Episode(policy) for policy in POLICIES}


def through_json(snapshot: Snapshot) -> Snapshot:
    return Snapshot(
        snapshot.world, snapshot.version, json.loads(json.dumps(dict(snapshot.payload)))
    )


def plain(decision: Decision) -> list[Any]:
    return [list(decision.focus), int(decision.pace), int(decision.move)]


def test_in_other_processes_a_snapshot_has_the_same_digests_to_the_end(episodes):
    points = [(name, at) for name in POLICIES for at in episodes[name].interesting()[::2]]
    rows = [
        {
            "world": episodes[name].snapshots[at].world,
            "version": episodes[name].snapshots[at].version,
            "payload": dict(episodes[name].snapshots[at].payload),
            "decisions": [plain(decision) for decision in episodes[name].decisions[at:]],
        }
        for name, at in points
    ]
    text, hashes = json.dumps(rows), []
    for salt in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", ELSEWHERE],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": salt},
        )
        salted, futures = json.loads(done.stdout)
        hashes.append(salted)
        for (name, at), digests in zip(points, futures, strict=True):
            assert digests == episodes[name].digests[at:], (name, at)
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_restored_world_tells_the_same_briefing_at_every_decision_point(policy, episodes):
    episode = episodes[policy]
    for at in range(0, len(episode.snapshots), 3):
        world = ImplementationWorld.restore(through_json(episode.snapshots[at]))
        assert world.briefing() == episode.briefings[at], at


@pytest.mark.parametrize("policy", ["expert", "random"])
def test_a_policy_without_memory_decides_the_same_future_from_a_snapshot(policy, episodes):
    episode = episodes[policy]
    for at in episode.interesting():
        world = ImplementationWorld.restore(through_json(episode.snapshots[at]))
        decide, future = decider(policy, SEED), iter(episode.digests[at + 1 :])
        while not world.finished:
            world.advance(decide(world.briefing(), world.legal()))
            assert world.digest() == next(future), at
        assert world.scorecard() == episode.scorecard


def test_a_weekly_decided_world_can_be_restored():
    episode = Episode("expert", scenario="furniture-conventional")
    for at in (0, 11, len(episode.decisions) - 3):
        world = ImplementationWorld.restore(through_json(episode.snapshots[at]))
        assert world.briefing() == episode.briefings[at]
        for index, decision in enumerate(episode.decisions[at : at + 5], start=at + 1):
            world.advance(decision)
            assert world.digest() == episode.digests[index]


@pytest.fixture(scope="module")
def fateful() -> Episode:
    """A year with consultants in which a sponsor leaves, a design falls, hypercare goes on."""
    plan = {"hypercare_weeks": 1, "hypercare_extension_weeks": 26}
    scenario = conventional()
    scenario = scenario.model_copy(update={"plan": scenario.plan.model_copy(update=plan)})
    fate = {"collapse": 0.8, "sponsor_turnover": 0.03, "hypercare_release_loss": 0.05}
    scenario = with_parameters(scenario, **fate)
    for seed in range(20):
        episode = Episode("expert", seed, scenario)
        if all(episode.world.events().filter(kind=event).height for event in FATES):
            return episode
    raise AssertionError("no such seed")


FATES = ("sponsor_changed", "design_flaw", "hypercare_extended")


@pytest.mark.parametrize("event", FATES)
def test_a_snapshot_around_a_turn_of_fate_has_the_same_future(event, fateful):
    for at in fateful.around(event):
        world = ImplementationWorld.restore(through_json(fateful.snapshots[at]))
        assert world.briefing() == fateful.briefings[at]
        assert world._state == ImplementationWorld.restore(fateful.snapshots[at])._state
        for index, decision in enumerate(fateful.decisions[at:], start=at + 1):
            world.advance(decision)
            assert world.digest() == fateful.digests[index]
        assert world.scorecard() == fateful.scorecard


def test_a_snapshot_says_who_sponsors_and_how_long_hypercare_goes_on(fateful):
    for event, field in (
        ("sponsor_changed", "sponsors"),
        ("hypercare_extended", "hypercare_extensions"),
    ):
        before, after = (fateful.snapshots[at].payload["state"] for at in fateful.around(event))
        assert after[field] == before[field] + 1
    left = fateful.around("sponsor_changed")[1]
    assert fateful.snapshots[left].payload["state"]["sponsor_is_new"]
    assert not fateful.snapshots[-1].payload["state"]["sponsor_is_new"]


def test_a_recording_world_restores_from_a_world_that_did_not_record(episodes):
    episode = episodes["expert"]
    world = ImplementationWorld.restore(episode.snapshots[4], record=True)
    world.advance(episode.decisions[4])
    assert world.digest() == episode.digests[5]
    assert world.gantt().height > 0
    assert len(world.history) == 2


def test_a_snapshot_is_detached_from_its_world():
    world = ImplementationWorld(load_scenario("furniture"), SEED)
    snapshot = world.snapshot()
    before = copy.deepcopy(dict(snapshot.payload))
    decide = decider("expert", SEED)
    for _ in range(8):
        world.advance(decide(world.briefing(), world.legal()))
    assert snapshot.payload == before


def test_worlds_of_one_snapshot_do_not_touch_one_another(episodes):
    episode = episodes["expert"]
    one = ImplementationWorld.restore(episode.snapshots[5])
    other = ImplementationWorld.restore(episode.snapshots[5])
    one.advance(episode.decisions[5])
    assert other.digest() == episode.digests[5]
    other.advance(episode.decisions[5])
    assert one.digest() == other.digest() == episode.digests[6]


def test_a_snapshot_pickles_and_turns_into_json_without_loss(episodes):
    snapshot = episodes["random"].snapshots[9]
    assert pickle.loads(pickle.dumps(snapshot)) == snapshot
    assert ImplementationWorld.restore(through_json(snapshot)).snapshot() == snapshot


def damaged(snapshot: Snapshot, damage: str) -> Snapshot:
    payload = copy.deepcopy(dict(snapshot.payload))
    match damage:
        case "no state":
            del payload["state"]
        case "no customer":
            del payload["customer"]
        case "unknown field":
            payload["state"]["moon"] = 1
        case "missing field":
            del payload["state"]["day"]
        case "missing field of a package":
            del payload["state"]["packages"][0]["remaining_hours"]
        case "scenario":
            payload["scenario"]["plan"]["weeks"] = "six"
        case "seed":
            payload["seed"] = -1
        case "parameter":
            payload["scenario"]["parameters"] = {"bass_p": 9.0}
        case "marks":
            payload["period_hours"] = [[0.0]]
        case "state is a list":
            payload["state"] = []
    return Snapshot(snapshot.world, snapshot.version, payload)


@pytest.mark.parametrize("carry", [lambda w: pickle.loads(pickle.dumps(w)), copy.deepcopy])
def test_a_running_world_pickles_with_what_it_recorded(carry, episodes):
    episode = episodes["expert"]
    world = ImplementationWorld("furniture", seed=SEED, record=True)
    for at, decision in enumerate(episode.decisions):
        if at in episode.interesting():
            world = carry(world)
            assert world.digest() == episode.digests[at]
        world.advance(decision)
    world = carry(world)
    assert world.finished
    assert world.scorecard() == episode.scorecard
    assert world.history == episode.world.history
    assert world.events().equals(episode.world.events())
    assert world.gantt().equals(episode.world.gantt())


def test_a_world_takes_its_scenario_by_name():
    by_name, itself = (
        ImplementationWorld(s, seed=0) for s in ("furniture", load_scenario("furniture"))
    )
    assert by_name.digest() == itself.digest()


@pytest.mark.parametrize(
    "damage",
    [
        "no state",
        "no customer",
        "unknown field",
        "missing field",
        "missing field of a package",
        "scenario",
        "seed",
        "parameter",
        "marks",
        "state is a list",
    ],
)
def test_a_damaged_snapshot_is_refused_in_one_line(damage, episodes):
    with pytest.raises(SnapshotError, match="payload: damaged") as caught:
        ImplementationWorld.restore(damaged(episodes["expert"].snapshots[2], damage))
    assert "\n" not in str(caught.value)


def test_a_snapshot_of_another_version_is_refused_with_both_versions(episodes):
    snapshot = episodes["expert"].snapshots[0]
    other = Snapshot(snapshot.world, snapshot.version + 1, snapshot.payload)
    expected = rf"version: {snapshot.version + 1}: .* {snapshot.version} only"
    with pytest.raises(SnapshotError, match=expected):
        ImplementationWorld.restore(other)


def test_a_snapshot_of_another_world_is_refused(episodes):
    snapshot = episodes["expert"].snapshots[0]
    with pytest.raises(SnapshotError, match="world: 'chess': expected 'implementation'"):
        ImplementationWorld.restore(Snapshot("chess", snapshot.version, snapshot.payload))
