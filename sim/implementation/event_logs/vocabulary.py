"""The activities of an implementation's event log, their attributes and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AttributeType(StrEnum):
    """Types that XES and OCEL 2.0 both have."""

    TEXT = "string"
    NUMBER = "float"
    INTEGER = "integer"
    HOUR = "hour"
    """Working hours since kick-off; a timestamp in files."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity that can happen.

    Attributes:
        meaning: in words.
        about: type of the object that it happens to.
        identity: attribute that numbers that object within its project; empty: its subject does.
        transition: state in the XES lifecycle extension's standard model.
        attributes: type by name.
    """

    meaning: str
    about: str
    identity: str = ""
    transition: str = "complete"
    attributes: dict[str, AttributeType] | None = None


_T, _N, _I, _H = (
    AttributeType.TEXT,
    AttributeType.NUMBER,
    AttributeType.INTEGER,
    AttributeType.HOUR,
)

PROJECT, PACKAGE, QUESTION, DEFECT, DATA_OBJECT = (
    "project",
    "work package",
    "question",
    "defect",
    "data object",
)
CREW_MEMBER, SITE, DEPARTMENT, INTERFACE, CHANGE = (
    "crew member",
    "site",
    "department",
    "interface",
    "change request",
)
OBJECT_TYPES = (
    PROJECT,
    SITE,
    DEPARTMENT,
    CREW_MEMBER,
    PACKAGE,
    QUESTION,
    DEFECT,
    DATA_OBJECT,
    INTERFACE,
    CHANGE,
)

ACTIVITIES: dict[str, Activity] = {
    "kick_off": Activity(
        "the project begins; the contract's facts",
        PROJECT,
        transition="start",
        attributes={
            "customer": _T,
            "industry": _T,
            "delivery": _T,
            "employees": _I,
            "complexity": _I,
            "hours_per_day": _N,
            "days_per_week": _I,
            "planned_days": _I,
            "planned_effort_hours": _N,
        },
    ),
    "package_planned": Activity(
        "a work package became known, with its estimate",
        PACKAGE,
        "package",
        "schedule",
        {
            "package": _I,
            "package_kind": _T,
            "workstream": _T,
            "site": _T,
            "department": _T,
            "planned_hours": _N,
            "in_baseline": _N,
            "built": _T,
            "ambiguity": _N,
            "defect": _I,
        },
    ),
    "session": Activity(
        "a time sheet: somebody worked on a package until now",
        PACKAGE,
        "package",
        "complete",
        {
            "package": _I,
            "role": _T,
            "member": _I,
            "start_hour": _H,
            "booked_hours": _N,
            "planned_done_hours": _N,
            "reason": _T,
        },
    ),
    "package_done": Activity(
        "a package is done",
        PACKAGE,
        "package",
        "complete",
        {"package": _I, "planned_hours": _N, "attempt": _I},
    ),
    "build_checked": Activity(
        "reviews and unit tests of a package: defects removed at once",
        PACKAGE,
        "package",
        "complete",
        {"package": _I, "removed": _I, "careful": _N, "rushed": _N},
    ),
    "question": Activity(
        "a package stops on a question to the customer",
        QUESTION,
        "package",
        "start",
        {"package": _I, "department": _T, "load": _N},
    ),
    "answer": Activity(
        "the customer answered",
        QUESTION,
        "package",
        "complete",
        {"package": _I, "asked_hour": _H},
    ),
    "assumption": Activity(
        "a question grew too old; the crew assumed an answer",
        QUESTION,
        "package",
        "pi_abort",
        {"package": _I, "asked_hour": _H},
    ),
    "defect_found": Activity(
        "a defect was found, with its analysed cause",
        DEFECT,
        "defect",
        "start",
        {"defect": _I, "package": _I, "severity": _T, "stage": _T, "cause": _T},
    ),
    "defect_fixed": Activity(
        "a defect was fixed", DEFECT, "defect", "complete", {"defect": _I, "package": _I}
    ),
    "test_cycle": Activity(
        "a test cycle is over",
        PROJECT,
        attributes={"number": _I, "found": _I, "test_cases_prepared": _N, "pass_rate": _N},
    ),
    "acceptance_check": Activity(
        "an acceptance check was run",
        PACKAGE,
        "package",
        "complete",
        {"package": _I, "tests_system": _N, "passed": _N, "attempt": _I},
    ),
    "mock_load": Activity(
        "a trial migration is over",
        PROJECT,
        attributes={
            "number": _I,
            "success": _N,
            "rejected_for_data": _N,
            "rejected_technically": _N,
        },
    ),
    "object_loaded": Activity(
        "a data object was loaded on trial",
        DATA_OBJECT,
        attributes={"load": _I, "records": _N, "new_errors": _N, "known_errors": _N},
    ),
    "change_accepted": Activity(
        "a change request became work", CHANGE, attributes={"effort_hours": _N, "package": _I}
    ),
    "change_rejected": Activity(
        "a change request was turned down",
        CHANGE,
        transition="pi_abort",
        attributes={"effort_hours": _N},
    ),
    "requirement_found": Activity(
        "a requirement nobody had asked for came out",
        CHANGE,
        attributes={"effort_hours": _N, "package": _I},
    ),
    "interface_failed": Activity("an interface is known to fail", INTERFACE),
    "forecast": Activity(
        "the morning's forecast of the go-live, and the pace ordered",
        PROJECT,
        attributes={"days_late": _N, "pace": _T},
    ),
    "survey": Activity(
        "a pulse survey is in",
        PROJECT,
        attributes={
            "trust": _N,
            "support": _N,
            "resistance": _N,
            "readiness": _N,
            "adoption": _N,
        },
    ),
    "move": Activity("a management move; its subject says which", PROJECT),
    "cutover_begins": Activity("a site's cutover begins", SITE, transition="start"),
    "go_live": Activity(
        "a site works in production", SITE, attributes={"loss": _N, "reconciliation": _N}
    ),
    "roll_back": Activity("a site went back to its old systems", SITE, transition="pi_abort"),
    "date_missed": Activity("a go-live date passed", PROJECT, attributes={"days_late": _N}),
    "design_flaw": Activity(
        "a critical defect brought further components down",
        PROJECT,
        attributes={"components": _I},
    ),
    "sponsor_changed": Activity("somebody else sponsors the project now", PROJECT),
    "hypercare_extended": Activity("the crew stays for another week", PROJECT),
    "cancelled": Activity(
        "the sponsor stopped the project",
        PROJECT,
        transition="pi_abort",
        attributes={"overrun": _N},
    ),
    "closed": Activity("the project is over", PROJECT, attributes={"days": _I, "cancelled": _N}),
}
"""Activities that golive writes and mines; others are kept, as events of the project."""

OTHER = Activity("another tool's own, or a disruption's", PROJECT)


def activity(name: str) -> Activity:
    """The activity of a name; of unknown ones what is known of any."""
    return ACTIVITIES.get(name, OTHER)


def attribute_type(name: str, attribute: str, value: object) -> AttributeType:
    """The declared type of an activity's attribute, or that of its value."""
    declared = (activity(name).attributes or {}).get(attribute)
    if declared is not None:
        return declared
    return AttributeType.NUMBER if isinstance(value, int | float) else AttributeType.TEXT
