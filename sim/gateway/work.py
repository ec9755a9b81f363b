"""Work: the agents' queues and the people's, and their results."""

from __future__ import annotations

from bisect import insort
from enum import IntEnum

from ...core.arithmetic import power
from ...core.distributions import lognormal_table
from ...core.random_streams import purpose
from ...scenarios.gateway.vocabulary import FAMILIES
from ..agenda import Agenda
from .company import LABEL, READ
from .context import Context
from .laws import after_working_hours, logistic, whole_ticks
from .reading import main_family
from .state import NOBODY, Agent, Happening, Place, Task

_PACE, _OUTCOME, _SILENT, _TIMEOUT = (
    purpose(f"gateway/{name}") for name in ("pace", "outcome", "silent", "timeout")
)
_PERSON_PACE, _PERSON = purpose("gateway/person pace"), purpose("gateway/person")
_COUNT = len(FAMILIES)


class Outcome(IntEnum):
    """Results of work."""

    RIGHT = 0
    ERROR = 1
    """A failure that says so at once."""
    TIMEOUT = 2
    WRONG = 3
    """A failure that looks like success."""


class Work:
    """Gives tasks to agents and people, in order of priority, then of arrival.

    Args:
        context: of the world.
        agenda: hears when work will be done.
    """

    def __init__(self, context: Context, agenda: Agenda) -> None:
        self._context = context
        self._agenda = agenda

    # -- agents ----------------------------------------------------------------------------

    def give(self, task: Task, slot: int) -> None:
        """Put a task into an agent's queue."""
        state = self._context.state
        task.agent, task.place = slot, Place.WITH_AGENT
        agent = state.agents[slot]
        self.note(task, agent.placed)
        insort(agent.queue, [task.priority, state.next_order, task.id])
        state.next_order += 1
        self.start(slot)

    def note(self, task: Task, record: list[list[int]]) -> None:
        """Count a task in an agent's record, by its label and by what its text speaks of."""
        record[LABEL][task.label] += 1
        record[READ][main_family(task.text, task.label)] += 1

    def start(self, slot: int) -> None:
        """Let an agent begin what it has room for."""
        state = self._context.state
        agent = state.agents[slot]
        while agent.queue and agent.busy < agent.capacity and not agent.away:
            _, _, number = agent.queue.pop(0)
            agent.busy += 1
            task = state.tasks[number]
            outcome = self._outcome(task, slot, agent)
            hours = self._hours(task, slot, agent, outcome)
            self._agenda.note(state.now + hours, Happening.AGENT_DONE, number, float(outcome))

    def _outcome(self, task: Task, slot: int, agent: Agent) -> Outcome:
        context, p = self._context, self._context.parameters
        whom, attempt = context.pair(task.id, slot), task.attempts
        logits = p.slope * (self._skill(task, agent) - task.log2_hours) + task.residual
        logits += context.pair_residual(task, slot)
        if task.missing:
            logits -= context.law.vague_penalty
        if context.chance(_OUTCOME, logistic(logits), whom, attempt):
            return Outcome.RIGHT
        if context.chance(_SILENT, agent.silent_share, whom, attempt):
            return Outcome.WRONG
        late = context.chance(_TIMEOUT, p.timeout_share, whom, attempt)
        return Outcome.TIMEOUT if late else Outcome.ERROR

    @staticmethod
    def _skill(task: Task, agent: Agent) -> float:
        if task.second == NOBODY:
            return agent.horizon[task.main]
        share = task.second_share
        return agent.horizon[task.main] * (1.0 - share) + agent.horizon[task.second] * share

    def _hours(self, task: Task, slot: int, agent: Agent, outcome: Outcome) -> float:
        context, p = self._context, self._context.parameters
        u = context.streams.uniform(_PACE, context.pair(task.id, slot), task.attempts)
        usual = power(2.0, task.log2_hours) * agent.pace
        hours = usual * lognormal_table(p.pace_sigma).at(u)
        if outcome is Outcome.ERROR:
            hours *= p.error_time
        elif outcome is Outcome.TIMEOUT:
            hours = usual * p.timeout_time
        return max(whole_ticks(hours), whole_ticks(1e-6))

    def finish(self, task: Task, outcome: Outcome) -> None:
        """Free the agent, pay it, and let it begin its next task."""
        context, state = self._context, self._context.state
        agent = state.agents[task.agent]
        agent.busy -= 1
        hours = power(2.0, task.log2_hours)
        share = {Outcome.ERROR: context.parameters.error_time}.get(outcome, 1.0)
        context.book(task, "agents_usd", agent.usd_per_hour * hours * share)
        if outcome in (Outcome.RIGHT, Outcome.WRONG):
            agent.hours += agent.pace * hours / max(task.estimate_hours, 1e-3)
            agent.finished += 1
        self.start(task.agent)

    def empty(self, slot: int) -> list[Task]:
        """Take back what waits for an agent that went away."""
        state = self._context.state
        agent = state.agents[slot]
        waiting = [state.tasks[number] for _, _, number in agent.queue]
        agent.queue.clear()
        return waiting

    # -- people ----------------------------------------------------------------------------

    def give_to_people(self, task: Task) -> None:
        """Put a task into the people's queue."""
        state = self._context.state
        task.agent, task.place = NOBODY, Place.WITH_PERSON
        state.totals.with_people += 1
        insort(state.people_queue, [task.priority, state.next_order, task.id])
        state.next_order += 1
        self.start_people()

    def start_people(self) -> None:
        """Let people begin what they have time for."""
        context, state, p = self._context, self._context.state, self._context.parameters
        while state.people_queue and state.people_busy < context.scenario.people:
            _, _, number = state.people_queue.pop(0)
            state.people_busy += 1
            task = state.tasks[number]
            u = context.streams.uniform(_PERSON_PACE, task.id, task.attempts)
            hours = power(2.0, task.log2_hours) * lognormal_table(p.person_sigma).at(u)
            state.totals.people_hours += hours
            done = max(after_working_hours(state.now, hours), state.now + whole_ticks(1e-6))
            self._agenda.note(done, Happening.PERSON_DONE, number, hours)

    def person_succeeds(self, task: Task) -> bool:
        """True if a person finds the answer; people see to it that nothing is missing."""
        context, p = self._context, self._context.parameters
        logits = p.person_success + p.person_residual * task.residual
        return context.chance(_PERSON, logistic(logits), task.id, task.attempts)

    def finish_person(self, task: Task, hours: float) -> None:
        """Free a person, pay it, and let the next task begin."""
        state = self._context.state
        state.people_busy -= 1
        usd_per_hour = self._context.scenario.person_usd_per_hour
        self._context.book(task, "people_usd", hours * usd_per_hour)
        self.start_people()
