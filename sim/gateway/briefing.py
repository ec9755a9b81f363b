"""The briefing of a decision point: the task, its requester, the pool, the queues."""

from __future__ import annotations

from dataclasses import dataclass

from .decision import (
    LEAST_SPLIT_HOURS,
    MOST_ATTEMPTS,
    MOST_WAITS,
    QUEUE_PER_PLACE,
    LegalDecisions,
)
from .state import NOBODY, News


@dataclass(frozen=True, slots=True)
class TaskView:
    """The task on the table, as it is written.

    Attributes:
        id: number in the order of arrival; a part's lies above all of them.
        text: what its requester wrote.
        label: family that its label names, by place in ``FAMILIES``.
        read: family that its text speaks of most.
        reading: how much of the text speaks of each family.
        vague: whether the text leaves out details.
        asked: whether its requester was asked.
        estimate_hours: a person's hours that it is taken for.
        priority: 1, the most urgent, to 4.
        due_in_hours: until its service level is missed; negative when it is.
        age_hours: since it came.
        worth_usd: of a right answer at once.
        confidential: for those who are cleared only.
        is_part: whether it is a part of another task.
        attempts: placements that came back.
        waits: times that it was put off.
        tried: agents that it came back from.
    """

    id: int
    text: str
    label: int
    read: int
    reading: tuple[float, ...]
    vague: bool
    asked: bool
    estimate_hours: float
    priority: int
    due_in_hours: float
    age_hours: float
    worth_usd: float
    confidential: bool
    is_part: bool
    attempts: int
    waits: int
    tried: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PoolView:
    """The agents, a value for each slot.

    Attributes:
        names: of the agents.
        groups: that they are listed in.
        at_home_label: listed doublings in the family of the task's label.
        at_home_read: likewise of what its text speaks of.
        placed_label: tasks placed with it in the label's family.
        failed_label: of them, those known to have failed.
        placed_read: likewise by what texts speak of.
        failed_read: likewise.
        placed: tasks placed with it in all.
        failed: of them, those known to have failed.
        confidence: how sure it says it is of this task, 0 to 1.
        usd_per_hour: price of an hour that a person would need.
        pace: hours for such an hour: as it was seen, or as listed where nothing was.
        busy: tasks that it works on.
        queued: tasks that wait for it.
        capacity: tasks at once.
        away: whether it is out of service.
        cleared: for confidential tasks.
        longest_task_hours: estimate of the largest task that it takes.
        stars: mean rating, 0 without one.
        ratings: number of ratings.
        hours_since_change: since its last announced version; -1 if there was none.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    at_home_label: tuple[float, ...]
    at_home_read: tuple[float, ...]
    placed_label: tuple[int, ...]
    failed_label: tuple[int, ...]
    placed_read: tuple[int, ...]
    failed_read: tuple[int, ...]
    placed: tuple[int, ...]
    failed: tuple[int, ...]
    confidence: tuple[float, ...]
    usd_per_hour: tuple[float, ...]
    pace: tuple[float, ...]
    busy: tuple[int, ...]
    queued: tuple[int, ...]
    capacity: tuple[int, ...]
    away: tuple[bool, ...]
    cleared: tuple[bool, ...]
    longest_task_hours: tuple[float, ...]
    stars: tuple[float, ...]
    ratings: tuple[int, ...]
    hours_since_change: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RequesterView:
    """The sender of the task, as the gateway has met them.

    Attributes:
        number: of the requester.
        department: place in ``DEPARTMENTS``.
        sent: tasks so far.
        overrides: placements that they changed.
        complaints: wrong answers that they noticed.
        bypassed: tasks that they kept away.
    """

    number: int
    department: int
    sent: int
    overrides: int
    complaints: int
    bypassed: int


@dataclass(frozen=True, slots=True)
class Report:
    """News of a task that the gateway placed.

    Attributes:
        task: number of the task; -1 for a rating, which does not say of what.
        agent: slot of who did it.
        what: what was heard.
        value: stars of a rating, 1 to 5; USD of damage that a requester names; hours after which
            one reminds; else 0.
    """

    task: int
    agent: int
    what: News
    value: float


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that may be known at a decision point.

    Attributes:
        decision: number of decisions before.
        now: hours since the first Monday's midnight.
        hour_of_day: 0 to 24.
        weekday: 0, Monday, to 6.
        weeks: of arrivals, in all.
        inbox: tasks that wait for a decision, this one included.
        open_tasks: tasks that are not over.
        people_free: persons without a task.
        people_queue: tasks that wait for a person.
        people: persons in all.
        person_usd_per_hour: what they cost.
        answered_usd: worth of the answers that nobody has complained about.
        paid_usd: on agents, people and handling, penalties included.
        reminders: of requesters who wait.
        reminder_hours: ages of the tasks that they reminded of, in the mean; 0 without one.
        claims: wrong answers that were noticed.
        claimed_ratio: damage named for them against their worth, in the mean; 0 without one.
        splits: tasks that were split.
        joints_failed: of them, those whose parts did not fit together.
        news: what was heard since the last decision.
        task: on the table; None when the episode is over.
        requester: who sent it; None likewise.
        pool: the agents; None likewise.
    """

    decision: int
    now: float
    hour_of_day: float
    weekday: int
    weeks: int
    inbox: int
    open_tasks: int
    people_free: int
    people_queue: int
    people: int
    person_usd_per_hour: float
    answered_usd: float
    paid_usd: float
    reminders: int
    reminder_hours: float
    claims: int
    claimed_ratio: float
    splits: int
    joints_failed: int
    news: tuple[Report, ...]
    task: TaskView | None
    requester: RequesterView | None
    pool: PoolView | None


def legal_decisions(briefing: Briefing) -> LegalDecisions:
    """The legal decisions, by the briefing alone."""
    task, pool = briefing.task, briefing.pool
    if task is None or pool is None:
        return LegalDecisions((), ask=False, split=False, wait=False)
    whole, again = not task.is_part, task.attempts < MOST_ATTEMPTS
    open_to_all = not task.confidential
    rows = zip(
        *(pool.away, pool.cleared, pool.longest_task_hours, pool.queued, pool.capacity),
        strict=True,
    )
    hours = task.estimate_hours
    agents = [
        again
        and not away
        and (cleared or open_to_all)
        and hours <= longest
        and queued < QUEUE_PER_PLACE * capacity
        for away, cleared, longest, queued, capacity in rows
    ]
    for slot in task.tried:
        if slot != NOBODY:
            agents[slot] = False
    return LegalDecisions(
        agents=tuple(agents),
        ask=whole and not task.asked,
        split=whole and task.attempts == 0 and hours >= LEAST_SPLIT_HOURS,
        wait=task.waits < MOST_WAITS,
    )
