"""The implementation world in words: complete, true, within its budget, and nothing latent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from golive.agents.registry import load_policy
from golive.envs.tool_session import ToolSession
from golive.scenarios.loader import load_scenario
from golive.sim.briefing_text import token_bound
from golive.sim.implementation.briefing import NEVER
from golive.sim.implementation.decision import Decision, Move
from golive.sim.words import ORDERS
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
WORDS = KIND.speech
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_PLACES = frozenset({"focus", "status", "stage", "industry", "severity", "kind"})
"""Numbers in a briefing that stand for names."""


class Marks:
    """A briefing in which every number is another one."""

    def __init__(self) -> None:
        self.values: dict[float, str] = {}

    def marked(self, value: Any, path: str = "") -> Any:
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            parts = {n: self.marked(getattr(value, n), f"{path}.{n}") for n in value._fields}
            return value._replace(**parts)
        if isinstance(value, tuple):
            return tuple(self.marked(one, f"{path}[{n}]") for n, one in enumerate(value))
        name = path.rpartition(".")[2]
        if isinstance(value, bool) or not isinstance(value, int | float) or name in _PLACES:
            return value
        mark = 10_001 + len(self.values)
        self.values[float(mark)] = path
        return type(value)(mark) if type(value) in (int, float) else value


def numbers_in(text: str) -> Iterator[float]:
    for found in _NUMBER.findall(text):
        yield round(float(found[:-1]) / 100.0, 6) if found.endswith("%") else float(found)


def texts(session: ToolSession) -> Iterator[str]:
    environment = session.environment
    briefing, legal = environment.briefing, environment.legal()
    yield session.briefing()
    for topic in (*WORDS.topics, ORDERS):
        yield WORDS.look(topic, environment.world.scenario, briefing, legal, session.plan)


@pytest.fixture
def marked(briefing: Any) -> tuple[Any, Marks]:
    marks = Marks()
    sites = tuple(site._replace(present=True, days_live=1) for site in briefing.sites)
    management = briefing.management._replace(days_since_escalation=1)
    calendar = briefing.calendar._replace(hypercare_day=1)
    briefing = briefing._replace(sites=sites, management=management, calendar=calendar)
    return marks.marked(briefing), marks


def test_every_number_of_the_briefing_is_told_and_no_other(marked: tuple[Any, Marks]) -> None:
    briefing, marks = marked
    told = {
        number
        for section in WORDS.sections(briefing)
        for row in section.rows
        for fact in row.facts
        for number in numbers_in(fact.text)
    }
    assert told <= set(marks.values)
    assert [path for mark, path in marks.values.items() if mark not in told] == []


def test_whole_texts_and_changes_have_only_numbers_of_the_briefings(
    marked: tuple[Any, Marks],
) -> None:
    briefing, marks = marked
    other = Marks()
    other.values = dict(marks.values)
    later = other.marked(briefing)
    legal = KIND.build(load_scenario("furniture"), 0).legal()
    plan = WORDS.neutral_plan
    known = {*other.values, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 2000.0}  # sites' places, scales, budget
    for text in (
        WORDS.brief(briefing, legal, plan),
        WORDS.changes(briefing, legal, later, legal, plan),
        *(WORDS.look(topic, None, briefing, legal, plan) for topic in WORDS.topics),
    ):
        assert set(numbers_in(text)) <= known


def test_what_never_happened_is_called_so(briefing: Any) -> None:
    assert briefing.management.days_since_escalation == NEVER
    text = WORDS.look("management", None, briefing, None, WORDS.neutral_plan)
    assert "last escalation never" in text
    assert "-1" not in text


@pytest.mark.parametrize("scenario", ["furniture", "techmold", "global-electric"])
def test_texts_stay_within_the_budget_and_hold_no_latent_name(scenario: str) -> None:
    latent = {name.lower() for name in KIND.latent}
    session = ToolSession(scenario, split="test")
    session.reset(seed=1)
    expert = load_policy("expert")
    expert.reset(0)
    environment = session.environment
    every = [session.instructions, *(tool.docstring for tool in session.tools)]
    number = 0
    while not session.terminated:
        if number % 9 == 0:
            every.extend(texts(session))
        number += 1
        every.append(session.play(expert.decide(environment.briefing, environment.legal())).text)
    for text in every[:-1]:  # the last one tells what came of it
        assert token_bound(text) <= WORDS.most_tokens
        assert not latent & set(re.findall(r"[a-z_]+", text.lower()))
        assert text.isascii()
    assert "(More than" not in session.briefing()
    assert session.refused == 0


def test_texts_are_the_same_whatever_is_latent() -> None:
    session = ToolSession("furniture", split="test")
    session.reset(seed=4)
    assert KIND.imagined is not None
    expert = load_policy("expert")
    expert.reset(0)
    environment = session.environment
    for _ in range(12):
        session.play(expert.decide(environment.briefing, environment.legal()))
    snapshot, plan = environment.world.snapshot(), session.plan
    seen = {
        WORDS.brief(world.briefing(), world.legal(), plan)
        for world in (
            environment.world,
            KIND.restore(snapshot, seed=99),
            KIND.restore(KIND.imagined(snapshot, 5), seed=5),
        )
    }
    assert len(seen) == 1


def test_nothing_is_told_of_what_is_still_to_come() -> None:
    plain, troubled = ToolSession("furniture"), ToolSession("furniture")
    options = {"disruptions": ["corrupt_data:critical", "network_failures"]}
    plain.reset(seed=0)
    troubled.reset(seed=0, options=options)
    assert plain.environment.world.digest() != troubled.environment.world.digest()
    assert list(texts(plain)) == list(texts(troubled))
    assert plain.instructions == troubled.instructions


def test_every_illegal_choice_has_what_it_waits_for_and_every_move_its_words() -> None:
    world, generator = KIND.build(load_scenario("global-electric"), 2), np.random.default_rng(1)
    seen: set[str] = set()
    while not world.finished:
        briefing, legal = world.briefing(), world.legal()
        about = WORDS.about(world.scenario, briefing)
        mask = KIND.language.mask(legal).tolist()
        for name, fine in zip(KIND.language.choices.names, mask, strict=True):
            seen.add(name)
            if name.startswith("move/"):
                assert about[name].effect
            assert fine or about[name].needs, name
        parts = [np.array(mask)[part] for part in KIND.language.choices.parts]
        action = [int(generator.choice(np.flatnonzero(part))) for part in parts]
        world.advance(KIND.language.decode(np.array(action)))
    assert len(seen) == KIND.language.choices.count


@pytest.mark.parametrize("move", [Move.MANUAL_INTERVENTION, Move.REBASELINE, Move.SPONSOR_TALK])
def test_prices_are_what_is_paid(move: Move) -> None:
    worlds = [KIND.build(load_scenario("techmold"), 3) for _ in range(2)]
    price = WORDS.about(worlds[0].scenario, worlds[0].briefing())[f"move/{move.name.lower()}"].price
    worlds[0].advance(Decision(move=move))
    worlds[1].advance(Decision())
    spent = [world.briefing().money.spent_usd for world in worlds]
    assert round(spent[0] - spent[1]) == int(re.findall(r"\$(\d+)", price)[0])


def test_parameters_of_the_scenario_are_told() -> None:
    scenario = load_scenario("furniture").with_parameters({"intervention_usd": 8_000.0})
    briefing = KIND.build(scenario, 0).briefing()
    prices = [
        WORDS.about(one, briefing)["move/manual_intervention"].price
        for one in (scenario, load_scenario("furniture"))
    ]
    twice, once = (int(price[1:]) for price in prices)
    assert twice == pytest.approx(2 * once, abs=1)
