"""Amounts, links, names and outlines as project tools write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_fuzz import check_hours

from golive.core.errors import GoliveError
from golive.scenarios.implementation import import_plan
from golive.scenarios.implementation.importers.amounts import (
    Decimal,
    TimeUnit,
    WorkingTime,
    amount_of,
    number_of,
)
from golive.scenarios.implementation.importers.links import LinkKind, TaskNames, links_of
from golive.scenarios.implementation.importers.names import folded, heading, normalised, person
from golive.scenarios.implementation.importers.project import Unmapped

FS, SS, FF, SF = LinkKind
NAMES = TaskNames(
    ["0", "1", "2", "3", "5", "12", "A1000", "A1010", "ERP-1", "ERP-2", "abc1", "7.0"],
    [("Design, phase 2", "12"), ("Same", "1"), ("Same", "2")],
)
CELLS: dict[str, list[tuple[str, LinkKind, str]]] = {
    # Microsoft Project
    "1": [("1", FS, "")],
    "1,2": [("1", FS, ""), ("2", FS, "")],
    "1FS+2 days": [("1", FS, "+2 days")],
    "1FS+2 days;3SS-50%": [("1", FS, "+2 days"), ("3", SS, "-50%")],
    "12FF-1 day?,5SF": [("12", FF, "-1 day?"), ("5", SF, "")],
    "2SS+1.5 wks,3": [("2", SS, "+1.5 wks"), ("3", FS, "")],
    "1FS+2ed": [("1", FS, "+2ed")],
    "1FS+0 days": [("1", FS, "")],
    "1EA+2,5 Tage;2AA": [("1", FS, "+2,5 Tage"), ("2", SS, "")],
    "1FD+2 jours;2DD;3DF": [("1", FS, "+2 jours"), ("2", SS, ""), ("3", SF, "")],
    "1FC;2CC+1 día": [("1", FS, ""), ("2", SS, "+1 día")],
    # Smartsheet
    "3FS +2d, 5 FF": [("3", FS, "+2d"), ("5", FF, "")],
    "12fs + 2 d": [("12", FS, "+ 2 d")],
    # Primavera
    "A1000: FS 5d, A1010: SS": [("A1000", FS, "5d"), ("A1010", SS, "")],
    "A1000:FF-16h": [("A1000", FF, "-16h")],
    "a1000": [("A1000", FS, "")],
    # Jira, ClickUp, OpenProject, Azure DevOps
    "ERP-1;ERP-2": [("ERP-1", FS, ""), ("ERP-2", FS, "")],
    "is blocked by ERP-2": [("ERP-2", FS, "")],
    "ERP-2 is blocked by": [("ERP-2", FS, "")],
    "[abc1, ERP-1]": [("abc1", FS, ""), ("ERP-1", FS, "")],
    "waiting on abc1": [("abc1", FS, "")],
    "#12": [("12", FS, "")],
    "Task #12: Configure finance": [("12", FS, "")],
    # Asana
    "Design, phase 2,1": [("12", FS, ""), ("1", FS, "")],
    # GanttProject
    "0-FS=P1D;1-SS=-P2D": [("0", FS, "P1D"), ("1", SS, "-P2D")],
    "1-FS=PT0H": [("1", FS, "")],
    # spreadsheets
    "1 2\n3": [("1", FS, ""), ("2", FS, ""), ("3", FS, "")],
    "1.0;2.00": [("1", FS, ""), ("2", FS, "")],
    "7": [("7.0", FS, "")],
    "1FS+2,5": [("1", FS, "+2"), ("5", FS, "")],
    "1 finish-to-start; 2 (SS)": [("1", FS, ""), ("2", SS, "")],
    "": [],
    " ; , ": [],
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_of_predecessors(cell) -> None:
    found = list(links_of(cell, NAMES))
    assert all(link.known for link in found)
    assert [(link.id, link.kind, link.lag) for link in found] == CELLS[cell]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("9", "9"), ("1;9 8", "9 8"), ("12FS+2 cakes", "cakes"), ("Same", "Same"), ("1XX", "1XX"),
        ("ERP-11", "ERP-11"), ("-1", "-1"), ("1FS++2d", "1FS++2d"),
    ],
)  # fmt: skip
def test_what_is_no_task_is_not_known(cell, words) -> None:
    assert words in [link.id for link in links_of(cell, NAMES) if not link.known]


def test_tasks_of_other_files_are_outside() -> None:
    for cell in ("C:\\plans\\other.mpp\\12FS+2d", "<>\\other\\3", "other.mpp"):
        (link,) = links_of(cell, NAMES)
        assert link.outside, cell
        assert not link.known, cell


@given(st.lists(st.sampled_from(["1", "2", "12", "A1000", "ERP-1"]), max_size=8), st.data())
def test_any_list_of_links_is_read_back(ids, data) -> None:
    kinds = data.draw(st.lists(st.sampled_from(["", "FS", "SS", "EA", " ff"]), min_size=8))
    lags = data.draw(st.lists(st.sampled_from(["+2d", "-50%", " +1.5 wks", "+3"]), min_size=8))
    mark = data.draw(st.sampled_from([";", ",", "; ", ", ", "\n"]))
    parts = [i + k + (lag if k else "") for i, k, lag in zip(ids, kinds, lags, strict=False)]
    found = list(links_of(mark.join(parts), NAMES))
    assert [link.id for link in found] == ids
    assert [link.lag.strip() for link in found] == [
        lag.strip() if kind else "" for _, kind, lag in zip(ids, kinds, lags, strict=False)
    ]


@given(st.text(max_size=60))
def test_any_text_ends(text) -> None:
    for link in links_of(text, NAMES):
        assert link.id
    amount_of(text or "0", WorkingTime())
    assert folded(folded(text)) == folded(text)


TIME = WorkingTime(8.0, 5.0)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("12", 12), ("12h", 12), ("3d", 24), ("2w", 80), ("1mo", 160), ("16 hrs", 16),
        ("2 days?", 16), ("30 min", 0.5), ("30m", 0.5), ("1w 2d 3h 30m", 59.5),
        ("5 Tage", 40), ("1,5 Std.", 1.5),
        ("2 jours", 16), ("7,5", 7.5), ("1,200.5", 1200.5), ("1.200,5", 1200.5), ("40,00 h", 40),
        ("1'200", 1200), ("1 200 h", 1200), ("P5D", 40), ("PT40H", 40), ("P1W", 40), ("0:30", 0.5),
        ("7d", 56), ("0", 0), ("1.200", 1.2),
    ],
)  # fmt: skip
def test_amounts_of_working_time(text, hours) -> None:
    amount = amount_of(text, TIME)
    assert amount is not None
    assert amount.hours == pytest.approx(hours)
    assert not amount.elapsed


@pytest.mark.parametrize(
    "text", ["x", "-3", "1e9", "1,200", "5 d 4", "d", "1..5", "1,2,3", "12 cakes", "99999999999 w"]
)
def test_what_is_no_amount_or_two(text) -> None:
    assert amount_of(text, TIME) is None


def test_units_and_marks_that_a_layout_says() -> None:
    assert amount_of("144000", TIME, TimeUnit.SECONDS).hours == pytest.approx(40)
    assert amount_of("144000000", TIME, TimeUnit.MILLISECONDS).hours == pytest.approx(40)
    assert amount_of("5", WorkingTime(10.0, 4.0), TimeUnit.DAYS).hours == pytest.approx(50)
    assert number_of("1.200", Decimal.COMMA) == 1200
    assert number_of("1,200", Decimal.COMMA) == pytest.approx(1.2)
    elapsed = amount_of("2ed", TIME)
    assert elapsed.elapsed
    assert elapsed.hours == pytest.approx(48 * 40 / 168)


def test_names_have_one_spelling() -> None:
    assert normalised(" Mu\u0308ller\u00a0 \u202eGmbH\u200b ") == "Müller GmbH"
    assert folded("ＡＮＮＡ  Müller") == folded("anna mu\u0308ller")  # noqa: RUF001
    assert heading("Outward issue link (Blocks)") == heading("outward_issue-link blocks")
    for text in ("Anna[50%]", "Anna [0.5]", "Anna (50 %)", "Anna[50,0%]"):
        assert person(text) == ("Anna", 0.5), text
    assert person("Anna <anna@example.org>") == ("Anna", 1.0)
    assert person("Team (north)") == ("Team (north)", 1.0)


# -- outlines --------------------------------------------------------------------------------------

HEAD = '<Project xmlns="http://schemas.microsoft.com/project"><Tasks>'


def project(tmp_path, *tasks: str):
    path = tmp_path / "p.xml"
    rows = (
        f"<Task><UID>{uid}</UID><Name>Configure {uid}</Name>{inside}</Task>"
        for uid, inside in enumerate(tasks, 1)
    )
    path.write_text(f"{HEAD}{''.join(rows)}</Tasks></Project>", "utf-8")
    return import_plan(path)


def fields(**texts: object) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in texts.items())


def test_where_fields_disagree_the_one_that_nests_more_decides(tmp_path) -> None:
    plan = project(
        tmp_path,
        fields(OutlineLevel=1, OutlineNumber="1", Work="PT16H", Summary=0),
        fields(OutlineLevel=1, OutlineNumber="1.1", Work="PT8H", Summary=1),
        fields(OutlineLevel=1, OutlineNumber="1.2", Work="PT8H"),
    )
    check_hours(plan)
    assert plan.project.hours == 16
    words = [f.words for f in plan.unmapped if f.kind is Unmapped.CONTRADICTION]
    assert len(words) == 3
    assert "OutlineNumber and OutlineLevel disagree on 'Configure 2', 'Configure 3'" in words[0]
    assert "flagged as a task, rows are below it" in words[1]
    assert "flagged as a summary, no row is below it" in words[2]


def test_codes_decide_only_where_nothing_else_does(tmp_path) -> None:
    flat = project(tmp_path, fields(WBS="1", Work="PT16H"), fields(WBS="1.1", Work="PT16H"))
    assert flat.project.hours == 16
    told = project(
        tmp_path,
        fields(WBS="1", OutlineLevel=1, Work="PT8H"),
        fields(WBS="1.1", OutlineLevel=2, Work="PT8H"),
        fields(WBS="2.1", OutlineLevel=2, Work="PT8H"),
    )
    assert told.project.hours == 16


def test_work_on_the_projects_own_row_and_of_nobody(tmp_path) -> None:
    path = tmp_path / "p.xml"
    row = fields(UID=0, Name="Rollout", OutlineLevel=0, Work="PT50H", Summary=1)
    task = fields(UID=1, Name="Configure", OutlineLevel=1, Work="PT40H")
    assigned = "".join(
        f"<Assignment>{fields(TaskUID=uid, ResourceUID=who, Work=hours)}</Assignment>"
        for uid, who, hours in (
            (0, 1, "PT10H"),
            (1, -65535, "PT30H"),
            (1, 7, "PT10H"),
            (9, 1, "PT5H"),
        )
    )
    path.write_text(
        f"{HEAD}<Task>{row}</Task><Task>{task}</Task></Tasks><Resources><Resource><UID>1</UID>"
        f"<Name>Anna</Name></Resource></Resources><Assignments>{assigned}</Assignments></Project>",
        "utf-8",
    )
    plan = import_plan(path)
    check_hours(plan)
    assert plan.project.hours == 55
    assert {p.name: p.effort_hours for p in plan.plan.work} == {"Rollout": 10, "Configure": 40}
    assert plan.hours_listed == 5


def test_hours_that_no_task_has_are_missing_or_in_a_blank_row(tmp_path) -> None:
    path = tmp_path / "p.xml"
    rows = (
        fields(UID=0, Name="Rollout", OutlineLevel=0, Work="PT60H", Summary=1),
        fields(UID=1, Name="Configure", OutlineLevel=1, Work="PT40H"),
        fields(UID=2, IsNull=1, Work="PT7H"),
    )
    tasks = "".join(f"<Task>{row}</Task>" for row in rows)
    path.write_text(f"{HEAD}{tasks}</Tasks></Project>", "utf-8")
    plan = import_plan(path)
    check_hours(plan)
    assert plan.project.hours == 67
    assert sorted(finding.hours for finding in plan.unmapped if finding.hours) == [7, 20]


def test_indented_names_are_an_outline_where_a_tool_wrote_them(tmp_path) -> None:
    path = tmp_path / "t.csv"
    rows = (
        "1,Configure,7 days,,\n2,   Configure a,5 days,,\n3,   Configure b,2 days,,\n4,Test,1d,1,\n"
    )
    path.write_text(f"ID,Name,Duration,Predecessors,Resource Names\n{rows}", "utf-8")
    plan = import_plan(path, layout="ms-project")
    assert plan.project.hours == 64
    assert plan.plan.work[-1].predecessors == ("2", "3")
    path.write_text(
        f"ID,Name,Duration,Predecessors,Resource Names\n{rows.replace('   ', ' ')}", "utf-8"
    )
    assert import_plan(path).project.hours == 120, "one blank is an accident"


@pytest.mark.parametrize(
    ("flags", "kind", "hours"),
    [
        (fields(Active=0, Work="PT8H"), Unmapped.INACTIVE, 8),
        (fields(Active=0, Duration="PT8H"), Unmapped.INACTIVE, 8),
        (fields(Milestone=1, Duration="PT8H"), Unmapped.MILESTONE, 8),
        (fields(ActualWork="PT3H", RemainingWork="PT5H", Active=0), Unmapped.INACTIVE, 8),
    ],
)
def test_hours_left_out_stand_in_their_line(flags, kind, hours, tmp_path) -> None:
    plan = project(tmp_path, fields(Work="PT4H"), flags)
    check_hours(plan)
    assert [f.hours for f in plan.unmapped if f.kind is kind] == [hours]
    assert f"{hours} h" in next(f.words for f in plan.unmapped if f.kind is kind)
    assert plan.project.hours == 4 + hours


def test_hours_of_key_users_and_of_the_smallest_packages(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "id,name,effort,role,key_user_hours\n1,Configure a,8,Key user,\n2,Configure b,0.02,,\n"
        "3,Configure c,8,Key user;Consultant,3\n4,Configure d,0,,5\n5,Configure e,8,,2\n",
        "utf-8",
    )
    plan = import_plan(path)
    check_hours(plan)
    assert plan.project.hours == pytest.approx(8 + 0.02 + 8 + 3 + 5 + 8 + 2)
    listed = sorted(finding.hours for finding in plan.unmapped if finding.hours)
    assert listed == pytest.approx([-8.0, -0.08, 4.0, 5.0])


def test_people_of_no_units_are_listed(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,name,effort,role\n1,Configure a,8,Anna[0%];Bob\n", "utf-8")
    plan = import_plan(path)
    assert plan.plan.work[0].people == 1
    words = [f.words for f in plan.unmapped if f.kind is Unmapped.ASSIGNMENT]
    assert "'Configure a': resource 'Anna' with 0 units: not counted as people" in words


def test_parents_that_hold_themselves_are_refused(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,name,effort,parent\n1,a,8,2\n2,b,8,1\n", "utf-8")
    with pytest.raises(GoliveError, match="line 2: '1' is below itself or below more than 64 rows"):
        import_plan(path)
    rows = "".join(f"{n},a,8,{n - 1 if n else ''}\n" for n in range(70))
    path.write_text(f"id,name,effort,parent\n{rows}", "utf-8")
    with pytest.raises(GoliveError, match="expected an outline of at most 64 levels"):
        import_plan(path)


SPAN = (
    "<TimePeriod><FromDate>2026-04-03T00:00:00</FromDate>"
    "<ToDate>2026-04-06T23:59:00</ToDate></TimePeriod>"
)
SINCE_2007, UNTIL_2003 = (
    f"<Exception>{SPAN}</Exception>",
    f"<WeekDay><DayType>0</DayType>{SPAN}</WeekDay>",
)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (SINCE_2007, "1 exceptions of 4 days"),
        (UNTIL_2003, "1 exceptions of 4 days"),
        (SINCE_2007 + UNTIL_2003, "1 exceptions of 4 days"),  # Project 2007 writes both
        ("<Exception><Name>Easter</Name></Exception>", "1 exceptions (holidays"),
        (
            "<WorkWeek><Name>Summer</Name><WeekDay><DayType>2</DayType></WeekDay></WorkWeek>",
            "1 other working weeks",
        ),
    ],
)
def test_days_off_in_all_their_forms(inside, words, tmp_path) -> None:
    path = tmp_path / "p.xml"
    path.write_text(
        f"{HEAD.removesuffix('<Tasks>')}<CalendarUID>1</CalendarUID><Calendars><Calendar>"
        f"<UID>1</UID><Name>C</Name>{inside}</Calendar></Calendars><Tasks><Task>"
        f"{fields(UID=1, Name='Configure', Work='PT8H')}</Task></Tasks></Project>",
        "utf-8",
    )
    plan = import_plan(path)
    told = [f.words for f in plan.unmapped if f.kind is Unmapped.CALENDAR]
    assert len(told) == 1
    assert words in told[0]
    assert (plan.plan.hours_per_day, plan.plan.days_per_week) == (8.0, 5)


@pytest.mark.parametrize(
    ("stop", "resume", "split"),
    [
        ("2026-01-05T17:00:00", "2026-01-07T08:00:00", True),
        ("2026-01-05T17:00:00", "2026-01-06T08:00:00", False),
        ("2026-01-09T17:00:00", "2026-01-12T08:00:00", False),
        ("2026-01-07T17:00:00", "2026-01-05T08:00:00", False),
        ("NA", "2026-01-05T08:00:00", False),
    ],
)
def test_a_task_is_split_where_a_working_day_is_left_out(stop, resume, split, tmp_path) -> None:
    plan = project(tmp_path, fields(Work="PT16H", Stop=stop, Resume=resume))
    assert split is any("is split" in finding.words for finding in plan.unmapped)
