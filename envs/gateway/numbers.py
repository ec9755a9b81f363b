"""The gateway world in numbers: the task, its requester, the company, and a row for each agent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...scenarios.gateway.agents import MOST_AGENTS
from ...scenarios.gateway.vocabulary import FAMILIES
from ...sim.gateway.briefing import Briefing, PoolView, TaskView
from ...sim.gateway.company import DEPARTMENTS
from ...sim.gateway.decision import OTHER_WAYS, Decision, LegalDecisions, choice_of, decision_of
from ...sim.numbers import Choices, Column, Factor, Group, Transform
from ..encoding import Encoder

_LOG = Transform.LOGARITHM
TASK_COLUMNS = (
    Column("estimate", "a person's hours that it is taken for", 0.0, 3.0, 1.0, _LOG),
    Column("worth", "USD of a right answer at once", 0.0, 4.0, 3.0, _LOG),
    Column("priority", "1, the most urgent, to 4", 0.0, 1.0, 4.0),
    Column("due", "hours until its service level is missed", -1.0, 1.0, 96.0),
    Column("age", "hours since it came", 0.0, 3.0, 2.0, _LOG),
    Column("vague", "leaves out details"),
    Column("asked", "its requester was asked"),
    Column("confidential", "for those who are cleared only"),
    Column("part", "is a part of another task"),
    Column("attempts", "placements that came back", 0.0, 1.0, 5.0),
    Column("waits", "times that it was put off", 0.0, 1.0, 3.0),
)
_REQUESTER = (
    Column("sent", "tasks so far", 0.0, 3.0, 2.0, _LOG),
    Column("overrides", "placements that they changed, per task sent"),
    Column("complaints", "wrong answers that they noticed, per task sent"),
    Column("bypassed", "tasks that they kept away, per task sent"),
)
_COMPANY = (
    Column("hour", "hour of the day", 0.0, 1.0, 24.0),
    Column("weekday", "0, Monday, to 6", 0.0, 1.0, 6.0),
    Column("gone", "share of the weeks that is over", 0.0, 2.0),
    Column("inbox", "tasks that wait for a decision", 0.0, 2.0, 3.0, _LOG),
    Column("open", "tasks that are not over", 0.0, 2.0, 4.0, _LOG),
    Column("people_free", "share of the people without a task"),
    Column("people_queue", "tasks that wait for a person, per person", 0.0, 2.0, 2.0, _LOG),
    Column("reminders", "of requesters who wait", 0.0, 2.0, 3.0, _LOG),
    Column("reminder_hours", "ages of tasks that were reminded of", 0.0, 2.0, 3.0, _LOG),
    Column("claims", "wrong answers that were noticed", 0.0, 2.0, 3.0, _LOG),
    Column("claimed", "damage named for them against their worth", 0.0, 2.0),
    Column("splits", "tasks that were split", 0.0, 2.0, 3.0, _LOG),
    Column("joints_failed", "of them, those whose parts did not fit together"),
)
AGENT_COLUMNS = (
    Column("there", "there is an agent in this slot"),
    Column("open", "the task may be placed here, unless its queue is full"),
    Column("home_label", "listed doublings in the label's family", 0.0, 2.0, 1.0),
    Column("home_read", "listed doublings in the family that the text speaks of", 0.0, 2.0, 1.0),
    Column("placed_label", "tasks in the label's family", 0.0, 2.0, 3.0, _LOG),
    Column("good_label", "of them not known to have failed, shrunk towards a half"),
    Column("placed_read", "tasks in the text's family", 0.0, 2.0, 3.0, _LOG),
    Column("good_read", "of them not known to have failed, likewise"),
    Column("placed", "tasks in all", 0.0, 2.0, 4.0, _LOG),
    Column("good", "of them not known to have failed, likewise"),
    Column("confidence", "how sure it says it is of this task"),
    Column("price", "USD for an hour of a person's work", 0.0, 3.0, 2.0, _LOG),
    Column("pace", "hours for an hour of a person's work", 0.0, 2.0, 0.5, _LOG),
    Column("load", "tasks that it has, per task at once", 0.0, 3.0, 2.0),
    Column("stars", "mean rating less 3; 0 without one", -1.0, 1.0, 2.0),
    Column("ratings", "number of ratings", 0.0, 2.0, 2.0, _LOG),
    Column("changed", "freshness of its last announced version", 0.0, 1.0, 48.0,
           Transform.FRESHNESS),
)  # fmt: skip
_WIDTH = len(AGENT_COLUMNS)
_SLOTS = tuple(f"slot_{slot:02d}" for slot in range(MOST_AGENTS))
PRIOR_TASKS = 2.0  # tasks that the shrinking towards a half stands for


class GatewayNumbers:
    """The gateway world's language for learners; satisfies ``Numbers``.

    One space for all pools: an agent has a row, rows without an agent are 0 and masked.
    """

    groups = (
        Group("task", ("",), TASK_COLUMNS),
        Group("reading", ("",), tuple(
            Column(family.value, "share of the text that speaks of it") for family in FAMILIES
        )),
        Group("label", ("",), tuple(
            Column(family.value, "the label names it") for family in FAMILIES
        )),
        Group("requester", ("",), _REQUESTER),
        Group("department", ("",), tuple(
            Column(department.value, "the requester belongs to it") for department in DEPARTMENTS
        )),
        Group("company", ("",), _COMPANY),
        Group("agent", _SLOTS, AGENT_COLUMNS),
    )  # fmt: skip
    choices = Choices([Factor("choice", (*_SLOTS, *(way.name.lower() for way in OTHER_WAYS)))])
    _encoder = Encoder(groups)
    _before_agents = len(_encoder.features) - MOST_AGENTS * _WIDTH

    def encode(self, briefing: Briefing) -> NDArray[np.float32]:
        """The briefing as a new float32 vector within the features' bounds."""
        raw = np.zeros(len(self._encoder.features))
        company = [
            briefing.hour_of_day,
            briefing.weekday,
            briefing.now / (168.0 * briefing.weeks),
            briefing.inbox,
            briefing.open_tasks,
            briefing.people_free / briefing.people,
            briefing.people_queue / briefing.people,
            briefing.reminders,
            briefing.reminder_hours,
            briefing.claims,
            briefing.claimed_ratio,
            briefing.splits,
            briefing.joints_failed / max(1, briefing.splits),
        ]
        task, requester, pool = briefing.task, briefing.requester, briefing.pool
        end = self._before_agents
        if task is None or requester is None or pool is None:
            raw[end - len(company) : end] = company
            return self._encoder.encoded(raw)
        sent = max(1, requester.sent)
        department = [0.0] * len(DEPARTMENTS)
        department[requester.department] = 1.0
        label = [0.0] * len(FAMILIES)
        label[task.label] = 1.0
        raw[:end] = [
            *_task_row(task),
            *task.reading,
            *label,
            *(sent, requester.overrides / sent, requester.complaints / sent),
            requester.bypassed / sent,
            *department,
            *company,
        ]
        rows = _agent_rows(task, pool)
        raw[end : end + rows.size] = rows.ravel()
        raw[end + rows.size :] = self._absent[rows.size :]
        return self._encoder.encoded(raw)

    # A slot without an agent: nothing, and never changed.
    _absent = np.tile([0.0] * (_WIDTH - 1) + [-1.0], MOST_AGENTS)

    def mask(self, legal: LegalDecisions) -> NDArray[np.bool_]:
        """The legal choices as True: slots, a person, ask, split, wait."""
        mask = np.zeros(self.choices.count, dtype=np.bool_)
        mask[: len(legal.agents)] = legal.agents
        mask[MOST_AGENTS:] = (True, legal.ask, legal.split, legal.wait)
        return mask

    def decode(self, action: ArrayLike) -> Decision:
        """The decision that an action means; raises ``GoliveError`` outside the space."""
        return decision_of(self.choices.checked(action)[0])

    def action(self, decision: Decision) -> NDArray[np.int64]:
        """The action that means a decision."""
        return np.array([choice_of(decision)])


def _task_row(task: TaskView) -> Sequence[float]:
    return (
        task.estimate_hours,
        task.worth_usd,
        task.priority,
        task.due_in_hours,
        task.age_hours,
        task.vague,
        task.asked,
        task.confidential,
        task.is_part,
        task.attempts,
        task.waits,
    )


def _agent_rows(task: TaskView, pool: PoolView) -> NDArray[np.float64]:
    count = len(pool.names)
    rows = np.ones((count, _WIDTH))

    def shrunk(placed: tuple[int, ...], failed: tuple[int, ...]) -> NDArray[np.float64]:
        tasks = np.array(placed, dtype=np.float64)
        good: NDArray[np.float64] = (tasks - failed + 0.5 * PRIOR_TASKS) / (tasks + PRIOR_TASKS)
        return good

    free = ~np.array(pool.away)
    free &= np.array(pool.cleared) | (not task.confidential)
    free &= np.array(pool.longest_task_hours) >= task.estimate_hours
    free[[slot for slot in task.tried if slot >= 0]] = False
    capacity = np.array(pool.capacity, dtype=np.float64)
    ratings = np.array(pool.ratings)
    columns: tuple[ArrayLike, ...] = (
        free,
        pool.at_home_label,
        pool.at_home_read,
        pool.placed_label,
        shrunk(pool.placed_label, pool.failed_label),
        pool.placed_read,
        shrunk(pool.placed_read, pool.failed_read),
        pool.placed,
        shrunk(pool.placed, pool.failed),
        pool.confidence,
        pool.usd_per_hour,
        pool.pace,
        (np.array(pool.busy) + pool.queued) / capacity,
        np.where(ratings > 0, np.array(pool.stars) - 3.0, 0.0),
        ratings,
        pool.hours_since_change,
    )
    for place, values in enumerate(columns, start=1):
        rows[:, place] = values
    return rows
