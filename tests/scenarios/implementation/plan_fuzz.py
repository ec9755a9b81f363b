"""Random project files: sound ones, changed at random, and what must hold whatever they are."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from golive.core.errors import GoliveError
from golive.scenarios.implementation.importers.mapping import PlanMapping
from golive.scenarios.implementation.importers.read import ProjectFormat, read_project
from golive.scenarios.implementation.importers.to_plan import ImportedPlan, plan_of
from golive.scenarios.implementation.vocabulary import Delivery

DATA = Path(__file__).parent / "data" / "plans"
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
SEEDS = {
    ProjectFormat.MSPDI: (*sorted(DATA.glob("cases/m*.xml")), EXAMPLES / "project.xml"),
    ProjectFormat.CSV: (*sorted(DATA.glob("cases/*.csv")), EXAMPLES / "tasks.csv"),
    ProjectFormat.PMXML: tuple(sorted(DATA.glob("*-p6.xml"))),
    ProjectFormat.XER: tuple(sorted(DATA.glob("*.xer"))),
    ProjectFormat.PSPLIB: tuple(sorted(DATA.glob("*.sm"))),
}
"""Sound files of each format."""
WORDS = (
    b"0", b"-1", b"1", b"2", b"999999999", b"1e9", b"nan", b"inf", b"0.5", b"1,5", b"", b"x",
    b"\x00", b"\xff", "ü".encode(), "\u202e".encode(), b"\t", b"\r\n", b"\n\n", b";", b",", b'"',
    b"'", b"<", b">", b"&", b"<Task>", b"</Task>", b"<Summary>1</Summary>",
    b"<OutlineLevel>2</OutlineLevel>", b"<OutlineNumber>1.1</OutlineNumber>",
    b"<Work>PT80H0M0S</Work>", b"<Active>0</Active>", b"<Milestone>1</Milestone>",
    b"<Units>3</Units>", b"PT40H0M0S", b"P5D", b"-PT8H", b"1FS+2 days", b"3SS-50%", b"#1",
    b"[50%]", b"Key user", b"Cutover", b"1.1", b"1.1.1", b"TT_LOE", b"TT_WBS", b"TT_Mile",
    b"PR_SS", b"RT_Equip", b"%T\tTASK", b"%F", b"%R", b"%E", b"40h", b"2w", b"40,00", b"1 200",
    b"2026-01-05", b"2026-13-45T99:99:99", b"100 %", b"cancelled", b"GB2312", b"utf-7",
)  # fmt: skip
"""Pieces that are put into files."""
NUMBER = re.compile(rb"[0-9]+")
VALUE = re.compile(rb"(?<=>)[^<>\n]*(?=</)|(?<=[,;\t])[^,;\t\n]*")
ELEMENT = re.compile(
    rb"<([A-Za-z]+)>[^<]*</\1>|<(Task|Activity|WBS|Assignment)>.*?</\2>|[^\n]*\n", re.S
)


def changed_files(seeds: tuple[Path, ...], count: int, seed: int) -> Iterator[bytes]:
    """Sound files, each changed in up to four places."""
    draw = random.Random(seed)
    contents = [path.read_bytes() for path in seeds]
    for _ in range(count):
        data = draw.choice(contents)
        for _ in range(draw.randint(1, 4)):
            data = _changed(data, draw, contents)
        yield data


def _changed(data: bytes, draw: random.Random, contents: list[bytes]) -> bytes:
    kind = draw.randrange(10)
    if kind < 4:  # a value, so that the file stays sound around it
        return _replaced(data, VALUE, draw, lambda _: draw.choice(WORDS))
    if kind == 4:
        numbers = [found[0] for found in NUMBER.finditer(data)] or [b"1"]
        return _replaced(data, NUMBER, draw, lambda _: draw.choice(numbers))
    if kind == 5:
        return _replaced(data, ELEMENT, draw, lambda _: b"")
    if kind == 6:
        return _replaced(data, ELEMENT, draw, lambda own: own + own)
    start = draw.randint(0, len(data))
    end = min(len(data), start + draw.choice((0, 1, 2, 4, 16, 64, 256)))
    if kind == 7:
        return data[:start] + draw.choice(WORDS) + data[end:]
    if kind == 8:
        return data[:start] + bytes([draw.randrange(256)]) + data[end:]
    other = draw.choice(contents)
    place = draw.randint(0, len(other))
    return data[:start] + other[place : place + end - start] + data[end:]


def _replaced(
    data: bytes, pattern: re.Pattern[bytes], draw: random.Random, by: Callable[[bytes], bytes]
) -> bytes:
    """The data with one piece that has a pattern, found after a random place, replaced."""
    found = pattern.search(data, draw.randint(0, len(data)))
    if found is None:
        return data
    return data[: found.start()] + by(found[0]) + data[found.end() :]


def outcome(path: Path, form: ProjectFormat = ProjectFormat.AUTO) -> ImportedPlan | str:
    """The plan of a file, its hours checked, or the one line that says why there is none."""
    try:
        project = read_project(path, form)
        listed = sum(finding.hours for finding in project.unmapped)
        held = sum(task.hours for task in project.tasks) + listed
        assert abs(project.hours - held) <= 1e-9 * (1.0 + project.hours), (project.hours, held)
        plan = plan_of(project, PlanMapping(), Delivery.CONVENTIONAL)
    except GoliveError as error:
        assert "\n" not in str(error), str(error)
        return str(error)
    check_hours(plan)
    return plan


def check_hours(plan: ImportedPlan) -> None:
    """The hours of the file are those of packages and findings; packages round to 0.0001 h."""
    found = plan.hours_in_packages + plan.hours_listed
    rounding = 1e-4 * (1 + 2 * len(plan.plan.work)) + 1e-9 * plan.project.hours
    assert abs(plan.project.hours - found) <= rounding, (plan.project.hours, found)
