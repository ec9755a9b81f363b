"""Words made from a world's numbers: any world can be played by calls."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from golive.envs.tool_session import ToolSession
from golive.scenarios.loader import load_scenario
from golive.sim.briefing_text import Fact, News, Row, Section, changed_lines, fitted, token_bound
from golive.sim.tool_table import Refusal, ToolCall
from golive.sim.words import ADVANCE, LOOK, Words
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")


@pytest.fixture
def generic() -> Words:
    return Words(KIND.language, KIND.neutral, KIND.title)


def random_decision(words: Words, legal: Any, generator: np.random.Generator) -> Any:
    parts = [words.numbers.mask(legal)[part] for part in words.numbers.choices.parts]
    return words.decision(tuple(int(generator.choice(np.flatnonzero(part))) for part in parts))


def test_a_world_without_words_of_its_own_has_them_from_its_numbers(generic: Words) -> None:
    assert [tool.name for tool in generic.tools] == [LOOK, "order", ADVANCE]
    assert [a.name for a in generic.tools[1].arguments] == [
        factor.name for factor in KIND.language.choices.factors
    ]
    assert set(generic.topics) == {group.name for group in KIND.language.groups}


def test_generic_words_tell_the_numbers_that_are_observed(generic: Words) -> None:
    world = KIND.build(load_scenario("furniture"), 3)
    briefing = world.briefing()
    facts = {
        (section.title, row.name, fact.name): fact.text
        for section in generic.sections(briefing)
        for row in section.rows
        for fact in row.facts
    }
    assert facts["workstreams", "discovery", "ready packages"] == str(
        briefing.workstreams[0].ready_packages
    )
    assert facts["calendar", "", "days to window"] == str(briefing.calendar.next_window_day)
    assert facts["tests", "", "last cycle"] == "never"
    assert facts["customer", "", "employees"] == str(briefing.customer.employees)
    records = briefing.migration.objects[0].records
    assert int(facts["data_objects", "items", "records"]) == pytest.approx(records, abs=1)
    assert len(facts) == sum(group.size for group in KIND.language.groups)


@pytest.mark.parametrize("own", [True, False])
def test_calls_say_every_decision(own: bool, generic: Words) -> None:
    words = KIND.speech if own else generic
    world, generator = KIND.build(load_scenario("techmold"), 5), np.random.default_rng(0)
    plan = words.neutral_plan
    for _ in range(12):
        legal = world.legal()
        decision = random_decision(words, legal, generator)
        for call in words.calls(plan, decision):
            changed = words.order(call, plan, legal)
            assert not isinstance(changed, Refusal)
            plan = changed
        assert words.decision(plan) == decision
        world.advance(decision)
        plan, _ = words.standing(plan, world.legal())
        assert world.legal().replace_illegal(words.decision(plan))[1] == 0


def test_an_order_is_carried_out_whole_or_not_at_all() -> None:
    words, world = KIND.speech, KIND.build(load_scenario("furniture"), 0)
    call = ToolCall("make_move", {"move": "go_live"})
    refused = words.order(call, words.neutral_plan, world.legal())
    assert isinstance(refused, Refusal)
    assert "go_live is not legal now" in refused.reason
    assert "stakeholder_workshop" in refused.legal
    assert "a mock load done" in words.needs(call, world.scenario, world.briefing())


def test_what_is_ordered_once_is_done_and_what_is_illegal_is_dropped() -> None:
    session = ToolSession("furniture", split="test")
    session.reset(seed=0)
    session.message("make_move stakeholder_workshop\nset_pace rush\nassign data_migration=data")
    session.message("advance")
    text = session.words.ordered(session.plan)
    assert "move none" in text
    assert "pace rush" in text
    assert "data_migration data" in text
    mask = [list(row) for row in session.environment.legal().focus]
    place = session.words.numbers.choices.factors[2].choices.index("data")
    mask[2][place] = False
    legal = type(session.environment.legal())(
        tuple(map(tuple, mask)),
        session.environment.legal().pace,
        session.environment.legal().move,
    )
    plan, gone = session.words.standing(session.plan, legal)
    assert gone == ("data_migration data",)
    assert "data_migration none" in session.words.ordered(plan)


def section(*rows: Row, title: str = "Shop") -> Section:
    return Section("shop", title, rows)


def test_changes_are_told_old_and_new_and_clocks_are_no_news() -> None:
    before = section(
        Row(
            "till",
            (Fact("cash", "$5"), Fact("age", "3 d", News.NONE), Fact("sold", "7", News.ANEW)),
        ),
        Row("cat", (Fact("mood", "good"),)),
    )
    after = section(
        Row(
            "till",
            (Fact("cash", "$8"), Fact("age", "4 d", News.NONE), Fact("sold", "2", News.ANEW)),
        ),
        Row("dog", (Fact("mood", "bad"),)),
    )
    assert list(changed_lines([before], [after])) == [
        "Shop:",
        "- till: cash $5 -> $8, sold 2",
        "- dog: new: mood bad",
        "- cat: no longer",
    ]
    assert list(changed_lines([before], [before])) == ["Shop:", "- till: sold 7"]


def test_a_text_that_is_too_long_loses_its_end_and_says_so() -> None:
    lines = [f"line {number}" for number in range(100)]
    text = fitted(lines, 50, "(more)")
    assert text.endswith("(more)")
    assert text.startswith("line 0\nline 1\n")
    assert token_bound(text) <= 50
    assert fitted(lines[:3], 50, "(more)") == "\n".join(lines[:3])


def test_tokens_are_counted_cautiously() -> None:
    assert token_bound("reconciliation 97.5%\n") == 4 + 5 + 1
    assert token_bound(re.sub(r"\s", "", "a b c")) == 1
