"""Project files become plans; what a plan cannot hold is listed, and nonsense is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_examples import small_scenario

from golive.core.errors import GoliveError
from golive.scenarios.implementation.importers.mapping import PlanMapping, read_mapping
from golive.scenarios.implementation.importers.project import (
    ImportedProject,
    Unmapped,
    topological_order,
)
from golive.scenarios.implementation.importers.read import ProjectFormat, detected, read_project
from golive.scenarios.implementation.importers.to_plan import ImportedPlan, plan_of, scenario_with
from golive.scenarios.implementation.importers.words import WORKSTREAMS, first_match, is_world_own
from golive.scenarios.implementation.references import load_plan
from golive.scenarios.implementation.vocabulary import Delivery, Department, Role, Workstream
from golive.scenarios.loader import load_scenario, save_yaml, to_yaml

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
XML, CSV = EXAMPLES / "project.xml", EXAMPLES / "tasks.csv"
J30 = Path(__file__).parents[3].parent / "shared" / "psplib" / "j30"

SM = """\
projects                      :  1
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       1    0
  3      1     7       2    4
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    2   20
************************************************************************
"""
HEAD = '<?xml version="1.0"?>\n<Project xmlns="http://schemas.microsoft.com/project">\n'


def imported(path: Path, **mapping: object) -> ImportedPlan:
    rules = PlanMapping.model_validate(mapping)
    return plan_of(read_project(path), rules, Delivery.CONVENTIONAL)


def written(directory: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = directory / name
    path.write_bytes(text.encode(encoding))
    return path


def kinds(plan: ImportedPlan) -> set[Unmapped]:
    return {finding.kind for finding in plan.unmapped}


# -- the examples --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"), [(XML, ProjectFormat.MSPDI), (CSV, ProjectFormat.CSV)]
)
def test_the_format_is_seen(path, expected):
    assert detected(path) is expected


def test_microsoft_project_becomes_a_plan():
    plan = imported(XML).plan
    work = {package.name: package for package in plan.work}
    workshops = work["Process workshops sales and production"]
    assert workshops.workstream is Workstream.DISCOVERY
    assert (workshops.effort_hours, workshops.key_user_hours) == (96.0, 96.0)
    assert workshops.departments == (Department.PRODUCTION, Department.SALES)
    design = work["Solution design"]
    assert design.people == 2
    finance = work["Configure finance and controlling"]
    assert finance.predecessors == (design.id,), "over the milestone and the summary's link"
    scripts = work["Prepare test scripts for integration test"]
    last_of_build = {"Configure production, BOMs and routings", "Interface to the web shop"}
    assert {work[name].id for name in last_of_build} <= set(scripts.predecessors)
    assert "Integration test" not in work
    assert "Optional: barcode scanning" not in work
    crew = {members.role: members.units for members in plan.crew}
    assert crew == {
        Role.ORCHESTRATOR: 1,
        Role.PROJECT_MANAGER: 1,
        Role.DATA_MIGRATION: 1,
        Role.CONFIGURATION: 2,
        Role.INDUSTRY_EXPERT: 2,
    }
    assert {name for phase in plan.phases for name in phase.workstreams} == set(Workstream)


def test_what_microsoft_project_says_and_a_plan_does_not_is_listed():
    plan = imported(XML)
    assert kinds(plan) >= {
        Unmapped.SUMMARY,
        Unmapped.SUMMARY_LINK,
        Unmapped.MILESTONE,
        Unmapped.INACTIVE,
        Unmapped.OWN_MOVE,
        Unmapped.LINK_TYPE,
        Unmapped.LAG,
        Unmapped.CONSTRAINT,
        Unmapped.PROGRESS,
        Unmapped.COST,
        Unmapped.BASELINE,
        Unmapped.CALENDAR,
        Unmapped.RESOURCE_KIND,
        Unmapped.ASSIGNMENT,
    }
    packages = {package.name for package in plan.plan.work}
    listed = " ".join(finding.words for finding in plan.unmapped)
    for task in plan.project.tasks:
        assert task.name in packages or f"'{task.name}'" in listed


def test_a_table_becomes_a_plan():
    plan = imported(CSV)
    work = {package.id: package for package in plan.plan.work}
    assert work["A1"].effort_hours == pytest.approx(24.0)
    assert work["A1"].key_user_hours == pytest.approx(24.0)
    assert work["C3"].predecessors == ("A3", "C2")
    assert work["X2"].workstream is Workstream.CUSTOMISATION
    assert work["D2"].predecessors == ()
    assert "D3" not in work
    assert {Unmapped.COLUMN, Unmapped.LAG, Unmapped.LINK_TYPE, Unmapped.OWN_MOVE} <= kinds(plan)


def test_a_psplib_project_becomes_a_plan(tmp_path):
    path = written(tmp_path, SM, "tiny.sm")
    plan = imported(path, hours_per_period=4)
    assert [package.id for package in plan.plan.work] == ["2", "3"]
    assert {members.role: members.units for members in plan.plan.crew} == {
        Role.CONFIGURATION: 1,
        Role.DATA_MIGRATION: 10,
    }
    second = plan.plan.work[1]
    assert second.effort_hours == pytest.approx(7 * 4 * 6 * 0.5)
    assert second.people == 3
    assert second.workstream is Workstream.DATA
    assert Unmapped.SCALE in kinds(plan)


@pytest.mark.skipif(not J30.exists(), reason=f"no PSPLIB projects at {J30}")
def test_projects_of_j30_become_plans():
    for path in sorted(J30.glob("*.sm"))[::60]:
        plan = imported(path).plan
        assert len(plan.work) == 30


# -- round trip ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [XML, CSV], ids=["xml", "csv"])
def test_what_is_written_loads_as_what_it_was(path, tmp_path):
    plan = imported(path)
    save_yaml(plan.plan, tmp_path / "plan.yaml")
    assert load_plan(tmp_path / "plan.yaml") == plan.plan
    made = scenario_with(plan, load_scenario("furniture-conventional")).scenario
    save_yaml(made, tmp_path / "scenario.yaml")
    assert load_scenario(tmp_path / "scenario.yaml") == made


def test_a_scenario_can_name_its_plans_file(tmp_path):
    plan = imported(CSV).plan
    save_yaml(plan, tmp_path / "plan.yaml")
    text = "name: mine\ntitle: Mine\ncustomer: furniture-conventional\nplan: {}\n"
    with pytest.raises(GoliveError, match=r"a\.yaml:3: customer: .* holds its customer itself"):
        load_scenario(written(tmp_path, text.format("plan.yaml"), "a.yaml"))
    text = text.replace("furniture-conventional", "furniture")
    scenario = load_scenario(written(tmp_path, text.format("plan.yaml"), "b.yaml"))
    assert scenario.plan == plan
    assert max(c.week for c in scenario.customer.challenges) <= plan.weeks
    with pytest.raises(GoliveError, match=r"c\.yaml:4: plan: 'other\.yaml': there is no such file"):
        load_scenario(written(tmp_path, text.format("other.yaml"), "c.yaml"))
    bad = to_yaml(plan).replace("- C2", "- C9", 1)
    written(tmp_path, bad, "plan.yaml")
    with pytest.raises(GoliveError, match=r"plan\.yaml:\d+: work\[\d+\]\.predecessors: 'C9'"):
        load_scenario(tmp_path / "b.yaml")


def test_departments_and_sites_that_the_customer_lacks_are_left_out_and_listed(tmp_path):
    rows = "id,name,effort,department,site\n1,Set up,8,finance,Nowhere\n2,Set up,8,sales,\n"
    plan = imported(written(tmp_path, rows))
    base = small_scenario()
    assert Department.FINANCE not in base.customer.departments
    made = scenario_with(plan, base)
    assert made.scenario.plan.work[0].departments == ()
    assert made.scenario.plan.work[0].site is None
    assert made.scenario.plan.work[1].departments == (Department.SALES,)
    assert len(made.unmapped) == 2


# -- the mapping ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "workstream"),
    [
        ("Process workshops sales", Workstream.DISCOVERY),
        ("Migrate vendor master data", Workstream.DATA),
        ("Configure MRP", Workstream.CONFIGURATION),
        ("Custom quote workflow", Workstream.CUSTOMISATION),
        ("Interface to CNC machines", Workstream.INTEGRATION),
        ("UAT test scripts", Workstream.TESTING),
        ("User manuals and training material", Workstream.TRAINING),
        ("Website", None),
    ],
)
def test_words_say_the_workstream(name, workstream):
    assert first_match(name, WORKSTREAMS) is workstream


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Mock load 2", True),
        ("Cutover plan", True),
        ("Hypercare", True),
        ("SIT cycle 1", True),
        ("Prepare SIT", False),
        ("Test scripts UAT", False),
        ("Project management", True),
        ("Configure finance", False),
    ],
)
def test_what_the_world_does_itself_is_known_by_its_words(name, own):
    assert is_world_own(name) is own


def test_a_mapping_overrides_words_people_and_crew():
    plan = imported(
        CSV,
        tasks={"D3": "data", "C1": "none"},
        workstreams={"labels": "testing"},
        roles={"Developer": "industry_expert", "Nobody": "none"},
        departments={"carrier": "warehouse"},
        crew={"data_migration": 4},
    )
    work = {package.id: package for package in plan.plan.work}
    assert work["D3"].workstream is Workstream.DATA
    assert "C1" not in work
    assert work["T1"].predecessors == ("A3", "C3"), "over the task that is left out"
    assert work["I1"].departments == (Department.WAREHOUSE,)
    assert work["X2"].workstream is Workstream.CUSTOMISATION, "the file's column comes first"
    assert {m.role: m.units for m in plan.plan.crew}[Role.DATA_MIGRATION] == 4
    unused = [f.where for f in plan.unmapped if f.kind is Unmapped.MAPPING]
    assert unused == ["roles: Nobody"]


def test_a_wrong_mapping_names_line_and_field(tmp_path):
    path = written(tmp_path, "roles: {Anna: boss}\ncrews: {}\n", "map.yaml")
    with pytest.raises(GoliveError, match=r"map\.yaml:1: roles\.Anna: 'boss': expected"):
        read_mapping(path)


def test_guesses_are_listed(tmp_path):
    rows = "id,name,effort,role\n1,Alpha,8,Anna\n2,Extract items,8,Bob\n3,Beta,8,\n"
    plan = imported(written(tmp_path, rows))
    roles = [f.words for f in plan.unmapped if f.kind is Unmapped.RESOURCE_ROLE]
    assert len(roles) == 2
    assert "data_migration" in roles[1]
    guesses = [f for f in plan.unmapped if f.kind is Unmapped.WORKSTREAM]
    assert len(guesses) == 2


# -- malformed -----------------------------------------------------------------------------------

BAD_TABLES = {
    "": r"file\.csv: the file is empty",
    "\ufeff": r"file\.csv: the file is empty",
    "id,name\n1,a\n": r"file\.csv:1: no column effort: expected a heading with id, name, effort",
    "id,name,effort\n": r"file\.csv: no tasks",
    "id,id,name,effort\n": r"file\.csv:1: column 'id': expected only once",
    "id,name,effort\n1,a,x\n": r"file\.csv:2: effort: 'x': expected hours",
    "id,name,effort\n1,a,-3\n": r"file\.csv:2: effort: '-3': expected hours .*0 or more",
    "id,name,effort\n1,a,\n": r"file\.csv:2: effort: empty",
    "id,name,effort\n1,a,1e9\n": r"file\.csv:2: effort: '1e9'",
    "id,name,effort\n,a,1\n": r"file\.csv:2: id: ''",
    "id,name,effort\n1,,1\n": r"file\.csv:2: name: empty",
    "id,name,effort\n1,a,1\n\n1,b,1\n": r"file\.csv: line 2: id '1': expected each id only once",
    "id,name,effort,predecessors\n1,a,1,9\n": r"file\.csv: line 2: predecessor '9' of '1'",
    "id,name,effort,predecessors\n1,a,1,2\n2,b,1,1\n3,c,1,\n": (
        r"'1' \(line 2\), '2' \(line 3\): wait for themselves"
    ),
    "id,name,effort,workstream\n1,a,1,cooking\n": r"line 2: workstream: 'cooking': expected one of",
    "id,name,effort,department\n1,a,1,kitchen\n": r"line 2: department: 'kitchen': expected",
    "id,name,effort\n1,a,1,2\n": r"file\.csv:2: 4 cells: expected at most 3",
    "id,name,effort\n1,mock load,1\n": r"no task is work",
    'id,name,effort\n1,"a,1\n': r"file\.csv:2: not valid CSV",
    "id,name,effort\n1,a\x00b,1\n": r"file\.csv:2: a zero byte",
    "id,name,effort\n1,a,999999\n": r"999,999 hours: expected at most 100,000",
}


@pytest.mark.parametrize("text", BAD_TABLES, ids=range(len(BAD_TABLES)))
def test_a_broken_table_is_refused_with_its_line(text, tmp_path):
    path = written(tmp_path, text)
    with pytest.raises(GoliveError, match=BAD_TABLES[text]):
        plan_of(read_project(path, ProjectFormat.CSV), PlanMapping(), Delivery.AGENTIC)


def test_tables_of_other_tools_are_read(tmp_path):
    rows = "ID;Name;Effort hours;Resource\n1;Workshops für Einkauf;12;Berater\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        project = read_project(written(tmp_path, rows, encoding=encoding))
        assert project.tasks[0].name == "Workshops für Einkauf"
    with pytest.raises(GoliveError, match=r"file\.csv:2: byte 0xfc is not UTF-8"):
        read_project(written(tmp_path, rows, encoding="latin-1"))


def task(uid: int, *below: str, **texts: object) -> str:
    fields = {"UID": uid, "Name": f"Set up {uid}", "OutlineLevel": 1, "Work": "PT8H0M0S"} | texts
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<Task>{inside}{''.join(below)}</Task>\n"


def link(uid: object, kind: object = 1, **texts: object) -> str:
    fields = {"PredecessorUID": uid, "Type": kind} | texts
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<PredecessorLink>{inside}</PredecessorLink>"


def project_xml(*tasks: str, rest: str = "") -> str:
    return f"{HEAD}<Tasks>\n{''.join(tasks)}</Tasks>{rest}</Project>"


BAD_XML = {
    HEAD: r"p\.xml:\d+: not valid XML: no element found",
    "<Project/>": r"p\.xml:1: <Project> in namespace ''",
    "<html/>": r"p\.xml:1: <html> in namespace",
    '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<x/>': r"p\.xml:2: a document type",
    '<?xml version="1.0" encoding="klingon"?>\n<x/>': r"p\.xml:1: .*encoding",
    project_xml(): r"p\.xml: no tasks",
    project_xml(task(1), task(1)): r"p\.xml:5: Task UID 1: UID: '1': expected each UID only once",
    project_xml(task("x")): r"Task UID x: UID: 'x': expected a whole number",  # type: ignore[arg-type]
    project_xml(task(1, Work="8 h")): r"p\.xml:4: Task UID 1: Work: '8 h': expected a duration",
    project_xml(task(1, Work="-PT8H0M0S")): r"expected a duration of 0 or more",
    project_xml(task(1, Work="PT")): r"Work: 'PT': expected a duration",
    project_xml(task(1, OutlineLevel=999)): r"OutlineLevel: '999': expected 0 to 64",
    project_xml(task(1, Milestone="maybe")): r"Milestone: 'maybe': expected 0 or 1",
    project_xml(task(1, link(7))): r"Task UID 1: PredecessorLink: PredecessorUID: '7'",
    project_xml(task(1, link(2)), task(2, link(1))): r"'1' \(line 4, UID 1\).*wait for themselves",
    project_xml(task(1, link(1, 9))): r"PredecessorLink: Type: '9': expected 0, 1, 2 or 3",
    project_xml(task(1), rest="<MinutesPerDay>5</MinutesPerDay>"): r"MinutesPerDay 5",
    project_xml(task(1, Duration="PT99999999H0M0S")): r"weeks: expected 1 to 520",
    HEAD + "<a>" * 60: r"nested too deeply",
    HEAD + "<Title>" + "x" * 30_000: r"a text of more than 20,000",
}


@pytest.mark.parametrize("text", BAD_XML, ids=range(len(BAD_XML)))
def test_a_broken_xml_is_refused_with_its_line(text, tmp_path):
    path = written(tmp_path, text, "p.xml")
    with pytest.raises(GoliveError, match=BAD_XML[text]):
        imported(path)


def test_links_of_summary_tasks_are_those_of_their_tasks(tmp_path):
    text = project_xml(
        task(1, OutlineLevel=1, Summary=1),
        task(2, OutlineLevel=2),
        task(3, link(2), OutlineLevel=2),
        task(4, OutlineLevel=2),
        task(5, link(1), OutlineLevel=1, Summary=1),
        task(6, OutlineLevel=2),
        task(7, link(6), OutlineLevel=2),
        task(8, link(5), Active=0),
        task(9, link(8)),
        task(10, Summary=1),
    )
    tasks = {
        t.id: set(t.predecessors) for t in read_project(written(tmp_path, text, "p.xml")).tasks
    }
    assert tasks == {
        "2": set(), "3": {"2"}, "4": set(), "6": {"3", "4"}, "7": {"6"}, "8": {"7"}, "9": {"8"},
        "10": set(),
    }  # fmt: skip
    work = {p.id: set(p.predecessors) for p in imported(tmp_path / "p.xml").plan.work}
    assert work["9"] == {"7"}, "over the inactive task"


def test_too_many_links_of_summary_tasks_are_refused(tmp_path):
    phases = []
    uid = 0
    for _ in range(3):
        first = uid + 1
        uid += 1
        before = [link(first - 401)] if first > 401 else []
        phases.append(task(uid, *before, Summary=1))
        for _ in range(400):
            uid += 1
            phases.append(task(uid, OutlineLevel=2))
    path = written(tmp_path, project_xml(*phases), "p.xml")
    with pytest.raises(GoliveError, match="more than 100,000 links"):
        read_project(path)


BAD_SM = {
    SM.replace("   2        1   ", "   2        3   "): r"p\.sm:8: job 2: 3 modes: expected 1",
    SM.replace(":  0   N", ":  2   N"): r"p\.sm:4: 2 nonrenewable resources: expected renewable",
    SM.replace("   :  1\n", "   :  2\n", 1): r"p\.sm:1: projects: 2: expected 1",
    SM.replace("2   20", "2    3"): r"p\.sm:17: job 3: 4 units of R2: expected at most the 3",
    SM.replace("    2   20", "    2"): r"5 numbers: expected job number, mode, duration and 1",
    SM.replace("           4\n   3 ", "           9\n   3 "): r"p\.sm:8: job 2: successor 9",
    SM.replace("           4\n   3 ", "           2\n   3 "): r"wait for themselves",
    SM.replace(
        "  2      1     3", "  2      1    -3"
    ): r"p\.sm:16: job 2: expected no number below",
    SM.replace("  2      1     3", "  2      1     x"): r"expected whole numbers below 'REQUESTS",
    SM[: SM.index("RESOURCEAV")]: r"no section 'RESOURCEAVAILABILITIES:'",
}


@pytest.mark.parametrize("text", BAD_SM, ids=range(len(BAD_SM)))
def test_a_broken_psplib_file_is_refused_with_its_line(text, tmp_path):
    assert text != SM
    path = written(tmp_path, text, "p.sm")
    with pytest.raises(GoliveError, match=BAD_SM[text]):
        imported(path)


def test_more_resources_than_roles_need_a_mapping(tmp_path):
    wide = (
        SM.replace("    2   20\n", "    2   20" + "    1" * 4 + "\n")
        .replace("       0    0\n", "       0    0" + "    0" * 4 + "\n")
        .replace("       1    0\n", "       1    0" + "    1" * 4 + "\n")
        .replace("       2    4\n", "       2    4" + "    0" * 4 + "\n")
    )
    path = written(tmp_path, wide, "p.sm")
    assert len(read_project(path).resources) == 6
    with pytest.raises(GoliveError, match=r"p\.sm: 6 resources: a plan has 5 roles"):
        imported(path)
    assert imported(path, roles={"R6": "orchestrator"}).plan.work


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1"), "a binary file such as .mpp"),
        (b"PK\x03\x04", "a zip or Excel file"),
        (b"hello\n", "of no known format"),
    ],
)
def test_other_files_are_refused_with_advice(data, words, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(GoliveError, match=words):
        read_project(path)
    with pytest.raises(GoliveError, match="there is no such file"):
        read_project(tmp_path / "none")
    with pytest.raises(GoliveError, match="found a directory"):
        read_project(tmp_path)


def test_a_project_beyond_what_a_plan_can_hold_is_refused(tmp_path):
    rows = "id,name,effort\n" + "".join(f"{i},Set up {i},1\n" for i in range(2_001))
    path = written(tmp_path, rows)
    assert len(read_project(path).tasks) == 2_001
    with pytest.raises(GoliveError, match="2,001 tasks with effort: expected at most 2,000"):
        imported(path)


NAMES = st.sampled_from(
    ["Workshop", "Configure sales", "Mock load", "Interface", "Report", "Extract", "x", "Cutover"]
)


@st.composite
def tables(draw):
    rows = ["id,name,effort,role,predecessors"]
    count = draw(st.integers(1, 15))
    for index in range(count):
        before = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        role = draw(st.sampled_from(["", "Consultant", "Key user", "Anna;Bob"]))
        effort = draw(st.sampled_from(["0", "4", "2d", "12.5h"]))
        rows.append(f"{index},{draw(NAMES)},{effort},{role},{' '.join(map(str, sorted(before)))}")
    return "\n".join(rows)


def reach(project: ImportedProject) -> dict[str, set[str]]:
    """All tasks before each task, directly or not."""
    found: dict[str, set[str]] = {}
    for number in topological_order(project):
        own = project.tasks[number]
        found[own.id] = set(own.predecessors).union(*(found[p] for p in own.predecessors))
    return found


@settings(max_examples=80, deadline=None)
@given(text=tables())
def test_links_hold_whatever_is_left_out(text, tmp_path_factory):
    path = written(tmp_path_factory.mktemp("table"), text)
    project = read_project(path, ProjectFormat.CSV)
    try:
        plan = plan_of(project, PlanMapping(), Delivery.CONVENTIONAL).plan
    except GoliveError as error:
        assert "no task is work" in str(error)
        return
    ids = {package.id for package in plan.work}
    before: dict[str, set[str]] = {}
    by_id = {package.id: package for package in plan.work}
    for number in topological_order(project):
        name = project.tasks[number].id
        if name in ids:
            direct = by_id[name].predecessors
            before[name] = set(direct).union(*(before[p] for p in direct))
    wanted = reach(project)
    assert before == {name: wanted[name] & ids for name in ids}
