"""Work that a plan names itself, package by package, in the place of generated work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from ...core.arithmetic import whole_sum
from ...core.records import Integer, Name, Number, Record
from .vocabulary import Department, Workstream

MOST_PACKAGES = 2_000
MOST_LINKS = 40_000
MOST_PEOPLE = 10
MOST_PARTS = 4_000
MOST_PART_LINKS = 100_000
MOST_EFFORT_HOURS = 100_000.0
LEAST_EFFORT_HOURS = 0.1
PackageId = Annotated[str, StringConstraints(min_length=1, max_length=40)]
"""Name of a package, by which its successors name it."""


class PlannedPackage(Record):
    """A work package of the plan's own, as imported from a project file."""

    id: PackageId = Field(description="What others call it as a predecessor; unique in the plan.")
    name: Name = Field(description="What is done.")
    effort_hours: Number = Field(
        ge=LEAST_EFFORT_HOURS,
        le=MOST_EFFORT_HOURS,
        description="Estimated effort in hours of people; the true effort is uncertain.",
    )
    workstream: Workstream = Field(description="Its workstream; cutover steps are the world's own.")
    predecessors: tuple[PackageId, ...] = Field(
        default=(), description="Packages of the plan that must be done before it begins."
    )
    key_user_hours: Number | None = Field(
        default=None,
        ge=0.0,
        le=MOST_EFFORT_HOURS,
        description="Hours of a key user that it takes; null: by the workstream's usual share.",
    )
    people: Integer = Field(
        default=1,
        ge=1,
        le=MOST_PEOPLE,
        description="How many work on it side by side, a part each.",
    )
    departments: tuple[Department, ...] = Field(
        default=(),
        max_length=len(Department),
        description="Whose key users it needs, a part each; empty: in turn, in discovery all.",
    )
    site: Name | None = Field(
        default=None, description="Name of the site that it is for; null: the customer's first."
    )


def check_work(work: Sequence[PlannedPackage]) -> None:
    """See that packages and their links are sound.

    Raises:
        ValueError: an id given twice, a predecessor that does not exist, too many links, a circle
            or a package of the cutover; names package, field and value.
    """
    ids: set[str] = set()
    for index, package in enumerate(work):
        if package.id in ids:
            raise ValueError(f"work[{index}].id: {package.id!r}: expected each id only once")
        ids.add(package.id)
        if len(set(package.departments)) != len(package.departments):
            raise ValueError(f"work[{index}].departments: expected each department only once")
        if package.workstream is Workstream.CUTOVER:
            raise ValueError(
                f"work[{index}].workstream: 'cutover': expected another: "
                "cutover steps are the world's own"
            )
    links = whole_sum(len(package.predecessors) for package in work)
    if links > MOST_LINKS:
        raise ValueError(f"work: {links:,} predecessors: expected at most {MOST_LINKS:,}")
    for index, package in enumerate(work):
        for name in package.predecessors:
            if name not in ids:
                raise ValueError(
                    f"work[{index}].predecessors: {name!r}: expected the id of a package"
                )
    circle = _circle(work)
    if circle:
        raise ValueError(f"work: {circle}: expected no circle of predecessors")
    _check_parts(work)


def most_parts(package: PlannedPackage) -> int:
    """Parts that a package is worked on in, whatever departments the customer has."""
    everybody = package.workstream is Workstream.DISCOVERY and not package.departments
    return max(package.people, len(Department) if everybody else len(package.departments))


def _check_parts(work: Sequence[PlannedPackage]) -> None:
    parts = {package.id: most_parts(package) for package in work}
    total = whole_sum(parts.values())
    if total > MOST_PARTS:
        raise ValueError(
            f"work: {total:,} parts, one for each of a package's people or departments: "
            f"expected at most {MOST_PARTS:,}"
        )
    links = whole_sum(
        parts[name] * parts[package.id] for package in work for name in package.predecessors
    )
    if links > MOST_PART_LINKS:
        raise ValueError(
            f"work: {links:,} links between parts: expected at most {MOST_PART_LINKS:,}"
        )


def _circle(work: Sequence[PlannedPackage]) -> list[str]:
    """Ids of packages that wait for themselves, at most a few."""
    waiting = {package.id: len(set(package.predecessors)) for package in work}
    followers: dict[str, list[str]] = {package.id: [] for package in work}
    for package in work:
        for name in dict.fromkeys(package.predecessors):
            followers[name].append(package.id)
    free = [name for name, count in waiting.items() if not count]
    for name in free:  # grows while it is gone through
        for follower in followers[name]:
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return [name for name, count in waiting.items() if count][:6]
