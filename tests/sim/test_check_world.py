"""The check of worlds: a good one passes, and each promise that is broken is told."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.envs.tool_session import ToolSession
from golive.sim.check_world import check_world
from golive.sim.protocol import Snapshot
from golive.sim.words import Words
from golive.sim.worlds import WORLDS, world_kind

PACKAGE = Path(__file__).parents[2] / "docs/examples/golive-queue/golive_queue"


@pytest.fixture(scope="module")
def queue():
    """The example world, as if its package were installed."""
    specification = importlib.util.spec_from_file_location(
        "golive_queue", PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
    )
    package = importlib.util.module_from_spec(specification)
    sys.modules["golive_queue"] = package
    specification.loader.exec_module(package)
    from golive_queue.kind import KIND

    WORLDS.register("queue", KIND)
    yield KIND
    WORLDS.unregister("queue")
    for name in [name for name in sys.modules if name.partition(".")[0] == "golive_queue"]:
        del sys.modules[name]


def broken(kind, **parts):
    """The findings that a world with these parts fails, by name."""
    found = check_world(replace(kind, **parts), seeds=2)
    return {finding.name: finding.detail for finding in found if not finding.passed}


def test_the_implementation_world_keeps_its_promises():
    assert broken(world_kind("implementation")) == {}


def test_so_does_the_example(queue):
    found = check_world(queue, seeds=8)
    assert [finding for finding in found if not finding.passed] == []
    assert len(found) == 14


def test_words_that_say_another_decision_or_tell_what_is_latent_are_found(queue):
    name = "words say every decision, briefly, and nothing latent"

    class Mute(Words):
        def calls(self, plan, decision):
            return []

    class Indiscreet(Words):
        def heading(self, briefing):
            return "rush 1.2"

    class Long(Words):
        most_tokens = 5

        def fitted(self, lines):
            return " ".join(lines)

    for kind, problem in (
        (Mute, "its calls say"),
        (Indiscreet, "tells of rush, which is latent"),
        (Long, "tokens: expected 5"),
    ):

        def words(made=kind):
            return made(queue.language, queue.neutral, queue.title)

        assert problem in broken(queue, words=words)[name]


def test_a_second_world_is_played_in_words_without_any_of_its_own(queue):
    session = ToolSession(world=queue, split="test")
    text = session.reset(seed=1)
    assert "waiting" in text
    assert "rush" not in text
    foreman = queue.policies["foreman"]()
    while not session.terminated:
        environment = session.environment
        answer = session.play(foreman.decide(environment.briefing, environment.legal()))
    assert session.refused == 0
    assert "The episode is over. Score: " in answer.text
    assert "(customers waiting)" not in text
    session.reset(seed=1)
    assert "waiting: customers waiting" in session.message("look counter").text
    assert "fast" in session.message("order pace=fast").text
    refused = session.message("order pace=quick").text
    assert "expected one of slow, normal, fast" in refused


def test_luck_from_outside_the_seed_is_found(queue):
    worlds = iter(range(1000))

    def build(scenario, seed, **options):
        return queue.build(scenario, seed + next(worlds), **options)

    assert "differ" in broken(queue, build=build)["equal runs are equal"]


def test_a_snapshot_that_forgets_is_found(queue):
    def restore(snapshot, **options):
        state = {**snapshot.payload["state"], "waiting": []}
        forgetful = Snapshot(snapshot.world, snapshot.version, {**snapshot.payload, "state": state})
        return queue.restore(forgetful, **options)

    found = broken(queue, restore=restore)
    assert "differs after restore" in found["a restored world has the same future"]


def test_a_world_that_pickles_as_another_one_is_found(queue):
    from golive_queue.world import QueueWorld

    class BeginsAnew(QueueWorld):
        def __reduce__(self):
            return QueueWorld, (self.scenario, self.seed)

    def build(scenario, seed, **options):
        return BeginsAnew(scenario, seed)

    found = broken(queue, build=build, restore=BeginsAnew.restore)
    detail = found["worlds and snapshots survive pickle, and snapshots JSON"]
    assert "the world differs after pickle" in detail


def test_a_neutral_decision_that_is_illegal_is_found(queue):
    from golive_queue.world import Decision

    found = broken(queue, neutral=lambda: Decision(2))
    assert "illegal" in found["the neutral decision is always legal"]


def test_a_mask_that_promises_too_much_is_found(queue):
    class Careless(type(queue.language)):
        def mask(self, legal):
            return super().mask(legal) | True

    found = broken(queue, numbers=Careless)
    assert "pace/fast: the mask says True" in found["masks and legality agree"]


def test_a_feature_out_of_bounds_is_found(queue):
    class Wild(type(queue.language)):
        def encode(self, briefing):
            return super().encode(briefing) + 2.0

    found = broken(queue, numbers=Wild)
    assert "counter/hour: 2.0: expected 0 to 1" in found["observations are finite and in bounds"]


def test_a_briefing_with_what_is_latent_is_found(queue):
    found = broken(queue, latent=("energy",))
    assert "the briefing has energy" in found["briefings hold nothing latent"]


def test_a_probe_that_wins_is_found(queue):
    found = broken(queue, probes=("foreman",))
    assert "foreman scores" in found["probes lose to the expert"]


def test_a_world_without_an_end_is_found_and_not_waited_for(queue):
    from golive_queue.world import QueueWorld

    class Endless(QueueWorld):
        finished = False
        horizon = float("inf")

    def build(scenario, seed, **options):
        return Endless(scenario, seed)

    parts = {"build": build, "restore": Endless.restore, "most_decisions": 40}
    found = broken(queue, **parts, probes=(), baselines=())
    for name in ("an episode ends", "seeds differ", "equal runs are equal"):
        assert "more than 40 decisions" in found[name]


def test_a_world_that_raises_is_reported_with_the_place(queue):
    def moment(briefing):
        raise ZeroDivisionError("hours")

    found = broken(queue, moment=moment)
    assert "raised ZeroDivisionError: hours" in found["an episode ends"]
    assert "test_check_world.py:" in found["an episode ends"]


def test_a_record_that_does_not_fit_its_scorecard_is_found(queue):
    found = broken(queue, no_scorecard={"score": 0.0})
    assert "expected the scorecard's fields" in found["the record is complete"]


def test_seeds_below_one_are_refused(queue):
    with pytest.raises(GoliveError, match="seeds: 0: expected at least 1"):
        check_world(queue, seeds=0)
