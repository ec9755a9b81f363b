from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import polars
import pytest

from golive.agents.implementation.kind import KIND
from golive.agents.registry import load_policy
from golive.cli.app import run as run_golive
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.envs.implementation.diary import diary
from golive.envs.implementation.diary_events import (
    NOT_FOR_THE_MANAGER,
    TOLD_ELSEWHERE,
    Tracker,
    told,
)
from golive.envs.implementation.diary_words import Happening, listed
from golive.envs.implementation.insight_words import WORDS, leaning
from golive.scenarios.implementation.traits import TRAITS
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import advance_once, begin_episode
from golive.sim.implementation.event_logs.vocabulary import ACTIVITIES, AttributeType
from golive.sim.implementation.world import ImplementationWorld

PAGE = Path(__file__).parents[3] / "docs" / "environment.md"
HALF_WAY = 15
"""A Monday morning; corrupt data has begun by then."""


def played(scenario: str, seed: int, policy: str = "expert", *mix: str):
    """A finished world that recorded, and its diary on a morning half way."""
    loaded = load_scenario(scenario)
    loaded = loaded.mix.of(mix, None).met(loaded) if mix else loaded
    world = ImplementationWorld(loaded, seed, record=True)
    player = load_policy(policy, KIND)
    begin_episode(player, world)
    half = ""
    while not world.finished:
        if world.briefing().calendar.day == HALF_WAY:
            half = diary(world)
        advance_once(world, player)
    return world, half


@pytest.fixture(scope="module")
def episode():
    return played("furniture", 3, "expert", "corrupt_data:critical")


@pytest.fixture(scope="module")
def world(episode) -> ImplementationWorld:
    return episode[0]


@pytest.fixture(scope="module")
def text(world) -> str:
    return diary(world)


def with_events(world: ImplementationWorld, frame: polars.DataFrame) -> ImplementationWorld:
    other = {name: part for name, part in world.__dict__.items() if name != "_day"}
    twin = ImplementationWorld.__new__(ImplementationWorld)
    twin.__dict__.update(other, events=lambda: frame)
    return twin


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def day_of(text: str, day: int) -> str:
    found = re.search(rf"^Week \d+, \w+ \(day {day}\)\n((?:  .*\n)*)", text, re.MULTILINE)
    assert found is not None, day
    return one_line(found[1])


def test_each_kind_of_event_of_an_episode_changes_what_is_told(world, text):
    events = world.events()
    untold = {
        kind
        for kind in events["kind"].unique()
        if diary(with_events(world, events.filter(polars.col("kind") != kind))) == text
    }
    # The survey is told from the briefing, which has its age too.
    assert untold == {"survey"} | NOT_FOR_THE_MANAGER
    assert set(ACTIVITIES) >= NOT_FOR_THE_MANAGER


@pytest.mark.parametrize("kind", sorted(set(ACTIVITIES) - NOT_FOR_THE_MANAGER - TOLD_ELSEWHERE))
def test_every_kind_that_is_known_has_words(kind):
    numbers = {
        name: "sales" if type_ is AttributeType.TEXT else 1.0
        for name, type_ in ACTIVITIES[kind].attributes.items()
    }
    event = Happening(9.0, kind, "Oak_Nail", numbers)
    tracker = Tracker(8.0, noticed={"Oak_Nail"})
    tracker.note(event)
    assert len(list(told([event], tracker))) == 1


@pytest.mark.parametrize("kind", sorted(set(ACTIVITIES) - NOT_FOR_THE_MANAGER - TOLD_ELSEWHERE))
def test_an_event_without_its_figures_is_told_all_the_same(kind):
    list(told([Happening(9.0, kind, "Oak", {})], Tracker(8.0)))


@pytest.mark.parametrize(
    ("kind", "subject", "values", "said"),
    [
        (
            *("scope_handed_over", "advanced_pricing", {"effort_hours": 24.0, "package": 7.0}),
            "Scope handed over: advanced pricing (24 h).",
        ),
        (
            *("reading_bought", "quality of the data", {"price_usd": 6000.0, "error": 0.125}),
            "Reading bought: quality of the data ($6,000, error 0.125).",
        ),
        (
            *(
                "plan_rebaselined",
                "project",
                {"new_day": 45.0, "days_late": 5.0, "by": "a_sponsor"},
            ),
            "Plan rebaselined: project (new day 45, 5 days late, by a sponsor).",
        ),
        ("fair_missed", "Grand Rapids", {}, "Fair missed: Grand Rapids."),
    ],
)
def test_an_event_of_an_unknown_kind_is_told_by_its_name_and_figures(
    world, kind, subject, values, said
):
    frame = world.events()
    row = polars.DataFrame(
        [(100.0, kind, subject, str(values).replace("'", '"'))], schema=frame.schema, orient="row"
    )
    assert said in one_line(diary(with_events(world, polars.concat([frame, row]))))


def test_nothing_is_told_before_its_day(episode, text):
    """What the diary says on a morning is how the final one begins."""
    _, half = episode
    assert len(half) > 1000
    assert text.startswith(half)


def test_a_disruption_is_told_once_it_is_noticed(world, text):
    events = world.events().filter(polars.col("subject") == "corrupt_data")
    days = {kind: hour // world.hours_per_day for hour, kind, *_ in events.iter_rows()}
    assert days["disruption_begun"] < days["disruption_noticed"]
    before, after = text.split("Trouble noticed: corrupt data (critical")
    assert "corrupt data" not in before.split("Week 1,")[1]
    assert f"(day {days['disruption_noticed']:.0f})" in before.rsplit("Week ", 1)[1]
    assert "Mended: corrupt data" in after


def test_no_figure_of_what_nobody_knows_is_recorded_for_the_team(world):
    values = world.events().filter(~polars.col("kind").is_in(list(NOT_FOR_THE_MANAGER)))["values"]
    names = {name for text in values for name in re.findall(r'"(\w+)":', text)}
    assert not names & set(KIND.latent)


def test_every_day_is_there_once_and_no_line_is_too_long(world, text):
    days = []
    for first, last in re.findall(r"^Week .*\(days? (\d+)(?:-(\d+))?\)$", text, re.MULTILINE):
        days += range(int(first), int(last or first) + 1)
    assert days == list(range(world.scorecard().days))
    assert max(map(len, text.splitlines())) <= 100
    assert "_" not in text
    assert "Nothing new; the crew" in text


def test_decisions_milestones_and_weeks_are_told(world, text):
    assert "Decided: stakeholder workshop" in day_of(text, 0)
    assert "Crew: everybody on discovery" in day_of(text, 0)
    weeks = re.findall(r"Status at the end of week (\d+)", text)
    assert weeks == [str(n + 1) for n in range(world.scorecard().days // 5)]
    flat = one_line(text)
    for words in (
        *("Mock load 1: ", "Test cycle 1 ended: ", "Acceptance checks passed: "),
        *("change freeze declared", "Cutover begins: Grand Rapids", "GO-LIVE of Grand Rapids"),
        *("Production: output against before, Grand Rapids", "The steering committee met"),
    ):
        assert words in flat, words


def test_progress_counts_the_packages_of_the_plan(world, text):
    told_of = re.findall(r"Discovery: [^.]*\((\d+) of (\d+) packages? done\)", one_line(text))
    assert told_of[-1][0] == told_of[-1][1]
    assert [int(done) for done, _ in told_of] == sorted(int(done) for done, _ in told_of)


def test_the_outcome_is_the_scorecards(world, text):
    card = world.scorecard()
    end = one_line(text).split("Outcome")[1]
    assert f"Cost ${card.cost_usd:,.0f}" in end
    assert f"Adoption {100 * card.adoption:.0f} %" in end
    assert f"Go-live score {card.go_live_score:.2f}" in end
    assert f"${card.value_usd:,.0f} of the ${card.business_case_usd:,.0f} planned" in end
    assert f"benefits ${card.benefits_usd:,.0f}, the programme -${card.cost_usd:,.0f}" in end


def test_a_project_that_is_stopped_says_so():
    world, half = played("techmold", 2, "do_nothing")
    text = one_line(diary(world))
    assert world.scorecard().cancelled
    assert "THE SPONSOR STOPS THE PROJECT" in text
    assert "Outcome Stopped by the sponsor on day" in text
    assert "Outcome" not in half
    assert "Nothing new; the crew stands by." in half


def test_a_world_decided_week_by_week_has_the_same_days():
    loaded = load_scenario("furniture")
    weekly = changed(loaded, plan=changed(loaded.plan, days_per_decision=5))
    world = ImplementationWorld(weekly, 3, record=True)
    player = load_policy("expert", KIND)
    begin_episode(player, world)
    for _ in range(3):
        advance_once(world, player)
    text = diary(world)
    assert re.findall(r"end of week (\d)", text) == ["1", "2", "3"]
    assert "(day 15)" not in text


def test_a_world_that_does_not_record_has_no_diary():
    with pytest.raises(GoliveError, match="record=True"):
        diary(ImplementationWorld("furniture", 3))


@pytest.mark.parametrize(
    ("kind", "subject", "values", "said"),
    [
        (
            *("reading", "profile_data"),
            {"brought_to_light": 812.4, "data_rot_estimate": 0.81, "data_rot_error": 0.46},
            "Report of the profile of the data: many errors in the data load cleanly (+0.8, give "
            "or take 0.5); and 812 wrong records that load cleanly brought to light.",
        ),
        (
            *("reading", "sponsor_talk"),
            {
                "brought_to_light": 0.0,
                "consensus_estimate": 0.1,
                "consensus_error": 0.5,
                "sponsor_patience_estimate": -0.9,
                "sponsor_patience_error": 0.5,
            },
            "Report of the talk with the sponsor: the sponsor takes the date for law (-0.9, give "
            "or take 0.5); and nothing certain about consensus (+0.1, give or take 0.5).",
        ),
        (
            *("rebaselined", "project", {"weeks": 2.0, "day": 40.0}),
            "New plan agreed with the sponsor: 2 weeks more, go-live on day 40.",
        ),
        (
            *("acceptance_lapsed", "Oak", {"checks": 3.0}),
            "Acceptance has lapsed, as much was built since: 3 checks to be passed again.",
        ),
        (
            *("window_missed", "Grand Rapids", {}),
            "Window missed: the cutover is not done (Grand Rapids); the next is in a week.",
        ),
        (
            *("cutover_ready", "Grand Rapids", {}),
            "Cutover done: Grand Rapids; production starts with the week.",
        ),
    ],
)
def test_commitments_and_readings_are_told(kind, subject, values, said):
    assert list(told([Happening(9.0, kind, subject, values)], Tracker(8.0))) == [said]


def test_every_trait_has_words():
    assert tuple(WORDS) == TRAITS
    for name in TRAITS:
        sides = [leaning(name, value, 0.5) for value in (-0.6, 0.0, 0.6)]
        assert sides == [WORDS[name].low, "", WORDS[name].high]


def test_names_are_listed_once_and_many_are_counted():
    assert listed([]) == ""
    assert listed(["a", "b", "a"]) == "a twice and b"
    assert listed("abcdefg") == "a, b, c, d and 3 more"
    assert listed(["a, b", "c", "d"]) == "a, b; c; and d"


def told_by_command(*options: str) -> tuple[int, str]:
    with redirect_stdout(StringIO()) as printed:
        code = run_golive(["simulate", "furniture", "--seed", "3", "--diary", *options])
    return code, printed.getvalue()


def test_the_command_prints_diary_and_scorecard():
    code, printed = told_by_command("--policy", "do_nothing")
    assert code == 0
    assert printed.startswith("Diary of MidWest Custom Furniture #3\n")
    assert printed.index("\nOutcome\n") < printed.index("Go-live score  ")


@pytest.mark.parametrize(
    ("options", "reason"),
    [(("--json",), "expected no --json"), (("--episodes", "2"), "expected --episodes 1")],
)
def test_where_there_is_no_place_for_a_diary_it_is_refused(options, reason, capsys):
    code, printed = told_by_command(*options)
    assert (code, printed) == (2, "")
    assert f"--diary: {reason}" in capsys.readouterr().err.replace(
        "tells one episode; ", ""
    ).replace("prints text: ", "")


def test_the_page_shows_a_command_and_code_that_run():
    page = PAGE.read_text(encoding="utf-8")
    assert "$ golive simulate furniture --seed 3 --diary\n" in page
    [code] = [c for c in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "diary(" in c]
    with redirect_stdout(StringIO()) as printed:
        exec(compile(code, str(PAGE), "exec"), {"__name__": "__main__"})
    assert printed.getvalue().startswith("Diary of")
