"""The activities of an implementation's event log, their attributes and what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ....scenarios.implementation.traits import TRAITS
from .values import Unfit, Value, checked, parse_value


class AttributeType(StrEnum):
    """Types that XES and OCEL 2.0 both have."""

    TEXT = "string"
    NUMBER = "float"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"
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
        limits: lowest and highest value by name, of those that are quantities.
    """

    meaning: str
    about: str
    transition: str = "complete"
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)


OBJECT_TYPES = (
    *("project", "site", "department", "crew member", "work package"),
    *("question", "defect", "data object", "interface", "change request"),
)
PROJECT, SITE, DEPARTMENT, CREW_MEMBER, PACKAGE = OBJECT_TYPES[:5]
QUESTION, DEFECT, DATA_OBJECT, INTERFACE, CHANGE = OBJECT_TYPES[5:]
CASE = "case"
"""Type of the objects that the traces of another tool's XES become."""
_NUMBER, _MOST = AttributeType.NUMBER, 1e9
_LETTERS: dict[str, tuple[AttributeType, tuple[float, float] | None]] = {
    "T": (AttributeType.TEXT, None),
    "I": (AttributeType.INTEGER, None),
    "C": (AttributeType.INTEGER, (0.0, _MOST)),
    "R": (AttributeType.INTEGER, (0.0, 10.0)),
    "A": (_NUMBER, (0.0, _MOST)),
    "S": (_NUMBER, (0.0, 1.0 + 1e-9)),
    "N": (_NUMBER, (-_MOST, _MOST)),
    "H": (AttributeType.HOUR, None),
}
_START, _COMPLETE, _ABORT, _SCHEDULE = "start", "complete", "pi_abort", "schedule"


def _activity(
    about: str, meaning: str, attributes: str = "", transition: str = _COMPLETE
) -> Activity:
    """Attributes as ``name:LETTER``.

    T is text, I a number that is a name, C a count, R a rating up to 10, A an amount (0 or more),
    S a share, N any number, H an hour.
    """
    pairs = [word.split(":") for word in attributes.split()]
    types = {name: _LETTERS[letter][0] for name, letter in pairs}
    limits = {name: limit for name, letter in pairs if (limit := _LETTERS[letter][1]) is not None}
    return Activity(meaning, about, transition, types, limits)


# fmt: off
ACTIVITIES: dict[str, Activity] = {
    "kick_off": _activity(
        PROJECT, "the project begins; the contract's facts",
        "customer:T industry:T delivery:T employees:C complexity:R hours_per_day:A"
        " days_per_week:C planned_days:C planned_effort_hours:A", _START),
    "package_planned": _activity(
        PACKAGE, "a work package became known, with its estimate",
        "package:I package_kind:T workstream:T site:T department:T planned_hours:A"
        " in_baseline:S built:T ambiguity:S defect:I", _SCHEDULE),
    "session": _activity(
        PACKAGE, "a time sheet: somebody worked on a package until now",
        "package:I role:T member:I start_hour:H booked_hours:A planned_done_hours:A reason:T"),
    "package_done": _activity(
        PACKAGE, "a package is done", "package:I planned_hours:A attempt:C"),
    "build_checked": _activity(
        PACKAGE, "reviews and unit tests of a package: defects removed at once",
        "package:I removed:C careful:S rushed:S"),
    "question": _activity(
        QUESTION, "a package stops on a question to the customer",
        "package:I department:T load:A", _START),
    "answer": _activity(QUESTION, "the customer answered", "package:I asked_hour:H"),
    "assumption": _activity(
        QUESTION, "a question grew too old; the crew assumed an answer",
        "package:I asked_hour:H", _ABORT),
    "defect_found": _activity(
        DEFECT, "a defect was found, with its analysed cause",
        "defect:I package:I severity:T stage:T cause:T", _START),
    "defect_fixed": _activity(DEFECT, "a defect was fixed", "defect:I package:I"),
    "test_cycle": _activity(
        PROJECT, "a test cycle is over", "number:C found:C test_cases_prepared:S pass_rate:S"),
    "acceptance_check": _activity(
        PACKAGE, "an acceptance check was run", "package:I tests_system:S passed:S attempt:C"),
    "acceptance_lapsed": _activity(
        PROJECT, "too much was built after acceptance: what was passed has to be passed again",
        "checks:C"),
    "mock_load": _activity(
        PROJECT, "a trial migration is over",
        "number:C success:S rejected_for_data:S rejected_technically:S"),
    "object_loaded": _activity(
        DATA_OBJECT, "a data object was loaded on trial",
        "load:C records:A new_errors:A known_errors:A"),
    "change_accepted": _activity(
        CHANGE, "a change request became work", "effort_hours:A package:I"),
    "change_rejected": _activity(
        CHANGE, "a change request was turned down", "effort_hours:A", _ABORT),
    "requirement_found": _activity(
        CHANGE, "a requirement nobody had asked for came out", "effort_hours:A package:I"),
    "interface_failed": _activity(INTERFACE, "an interface is known to fail"),
    "forecast": _activity(
        PROJECT, "the morning's forecast of the go-live, and the pace ordered",
        "days_late:N pace:T"),
    "survey": _activity(
        PROJECT, "a pulse survey is in",
        "trust:S support:S resistance:S readiness:S adoption:S"),
    "move": _activity(PROJECT, "a management move; its subject says which"),
    "reading": _activity(
        PROJECT, "a reading's report: what it brought to light, and what is known by it",
        "brought_to_light:A " + " ".join(f"{name}_estimate:N {name}_error:A" for name in TRAITS)),
    "rebaselined": _activity(
        PROJECT, "the sponsor agreed to a new date and budget", "weeks:C day:C"),
    "cutover_begins": _activity(SITE, "a site's cutover begins", transition=_START),
    "cutover_ready": _activity(
        SITE, "a site's cutover is done; production starts with the next window"),
    "window_missed": _activity(
        SITE, "a cutover was not done when production could have started", transition=_ABORT),
    "go_live": _activity(SITE, "a site works in production", "loss:N reconciliation:N"),
    "roll_back": _activity(SITE, "a site went back to its old systems", transition=_ABORT),
    "date_missed": _activity(PROJECT, "a go-live date passed", "days_late:N"),
    "design_flaw": _activity(
        PROJECT, "a critical defect brought further components down", "components:C"),
    "sponsor_changed": _activity(PROJECT, "somebody else sponsors the project now"),
    "vendor_changed": _activity(
        PROJECT, "the sponsor replaced the vendor's people", "days:C"),
    "hypercare_extended": _activity(PROJECT, "the crew stays for another week"),
    "cancelled": _activity(PROJECT, "the sponsor stopped the project", "overrun:N", _ABORT),
    "closed": _activity(PROJECT, "the project is over", "days:C cancelled:S"),
    "retrofit": _activity(
        PROJECT, "what a site changed goes back into the template", "effort_hours:A"),
    "disruption_begun": _activity(PROJECT, "a disruption begins; its subject says which"),
    "disruption_noticed": _activity(PROJECT, "a disruption is noticed"),
    "disruption_recovered": _activity(PROJECT, "a disruption is over"),
    "network_down": _activity(PROJECT, "the network failed"),
    "network_up": _activity(PROJECT, "the network works again"),
    "vendor_answers": _activity(PROJECT, "the vendor of an old system answered"),
    "conflict_found": _activity(PROJECT, "two departments' rules contradict each other"),
    "conflict_settled": _activity(PROJECT, "contradicting rules were settled"),
}
# fmt: on
"""Activities that golive writes and mines; others are kept, as events of the project."""

OTHER = Activity("another tool's own", PROJECT)
EXTENSIONS = ("lifecycle:transition", "org:resource", "org:role", "org:group")
TRANSITION, RESOURCE, ROLE, GROUP = EXTENSIONS
"""Attributes of XES's extensions that golive writes beside its own."""


def activity(name: str) -> Activity:
    """The activity of a name; of unknown ones what is known of any."""
    return ACTIVITIES.get(name, OTHER)


def attribute_type(name: str, attribute: str, value: Value) -> AttributeType:
    """The declared type of an activity's attribute where its value fits, or that of the value."""
    return fitting_type(activity(name).attributes.get(attribute), value)


def fitting_type(declared: AttributeType | None, value: Value) -> AttributeType:
    """A declared type where a value is of it, or the type of the value."""
    if declared is AttributeType.TEXT or isinstance(value, str):
        return AttributeType.TEXT
    if isinstance(value, datetime):
        return AttributeType.TIME
    if declared is None and isinstance(value, bool):
        return AttributeType.BOOLEAN
    if declared is None:
        return AttributeType.INTEGER if isinstance(value, int) else AttributeType.NUMBER
    if declared is AttributeType.INTEGER and not float(value).is_integer():
        return AttributeType.NUMBER
    return declared


def fitting(name: str, values: Mapping[str, object], left_out: Counter[str]) -> dict[str, Value]:
    """Attributes of an activity whose values are what they can be; the others are counted."""
    found: dict[str, Value] = {}
    limits = activity(name).limits
    for key, value in values.items():
        if value is None:
            continue
        try:
            found[key] = _fitting(value, limits.get(key))
        except Unfit as error:
            left_out[f"{key} with a {error}"] += 1
    return found


def _fitting(value: object, limits: tuple[float, float] | None) -> Value:
    if isinstance(value, str) and limits is not None:
        value = parse_value(value, "float")
    if isinstance(value, int | float):
        return value if isinstance(value, bool) else checked(value, *(limits or ()))
    if isinstance(value, str) or (isinstance(value, datetime) and limits is None):
        return value
    raise Unfit("value that is no number" if limits else "value that is a list or a mapping")


def extension_values(name: str, values: Mapping[str, object]) -> dict[str, Value]:
    """Attributes of XES's extensions that repeat what an event says otherwise."""
    found: dict[str, Value] = {TRANSITION: activity(name).transition}
    role, department = values.get("role"), values.get("department")
    if name == "session" and role is not None:
        who = f"{role} {as_text(values.get('member', ''))}"
        found |= {RESOURCE: who.rstrip(), ROLE: str(role)}
    return found | ({GROUP: as_text(department)} if department else {})


def as_text(value: object) -> str:
    """A value as text; whole numbers read alike, whether a format keeps them as 7, 7.0 or "7"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
