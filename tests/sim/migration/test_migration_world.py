"""The migration world: snapshots, luck, what traits turn round, what nobody is told."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import library_scenario

from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.sim.migration import ground as ground_module
from golive.sim.migration.decision import (
    CHOICES,
    NEUTRAL,
    NO_TABLE,
    TABLES,
    Decision,
    Work,
    place_of,
)
from golive.sim.migration.people import People
from golive.sim.migration.state import State, UserState
from golive.sim.migration.traits import Trait, draw_traits, with_traits
from golive.sim.migration.world import MigrationWorld
from golive.sim.protocol import Snapshot, SnapshotError

SCENARIO = library_scenario("workshop-data")
CUSTOMERS = [str(table) for table in TABLES].index("customers")
ITEMS = [str(table) for table in TABLES].index("items")


def slots(world: MigrationWorld) -> list[int]:
    return [slot for slot, table in enumerate(world.briefing().tables) if table.rows]


def order_of(world: MigrationWorld, slot: int) -> Work:
    first = world.ground.truth.habits[TABLES[slot]].date_format.order == "dmy"
    return Work.READ_DAYS_FIRST if first else Work.READ_MONTHS_FIRST


def play(
    world: MigrationWorld, works: Sequence[Work], only: Sequence[int] | None = None
) -> MigrationWorld:
    """Do works on every table; dates are read in their true order."""
    for work in works:
        for slot in [NO_TABLE] if work >= Work.WAIT else only or slots(world):
            done = order_of(world, slot) if work is Work.READ_DAYS_FIRST else work
            if not world.finished and world.legal().allows(Decision(done, slot)):
                world.advance(Decision(done, slot))
    return world


def at_random(world: MigrationWorld, steps: int, seed: int) -> MigrationWorld:
    luck = np.random.default_rng(seed)
    for _ in range(steps):
        if world.finished:
            break
        allowed = [one for one in CHOICES if world.legal().allows(one) and one.work != Work.LOAD]
        world.advance(allowed[int(luck.integers(len(allowed)))])
    return world


READ = (Work.MAP_CHECKED, Work.READ_DAYS_FIRST, Work.FORMATS, Work.NORMALISE)


def with_trait(trait: Trait, value: int) -> int:
    """The first seed whose customer has a trait or has it not, and is mild otherwise."""
    return next(seed for seed in range(200) if draw_traits(seed)[trait] == value)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 50), steps=st.integers(0, 25), play_seed=st.integers(0, 5))
def test_a_restored_world_has_the_same_future(seed: int, steps: int, play_seed: int) -> None:
    world = at_random(MigrationWorld(SCENARIO, seed), steps, play_seed)
    text = json.dumps(world.snapshot().payload, allow_nan=False)
    ground_module._known.clear()  # so that the tables are really rebuilt from the log
    twin = MigrationWorld.restore(Snapshot("migration", 1, json.loads(text)))
    assert twin.digest() == world.digest()
    for name, frame in world.ground.frames.items():
        assert frame.equals(twin.ground.frames[name])
    for one in (world, twin):
        at_random(one, 8, 99)
        if not one.finished and one.legal().allows(Decision(Work.LOAD)):
            one.advance(Decision(Work.LOAD))
    assert twin.digest() == world.digest()
    assert twin.scorecard() == world.scorecard()


def test_a_world_travels_in_the_middle_of_an_episode() -> None:
    world = at_random(MigrationWorld(SCENARIO, 2), 12, 0)
    twin = pickle.loads(pickle.dumps(world))
    world.advance(NEUTRAL)
    twin.advance(NEUTRAL)
    assert twin.digest() == world.digest()


def test_snapshots_of_others_and_damaged_ones_are_refused() -> None:
    good = MigrationWorld(SCENARIO, 0).snapshot()
    state = good.payload["state"]
    for bad in (
        Snapshot("queue", good.version, good.payload),
        Snapshot(good.world, 99, good.payload),
        Snapshot(good.world, good.version, {}),
        Snapshot(good.world, good.version, {**good.payload, "state": {**state, "tables": []}}),
        Snapshot(
            good.world,
            good.version,
            {**good.payload, "state": {**state, "log": [{"operation": "format_disk"}]}},
        ),
    ):
        with pytest.raises(SnapshotError) as told:
            MigrationWorld.restore(bad)
        assert "\n" not in str(told.value)


def test_luck_does_not_depend_on_what_was_done_before() -> None:
    """What people know of a question depends on its number, not on what others were asked."""
    one, other = (MigrationWorld(SCENARIO, 5) for _ in range(2))
    play(one, (Work.MAP_CHECKED,))
    play(one, (Work.PROFILE, Work.FORMATS), [CUSTOMERS])
    play(other, (Work.MAP_CHECKED,))
    play(other, (Work.WAIT, Work.WAIT))
    asked = [Decision(Work.ASK_DATES, CUSTOMERS)]
    for world in (one, other):
        assert world.now == one.now
        for decision in asked:
            world.advance(decision)
        play(world, (Work.WAIT,) * 4)
    told = [world.briefing().tables[CUSTOMERS].dates_told for world in (one, other)]
    assert told[0] == told[1]
    assert one.state.totals.rows_changed == other.state.totals.rows_changed


def test_another_future_is_drawn_for_the_same_customer() -> None:
    world = play(MigrationWorld(SCENARIO, with_trait(Trait.RESTLESS, 1)), (Work.MAP_CHECKED,))
    twin = MigrationWorld.restore(world.snapshot(), seed=77)
    assert twin.briefing() == world.briefing()
    for one in (world, twin):
        play(one, (Work.WAIT,) * 6)
    assert twin.ground.truth is world.ground.truth
    assert twin.digest() != world.digest()


def test_operations_in_the_log_are_the_real_ones() -> None:
    world = play(MigrationWorld(SCENARIO, 3), READ)
    names = {entry["operation"] for entry in world.state.log if "operation" in entry}
    assert {"map_column", "cast_date", "cast_number", "normalise", "replace_value"} <= names


def test_clean_work_damages_nothing() -> None:
    """With the right mapping and orders, rules alone repair and leave what is right alone."""
    world = MigrationWorld(SCENARIO, 2)
    world._people.answer = lambda *_: 1  # type: ignore[method-assign]
    world.state.frozen_at = 0.0
    play(world, (*READ, Work.REPAIR_REFERENCES, Work.LOAD))
    card = world.scorecard()
    assert card.cell_error_reduction > 0.2
    assert card.share_loaded == 1.0
    assert card.guessed_cells == 0


def counterpart(trait: Trait, value: int, seed: int = 8) -> MigrationWorld:
    """The same customer's world with one trait set, everything else as the seed has it."""
    world = MigrationWorld(SCENARIO, seed)
    traits = list(world.state.traits)
    traits[trait] = value
    state: State = world.state
    state.traits = traits
    payload = {**world.snapshot().payload}
    return MigrationWorld.restore(Snapshot("migration", 1, payload))


@cache
def harm(trait: Trait, value: int, works: tuple[Work, ...], seed: int = 8) -> float:
    return play(counterpart(trait, value, seed), works).scorecard().whole_cost_usd


def test_sister_firms_turn_bold_merges_round() -> None:
    bold = (*READ, Work.MERGE_BOLDLY, Work.LOAD)
    cautious = (*READ, Work.MERGE_CAUTIOUSLY, Work.LOAD)

    def gain(value: int) -> float:
        """USD that merging partners boldly saves against merging them cautiously."""
        costs = []
        for works in (cautious, bold):
            world = counterpart(Trait.SISTERS, value)
            play(world, works[:-2])
            play(world, works[-2:-1], [CUSTOMERS])
            costs.append(play(world, works[-1:]).scorecard().harm_usd)
        return costs[0] - costs[1]

    assert gain(1) < 0.0 < gain(-1)


def test_guessing_users_turn_questions_round() -> None:
    """Who guesses fills gaps with what is wrong; who does not leaves them, or knows."""
    counts = {}
    for value in (1, -1):
        world = counterpart(Trait.GUESSING, value)
        play(world, (*READ, Work.ASK_GAPS, *(Work.WAIT,) * 6, Work.LOAD))
        counts[value] = world.scorecard().guessed_cells
        assert world.briefing().answers_checked > 0
    assert counts[1] > 3 * counts[-1]


def test_restless_systems_turn_the_freeze_round() -> None:
    early = (Work.MAP_CHECKED, Work.FREEZE, *READ[1:], *(Work.WAIT,) * 20, Work.LOAD)
    never = tuple(work for work in early if work is not Work.FREEZE)
    gains = {
        value: harm(Trait.RESTLESS, value, never) - harm(Trait.RESTLESS, value, early)
        for value in (1, -1)
    }
    assert gains[1] > 0.0 > gains[-1]


def test_strict_owners_refuse_what_others_sign() -> None:
    signed = {}
    for value in (1, -1):
        world = counterpart(Trait.STRICT_OWNER, value)
        play(world, (*READ, Work.SIGN_OFF, *(Work.WAIT,) * 3))
        signed[value] = sum(table.signed for table in world.briefing().tables)
    assert signed[1] < signed[-1]


def test_the_cause_of_errors_turns_rules_round() -> None:
    """Rules repair the errors of an old import, and few of a careless clerk's."""
    shares = {
        value: play(counterpart(Trait.OLD_IMPORT, value), (*READ, Work.LOAD))
        .scorecard()
        .cell_error_reduction
        for value in (1, -1)
    }
    assert shares[1] > shares[-1] + 0.1


def test_days_first_turns_the_reading_round() -> None:
    """At the workshop most tables follow the trait; reading the other way is silent damage."""
    orders = {}
    for value in (1, -1):
        truth = counterpart(Trait.DAYS_FIRST, value).ground.truth
        orders[value] = [habit.date_format.order for habit in truth.habits.values()]
    assert orders[1] != orders[-1]
    world = MigrationWorld(SCENARIO, 11)
    wrong = {Work.READ_DAYS_FIRST: Work.READ_MONTHS_FIRST}
    other = wrong.get(order_of(world, CUSTOMERS), Work.READ_DAYS_FIRST)
    shares = []
    for work in (order_of(world, CUSTOMERS), other):
        world = play(MigrationWorld(SCENARIO, 11), (Work.MAP_CHECKED,))
        world.advance(Decision(work, CUSTOMERS))
        shares.append(play(world, (Work.LOAD,)).scorecard().silent_date_share)
    assert shares[1] > shares[0] + 0.1


def test_signs_are_right_more_often_than_not() -> None:
    from golive.sim.migration.traits import draw_signs

    right = 0
    for seed in range(200):
        traits = draw_traits(seed)
        right += sum(t * s > 0 for t, s in zip(traits, draw_signs(seed, traits), strict=True))
    assert 0.7 < right / (200 * len(Trait)) < 0.9


def test_traits_are_not_in_the_scenario_that_is_told() -> None:
    world = MigrationWorld(SCENARIO, 4)
    assert world.scenario == SCENARIO
    varied = with_traits(SCENARIO, world.state.traits)
    assert varied != SCENARIO


def test_the_truth_is_in_no_briefing() -> None:
    world = play(MigrationWorld(SCENARIO, 1), (*READ, Work.MOCK_LOAD))
    names = {field.name for field in fields(world.briefing())}
    assert not names & {"traits", "log", "customer_seed", "truth"}
    clean = world.ground.truth.clean[TABLES[CUSTOMERS]]["name"].to_list()
    told = repr(world.briefing())
    assert not any(name in told for name in clean if name)


@pytest.mark.parametrize("half_days", [0, 10])
def test_questions_wait_for_scarce_people(half_days: int) -> None:
    world = play(MigrationWorld(SCENARIO, 0), (Work.MAP_CHECKED,))
    play(world, (Work.WAIT,) * half_days)
    world.advance(Decision(Work.ASK_GAPS, CUSTOMERS))
    assert world.briefing().tables[CUSTOMERS].awaited == 1
    assert not world.legal().allows(Decision(Work.ASK_DATES, CUSTOMERS))
    assert max(world.briefing().waits) > 0
    play(world, (Work.WAIT,) * 12)
    assert world.briefing().tables[CUSTOMERS].awaited == 0


def test_tired_people_know_less() -> None:
    state = replace(MigrationWorld(SCENARIO, 0).state, users=[UserState()])
    people = People(state, MigrationWorld(SCENARIO, 0)._streams)
    known = [
        sum(people.answer(tired, number, 0) == 1 for number in range(400)) for tired in (0.0, 1.0)
    ]
    assert known[0] > known[1] + 60


def test_mapping_anew_takes_back_what_was_done() -> None:
    world = play(MigrationWorld(SCENARIO, 6), (Work.MAP_QUICKLY, Work.READ_DAYS_FIRST))
    world.advance(Decision(Work.MAP_CHECKED, CUSTOMERS))
    table = world.briefing().tables[CUSTOMERS]
    assert table.mapped == 2
    assert not any(table.done[1:3]) or table.done[Work.MAP_CHECKED] == 1
    assert not table.done[Work.READ_DAYS_FIRST]


def test_illegal_decisions_are_counted_and_wait() -> None:
    world = MigrationWorld(SCENARIO, 0)
    before = world.now
    for decision in (
        Decision(Work.LOAD),
        Decision(Work.FORMATS, CUSTOMERS),
        Decision(Work.PROFILE, 99),
    ):
        world.advance(decision)
    assert world.illegal_decisions == 3
    assert world.now == before + 3 * 4.0
    assert place_of(Decision(Work.PROFILE, 99)) is None


def test_who_never_loads_fails_late() -> None:
    world = MigrationWorld(SCENARIO, 0)
    while not world.finished:
        world.advance(NEUTRAL)
    card = world.scorecard()
    assert not card.loaded
    assert card.migration_score == 0.0
    assert card.late_load_days == 15.0
    with pytest.raises(RuntimeError):
        world.advance(NEUTRAL)


@pytest.mark.parametrize(
    "make",
    [
        lambda: MigrationWorld(SCENARIO, -1),
        lambda: MigrationWorld("no-such-scenario", 0),
        lambda: MigrationWorld(changed(SCENARIO, weeks=99), 0),
    ],
)
def test_wrong_arguments_are_refused(make: Callable[[], Any]) -> None:
    with pytest.raises((GoliveError, ValueError)):
        make()
