"""The ledger of a recorded episode: what each task cost and was worth, and how each evening stood.

It is kept for judges and pictures, beside the state: no future depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .state import NOBODY, State, Task

WORTH = ("solved_usd",)
COSTS = ("agents_usd", "people_usd", "handling_usd", "breach_usd", "harm_usd")
"""Accounts that make up the score, by the names that they have in the totals."""
KNOWN = ("known_usd", "claims_usd")
"""Accounts that the company can see where it cannot see ``solved_usd`` and ``harm_usd``."""


@dataclass(slots=True)
class Account:
    """A task's bookings.

    Attributes:
        task: its number.
        at: hour of arrival.
        requester: index of who sent it.
        worth_usd: of a right answer at once.
        bookings: (hour, account, USD), in order of time.
    """

    task: int
    at: float
    requester: int
    worth_usd: float
    bookings: list[tuple[float, str, float]] = field(default_factory=list)

    def net_usd(self, until: float) -> float:
        """Worth less costs and harm, as it truly is, of what was booked up to an hour."""
        return self._sum(WORTH, COSTS, until)

    def known_usd(self, until: float) -> float:
        """Worth less costs as the company can know it: what nobody complains about is right."""
        return self._sum(KNOWN[:1], (*COSTS[:4], KNOWN[1]), until)

    def _sum(self, gains: tuple[str, ...], costs: tuple[str, ...], until: float) -> float:
        found = 0.0
        for hour, account, usd in self.bookings:
            if hour > until:
                break
            if account in gains:
                found += usd
            elif account in costs:
                found -= usd
        return found


@dataclass(frozen=True, slots=True)
class Evening:
    """State of things when people talked.

    Attributes:
        hour: since the first Monday's midnight.
        with_agents: tasks that agents work on or that wait for them.
        with_people: likewise people.
        inbox: tasks that wait for a decision, or for an answer of their requester.
        trust: of the requesters, in the mean.
        arrived: tasks so far.
        solved: of them, answered right.
        silent: wrong answers so far that looked right.
        bypassed: tasks so far that were kept away.
        agents_usd: so far.
        people_usd: so far.
        harm_usd: so far.
        net_usd: worth less costs and harm, so far.
    """

    hour: float
    with_agents: int
    with_people: int
    inbox: int
    trust: float
    arrived: int
    solved: int
    silent: int
    bypassed: int
    agents_usd: float
    people_usd: float
    harm_usd: float
    net_usd: float


class Ledger:
    """Bookings by task, and a row for each evening.

    Args:
        state: in which it begins; tasks that are there already have accounts from now on.
    """

    def __init__(self, state: State) -> None:
        self.accounts: dict[int, Account] = {}
        self.evenings: list[Evening] = []
        for task in state.tasks.values():
            if task.parent == NOBODY:
                self.open(task)

    def open(self, task: Task) -> None:
        """Begin a task's account."""
        self.accounts[task.id] = Account(task.id, task.at, task.requester, task.worth_usd)

    def book(self, task: Task, hour: float, account: str, usd: float) -> None:
        """Book an amount on a task's account; a part's on that of the whole."""
        whole = task.id if task.parent == NOBODY else task.parent
        self.accounts[whole].bookings.append((hour, account, usd))

    def close_day(self, state: State) -> None:
        """Note how things stand this evening."""
        t, trust, queued = state.totals, 0.0, 0
        for requester in state.requesters:
            trust += requester.trust
        for agent in state.agents:
            queued += agent.busy + len(agent.queue)
        costs = t.agents_usd + t.people_usd + t.handling_usd + t.breach_usd + t.harm_usd
        people = state.people_busy + len(state.people_queue)
        self.evenings.append(
            Evening(
                hour=state.now,
                with_agents=queued,
                with_people=people,
                inbox=len(state.inbox),
                trust=trust / len(state.requesters),
                arrived=t.arrived,
                solved=t.solved,
                silent=t.silent,
                bypassed=t.bypassed,
                agents_usd=t.agents_usd,
                people_usd=t.people_usd,
                harm_usd=t.harm_usd,
                net_usd=t.solved_usd - costs,
            )
        )
