"""Reports: the briefing of a decision point, made from the state without its truths."""

from __future__ import annotations

from .briefing import Briefing, PoolView, Report, RequesterView, TaskView
from .company import LABEL, READ
from .context import Context
from .laws import DAY_HOURS
from .reading import families_in, main_family
from .state import NOBODY, Agent, News, State, Task


def briefing_of(context: Context) -> Briefing:
    """The briefing of the present moment."""
    state, scenario = context.state, context.scenario
    t = state.totals
    day = int(state.now // DAY_HOURS)
    task = state.tasks[state.inbox[0][2]] if state.inbox and not state.finished else None
    return Briefing(
        decision=state.totals.decisions,
        now=state.now,
        hour_of_day=state.now - day * DAY_HOURS,
        weekday=day % 7,
        weeks=scenario.weeks,
        inbox=len(state.inbox),
        open_tasks=len(state.tasks),
        people_free=scenario.people - state.people_busy,
        people_queue=len(state.people_queue),
        people=scenario.people,
        person_usd_per_hour=scenario.person_usd_per_hour,
        answered_usd=t.known_usd,
        paid_usd=t.agents_usd + t.people_usd + t.handling_usd + t.breach_usd,
        reminders=t.reminders,
        reminder_hours=t.reminder_hours / max(1, t.reminders),
        claims=t.claims,
        claimed_ratio=t.claimed / max(1, t.claims),
        splits=t.split,
        joints_failed=t.joints_failed,
        news=tuple([Report(int(a), int(b), News(int(c)), d) for a, b, c, d in state.news]),
        task=None if task is None else _task_view(state, task),
        requester=None if task is None else _requester_view(state, task),
        pool=None if task is None else _pool_view(context, task),
    )


def _task_view(state: State, task: Task) -> TaskView:
    return TaskView(
        id=task.id,
        text=task.text,
        label=task.label,
        read=main_family(task.text, task.label),
        reading=families_in(task.text),
        vague=task.vague,
        asked=task.asked,
        estimate_hours=task.estimate_hours,
        priority=task.priority,
        due_in_hours=task.due - state.now,
        age_hours=state.now - task.at,
        worth_usd=task.worth_usd,
        confidential=task.confidential,
        is_part=task.parent != NOBODY,
        attempts=task.attempts,
        waits=task.waits,
        tried=tuple(task.tried),
    )


def _requester_view(state: State, task: Task) -> RequesterView:
    who = state.requesters[task.requester]
    return RequesterView(
        number=task.requester,
        department=who.department,
        sent=who.sent,
        overrides=who.overrides,
        complaints=who.complaints,
        bypassed=who.bypassed,
    )


def _pool_view(context: Context, task: Task) -> PoolView:
    agents, now = context.state.agents, context.state.now
    label, read = task.label, main_family(task.text, task.label)
    return PoolView(
        names=tuple([agent.name for agent in agents]),
        groups=tuple([agent.group for agent in agents]),
        at_home_label=tuple([agent.home[label] for agent in agents]),
        at_home_read=tuple([agent.home[read] for agent in agents]),
        placed_label=tuple([agent.placed[LABEL][label] for agent in agents]),
        failed_label=tuple([agent.failed[LABEL][label] for agent in agents]),
        placed_read=tuple([agent.placed[READ][read] for agent in agents]),
        failed_read=tuple([agent.failed[READ][read] for agent in agents]),
        placed=tuple([agent.tasks_placed for agent in agents]),
        failed=tuple([agent.tasks_failed for agent in agents]),
        confidence=tuple(context.confidence(task).tolist()),
        usd_per_hour=tuple([agent.usd_per_hour for agent in agents]),
        pace=tuple([_pace(agent) for agent in agents]),
        busy=tuple([agent.busy for agent in agents]),
        queued=tuple([len(agent.queue) for agent in agents]),
        capacity=tuple([agent.capacity for agent in agents]),
        away=tuple([agent.away for agent in agents]),
        cleared=tuple([agent.cleared for agent in agents]),
        longest_task_hours=tuple([agent.longest_task_hours for agent in agents]),
        stars=tuple([agent.stars / agent.ratings if agent.ratings else 0.0 for agent in agents]),
        ratings=tuple([agent.ratings for agent in agents]),
        hours_since_change=tuple(
            [now - agent.last_change if agent.version > 1 else -1.0 for agent in agents]
        ),
    )


def _pace(agent: Agent) -> float:
    return agent.hours / agent.finished if agent.finished else agent.pace
