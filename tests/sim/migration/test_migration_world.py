"""The migration world: snapshots, luck, what traits turn round, what nobody is told."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import library_scenario

from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.migration.scenario import Trouble
from golive.scenarios.migration.vocabulary import Adversity, ErrorKind
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
from golive.sim.migration.judge import judge
from golive.sim.migration.people import Asked, People
from golive.sim.migration.state import UserState
from golive.sim.migration.target import TARGET
from golive.sim.migration.traits import Trait, draw_traits, with_traits
from golive.sim.migration.truth import errors_by_kind
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


def with_trait(trait: Trait, *, value: bool, seed: int = 8) -> MigrationWorld:
    """A customer with one trait set, everything else as the seed has it."""
    return MigrationWorld(changed(SCENARIO, traits={trait.word: value}), seed)


def with_trouble(kind: Adversity, severity: float = 1.0, day: int = 3) -> MigrationWorld:
    """A customer whom something befalls on a day."""
    trouble = Trouble(kind=kind, severity=severity, day=day)
    return MigrationWorld(changed(SCENARIO, troubles=(trouble,)), 4)


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


def test_what_somebody_knows_does_not_depend_on_what_was_asked_before() -> None:
    """Asked first or after others, a key user says the same of a cell, a group and the dates."""
    told = []
    for before in ([], [ITEMS, CUSTOMERS + 1]):
        world = play(MigrationWorld(SCENARIO, 5), (Work.MAP_CHECKED,))
        world.state.frozen_at = 0.0  # or rows would change while others are asked
        for slot in before:
            world.advance(Decision(Work.ASK_GAPS, slot))
        for user in world.state.users:
            user.tiredness = 0.0
        for work in (Work.ASK_DATES, Work.ASK_GAPS, Work.ASK_DUPLICATES):
            world.advance(Decision(work, CUSTOMERS))
            while world.briefing().tables[CUSTOMERS].awaited:
                world.advance(NEUTRAL)
            world.state.users[world._people.whom(CUSTOMERS)].tiredness = 0.0
        section = world.ground.section(TABLES[CUSTOMERS])
        assert section is not None
        told.append((world.ground.frames[section], world.briefing().tables[CUSTOMERS].dates_told))
    assert told[0][0].equals(told[1][0])
    assert told[0][1] == told[1][1]


def test_nobody_is_asked_the_same_twice() -> None:
    world = play(MigrationWorld(SCENARIO, 5), (Work.MAP_CHECKED,))
    seen: set[tuple[int, str]] = set()
    for _ in range(2):
        world.advance(Decision(Work.ASK_GAPS, CUSTOMERS))
        (question,) = world.state.questions.values()
        cells = {
            (row, column) for (row,), column in zip(question.rows, question.columns, strict=True)
        }
        assert cells
        assert not cells & seen
        seen |= cells
        play(world, (Work.WAIT,) * 8)


def test_another_future_is_drawn_for_the_same_customer() -> None:
    world = play(with_trait(Trait.RESTLESS, value=True), (Work.MAP_CHECKED,))
    twin = MigrationWorld.restore(world.snapshot(), seed=77)
    assert twin.briefing() == world.briefing()
    for one in (world, twin):
        play(one, (Work.WAIT,) * 9)
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


def cost(trait: Trait, works: tuple[Work, ...], *, value: bool, seed: int = 8) -> float:
    return play(with_trait(trait, value=value, seed=seed), works).scorecard().whole_cost_usd


def test_sister_firms_turn_merges_round() -> None:
    """Sisters share numbers, so that merging by them loses firms; else it finds duplicates."""

    def gain(*, value: bool) -> float:
        """USD that merging partners of one name and number saves."""
        harms = []
        for works in ((), (Work.MERGE_CAUTIOUSLY,)):
            world = play(with_trait(Trait.SISTERS, value=value), READ)
            play(world, works, [CUSTOMERS])
            harms.append(play(world, (Work.LOAD,)).scorecard().after_golive_usd)
        return harms[0] - harms[1]

    assert gain(value=True) < 0.0 < gain(value=False)


def test_guessing_users_turn_questions_round() -> None:
    """Who guesses fills gaps with what is wrong; who does not leaves them, or knows."""
    counts = {}
    for value in (True, False):
        world = with_trait(Trait.GUESSING, value=value)
        play(world, (*READ, Work.ASK_GAPS, *(Work.WAIT,) * 6, Work.LOAD))
        counts[value] = world.scorecard().guessed_cells
        assert world.briefing().answers_checked > 0
    assert counts[True] > 3 * counts[False]


def test_restless_systems_turn_the_freeze_round() -> None:
    early = (Work.MAP_CHECKED, Work.FREEZE, *READ[1:], *(Work.WAIT,) * 20, Work.LOAD)
    never = tuple(work for work in early if work is not Work.FREEZE)
    gains = {
        value: cost(Trait.RESTLESS, never, value=value) - cost(Trait.RESTLESS, early, value=value)
        for value in (True, False)
    }
    assert gains[True] > 0.0 > gains[False]


def test_strict_owners_refuse_what_others_sign() -> None:
    clean_up = (*READ, Work.BY_HAND, Work.BY_HAND, Work.SIGN_OFF, *(Work.WAIT,) * 4)
    signed = {}
    for value in (True, False):
        worlds = [
            play(with_trait(Trait.STRICT_OWNER, value=value, seed=seed), clean_up)
            for seed in (8, 9, 10)
        ]
        signed[value] = sum(table.signed for one in worlds for table in one.briefing().tables)
    assert signed[True] < signed[False]


def test_the_cause_of_errors_turns_rules_round() -> None:
    """Rules repair the errors of an old import, and few of a careless clerk's."""
    shares = {
        value: play(with_trait(Trait.OLD_IMPORT, value=value), (*READ, Work.LOAD))
        .scorecard()
        .cell_error_reduction
        for value in (True, False)
    }
    assert shares[True] > shares[False] + 0.1


def test_days_first_turns_the_reading_round() -> None:
    """At the workshop most tables follow the trait; reading the other way is silent damage."""
    orders = {}
    for value in (True, False):
        truth = with_trait(Trait.DAYS_FIRST, value=value).ground.truth
        orders[value] = [habit.date_format.order for habit in truth.habits.values()]
    assert orders[True] != orders[False]
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
        traits = draw_traits(SCENARIO, seed)
        right += sum(t * s > 0 for t, s in zip(traits, draw_signs(seed, traits), strict=True))
    assert 0.7 < right / (200 * len(Trait)) < 0.9


def test_traits_are_not_in_the_scenario_that_is_told() -> None:
    world = MigrationWorld(SCENARIO, 4)
    assert world.scenario == SCENARIO
    assert with_traits(SCENARIO, world.state.traits) != SCENARIO


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
        sum(people.answer(tired, Asked.CELL, 0, row) == 1 for row in range(400))
        for tired in (0.0, 1.0)
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
    assert world.now == before + 3 * 4.0  # each is to wait for half a day
    assert place_of(Decision(Work.PROFILE, 99)) is None


def test_who_never_loads_goes_live_with_what_there_is() -> None:
    world = MigrationWorld(SCENARIO, 0)
    while not world.finished:
        world.advance(NEUTRAL)
    card = world.scorecard()
    assert not card.loaded
    assert card.share_loaded == 0.0
    assert card.after_golive_usd > 100_000.0
    assert card.migration_score == 0.0
    assert card.late_load_days == 15.0
    with pytest.raises(RuntimeError):
        world.advance(NEUTRAL)


def test_hands_repair_what_rules_cannot() -> None:
    """Where errors come of careless typing, reading by hand pays; after rules it pays less."""
    gains = {}
    for value in (True, False):
        rules = (*READ, Work.REPAIR_REFERENCES, Work.LOAD)
        hands = (*rules[:-1], Work.BY_HAND, Work.LOAD)
        gains[value] = cost(Trait.OLD_IMPORT, rules, value=value) - cost(
            Trait.OLD_IMPORT, hands, value=value
        )
    assert gains[False] > gains[True]
    assert gains[False] > 0.0


def test_old_partners_are_left_behind_by_agreement() -> None:
    world = MigrationWorld(SCENARIO, 2)
    world._people.answer = lambda *_: 1  # type: ignore[method-assign]
    play(world, (*READ, Work.ARCHIVE))
    section = world.ground.section(TABLES[CUSTOMERS])
    assert section is not None
    left = [row for row, status in world.ground.statuses(section).items() if status == "rejected"]
    things = {world.ground.thing(section, row) for row in left}
    agreed = world.ground.obsolete()[TABLES[CUSTOMERS]]
    assert len(things & agreed) > 0.8 * len(things) > 5
    strict = judge(world.ground.truth, world.ground.submission())
    agreeing = judge(world.ground.truth, world.ground.submission(), world.ground.obsolete())
    assert strict.rows - len(things & agreed) <= agreeing.rows < strict.rows
    assert agreeing.damaged < strict.damaged
    assert agreeing.rows_loaded == strict.rows_loaded


def test_test_loads_are_masked_or_cost_privacy() -> None:
    world = play(MigrationWorld(SCENARIO, 2), (Work.MAP_CHECKED, Work.MOCK_LOAD))
    assert world.scorecard().privacy_usd > 0.0
    world = play(MigrationWorld(SCENARIO, 2), (Work.MAP_CHECKED, Work.MASK, Work.MOCK_LOAD))
    assert world.scorecard().privacy_usd == 0.0
    assert not world.legal().allows(Decision(Work.MASK))


def test_some_totals_of_the_business_are_wrong_themselves() -> None:
    """Even tables that are as they should be do not agree with all of them."""
    off = []
    for seed in range(6):
        world = MigrationWorld(SCENARIO, seed)
        for slot in slots(world):
            name = TABLES[slot]
            section = world.ground.sections[name][0]
            frame = world.ground.truth.clean[name].select(
                pl.col("_row"),
                pl.lit("load").alias("_status"),
                pl.lit(None, dtype=pl.Int64).alias("_into"),
                *(pl.col(one).alias(f"{name}.{one}") for one in TARGET[name].names),
            )
            world.ground.frames = {**world.ground.frames, section: frame}
            world._campaign._reconcile(slot, world.state.tables[slot])
            off.append(world.state.tables[slot].totals_off)
    assert 0 < sum(share > 0.0 for share in off) < len(off) / 2


def test_a_corrupt_extract_loses_what_was_done() -> None:
    world = play(with_trouble(Adversity.CORRUPT_EXTRACT, day=6), READ)
    world.state.frozen_at = world.now
    assert world.now < 48.0
    before = dict(world.ground.frames)
    while world.now < 49.0:
        world.advance(NEUTRAL)
    assert world.briefing().met[list(Adversity).index(Adversity.CORRUPT_EXTRACT)] == 1.0
    assert any(not frame.equals(world.ground.frames[name]) for name, frame in before.items())


def test_a_changed_schema_unmaps_a_table() -> None:
    world = play(with_trouble(Adversity.CHANGED_SCHEMA), (Work.MAP_CHECKED,))
    assert world.now < 24.0
    assert all(table.mapped for table in world.briefing().tables if table.rows)
    while world.now < 25.0:
        world.advance(NEUTRAL)
    assert sum(not table.mapped for table in world.briefing().tables if table.rows) == 1


def test_who_stands_in_knows_less() -> None:
    known = []
    for severity in (0.0, 1.0):
        world = MigrationWorld(SCENARIO, 0)
        world.state.users[0].gone = severity
        answers = [world._people.answer(0.0, Asked.CELL, 0, row) for row in range(400)]
        known.append(answers.count(1))
        assert world._people.whom(0) == (1 if severity else 0)
    assert known[1] < known[0] - 80


def test_stricter_rules_void_signatures() -> None:
    world = with_trouble(Adversity.RULES_CHANGE, day=3)
    for table in world.state.tables:
        table.signed = 1
    while world.now < 25.0:
        world.advance(NEUTRAL)
    assert not any(table.signed for table in world.briefing().tables)
    assert world._people.is_strict


@pytest.mark.parametrize(
    ("kind", "grows"),
    [
        (Adversity.SECOND_SYSTEM, "duplicate"),
        (Adversity.MIXED_ENCODINGS, "mojibake"),
        (Adversity.TENFOLD_VOLUME, "rows"),
    ],
)
def test_some_troubles_are_in_the_tables_from_the_beginning(kind: Adversity, grows: str) -> None:
    calm, worse = MigrationWorld(SCENARIO, 4), with_trouble(kind, 0.4)
    assert worse.briefing().met[list(Adversity).index(kind)] == 0.4

    def size(world: MigrationWorld) -> int:
        if grows == "rows":
            return world.ground.height(TABLES[CUSTOMERS])
        return errors_by_kind(world.ground.truth.ledger)[ErrorKind(grows)]

    assert size(worse) > 1.5 * size(calm)


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


def test_a_header_may_bear_a_mapped_column_s_name() -> None:
    """Some systems write words with points: a header of theirs may read as a mapped column."""
    world = MigrationWorld(SCENARIO, 1)
    name = TABLES[CUSTOMERS]
    section = world.ground.sections[name][0]
    frame = world.ground.frames[section]
    header = frame.columns[4]
    renamed = frame.rename({header: f"{name}.balance"})
    world.ground._begin = {**world.ground._begin, section: renamed}
    world.ground.frames = {**world.ground.frames, section: renamed}
    for work in (Work.MAP_QUICKLY, Work.MAP_CHECKED):
        world.advance(Decision(work, CUSTOMERS))
        assert world.briefing().tables[CUSTOMERS].mapped
