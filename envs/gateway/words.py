"""The gateway world in words: the task as it was written, who asks, the company, the candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from ...scenarios.gateway.vocabulary import FAMILIES
from ...sim.briefing_text import Fact, Row, Section
from ...sim.gateway.briefing import Briefing, PoolView, RequesterView, TaskView
from ...sim.gateway.company import DEPARTMENTS
from ...sim.gateway.decision import NEUTRAL
from ...sim.words import ChoiceWords, Order, OrderedFactor, Plan, Words
from .numbers import GatewayNumbers

_CANDIDATES = 16
"""Agents that a briefing lists in full: those that speak for themselves most."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class GatewayWords(Words):
    """The gateway world's language for those who speak."""

    def __init__(self) -> None:
        super().__init__(GatewayNumbers(), lambda: NEUTRAL, "A gateway between people and agents")

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """One order: who does the task on the table."""
        told = "an agent's slot; person; ask its requester; split it in parts; wait for an hour"
        to = {"to": OrderedFactor("choice", told, "the task goes to")}
        return (Order("route", "Say what happens with the task on the table.", to, once=True),)

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topics of a briefing and what each tells."""
        return {
            "task": "the task on the table, in its requester's words",
            "requester": "who sent it, as the gateway has met them",
            "company": "the clock, what waits, the people, what was heard so far",
            "agents": "all agents: record, price, pace, queue, confidence",
        }

    def heading(self, briefing: Briefing) -> str:
        """Day, hour, and the task on the table."""
        hour = int(briefing.hour_of_day)
        minute = int(60.0 * (briefing.hour_of_day - hour))
        week = 1 + int(briefing.now // 168.0)
        told = f"{_DAYS[briefing.weekday]} of week {week}, {hour:02d}:{minute:02d}"
        return told if briefing.task is None else f'{told}. Task: "{briefing.task.text}"'

    def sections(self, briefing: Briefing) -> Sequence[Section]:
        """Task, requester, company, and the agents."""
        sections = [_company(briefing)]
        task, requester, pool = briefing.task, briefing.requester, briefing.pool
        if task is not None and requester is not None and pool is not None:
            sections.insert(0, _requester(requester))
            sections.insert(0, _task(task))
            order = sorted(
                range(len(pool.names)),
                key=lambda slot: (-pool.confidence[slot] - 0.2 * pool.at_home_read[slot], slot),
            )
            first, others = order[:_CANDIDATES], sorted(order[_CANDIDATES:])
            sections.append(_agents("agents", "candidates", pool, first, brief=True))
            sections.append(_agents("agents", "other agents", pool, others, brief=False))
        return sections

    def changes(
        self, before: Briefing, legal_before: Any, after: Briefing, legal: Any, plan: Plan
    ) -> str:
        """The next task as a whole: nothing of it is the last one's."""
        return self.brief(after, legal, plan)

    def about(self, scenario: Any, briefing: Briefing) -> Mapping[str, ChoiceWords]:
        """The agents by name and price, and what the other ways cost."""
        found = {
            "choice/person": ChoiceWords(
                "one of the people does it, in office hours",
                f"{briefing.person_usd_per_hour:g} USD an hour",
            ),
            "choice/ask": ChoiceWords("its requester says what is missing", "time and goodwill"),
            "choice/split": ChoiceWords("parts of one trade each, which must fit together again"),
            "choice/wait": ChoiceWords("it comes back in an hour"),
        }
        if briefing.pool is not None:
            for slot, name in enumerate(briefing.pool.names):
                price = f"{briefing.pool.usd_per_hour[slot]:.1f} USD per person's hour"
                found[f"choice/slot_{slot:02d}"] = ChoiceWords(name, price)
        return found


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _task(task: TaskView) -> Section:
    spoken = [
        f"{family.value.replace('_', ' ')} {share:.0%}"
        for family, share in zip(FAMILIES, task.reading, strict=True)
        if share >= 0.2
    ]
    facts = (
        Fact("label", FAMILIES[task.label].value, meaning="category that its requester chose"),
        Fact("speaks of", ", ".join(spoken) or "nothing known", meaning="trades in its words"),
        Fact("estimate", f"{task.estimate_hours:.2f} h", meaning="hours of a person"),
        Fact("worth", f"{task.worth_usd:.0f} USD", meaning="of a right answer at once"),
        Fact("priority", str(task.priority), meaning="1 is the most urgent of 4"),
        Fact("due in", f"{task.due_in_hours:.0f} h", meaning="until its service level is missed"),
        Fact("vague", _yes(task.vague and not task.asked), meaning="leaves out what it needs"),
        Fact("confidential", _yes(task.confidential), meaning="for those who are cleared only"),
        Fact("part", _yes(task.is_part), meaning="of a task that was split"),
        Fact("came back", str(task.attempts), meaning="times that it was placed without success"),
    )
    return Section("task", "task", (Row("", facts),))


def _requester(who: RequesterView) -> Section:
    facts = (
        Fact("department", DEPARTMENTS[who.department].value),
        Fact("sent", str(who.sent), meaning="tasks so far"),
        Fact("overrode", str(who.overrides), meaning="placements that they changed"),
        Fact("complained", str(who.complaints), meaning="of wrong answers"),
        Fact("kept away", str(who.bypassed), meaning="tasks not sent through the gateway"),
    )
    return Section("requester", "requester", (Row("", facts),))


def _company(briefing: Briefing) -> Section:
    b = briefing
    facts = (
        Fact("waiting for you", str(b.inbox), meaning="tasks, this one included"),
        Fact("open", str(b.open_tasks), meaning="tasks that are not over"),
        Fact("people free", f"{b.people_free} of {b.people}"),
        Fact("waiting for people", str(b.people_queue), meaning="tasks"),
        Fact("reminders", f"{b.reminders}, after {b.reminder_hours:.0f} h in the mean"),
        Fact(
            "wrong answers noticed", f"{b.claims}, damage {b.claimed_ratio:.1f} times their worth"
        ),
        Fact("split", f"{b.splits}, {b.joints_failed} did not fit together again"),
        Fact("answered", f"{b.answered_usd:.0f} USD", meaning="worth of answers not complained of"),
        Fact("spent", f"{b.paid_usd:.0f} USD", meaning="on agents, people and handling"),
    )
    return Section("company", "company", (Row("", facts),))


def _agents(
    topic: str, title: str, pool: PoolView, slots: Sequence[int], *, brief: bool
) -> Section:
    rows = []
    for slot in slots:
        failed, placed = pool.failed[slot], pool.placed[slot]
        facts = (
            Fact("name", pool.names[slot]),
            Fact("sure", f"{pool.confidence[slot]:.2f}", meaning="of this task, as it says"),
            Fact("made for it", f"{pool.at_home_read[slot]:.1f}", meaning="listed doublings"),
            Fact(
                "in the trade",
                f"{pool.failed_read[slot]}/{pool.placed_read[slot]}",
                meaning="failed of those placed in what the text speaks of",
            ),
            Fact("in all", f"{failed}/{placed}", meaning="failed of those placed"),
            Fact("USD/h", f"{pool.usd_per_hour[slot]:.1f}", meaning="for a person's hour"),
            Fact("pace", f"{pool.pace[slot]:.2f}", meaning="hours for a person's hour"),
            Fact("has", f"{pool.busy[slot]}+{pool.queued[slot]}/{pool.capacity[slot]}",
                 meaning="tasks it works on, tasks that wait for it, tasks at once"),
        )  # fmt: skip
        rows.append(Row(f"slot_{slot:02d}", facts))
    return Section(topic, title, tuple(rows), table=True, brief=brief)
