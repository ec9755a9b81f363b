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


OBJECT_TYPES = (
    *("project", "site", "department", "crew member", "work package"),
    *("question", "defect", "data object", "interface", "change request"),
)
PROJECT, SITE, DEPARTMENT, CREW_MEMBER, PACKAGE = OBJECT_TYPES[:5]
QUESTION, DEFECT, DATA_OBJECT, INTERFACE, CHANGE = OBJECT_TYPES[5:]
_LETTERS = {kind.name[0]: kind for kind in AttributeType}


def _typed(text: str) -> dict[str, AttributeType]:
    """Attributes as ``name:T`` (text, T), N (number), I (integer) or H (hour), by name."""
    pairs = (word.split(":") for word in text.split())
    return {name: _LETTERS[letter] for name, letter in pairs}


ACTIVITIES: dict[str, Activity] = {
    "kick_off": Activity(
        "the project begins; the contract's facts",
        PROJECT,
        transition="start",
        attributes=_typed(
            "customer:T industry:T delivery:T employees:I complexity:I hours_per_day:N"
            " days_per_week:I planned_days:I planned_effort_hours:N"
        ),
    ),
    "package_planned": Activity(
        "a work package became known, with its estimate",
        PACKAGE,
        "package",
        "schedule",
        _typed(
            "package:I package_kind:T workstream:T site:T department:T planned_hours:N"
            " in_baseline:N built:T ambiguity:N defect:I"
        ),
    ),
    "session": Activity(
        "a time sheet: somebody worked on a package until now",
        PACKAGE,
        "package",
        "complete",
        _typed(
            "package:I role:T member:I start_hour:H booked_hours:N planned_done_hours:N reason:T"
        ),
    ),
    "package_done": Activity(
        "a package is done",
        PACKAGE,
        "package",
        "complete",
        _typed("package:I planned_hours:N attempt:I"),
    ),
    "build_checked": Activity(
        "reviews and unit tests of a package: defects removed at once",
        PACKAGE,
        "package",
        "complete",
        _typed("package:I removed:I careful:N rushed:N"),
    ),
    "question": Activity(
        "a package stops on a question to the customer",
        QUESTION,
        "package",
        "start",
        _typed("package:I department:T load:N"),
    ),
    "answer": Activity(
        "the customer answered", QUESTION, "package", "complete", _typed("package:I asked_hour:H")
    ),
    "assumption": Activity(
        "a question grew too old; the crew assumed an answer",
        QUESTION,
        "package",
        "pi_abort",
        _typed("package:I asked_hour:H"),
    ),
    "defect_found": Activity(
        "a defect was found, with its analysed cause",
        DEFECT,
        "defect",
        "start",
        _typed("defect:I package:I severity:T stage:T cause:T"),
    ),
    "defect_fixed": Activity(
        "a defect was fixed", DEFECT, "defect", "complete", _typed("defect:I package:I")
    ),
    "test_cycle": Activity(
        "a test cycle is over",
        PROJECT,
        attributes=_typed("number:I found:I test_cases_prepared:N pass_rate:N"),
    ),
    "acceptance_check": Activity(
        "an acceptance check was run",
        PACKAGE,
        "package",
        "complete",
        _typed("package:I tests_system:N passed:N attempt:I"),
    ),
    "mock_load": Activity(
        "a trial migration is over",
        PROJECT,
        attributes=_typed("number:I success:N rejected_for_data:N rejected_technically:N"),
    ),
    "object_loaded": Activity(
        "a data object was loaded on trial",
        DATA_OBJECT,
        attributes=_typed("load:I records:N new_errors:N known_errors:N"),
    ),
    "change_accepted": Activity(
        "a change request became work", CHANGE, attributes=_typed("effort_hours:N package:I")
    ),
    "change_rejected": Activity(
        "a change request was turned down",
        CHANGE,
        transition="pi_abort",
        attributes=_typed("effort_hours:N"),
    ),
    "requirement_found": Activity(
        "a requirement nobody had asked for came out",
        CHANGE,
        attributes=_typed("effort_hours:N package:I"),
    ),
    "interface_failed": Activity("an interface is known to fail", INTERFACE),
    "forecast": Activity(
        "the morning's forecast of the go-live, and the pace ordered",
        PROJECT,
        attributes=_typed("days_late:N pace:T"),
    ),
    "survey": Activity(
        "a pulse survey is in",
        PROJECT,
        attributes=_typed("trust:N support:N resistance:N readiness:N adoption:N"),
    ),
    "move": Activity("a management move; its subject says which", PROJECT),
    "cutover_begins": Activity("a site's cutover begins", SITE, transition="start"),
    "go_live": Activity(
        "a site works in production", SITE, attributes=_typed("loss:N reconciliation:N")
    ),
    "roll_back": Activity("a site went back to its old systems", SITE, transition="pi_abort"),
    "date_missed": Activity("a go-live date passed", PROJECT, attributes=_typed("days_late:N")),
    "design_flaw": Activity(
        "a critical defect brought further components down",
        PROJECT,
        attributes=_typed("components:I"),
    ),
    "sponsor_changed": Activity("somebody else sponsors the project now", PROJECT),
    "hypercare_extended": Activity("the crew stays for another week", PROJECT),
    "cancelled": Activity(
        "the sponsor stopped the project",
        PROJECT,
        transition="pi_abort",
        attributes=_typed("overrun:N"),
    ),
    "closed": Activity("the project is over", PROJECT, attributes=_typed("days:I cancelled:N")),
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
