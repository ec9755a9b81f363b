"""The state of the gateway world: plain data, all that its future depends on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from ...core.arithmetic import whole_sum
from ..agenda import Due

STATE_VERSION = 1
NOBODY = -1
"""In the place of an agent, a task or a family that there is not."""


class Happening(IntEnum):
    """Kinds of happenings; at the same moment they happen in this order."""

    CHANGE = 0
    """Something that nobody decides on: an outage, a new version."""
    ARRIVAL = 1
    AGENT_DONE = 2
    PERSON_DONE = 3
    ANSWERED = 4
    OFFERED_AGAIN = 5
    NOTICED = 6
    RATED = 7
    REMINDER = 8
    EVENING = 9
    END = 10


class News(IntEnum):
    """Kinds of news of a task that was placed."""

    DELIVERED = 0
    """An answer went to the requester; whether it is right nobody has checked."""
    RETURNED = 1
    WRONG = 2
    """The requester noticed that the answer was wrong."""
    RATED = 3
    REMINDED = 4
    """The requester asks where the answer stays, which who is in haste does early."""


class Place(IntEnum):
    """Places where a task can be."""

    INBOX = 0
    WITH_AGENT = 1
    WITH_PERSON = 2
    ASKED = 3
    WAITING = 4
    SPLIT = 5
    DELIVERED = 6
    """Delivered; a wrong answer may still be noticed."""


@dataclass(slots=True)
class Task:
    """A task that has arrived and is not over.

    Attributes:
        id: number in the order of arrival (a part's lies above all): the address of its draws.
        at: hour of arrival.
        requester: index of who sent it.
        label: family that its label names.
        main: latent: family that it mostly needs.
        shown: latent: family that its text tells of.
        second: latent: the other one; ``NOBODY`` if there is none.
        second_share: latent: share of the second.
        log2_hours: latent: a person's hours for it.
        residual: latent: what makes it harder or easier than its length says, in logits.
        vague: whether it leaves something out (its text shows it).
        missing: latent: whether what it leaves out is still missing.
        estimate_hours: what everybody takes its hours for.
        priority: 1, the most urgent, to 4.
        due: hour at which its service level is missed.
        worth_usd: of a right answer at once.
        confidential: only for those who are cleared.
        nature: latent: address of draws of what it is, which no other future changes: how well
            each agent gets on with it, and what each says.
        text: what its requester wrote.
        parent: the task that it is a part of.
        parts: parts that it was split into.
        open_parts: of them not delivered.
        bad_parts: of them delivered wrong.
        place: where it is.
        agent: who has it, or had it last.
        attempts: placements that came back.
        waits: times that it was put off.
        asked: whether its requester was asked.
        tried: agents that it came back from.
    """

    id: int
    at: float
    requester: int
    label: int
    main: int
    shown: int
    second: int
    second_share: float
    log2_hours: float
    residual: float
    vague: bool
    missing: bool
    estimate_hours: float
    priority: int
    due: float
    worth_usd: float
    confidential: bool
    nature: int
    text: str
    parent: int = NOBODY
    parts: int = 0
    open_parts: int = 0
    bad_parts: int = 0
    place: int = Place.INBOX
    agent: int = NOBODY
    attempts: int = 0
    waits: int = 0
    asked: bool = False
    tried: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Agent:
    """An agent: what is listed, what it really can do, what is known of it.

    Attributes:
        name: unique.
        group: that it is listed in.
        home: listed doublings by family, 0 where it is not made for it.
        usd_per_hour: price now, for a person's hour of work.
        pace: hours that it takes for such an hour, in the middle.
        capacity: tasks at once.
        cleared: for confidential tasks.
        longest_task_hours: estimate of the largest task that it takes.
        horizon: latent: log2 of the hours of a task that it does half of the time, by family.
        silent_share: latent: failures that look like success.
        boast: latent: its confidence in whatever it is asked, in logits.
        version: announced versions.
        away: whether it is out of service.
        busy: tasks that it works on.
        queue: tasks that wait for it: (priority, order, id), the first is next.
        placed: tasks placed by the family that the text was read as, and by the label.
        failed: of them, those known to have failed.
        hours: that it took for what it finished, per hour of the estimate, summed.
        finished: tasks in that sum.
        ratings: number of ratings.
        stars: their sum.
        last_change: hour of its last announced version.
    """

    name: str
    group: str
    home: list[float]
    usd_per_hour: float
    pace: float
    capacity: int
    cleared: bool
    longest_task_hours: float
    horizon: list[float]
    silent_share: float
    boast: float
    version: int = 1
    away: bool = False
    busy: int = 0
    queue: list[list[int]] = field(default_factory=list)
    placed: list[list[int]] = field(default_factory=list)
    failed: list[list[int]] = field(default_factory=list)
    hours: float = 0.0
    finished: int = 0
    ratings: int = 0
    stars: float = 0.0
    last_change: float = 0.0

    @property
    def tasks_placed(self) -> int:
        """Tasks placed with it, in all."""
        return whole_sum(self.placed[0])

    @property
    def tasks_failed(self) -> int:
        """Those of them that are known to have failed."""
        return whole_sum(self.failed[0])


@dataclass(slots=True)
class Requester:
    """Somebody who sends tasks.

    Attributes:
        department: index of the department.
        trust: in the gateway, 0 to 1.
        habit: latent: how readily placements are overridden, 0 to 1.
        expertise: latent: by family, the chance that a wrong answer is noticed.
        favourite: latent: agent that is preferred.
        neighbours: whom they talk with.
        sent: tasks so far; of them ``overrides``, ``complaints`` and ``bypassed``.
    """

    department: int
    trust: float
    habit: float
    expertise: list[float]
    favourite: int
    neighbours: list[int]
    sent: int = 0
    overrides: int = 0
    complaints: int = 0
    bypassed: int = 0


@dataclass(slots=True)
class Totals:
    """Sums over what happened, for the scorecard; some of them nobody in the company knows."""

    arrived: int = 0
    solved: int = 0
    solved_usd: float = 0.0
    attainable_usd: float = 0.0
    agents_usd: float = 0.0
    people_usd: float = 0.0
    handling_usd: float = 0.0
    harm_usd: float = 0.0
    breach_usd: float = 0.0
    silent: int = 0
    noticed: int = 0
    breaches: int = 0
    placements: int = 0
    returned: int = 0
    known_usd: float = 0.0
    reminders: int = 0
    reminder_hours: float = 0.0
    claims: int = 0
    claimed: float = 0.0
    right_first: int = 0
    asked: int = 0
    asked_in_vain: int = 0
    split: int = 0
    joints_failed: int = 0
    with_people: int = 0
    people_hours: float = 0.0
    overridden: int = 0
    overrides_right: int = 0
    bypassed: int = 0
    hours_to_solve: float = 0.0
    unanswered: int = 0
    illegal: int = 0
    decisions: int = 0


@dataclass(slots=True)
class State:
    """All that the future depends on, between two decisions.

    Attributes:
        now: hours since the first Monday's midnight.
        traits: latent: what the company is like, in the order of ``TRAITS``.
        agents: by slot.
        requesters: by index.
        families: latent: weights of the families in the company's demand.
        tasks: that are not over, by id.
        inbox: (priority, arrival's order, id) of those that wait for a decision, sorted.
        people_queue: likewise, of those that wait for a person.
        people_busy: persons at work.
        dues: what will happen, by the order in which it was noted.
        next_task: id of the next task.
        next_arrival: place of the next one in the stream of arrivals.
        next_event: place of the next one in the stream of events that nobody decides on.
        next_order: of dues and queue entries.
        raters_lie: latent: whether somebody rates against the truth.
        news: (task, agent, ``News``, value) that the gateway heard since the last decision.
        totals: sums for the scorecard.
        finished: whether it is over.
    """

    now: float
    traits: list[float]
    agents: list[Agent]
    requesters: list[Requester]
    families: list[float]
    tasks: dict[int, Task] = field(default_factory=dict)
    inbox: list[list[int]] = field(default_factory=list)
    people_queue: list[list[int]] = field(default_factory=list)
    people_busy: int = 0
    dues: dict[int, Due] = field(default_factory=dict)
    next_task: int = 0
    next_arrival: int = 0
    next_event: int = 0
    next_order: int = 0
    raters_lie: bool = False
    news: list[list[float]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    finished: bool = False


def to_plain(value: Any) -> Any:
    """A copy of a record as nested dicts, lists, numbers and strings."""
    if dataclasses.is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return [to_plain(item) for item in value.values()]
    return int(value) if isinstance(value, IntEnum) else value


def from_plain(plain: Mapping[str, Any]) -> State:
    """The inverse of ``to_plain`` for a whole state.

    Raises:
        KeyError, TypeError: the layout is not this version's.
    """
    lists: Mapping[str, Any] = {"agents": Agent, "requesters": Requester}
    values = {name: copied(item) for name, item in plain.items()}
    for name, kind in lists.items():
        values[name] = [kind(**item) for item in values[name]]
    values["tasks"] = {task["id"]: Task(**task) for task in values["tasks"]}
    values["dues"] = {due["order"]: Due(**due) for due in values["dues"]}
    values["totals"] = Totals(**values["totals"])
    return State(**values)


def copied(plain: Any) -> Any:
    """A copy of plain data."""
    if isinstance(plain, list):
        return [copied(item) for item in plain]
    if isinstance(plain, dict):
        return {name: copied(item) for name, item in plain.items()}
    return plain


def digest_of(plain: Any) -> str:
    """Hash of plain data: floats enter by their shortest exact form."""
    return hashlib.blake2b(repr(plain).encode(), digest_size=16).hexdigest()
