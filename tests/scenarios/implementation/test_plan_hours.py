"""Hours of work are conserved: what a file holds is what packages and findings hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_fuzz import DATA, SEEDS, changed_files, check_hours, outcome

from golive.scenarios.implementation.importers.project import ImportedProject
from golive.scenarios.implementation.importers.read import ProjectFormat, read_project
from golive.scenarios.implementation.importers.to_plan import ImportedPlan

FORMATS = tuple(SEEDS)
FUZZED = DATA / "fuzzed"


@dataclass(frozen=True)
class Node:
    """A row of a random project: its level, hours of each assignment, and its flags."""

    level: int
    assigned: tuple[float, ...]
    active: bool
    milestone: bool
    flag: str

    @property
    def hours(self) -> float:
        return sum(self.assigned)


@st.composite
def nodes(draw) -> list[Node]:
    found: list[Node] = []
    for _ in range(draw(st.integers(1, 12))):
        level = draw(st.integers(1, found[-1].level + 1)) if found else 1
        hours = draw(st.lists(st.sampled_from([0.05, 4.0, 8.0, 12.5, 40.0]), max_size=3))
        flags = draw(st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "0", "1"])))
        found.append(Node(level, tuple(hours), not flags[0] or bool(flags[1]), flags[1], flags[2]))
    return found


def totals(tree: list[Node]) -> list[float]:
    """Hours of each row and all rows below it."""
    return [
        sum(
            tree[index].hours
            for index in range(start, len(tree))
            if index == start or all(n.level > node.level for n in tree[start + 1 : index + 1])
        )
        for start, node in enumerate(tree)
    ]


def outline_numbers(tree: list[Node]) -> list[str]:
    counts: list[int] = []
    found = []
    for node in tree:
        del counts[node.level :]
        counts += [0] * (node.level - len(counts))
        counts[-1] += 1
        found.append(".".join(map(str, counts)))
    return found


def as_mspdi(tree: list[Node], by_level: bool, rolled_up: bool) -> str:
    tasks, assignments = [], []
    rows = zip(tree, totals(tree), outline_numbers(tree), strict=True)
    for uid, (node, total, number) in enumerate(rows, 1):
        where = f"<OutlineLevel>{node.level}</OutlineLevel>" if by_level else ""
        where += "" if by_level else f"<OutlineNumber>{number}</OutlineNumber>"
        where += f"<Summary>{node.flag}</Summary>" if node.flag else ""
        where += f"<Work>PT{total * 60:.0f}M</Work>" if rolled_up else ""
        flags = f"<Milestone>{node.milestone:d}</Milestone><Active>{node.active:d}</Active>"
        tasks.append(f"<Task><UID>{uid}</UID><Name>Configure {uid}</Name>{where}{flags}</Task>")
        for place, hours in enumerate(node.assigned):
            resource = (1, 2, -65535)[place]  # the last is nobody yet
            work = f"<ResourceUID>{resource}</ResourceUID><Work>PT{hours * 60:.0f}M</Work>"
            assignments.append(f"<Assignment><TaskUID>{uid}</TaskUID>{work}</Assignment>")
    people = "".join(f"<Resource><UID>{n}</UID><Name>P{n}</Name></Resource>" for n in (1, 2))
    return (
        '<Project xmlns="http://schemas.microsoft.com/project">'
        f"<Tasks>{''.join(tasks)}</Tasks><Resources>{people}</Resources>"
        f"<Assignments>{''.join(assignments)}</Assignments></Project>"
    )


def as_table(tree: list[Node], column: str) -> str:
    lines = [f"id,name,effort,{column},active,role"]
    rows = zip(tree, totals(tree), outline_numbers(tree), strict=True)
    for index, (node, total, number) in enumerate(rows):
        above = [n for n in range(index) if tree[n].level < node.level]
        parents = [n for n in above if all(t.level >= node.level for t in tree[n + 1 : index])]
        parent = str(parents[-1]) if parents else ""
        told = {"outline level": str(node.level), "wbs": number, "parent": parent}[column]
        active = "yes" if node.active else "no"
        lines.append(f"{index},Configure {index},{total:g},{told},{active},Anna[50%]; Key user")
    return "\n".join(lines) + "\n"


def as_xer(tree: list[Node]) -> str:
    lines = ["ERMHDR\t18.8", "%T\tPROJWBS", "%F\twbs_id\tparent_wbs_id\tproj_node_flag\twbs_name"]
    above: list[int] = []
    for index, node in enumerate(tree):
        del above[node.level - 1 :]
        parent = above[-1] if above else "root"
        lines.append(f"%R\t{index}\t{parent}\tN\tPhase {index}")
        above += [index] * (node.level - len(above))
    lines += ["%R\troot\t\tY\tAll", "%T\tTASK"]
    lines += ["%F\ttask_id\twbs_id\ttask_code\ttask_name\ttask_type\ttarget_work_qty"]
    for index, node in enumerate(tree):
        kind = "TT_FinMile" if node.milestone else "TT_Task"
        total = f"{node.hours:g}" if node.active else ""
        lines.append(f"%R\t{index}\t{index}\tA{index}\tConfigure {index}\t{kind}\t{total}")
    lines += ["%T\tTASKRSRC", "%F\ttask_id\trsrc_id\ttarget_qty\trsrc_type"]
    for index, node in enumerate(tree):
        for place, hours in enumerate(node.assigned):
            lines.append(f"%R\t{index}\t{place}\t{hours:g}\tRT_Labor")
    return "\n".join([*lines, "%E", ""])


def check(text: str, hours: float, path: Path, form: ProjectFormat) -> ImportedProject:
    path.write_text(text, "utf-8")
    project = read_project(path, form)
    assert project.hours == pytest.approx(hours)
    result = outcome(path, form)
    assert isinstance(result, ImportedPlan) or "no task is work" in result
    return project


@settings(max_examples=40, deadline=None)
@given(tree=nodes(), by_level=st.booleans(), rolled_up=st.booleans())
def test_hours_of_random_microsoft_projects(tree, by_level, rolled_up, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("plan") / "p.xml"
    check(
        as_mspdi(tree, by_level, rolled_up), sum(n.hours for n in tree), path, ProjectFormat.MSPDI
    )


@settings(max_examples=40, deadline=None)
@given(tree=nodes(), column=st.sampled_from(["outline level", "wbs", "parent"]))
def test_hours_of_random_tables(tree, column, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("plan") / "p.csv"
    check(as_table(tree, column), sum(n.hours for n in tree), path, ProjectFormat.CSV)


@settings(max_examples=40, deadline=None)
@given(tree=nodes())
def test_hours_of_random_primavera_projects(tree, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("plan") / "p.xer"
    check(as_xer(tree), sum(n.hours for n in tree), path, ProjectFormat.XER)


@pytest.mark.parametrize("form", FORMATS)
def test_hours_of_every_fixture(form) -> None:
    for path in SEEDS[form]:
        result = outcome(path)
        assert isinstance(result, ImportedPlan) or result.startswith(str(path))


# -- files changed at random -----------------------------------------------------------------------


def tried(form: ProjectFormat, path: Path, count: int, seed: int) -> Counter[str]:
    """Numbers of files that became plans and that were refused; any other end is an error."""
    found: Counter[str] = Counter()
    for data in changed_files(SEEDS[form], count, seed):
        path.write_bytes(data)
        found["plans" if isinstance(outcome(path, form), ImportedPlan) else "refused"] += 1
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_changed_files_are_read_or_refused(form, tmp_path) -> None:
    found = tried(form, tmp_path / "file", 300, 0)
    assert found["plans"] > 20
    assert found["refused"] > 20


@pytest.mark.nightly
@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_thousand_changed_files_are_read_or_refused(form, tmp_path) -> None:
    found = tried(form, tmp_path / "file", 100_000, 1)
    print(f"{form}: {dict(found)}")
    assert found.total() == 100_000


@pytest.mark.parametrize("form", FORMATS)
def test_files_from_the_fuzzer_end_as_they_did(form) -> None:
    """Twenty files of each format that random changes made, and what becomes of each."""
    expected = json.loads((FUZZED / f"{form}.json").read_text("utf-8"))
    assert len(expected) == 20
    for name, words in expected.items():
        path = FUZZED / name
        assert described(path, form) == words, name


def described(path: Path, form: ProjectFormat) -> dict[str, object]:
    """What becomes of a file: hours and numbers of packages and findings, or the error."""
    result = outcome(path, form)
    if isinstance(result, str):
        return {"refused": result.replace(str(path), path.name)}
    check_hours(result)
    return {
        "hours_in_file": round(result.project.hours, 3),
        "hours_in_packages": round(result.hours_in_packages, 3),
        "packages": len(result.plan.work),
        "findings": len(result.unmapped),
    }
