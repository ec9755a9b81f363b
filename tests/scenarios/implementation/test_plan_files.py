"""Project files of many tools: each becomes the right plan, or is refused in one clear line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from plan_fuzz import DATA, EXAMPLES, check_hours

from golive.core.errors import GoliveError
from golive.scenarios.implementation import import_plan
from golive.scenarios.implementation.importers.layout import layout_names, shipped_layout
from golive.scenarios.implementation.importers.project import Unmapped
from golive.scenarios.implementation.importers.read import ProjectFormat, detected
from golive.scenarios.implementation.importers.to_plan import ImportedPlan
from golive.scenarios.implementation.vocabulary import Role

CASES = DATA / "cases"


def found(plan: ImportedPlan, kind: Unmapped) -> str:
    """Words of all findings of a kind."""
    return " | ".join(finding.words for finding in plan.unmapped if finding.kind is kind)


def work(plan: ImportedPlan) -> dict[str, float]:
    return {package.name: package.effort_hours for package in plan.plan.work}


FINANCE, LEDGERS, TAXES, SALES = (
    "Configure finance", "Set up ledgers", "Set up taxes", "Configure sales",
)  # fmt: skip
ONE = {FINANCE: 8.0}
READ: dict[str, tuple[dict[str, float], Unmapped | None, str]] = {
    "m01-work-on-summary.xml": (
        {FINANCE: 80, LEDGERS: 40}, Unmapped.SUMMARY, "the 80 h of its own as a task beside them"),
    "m02-milestone-with-work.xml": (
        {FINANCE: 40, SALES: 8}, Unmapped.CONTRADICTION, "flagged as a milestone, with 40 h"),
    "m05-outline-number-only.xml": ({LEDGERS: 24, TAXES: 16}, Unmapped.SUMMARY, FINANCE),
    "m06-holidays-2003.xml": (ONE, Unmapped.CALENDAR, "1 exceptions of 4 days"),
    "m07-four-day-week.xml": (ONE, Unmapped.CONTRADICTION, "works 4 days of 10 h"),
    "m08-percent-lag.xml": (
        ONE | {SALES: 8, "Configure buying": 8}, Unmapped.LAG, "-25 % elapsed after UID 1"),
    "m09-split.xml": ({FINANCE: 16}, Unmapped.RECURRING, "it stops on 2026-01-05 and goes on"),
    "m11-max-units-0.xml": ({FINANCE: 40}, Unmapped.GUESS, "MaxUnits is 0: 1 is taken"),
    "m12-windows-1252.xml": ({"Configuración de finanzas — Müller": 8}, None, ""),
    "m13-utf16-no-bom.xml": ({"Configuración de finanzas — Müller": 8}, None, ""),
    "m14-utf16-bom.xml": ({"Configuración de finanzas — Müller": 8}, None, ""),
    "m15-utf8-bom.xml": ({"Configuración de finanzas — Müller": 8}, None, ""),
    "m16-gb2312.xml": ({"财务配置": 8}, None, ""),
    "m17-windows-1251.xml": ({"Настройка финансов": 8}, None, ""),
    "m18-actual-work.xml": ({FINANCE: 40}, Unmapped.PROGRESS, "30 h of its work done"),
    "m23-duration-with-days.xml": ({FINANCE: 40}, Unmapped.GUESS, "of working days, 40 h"),
    "m24-external.xml": (
        {"Ghost of another project": 8, FINANCE: 8}, Unmapped.RECURRING, "another project's"),
    "m25-subproject.xml": ({"Inserted project": 400, FINANCE: 8}, Unmapped.RECURRING, "Inserted"),
    "m26-units-300.xml": ({FINANCE: 24}, None, ""),
    "m29-budget-resource.xml": (ONE, Unmapped.RESOURCE_KIND, "'Budget work'"),
    "m30-blank-name.xml": ({"task 1": 8, "task 2": 8}, Unmapped.GUESS, "it has no name"),
    "m31-dup-link.xml": (ONE | {SALES: 8}, Unmapped.LINK_TYPE, "start-to-start"),
    "m32-no-summary-flag.xml": ({LEDGERS: 24, TAXES: 16, SALES: 8}, Unmapped.SUMMARY, FINANCE),
    "m36-skipped-level.xml": (
        {LEDGERS: 8, TAXES: 8}, Unmapped.CONTRADICTION, "says 8 h, its tasks 16 h"),
    "m37-two-projects.xml": (ONE | {TAXES: 8}, None, ""),
    "m38-nested-task.xml": (ONE, Unmapped.RECURRING, "1 tasks of 8 h inside it"),
    "m39-subproject-inline.xml": (
        {"Inserted": 8}, Unmapped.RECURRING, "1 tasks of 8 h inside it"),
    "m41-remaining-overtime.xml": (ONE, Unmapped.PROGRESS, "100 % complete"),
    "t01-units-in-names.csv": ({FINANCE: 40, SALES: 40}, Unmapped.GUESS, "up to 200 %"),
    "t04-sep-line.csv": (ONE, None, ""),
    "t07-summary-rows.csv": ({FINANCE: 40, SALES: 40}, Unmapped.SUMMARY, "Phase configuration"),
    "t08-wbs.csv": ({FINANCE: 40, SALES: 40}, Unmapped.SUMMARY, "Phase configuration"),
    "t09-german-links.csv": (
        {"Konfiguration Finanzen": 8, "Konfiguration Vertrieb": 8}, Unmapped.LAG, "+2 Tage"),
    "t10-comma-decimals.csv": ({"Konfiguration Finanzen": 7.5}, None, ""),
    "t12-ms-project-words.csv": ({FINANCE: 16}, None, ""),
    "t14-mac-lines.csv": (ONE | {SALES: 8}, None, ""),
    "t15-weeks.csv": ({FINANCE: 80}, None, ""),
    "t16-elapsed.csv": (
        {FINANCE: 8, SALES: 8, "Configure buying": 8, "Configure stock": 8, "Configure pay": 8},
        Unmapped.LAG, "+2ed after 1"),
    "t17-float-ids.csv": (ONE | {SALES: 8}, None, ""),
    "t18-percent-done.csv": (ONE, Unmapped.INACTIVE, "'Configure sales': 8 h"),
    "t19-formula.csv": ({'=HYPERLINK("http://x")': 8, "abc": 8}, None, ""),
    "t20-zero-width.csv": (ONE | {SALES: 8}, None, ""),
    "t22-nbsp.csv": (ONE, None, ""),
    "t23-key-users.csv": ({FINANCE: 40}, None, ""),
    "e01-ms-project-export.csv": ({FINANCE: 40}, Unmapped.LAYOUT, "read as ms-project,"),
    "e02-jira.csv": ({FINANCE: 40}, Unmapped.OUTSIDE_LINK, "'ERP-2' is not in the file"),
    "e03-smartsheet.csv": ({FINANCE: 40}, Unmapped.NO_EFFORT, "its duration counts"),
    "e04-asana.csv": (ONE, Unmapped.GUESS, "the table has no hours of it: 8 are taken"),
    "e05-ganttproject.csv": ({FINANCE: 40}, Unmapped.COLUMN, "another table begins here"),
    "e06-ganttproject-renamed.csv": ({FINANCE: 40, SALES: 8}, Unmapped.LAG, "P1D after 0"),
    "e07-monday.csv": ({FINANCE: 40}, Unmapped.PROGRESS, "'Done'"),
    "e08-openproject.csv": ({FINANCE: 40}, Unmapped.LAYOUT, "read as openproject"),
    "e09-azure-devops.csv": ({FINANCE: 40}, Unmapped.LAYOUT, "read as azure-devops"),
    "e10-primavera.csv": ({FINANCE: 40}, Unmapped.LAYOUT, "read as primavera"),
    "e11-clickup.csv": ({FINANCE: 40}, Unmapped.LAYOUT, "read as clickup"),
    "e12-ms-german.csv": ({"Konfiguration": 40}, Unmapped.GUESS, "read as windows-1252"),
    "e13-resource-units.csv": ({FINANCE: 40, SALES: 24}, Unmapped.LAG, "+2 days after 1"),
    "e15-tab-utf16.csv": (ONE, None, ""),
}  # fmt: skip
REFUSED = {
    "m20-recurring-summary.xml": r"no task is work: .* \(2 h the world's own work\)",
    "m21-units-comma.xml": r":8: Resource 1: MaxUnits: '1,00': expected a number, 0 or more",
    "m27-negative-duration.xml": r"Duration: '-PT8H0M0S': expected a duration of 0 or more",
    "m28-link-to-blank.xml": r"PredecessorUID: '1': expected the UID of a task in this file",
    "m35-link-summary-to-own-child.xml": r"'2' \(line 6, UID 2\): wait for themselves",
    "m40-work-fractions.xml": r"Task UID 2: Work: 'PT7,5H': expected a duration",
    "t11-mark-thousand.csv": r":2: effort: '1,200': expected hours .* no mark of thousands",
    "t13-1252.csv": r":2: byte 0xfc is not UTF-8",
    "e14-quoted-lines.csv": r":5: effort: 'x': expected hours",
}


def test_every_case_is_read_or_refused() -> None:
    assert {path.name for path in CASES.iterdir()} == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_a_case_becomes_the_right_plan(name) -> None:
    packages, kind, words = READ[name]
    plan = import_plan(CASES / name)
    assert work(plan) == packages
    if kind is not None:
        assert words in found(plan, kind)
    check_hours(plan)


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_is_refused_in_one_line(name) -> None:
    with pytest.raises(GoliveError, match=REFUSED[name]) as refused:
        import_plan(CASES / name)
    assert "\n" not in str(refused.value)


def test_links_and_people_of_the_cases() -> None:
    sales = {
        package.name: package
        for package in import_plan(CASES / "m32-no-summary-flag.xml").plan.work
    }
    assert sales[SALES].predecessors == ("3",), "the phase's link is that of its last task"
    four = import_plan(CASES / "m07-four-day-week.xml").plan
    assert (four.hours_per_day, four.days_per_week) == (10.0, 4)
    one = import_plan(CASES / "t01-units-in-names.csv").plan
    assert [(m.role, m.units) for m in one.crew] == [(Role.CONFIGURATION, 1)]
    three = import_plan(CASES / "m26-units-300.xml").plan
    assert [(m.role, m.units) for m in three.crew] == [(Role.CONFIGURATION, 3)]
    for name in ("e13-resource-units", "t16-elapsed", "t17-float-ids", "t20-zero-width"):
        plan = import_plan(CASES / f"{name}.csv").plan
        first, second = plan.work[:2]
        assert second.predecessors == (first.id,), name


# -- layouts ---------------------------------------------------------------------------------------

LAYOUT_CASES = {
    "ms-project": "e01", "jira": "e02", "smartsheet": "e03", "asana": "e04", "ganttproject": "e05",
    "golive": "e06", "monday": "e07", "openproject": "e08", "azure-devops": "e09",
    "primavera": "e10", "clickup": "e11", "ms-project-german": "e12",
}  # fmt: skip


def test_every_layout_is_tried() -> None:
    assert set(layout_names()) == LAYOUT_CASES.keys()
    assert layout_names()[0] == "golive"


@pytest.mark.parametrize("name", LAYOUT_CASES)
def test_a_layout_that_is_told_reads_what_its_heading_would(name) -> None:
    path = next(CASES.glob(f"{LAYOUT_CASES[name]}-*"))
    told, seen = import_plan(path, layout=name), import_plan(path)
    assert told.plan == seen.plan
    assert "read as" not in found(told, Unmapped.LAYOUT)
    assert (name == "golive") is not (f"read as {name}" in found(seen, Unmapped.LAYOUT))


TOOLS: dict[str, tuple[str, dict[str, tuple[float, tuple[str, ...]]]]] = {
    "smartsheet": (
        "Task Name,Duration,Start,Finish,Predecessors,Assigned To,% Complete\n"
        "Configure finance,5d,,,,,\nConfigure sales,2d,,,1FS +2d,Anna,\n"
        "Configure stock,1w,,,\"1, 2SS -1d\",,\n",
        {"1": (40, ()), "2": (16, ("1",)), "3": (40, ("1",))},
    ),
    "jira": (
        "Summary,Issue key,Issue id,Parent id,Original estimate,Outward issue link (Blocks),"
        "Outward issue link (Blocks),Inward issue link (Blocks)\n"
        "Configure,ERP-1,11,,7200,,,\nConfigure finance,ERP-2,12,11,3600,ERP-3,ERP-4,\n"
        "Configure sales,ERP-3,13,11,3600,,,\nConfigure stock,ERP-4,14,,3600,,,ERP-1\n",
        {"ERP-1": (2, ()), "ERP-2": (1, ()), "ERP-3": (1, ("ERP-2",)),
         "ERP-4": (1, ("ERP-1", "ERP-2", "ERP-3"))},
    ),
    "asana": (
        "Task ID,Name,Section/Column,Assignee,Start Date,Due Date,Parent task,"
        "Blocked By (Dependencies),Blocking (Dependencies)\n"
        "1,\"Configure finance, part 1\",Build,Anna,2026-01-05,2026-01-09,,,\n"
        "2,Configure sales,Build,,2026-01-12,2026-01-13,,\"Configure finance, part 1\",\n",
        {"1": (40, ()), "2": (16, ("1",))},
    ),
    "ganttproject": (
        "ID,Name,Begin date,End date,Duration,Completion,Predecessors,Outline number,Resources\n"
        "0,Configure,1/5/26,1/9/26,7,0,,1,\n1,Configure finance,,,5,0,,1.1,Anna\n"
        "2,Configure sales,,,2,0,1-FS=P1D;0-SS=P0D,1.2,Anna\n",
        {"1": (40, ()), "2": (16, ("1",))},
    ),
    "monday": (
        "ERP\n\nBuild\nName,Person,Status,Timeline - Start,Timeline - End,Effort,Dependent On\n"
        "Configure finance,Anna,Done,,,40,\nConfigure sales,Anna,,,,8,Configure finance\n,,,,,48,\n"
        "\nTest\nName,Person,Status,Timeline - Start,Timeline - End,Effort,Dependent On\n"
        "Write test cases,Anna,,,,16,Configure sales\n",
        {"1": (40, ()), "2": (8, ("1",)), "4": (16, ("2",))},
    ),
    "openproject": (
        "ID;Subject;Type;Estimated time;Follows;Parent\n12;Configure;Task;2,50;;\n"
        "13;Configure finance;Task;40,00 h;#14;12\n14;Configure sales;Task;1d;;12\n",
        {"12": (2.5, ()), "13": (40, ("14",)), "14": (8, ())},
    ),
    "azure-devops": (
        "ID,Work Item Type,Title 1,Title 2,Assigned To,Original Estimate,Predecessor\n"
        "1,Feature,Configure,,,0,\n2,Task,,Configure finance,Anna <anna@example.org>,40,\n"
        "3,Task,,Configure sales,Anna <a@example.org>,8,2\n",
        {"2": (40, ()), "3": (8, ("2",))},
    ),
    "primavera": (
        "task_code,task_name,target_drtn_hr_cnt,pred_details\n"
        "Activity ID,Activity Name,Original Duration(d),Predecessor Details\n"
        "A1000,Configure finance,5,\nA1010,Configure sales,1,A1000: FS 2d\n"
        "A1020,Configure stock,1,\"A1000: SS, A1010: FS\"\n",
        {"A1000": (40, ()), "A1010": (8, ("A1000",)), "A1020": (8, ("A1010",))},
    ),
    "clickup": (
        "Task ID,Task Custom ID,Task Name,Assignees,Time Estimated,Dependencies\n"
        "a1,ERP-1,Configure finance,\"[Anna, Bob]\",144000000,[]\n"
        "a2,,Configure sales,[Anna],8h,[ERP-1]\n",
        {"a1": (40, ()), "a2": (8, ("a1",))},
    ),
    "ms-project": (
        "ID,Name,Work,Duration,Predecessors,Outline Level,Resource Names\n"
        "1,Configure,56 hrs,7 days,,1,\n2,Configure finance,40 hrs,5 days?,,2,\"Anna[50%],Bob\"\n"
        "3,Configure sales,16 hrs,2 days,2FS+1 wk,2,Anna\n4,Write reports,8 hrs,1 day,1,1,Bob\n",
        {"2": (40, ()), "3": (16, ("2",)), "4": (8, ("3",))},
    ),
    "ms-project-german": (
        "Nr.;Vorgangsname;Arbeit;Dauer;Vorgänger;Gliederungsebene;Ressourcennamen\n"
        "1;Konfiguration A;1.200 Std.;5 Tage;;1;Anna[50%]\n"
        "2;Konfiguration B;7,5 Std.;1 Tag?;1EA+2 Tage;1;Anna\n",
        {"1": (1200, ()), "2": (7.5, ("1",))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOOLS)
def test_an_export_of_several_tasks(name, tmp_path) -> None:
    text, packages = TOOLS[name]
    path = tmp_path / "export.csv"
    encoding = "utf-8" if shipped_layout(name).encoding == "utf-8" else "windows-1252"
    path.write_bytes(text.encode(encoding))
    plan = import_plan(path, layout=name)
    assert {
        package.id: (package.effort_hours, package.predecessors) for package in plan.plan.work
    } == packages
    check_hours(plan)


def test_layouts_of_ones_own_and_wrong_ones(tmp_path) -> None:
    path, own = tmp_path / "t.csv", tmp_path / "own.yaml"
    path.write_text("What,Days,Key\nConfigure finance,5,a\n", "utf-8")
    with pytest.raises(GoliveError, match="of no known format"):
        import_plan(path)
    own.write_text(
        "title: Ours\nrequired: [What]\nunits: {effort: day}\n"
        "columns: {id: [Key], name: [what], effort: [DAYS]}\n",
        "utf-8",
    )
    assert work(import_plan(path, layout=str(own))) == {FINANCE: 40.0}
    with pytest.raises(GoliveError, match=r"--from: 'excel': expected one of golive, asana, "):
        import_plan(path, layout="excel")
    with pytest.raises(GoliveError, match=r"t\.csv:1: no column Issue key, Summary: expected"):
        import_plan(path, layout="jira")
    own.write_text("title: Ours\nrequired: [What]\ncolumns: {size: [Key]}\n", "utf-8")
    with pytest.raises(GoliveError, match=r"own\.yaml:3: columns\.size"):
        import_plan(path, layout=str(own))
    with pytest.raises(GoliveError, match="a layout of columns is of tables"):
        import_plan(EXAMPLES / "project.xml", layout="jira", project_format="mspdi")


def test_a_layout_that_is_told_needs_names_and_ids_only(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Task Name,Duration\nConfigure finance,5d\n", "utf-8")
    assert work(import_plan(path, layout="smartsheet")) == {FINANCE: 40.0}
    with pytest.raises(GoliveError, match="of no known format"):
        import_plan(path)
    path.write_text("Nr.;Vorgangsname;Dauer\n1;Prüfung;5 Tage\n", "windows-1252")
    assert work(import_plan(path, layout="ms-project-german")) == {"Prüfung": 40.0}


def test_a_heading_of_two_layouts_is_asked_about(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Issue key,Summary,Task ID,Task Name\n1,a,1,a\n", "utf-8")
    with pytest.raises(GoliveError, match=r"t\.csv:1: it can be of clickup or jira: say which"):
        import_plan(path)


# -- Primavera -------------------------------------------------------------------------------------


def test_an_xer_file_becomes_a_plan() -> None:
    path = DATA / "rollout.xer"
    assert detected(path) is ProjectFormat.XER
    plan = import_plan(path)
    check_hours(plan)
    assert plan.project.name == "ERP rollout"
    assert plan.project.hours == 80 + 50 + 24 + 60 + 8
    packages = {package.id: package for package in plan.plan.work}
    assert {name: one.effort_hours for name, one in packages.items()} == {
        "A1000": 40, "A1020": 50, "A1030": 24, "A1040": 60,
    }  # fmt: skip
    assert packages["A1000"].key_user_hours == 40
    assert packages["A1020"].predecessors == ("A1000",), "over the milestone"
    assert packages["A1030"].predecessors == ("A1000",), "start-to-start is left out"
    crew = {members.role: members.units for members in plan.plan.crew}
    assert crew == {Role.DATA_MIGRATION: 1, Role.INDUSTRY_EXPERT: 2}
    assert "Berater Müller" in {resource.name for resource in plan.project.resources}
    assert "8 h of equipment" in found(plan, Unmapped.RESOURCE_KIND)
    assert "planned 40" not in found(plan, Unmapped.CONTRADICTION)
    assert "start on or after 2026-02-02" in found(plan, Unmapped.CONSTRAINT)
    assert "+16 h after A1010" in found(plan, Unmapped.LAG)
    assert "2 exceptions" in found(plan, Unmapped.CALENDAR)
    assert "level of effort" in found(plan, Unmapped.RECURRING)
    assert "activity 999 of another project" in found(plan, Unmapped.OUTSIDE_LINK)


def test_primavera_xml_becomes_the_same_plan() -> None:
    path = DATA / "rollout-p6.xml"
    assert detected(path) is ProjectFormat.PMXML
    plan = import_plan(path)
    check_hours(plan)
    assert plan.project.name == "ERP rollout"
    assert plan.project.hours == 80 + 50 + 24 + 8
    packages = {package.id: package for package in plan.plan.work}
    assert {name: one.effort_hours for name, one in packages.items()} == {
        "A1000": 40, "A1020": 50, "A1030": 24,
    }  # fmt: skip
    assert packages["A1020"].predecessors == ("A1000",)
    assert {members.role: members.units for members in plan.plan.crew}[Role.CONFIGURATION] == 2
    assert "1 baseline projects" in found(plan, Unmapped.BASELINE)
    assert "25 %" in found(plan, Unmapped.PROGRESS)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("rollout.xer", "TT_Task", "TT_Cake", r"xer:\d+: TASK: task_type: 'TT_Cake': expected one"),
        ("rollout.xer", "PR_SS", "PR_XX", r"TASKPRED: pred_type: 'PR_XX': expected one of PR_FS"),
        ("rollout.xer", "\t80\t", "\t-80\t", r"TASK: target_work_qty: '-80': expected a number, 0"),
        ("rollout.xer", "\t401\t302\t301\t", "\t401\t302\t777\t", r"pred_task_id: '777': expected"),
        ("rollout.xer", "%F\ttask_id", "%F", r"19 cells: expected at most 18|18 cells: .* 17"),
        ("rollout.xer", "ERMHDR", "ERMHD", r"of no known format"),
        ("rollout.xer", "\t8\t40\t(", "\t99\t40\t(", r"CALENDAR: day_hr_cnt: '99': expected a day"),
        ("rollout-p6.xml", "<Type>Task Dependent", "<Type>Cake", r"TASK: task_type: 'Cake'"),
        ("rollout-p6.xml", "<Lag>16", "<Lag>x", r"TASKPRED: lag_hr_cnt: 'x': expected a number"),
        ("rollout-p6.xml", "11:59:00", "31:59:00", r"Finish: '31:59:00': expected a time of day"),
        ("rollout-p6.xml", "V18.8/API", "other", r"expected <APIBusinessObjects>, as Primavera P6"),
        ("rollout-p6.xml", "<Calendar>", "<!DOCTYPE x><Calendar>", r"not valid XML"),
    ],
)  # fmt: skip
def test_a_broken_primavera_file_is_refused(name, old, new, words, tmp_path) -> None:
    data = (DATA / name).read_bytes()
    assert old.encode() in data
    path = tmp_path / name
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))
    with pytest.raises(GoliveError, match=words):
        import_plan(path)


# -- what is no file of a project ------------------------------------------------------------------


@pytest.mark.parametrize("form", list(ProjectFormat))
def test_devices_and_pipes_are_refused(form, tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(GoliveError, match=r"found (a pipe|a directory|something)"):
            import_plan(path, project_format=form)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(GoliveError, match="format: 'word': expected one of auto, psplib"):
        import_plan(EXAMPLES / "tasks.csv", project_format="word")
    with pytest.raises(GoliveError, match="delivery: 'magic': expected one of"):
        import_plan(EXAMPLES / "tasks.csv", delivery="magic")


ENCODINGS = (
    "gb2312", "GBK", "gb18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "iso-2022-jp", "utf-7",
    "idna", "punycode", "zlib", "rot13", "hex", "unicode_escape", "raw_unicode_escape", "utf-32",
    "cp037", "klingon", "undefined", "mbcs", "utf-8-sig", "utf-16-le", "koi8-r", "iso-8859-15",
)  # fmt: skip


def test_what_is_wrong_is_not_laid_on_the_encoding(tmp_path) -> None:
    path = tmp_path / "p.xml"
    for inside in ("<Task><UID>x</UID></Task>", "<Calendar></Calendar><!--", "<a>" * 50):
        path.write_text(f'<Project xmlns="http://schemas.microsoft.com/project"><Tasks>{inside}')
        with pytest.raises(GoliveError) as refused:
            import_plan(path)
        assert "encoding" not in str(refused.value)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["Configure", "中文", "日本", "한국", "\udcff"])
def test_any_encoding_is_read_or_refused_in_one_line(encoding, name, tmp_path) -> None:
    path = tmp_path / "p.xml"
    text = (CASES / "m15-utf8-bom.xml").read_text("utf-8-sig").replace('"UTF-8"', f'"{encoding}"')
    text = text.replace("Configuración de finanzas — Müller", name)
    try:
        data = text.encode(encoding)
    except (LookupError, ValueError, TypeError):
        data = text.encode("utf-8", errors="surrogateescape")
    path.write_bytes(data)
    try:
        plan = import_plan(path, project_format="mspdi")
    except GoliveError as error:
        assert "\n" not in str(error)
    else:
        check_hours(plan)
