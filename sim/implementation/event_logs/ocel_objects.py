"""The objects of an implementation's event log, and what each event has to do with them.

They follow from the activities and attributes of the events. What a file says of objects beside
that is in the log; both together are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import vocabulary as v
from .log import SESSION, EventLog, LogEvent, LogObject, ObjectValue, ProjectLog, Relation
from .vocabulary import ACTIVITIES, AttributeType, activity

_OF_PROJECT = ACTIVITIES["kick_off"].attributes
_OF_PACKAGE = ("package_kind", "workstream", "built", "planned_hours", "ambiguity")
_OF_DEFECT = ("severity", "stage", "cause")
_PLANNED = ACTIVITIES["package_planned"].attributes
OBJECT_ATTRIBUTES: dict[str, Mapping[str, AttributeType]] = {
    v.PROJECT: _OF_PROJECT,
    v.PACKAGE: {"name": AttributeType.TEXT}
    | {name: kind for name, kind in _PLANNED.items() if name in _OF_PACKAGE},
    v.DEFECT: dict.fromkeys(_OF_DEFECT, AttributeType.TEXT),
    v.CREW_MEMBER: {"role": AttributeType.TEXT},
}


_IN = "in"


@dataclass(slots=True)
class _Object:
    type: str
    values: list[ObjectValue] = field(default_factory=list)
    related: dict[Relation, None] = field(default_factory=dict)


@dataclass(slots=True)
class Objects:
    """The objects of events, made when first met."""

    found: dict[str, _Object] = field(default_factory=dict)

    def keep(self, items: Iterable[LogObject]) -> None:
        """Take over objects that a file says more of than follows from its events."""
        for item in items:
            self.found[item.id] = _Object(item.type, [*item.values], dict.fromkeys(item.related))

    def related(self, project: ProjectLog, event: LogEvent) -> list[Relation]:
        """The objects of an event, with its word for each."""
        return _Occurrence(project, event, self.found).related()

    def all(self) -> list[LogObject]:
        """All objects, in the order in which they were met."""
        return [
            LogObject(identity, item.type, tuple(item.values), tuple(item.related))
            for identity, item in self.found.items()
        ]


def beside_events(log: EventLog) -> EventLog:
    """The log without those objects, values and relations that follow from its events."""
    objects, projects = Objects(), []
    for project in log.projects:
        events = tuple(_beside(event, objects.related(project, event)) for event in project.events)
        projects.append(replace(project, events=events))
    own = {item.id: item for item in objects.all()}
    items = [_beside_own(item, own.get(item.id)) for item in log.objects]
    kept = tuple(item for item in items if item is not None)
    return replace(log, projects=tuple(projects), objects=kept)


def _beside(event: LogEvent, own: Iterable[Relation]) -> LogEvent:
    if not event.related:
        return event
    known = set(own)
    return replace(event, related=tuple(one for one in event.related if one not in known))


def _beside_own(item: LogObject, own: LogObject | None) -> LogObject | None:
    """What is said of an object beside what follows from events; ``None``: nothing."""
    if own is None or own.type != item.type:
        return item
    values, related = set(own.values), set(own.related)
    rest = LogObject(
        item.id,
        item.type,
        tuple(one for one in item.values if one not in values),
        tuple(one for one in item.related if one not in related),
    )
    return rest if rest.values or rest.related else None


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """An event of a project, and the objects of all events so far."""

    project: ProjectLog
    event: LogEvent
    objects: dict[str, _Object]

    def related(self) -> list[Relation]:
        """The objects of the event, made when first met, with its word for each."""
        event, whole = self.event, self._meet(v.PROJECT, "")
        otherwise = any(one == whole and word != _IN for one, word in event.related)
        links = [] if otherwise else [(whole, _IN)]
        about = activity(event.activity).about
        package = self._meet(v.PACKAGE, event.text("package")) if event.text("package") else ""
        if about == v.PROJECT:
            self._note(whole, _OF_PROJECT)
        elif about == v.PACKAGE and package:
            links.append((package, "about"))
        elif about == v.QUESTION and package:
            question = self._meet(v.QUESTION, event.text("package"))
            self._relate(question, package, "stops")
            links += [(question, "about"), (package, "stops")]
        elif about == v.DEFECT and event.text("defect"):
            defect = self._meet(v.DEFECT, event.text("defect"))
            self._note(defect, _OF_DEFECT)
            if package:
                self._relate(defect, package, "found in")
                links.append((package, "in what it built"))
            links.append((defect, "about"))
        elif about in (v.DATA_OBJECT, v.INTERFACE, v.SITE, v.CHANGE):
            subject = self._meet(about, event.subject)
            links.append((subject, "about"))
            if about == v.CHANGE and package:
                self._relate(subject, package, "becomes")
                links.append((package, "becomes"))
        if event.activity == "package_planned" and package:
            self._planned(package)
        if event.activity == SESSION and event.text("member"):
            member = self._meet(v.CREW_MEMBER, event.text("member"))
            if all(value.name != "role" for value in self.objects[member].values):
                self._note(member, ("role",))
            links.append((member, "by"))
        if event.text("department"):
            links.append((self._meet(v.DEPARTMENT, event.text("department")), "of"))
        return links

    def _planned(self, package: str) -> None:
        """Attributes and relationships of a package that are known from its planning on."""
        name = ObjectValue("name", self.event.subject, self._moment())
        self.objects[package].values.append(name)
        self._note(package, _OF_PACKAGE)
        for kind, word in ((v.SITE, "for"), (v.DEPARTMENT, "needs"), (v.DEFECT, "mends")):
            if self.event.text(kind):
                self._relate(package, self._meet(kind, self.event.text(kind)), word)

    def _meet(self, kind: str, key: str) -> str:
        """Id of an object, which is made where it is new."""
        whole = self.project.name
        identity = whole if kind == v.PROJECT else f"{whole}/{kind}/{key}"
        if identity not in self.objects:
            self.objects[identity] = _Object(kind)
        if kind != v.PROJECT:
            self._relate(identity, whole, "part of")
        return identity

    def _relate(self, identity: str, other: str, word: str) -> None:
        self.objects[identity].related[other, word] = None

    def _note(self, identity: str, names: Iterable[str]) -> None:
        """An object's attributes as the event says them."""
        for name in names:
            if name in self.event.values:
                value = ObjectValue(name, self.event.values[name], self._moment())
                self.objects[identity].values.append(value)

    def _moment(self) -> datetime:
        return self.event.moment(self.project.calendar)
