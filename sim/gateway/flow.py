"""A task's life: placed, returned, asked about, split, put off, delivered, noticed, rated."""

from __future__ import annotations

from bisect import insort

from ...core.arithmetic import power
from ...core.distributions import lognormal_table, normal_table
from ...core.random_streams import purpose
from ...scenarios.gateway.vocabulary import PRIORITIES
from .agenda import Agenda
from .arrivals import DUE_HOURS, ComingTask, text_of
from .context import Context
from .laws import logistic, next_opening, whole_ticks
from .requesters import Requesters
from .state import NOBODY, Due, Happening, News, Place, Task
from .work import Outcome, Work

WAIT_HOURS = 1.0
MOST_PARTS = 4
FIRST_PART = 1_000_000
"""Numbers of parts lie above all tasks' own, so that those are the same whatever is split."""


def _key(name: str) -> int:
    return purpose(f"gateway/{name}")


_BYPASS, _OVERRIDE, _ANSWER, _NOTICE, _NOTICE_AT = map(
    _key, ("bypass", "override", "answer", "notice", "notice at")
)
_RATE, _RATE_AT, _PATIENCE, _REMIND, _CLAIM = map(
    _key, ("rate", "rate at", "patience", "remind", "claim")
)
_PART, _JOINT, _SEEN = map(_key, ("part", "joint", "seen"))


class Flow:
    """Moves tasks through their lives.

    Args:
        context: of the world.
        agenda: hears what will happen.
        work: agents and people.
        requesters: who sends tasks.
    """

    def __init__(
        self, context: Context, agenda: Agenda, work: Work, requesters: Requesters
    ) -> None:
        self._context = context
        self._agenda = agenda
        self._work = work
        self._requesters = requesters

    # -- arriving --------------------------------------------------------------------------

    def arrive(self, coming: ComingTask) -> None:
        """Take in a task, unless its requester keeps it away from the gateway."""
        context, state = self._context, self._context.state
        number = state.next_task
        state.next_task += 1
        task = self.task_of(coming, number)
        state.totals.arrived += 1
        state.totals.attainable_usd += self.attainable(task)
        requester = state.requesters[coming.requester]
        requester.sent += 1
        if context.chance(_BYPASS, self._requesters.bypass_chance(coming.requester), number):
            requester.bypassed += 1
            state.totals.bypassed += 1
            state.totals.solved_usd += context.parameters.bypass_worth * task.worth_usd
            return
        state.tasks[number] = task
        patience = context.law.half_life_hours * (0.5 + context.streams.uniform(_PATIENCE, number))
        self._agenda.note(state.now + whole_ticks(patience), Happening.REMINDER, number)
        self.to_inbox(task)

    def task_of(self, coming: ComingTask, number: int) -> Task:
        """The task that has come, with a number in the order of arrival."""
        context = self._context
        task = Task(
            id=number,
            at=coming.at,
            requester=coming.requester,
            label=coming.label,
            main=coming.main,
            shown=coming.shown,
            second=coming.second,
            second_share=coming.second_share,
            log2_hours=coming.log2_hours,
            residual=coming.residual,
            vague=coming.vague,
            missing=coming.vague,
            estimate_hours=coming.estimate_hours,
            priority=coming.priority,
            due=coming.at + DUE_HOURS[PRIORITIES.index(coming.priority)],
            worth_usd=coming.worth_usd,
            confidential=coming.confidential,
            nature=context.nature_of(number),
            text="",
        )
        task.text = self._text(task, vague=task.vague)
        return task

    def _text(self, task: Task, *, vague: bool) -> str:
        wordings = self._context.scenario.wordings
        return text_of(wordings, task.nature, task.shown, task.second, vague)

    def reminder(self, due: Due) -> None:
        """A requester who waits for an answer may ask where it stays."""
        context, state = self._context, self._context.state
        task = state.tasks.get(due.whom)
        if task is None or task.place == Place.DELIVERED:
            return
        if context.chance(_REMIND, context.parameters.reminder_share, task.id):
            state.totals.reminders += 1
            state.totals.reminder_hours += state.now - task.at
            state.news.append([task.id, task.agent, News.REMINDED, state.now - task.at])

    def attainable(self, task: Task) -> float:
        """Worth of the best single choice at once, in the mean, in USD."""
        context = self._context
        hours = power(2.0, task.log2_hours)
        chances = context.success(task, complete=True).tolist()
        p = context.parameters
        person = logistic(p.person_success + p.person_residual * task.residual)
        usd_per_hour = context.scenario.person_usd_per_hour
        best = max(0.0, person * task.worth_usd - usd_per_hour * hours)
        for agent, chance in zip(context.state.agents, chances, strict=True):
            if agent.cleared or not task.confidential:
                best = max(best, chance * task.worth_usd - agent.usd_per_hour * hours)
        return best

    def to_inbox(self, task: Task) -> None:
        """Let a task wait for a decision."""
        state = self._context.state
        task.place = Place.INBOX
        insort(state.inbox, [task.priority, state.next_order, task.id])
        state.next_order += 1

    # -- decided ---------------------------------------------------------------------------

    def place(self, task: Task, slot: int) -> None:
        """Place a task with an agent, unless its requester insists on another one."""
        context, state = self._context, self._context.state
        state.totals.placements += 1
        wanted = state.requesters[task.requester].favourite
        chance = self._requesters.override_chance(task.requester)
        insists = context.chance(_OVERRIDE, chance, task.id, task.attempts)
        if insists and wanted != slot and self.takes(wanted, task):
            success = context.success(task).tolist()
            state.totals.overridden += 1
            state.totals.overrides_right += int(success[wanted] > success[slot])
            state.requesters[task.requester].overrides += 1
            slot = wanted
        self._work.give(task, slot)

    def takes(self, slot: int, task: Task) -> bool:
        """True if a task can be placed with an agent, whatever its queue."""
        agent = self._context.state.agents[slot]
        return (
            not agent.away
            and slot not in task.tried
            and (agent.cleared or not task.confidential)
            and task.estimate_hours <= agent.longest_task_hours
        )

    def ask(self, task: Task) -> None:
        """Ask the requester for what the task leaves out."""
        context, state, p = self._context, self._context.state, self._context.parameters
        task.asked, task.place = True, Place.ASKED
        state.totals.asked += 1
        state.totals.handling_usd += p.ask_usd
        if not task.missing:
            state.totals.asked_in_vain += 1
            self._requesters.disappointed(task.requester, p.trust_loss_asked)
        hours = context.memoryless_hours(_ANSWER, p.answer_hours, task.id)
        at = whole_ticks(max(next_opening(state.now), state.now) + hours)
        self._agenda.note(at, Happening.ANSWERED, task.id)

    def put_off(self, task: Task) -> None:
        """Let a task wait for an hour."""
        task.place = Place.WAITING
        task.waits += 1
        state = self._context.state
        self._agenda.note(state.now + WAIT_HOURS, Happening.OFFERED_AGAIN, task.id)

    def split(self, task: Task) -> None:
        """Split a task into parts; of a mixed one they are of one trade each."""
        context, state, p = self._context, self._context.state, self._context.parameters
        parts = 2 if task.estimate_hours < 2.0 else 3 if task.estimate_hours < 4.0 else 4
        task.place, task.parts, task.open_parts, task.bad_parts = Place.SPLIT, parts, parts, 0
        state.totals.split += 1
        state.totals.handling_usd += parts * p.split_usd
        shorter = {2: 1.0, 3: 1.584962500721156, 4: 2.0}[parts]  # log2 of the number of parts
        families = [task.main, task.main if task.second == NOBODY else task.second]
        for part in range(parts):
            whom = task.id * MOST_PARTS + part
            own = normal_table().at(context.streams.uniform(_PART, whom)) * p.task_residual
            family = families[part % 2]
            piece = Task(
                id=FIRST_PART + whom,
                at=task.at,
                requester=task.requester,
                label=task.label if family == task.main else family,
                main=family,
                shown=family,
                second=NOBODY,
                second_share=0.0,
                log2_hours=task.log2_hours - shorter,
                residual=0.7 * task.residual + 0.7 * own,
                vague=task.vague,
                missing=task.missing,
                estimate_hours=task.estimate_hours / parts,
                priority=task.priority,
                due=task.due,
                worth_usd=task.worth_usd / parts,
                confidential=task.confidential,
                nature=context.nature_of(FIRST_PART + whom),
                text="",
                parent=task.id,
                asked=True,
            )
            piece.text = self._text(piece, vague=piece.missing)
            state.tasks[piece.id] = piece
            self.to_inbox(piece)

    # -- coming back -----------------------------------------------------------------------

    def agent_done(self, due: Due) -> None:
        """An agent has finished, in one way or another."""
        task, outcome = self._context.state.tasks[due.whom], Outcome(int(due.value))
        slot = task.agent
        self._work.finish(task, outcome)
        if outcome is Outcome.RIGHT:
            first = task.attempts == 0 and task.parent == NOBODY
            self._context.state.totals.right_first += int(first)
            self._deliver(task, right=True)
        elif outcome is Outcome.WRONG:
            self._deliver(task, right=False)
        else:
            self._work.note(task, self._context.state.agents[slot].failed)
            self.come_back(task, slot)

    def come_back(self, task: Task, slot: int, *, noticed: bool = False) -> None:
        """A task comes back to the gateway without an answer, or with one noticed to be wrong."""
        state, p = self._context.state, self._context.parameters
        state.totals.returned += 1
        state.totals.handling_usd += p.reassignment_usd
        self._requesters.disappointed(task.requester, p.trust_loss_returned)
        if slot != NOBODY and not noticed:
            state.news.append([task.id, slot, News.RETURNED, 0.0])
        task.attempts += 1
        task.tried.append(slot)
        self.to_inbox(task)

    def person_done(self, due: Due) -> None:
        """A person has finished; what a person cannot do nobody can."""
        state = self._context.state
        task = state.tasks[due.whom]
        self._work.finish_person(due.value)
        if self._work.person_succeeds(task):
            self._deliver(task, right=True)
        elif task.parent != NOBODY:
            self._part_done(task, right=False)
        else:
            state.totals.unanswered += 1
            del state.tasks[task.id]

    def answered(self, due: Due) -> None:
        """A requester has said what was missing."""
        task = self._context.state.tasks[due.whom]
        task.missing = False
        task.text = self._text(task, vague=False)
        self.to_inbox(task)

    def _deliver(self, task: Task, *, right: bool) -> None:
        if task.parent != NOBODY:
            seen = self._context.chance(_SEEN, self._context.law.joint, task.id, task.attempts)
            if not right and seen:  # a wrong part shows where it meets the others
                self._work.note(task, self._context.state.agents[task.agent].failed)
                self.come_back(task, task.agent)
            else:
                self._part_done(task, right=right)
            return
        context, state, p = self._context, self._context.state, self._context.parameters
        totals = state.totals
        hours = state.now - task.at
        if state.now > task.due:
            totals.breaches += 1
            totals.breach_usd += p.breach_share * task.worth_usd
            self._requesters.disappointed(task.requester, p.trust_loss_late)
        totals.known_usd += task.worth_usd
        if task.agent != NOBODY:
            state.news.append([task.id, task.agent, News.DELIVERED, 0.0])
        if right:
            totals.solved += 1
            totals.hours_to_solve += hours
            totals.solved_usd += task.worth_usd * power(2.0, -hours / context.law.half_life_hours)
            self._requesters.helped(task.requester)
            self._perhaps_rate(task, right=True)
            del state.tasks[task.id]
            return
        totals.silent += 1
        task.place = Place.DELIVERED
        able = state.requesters[task.requester].expertise[task.main]
        if context.chance(_NOTICE, able, task.id, task.attempts):
            delay = context.memoryless_hours(_NOTICE_AT, p.notice_hours, task.id, task.attempts)
            self._agenda.note(state.now + delay, Happening.NOTICED, task.id)
            return
        totals.harm_usd += context.law.harm * task.worth_usd
        self._requesters.helped(task.requester)
        self._perhaps_rate(task, right=True)
        del state.tasks[task.id]

    def _part_done(self, part: Task, *, right: bool) -> None:
        context, state = self._context, self._context.state
        whole = state.tasks[part.parent]
        whole.open_parts -= 1
        whole.bad_parts += int(not right)
        whole.agent = part.agent
        del state.tasks[part.id]
        if whole.open_parts:
            return
        if not context.chance(_JOINT, context.law.joint, whole.id):
            state.totals.joints_failed += 1
            self.come_back(whole, NOBODY)
        else:
            self._deliver(whole, right=whole.bad_parts == 0)

    def noticed(self, due: Due) -> None:
        """A requester has seen that an answer was wrong."""
        context, state, p = self._context, self._context.state, self._context.parameters
        task = state.tasks[due.whom]
        state.totals.noticed += 1
        state.totals.harm_usd += p.noticed_harm * context.law.harm * task.worth_usd
        state.requesters[task.requester].complaints += 1
        self._requesters.disappointed(task.requester, p.trust_loss_wrong)
        slot = task.agent
        if slot != NOBODY and not task.parts:
            self._work.note(task, state.agents[slot].failed)
        self._perhaps_rate(task, right=False)
        spread = lognormal_table(p.claim_sigma)
        claimed = context.law.harm * spread.at(context.streams.uniform(_CLAIM, task.id))
        state.totals.claims += 1
        state.totals.claimed += claimed
        state.news.append([task.id, slot, News.WRONG, claimed * task.worth_usd])
        state.totals.known_usd -= task.worth_usd
        self.come_back(task, slot, noticed=True)

    # -- ratings ---------------------------------------------------------------------------

    def _perhaps_rate(self, task: Task, *, right: bool) -> None:
        """Let a requester rate, which the angry do more often; some rate against the truth."""
        context, state, p = self._context, self._context.state, self._context.parameters
        if task.agent == NOBODY:
            return
        chance = p.rating_share * (1.0 if right else p.rating_odds)
        if not context.chance(_RATE, min(1.0, chance), task.id, task.attempts):
            return
        stars = 5.0 if right else 1.0
        if state.raters_lie and task.requester % 5 == 0:
            stars = 6.0 - stars
        delay = context.memoryless_hours(_RATE_AT, p.rating_hours, task.id, task.attempts)
        self._agenda.note(state.now + delay, Happening.RATED, task.agent, stars)

    def rated(self, due: Due) -> None:
        """A rating has come."""
        state = self._context.state
        agent = state.agents[due.whom]
        state.news.append([NOBODY, due.whom, News.RATED, due.value])
        agent.ratings += 1
        agent.stars += due.value
