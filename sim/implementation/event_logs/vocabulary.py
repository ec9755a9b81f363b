"""The activities of an implementation's event log, their attributes and what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        transition: state in the XES lifecycle extension's standard model.
        attributes: type by name.
    """

    meaning: str
    about: str
    transition: str = "complete"
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)


OBJECT_TYPES = (
    *("project", "site", "department", "crew member", "work package"),
    *("question", "defect", "data object", "interface", "change request"),
)
PROJECT, SITE, DEPARTMENT, CREW_MEMBER, PACKAGE = OBJECT_TYPES[:5]
QUESTION, DEFECT, DATA_OBJECT, INTERFACE, CHANGE = OBJECT_TYPES[5:]
_LETTERS = {kind.name[0]: kind for kind in AttributeType}
_START, _COMPLETE, _ABORT, _SCHEDULE = "start", "complete", "pi_abort", "schedule"


def _activity(
    about: str, meaning: str, attributes: str = "", transition: str = _COMPLETE
) -> Activity:
    """Attributes as ``name:T`` (text, T), N (number), I (integer) or H (hour)."""
    pairs = (word.split(":") for word in attributes.split())
    types = {name: _LETTERS[letter] for name, letter in pairs}
    return Activity(meaning, about, transition, types)


# fmt: off
ACTIVITIES: dict[str, Activity] = {
    "kick_off": _activity(
        PROJECT, "the project begins; the contract's facts",
        "customer:T industry:T delivery:T employees:I complexity:I hours_per_day:N"
        " days_per_week:I planned_days:I planned_effort_hours:N", _START),
    "package_planned": _activity(
        PACKAGE, "a work package became known, with its estimate",
        "package:I package_kind:T workstream:T site:T department:T planned_hours:N"
        " in_baseline:N built:T ambiguity:N defect:I", _SCHEDULE),
    "session": _activity(
        PACKAGE, "a time sheet: somebody worked on a package until now",
        "package:I role:T member:I start_hour:H booked_hours:N planned_done_hours:N reason:T"),
    "package_done": _activity(
        PACKAGE, "a package is done", "package:I planned_hours:N attempt:I"),
    "build_checked": _activity(
        PACKAGE, "reviews and unit tests of a package: defects removed at once",
        "package:I removed:I careful:N rushed:N"),
    "question": _activity(
        QUESTION, "a package stops on a question to the customer",
        "package:I department:T load:N", _START),
    "answer": _activity(QUESTION, "the customer answered", "package:I asked_hour:H"),
    "assumption": _activity(
        QUESTION, "a question grew too old; the crew assumed an answer",
        "package:I asked_hour:H", _ABORT),
    "defect_found": _activity(
        DEFECT, "a defect was found, with its analysed cause",
        "defect:I package:I severity:T stage:T cause:T", _START),
    "defect_fixed": _activity(DEFECT, "a defect was fixed", "defect:I package:I"),
    "test_cycle": _activity(
        PROJECT, "a test cycle is over", "number:I found:I test_cases_prepared:N pass_rate:N"),
    "acceptance_check": _activity(
        PACKAGE, "an acceptance check was run", "package:I tests_system:N passed:N attempt:I"),
    "mock_load": _activity(
        PROJECT, "a trial migration is over",
        "number:I success:N rejected_for_data:N rejected_technically:N"),
    "object_loaded": _activity(
        DATA_OBJECT, "a data object was loaded on trial",
        "load:I records:N new_errors:N known_errors:N"),
    "change_accepted": _activity(
        CHANGE, "a change request became work", "effort_hours:N package:I"),
    "change_rejected": _activity(
        CHANGE, "a change request was turned down", "effort_hours:N", _ABORT),
    "requirement_found": _activity(
        CHANGE, "a requirement nobody had asked for came out", "effort_hours:N package:I"),
    "interface_failed": _activity(INTERFACE, "an interface is known to fail"),
    "forecast": _activity(
        PROJECT, "the morning's forecast of the go-live, and the pace ordered",
        "days_late:N pace:T"),
    "survey": _activity(
        PROJECT, "a pulse survey is in",
        "trust:N support:N resistance:N readiness:N adoption:N"),
    "move": _activity(PROJECT, "a management move; its subject says which"),
    "cutover_begins": _activity(SITE, "a site's cutover begins", transition=_START),
    "go_live": _activity(SITE, "a site works in production", "loss:N reconciliation:N"),
    "roll_back": _activity(SITE, "a site went back to its old systems", transition=_ABORT),
    "date_missed": _activity(PROJECT, "a go-live date passed", "days_late:N"),
    "design_flaw": _activity(
        PROJECT, "a critical defect brought further components down", "components:I"),
    "sponsor_changed": _activity(PROJECT, "somebody else sponsors the project now"),
    "hypercare_extended": _activity(PROJECT, "the crew stays for another week"),
    "cancelled": _activity(PROJECT, "the sponsor stopped the project", "overrun:N", _ABORT),
    "closed": _activity(PROJECT, "the project is over", "days:I cancelled:N"),
}
# fmt: on
"""Activities that golive writes and mines; others are kept, as events of the project."""

OTHER = Activity("another tool's own, or a disruption's", PROJECT)


def activity(name: str) -> Activity:
    """The activity of a name; of unknown ones what is known of any."""
    return ACTIVITIES.get(name, OTHER)


def attribute_type(name: str, attribute: str, value: object) -> AttributeType:
    """The declared type of an activity's attribute, or that of its value."""
    declared = activity(name).attributes.get(attribute)
    if declared is not None:
        return declared
    return AttributeType.NUMBER if isinstance(value, int | float) else AttributeType.TEXT
