"""Work packages as a project's tracker and time sheets hold them, in recorded events.

Nothing here changes the simulation, and nothing latent is recorded: a package's true effort shows
only in the hours that were booked on it, a defect only once it is found.
"""

from __future__ import annotations

import re

from ...scenarios.implementation.challenges import RequirementChallenge
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.vocabulary import RequirementKind
from .briefing import DEPARTMENTS
from .context import Context
from .decision import ROLES, WORKSTREAMS
from .effort import CHANGE_REQUEST_AMBIGUITY
from .state import Member, Package, PackageKind

_CHANGE_REQUEST = re.compile(r"change request (\d+)")
_UNRATED = ""


def log_planned(context: Context, package: Package) -> None:
    """Record that a package became known, with its estimate."""
    if not context.events.enabled:
        return
    built, ambiguity = built_object(context.customer, package)
    values: dict[str, float | str] = {
        "package": package.id,
        "package_kind": PackageKind(package.kind).name.lower(),
        "workstream": WORKSTREAMS[package.workstream].value,
        "site": context.customer.sites[package.site].name,
        "planned_hours": package.planned_hours,
        "in_baseline": float(package.in_baseline),
    }
    if package.department >= 0:
        values["department"] = DEPARTMENTS[package.department].value
    if built:
        values |= {"built": built, "ambiguity": ambiguity}
    if package.kind == PackageKind.FIX:
        values["defect"] = package.subject
    context.note("package_planned", package.name, **values)


def log_session(
    context: Context,
    package: Package,
    member: Member,
    start_hour: float,
    booked_hours: float,
    planned_done_hours: float,
    reason: str,
) -> None:
    """Record the time sheet of a session on a package that ended.

    Args:
        context: of the world, whose hour is the session's end.
        package: what was worked on.
        member: who worked (of a team: its first).
        start_hour: working hours since kick-off.
        booked_hours: effort that went into it, in hours of a human specialist, whatever the
            speed of the member; what an outage destroyed was worked all the same.
        planned_done_hours: how much of the planned effort is done by it.
        reason: why it ended.
    """
    context.note(
        "session",
        package.name,
        package=package.id,
        role=ROLES[member.role].value,
        member=member.id,
        start_hour=start_hour,
        booked_hours=booked_hours,
        planned_done_hours=planned_done_hours,
        reason=reason,
    )


def log_done(context: Context, package: Package) -> None:
    """Record that a package is done, with its estimate as it stood last."""
    if context.events.enabled:
        context.note(
            "package_done",
            package.name,
            package=package.id,
            planned_hours=package.planned_hours,
            attempt=package.attempts,
        )


def built_object(customer: Customer, package: Package) -> tuple[str, float]:
    """Name what a package builds (empty: nothing with defects of its own), and its ambiguity.

    Ambiguity is the requirement's rating in [0, 1], as its author gave it.
    """
    if package.kind in (PackageKind.INTERFACE, PackageKind.MAP):
        return "interface" if package.kind == PackageKind.INTERFACE else "mapping", 0.0
    if package.kind not in (PackageKind.BUILD, PackageKind.CHANGE):
        return _UNRATED, 0.0
    named = [c.requirement for c in customer.challenges if isinstance(c, RequirementChallenge)]
    for requirement in (*customer.requirements, *named):
        if requirement.name == package.name:
            return str(requirement.kind.value), requirement.ambiguity
    request = _CHANGE_REQUEST.fullmatch(package.name)
    if request is not None:
        odd = int(request[1]) % 2 == 0
        kind = RequirementKind.REPORT if odd else RequirementKind.ENHANCEMENT
        return str(kind.value), CHANGE_REQUEST_AMBIGUITY
    if package.kind == PackageKind.BUILD and package.name.startswith(_STANDARD):
        return str(RequirementKind.CONFIGURATION.value), 0.0
    return _UNRATED, 0.0


_STANDARD = ("set up ", "process variants ")
