"""The bandit view of a company's tasks: every choice's result at once, in arrays.

The same company, tasks, outages, versions, prices and luck as in ``GatewayWorld``, of which queues,
second attempts, people's hours of work and moving trust are left out: each task is placed once, the
moment it comes. What is left depends on no decision, so the results of all choices are functions of
the order-free draws and need no simulation. ``bandit_reference`` finds the same by asking the
world's own mechanisms about one task and one choice at a time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.arguments import of_type, seed_of
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams
from ...scenarios.gateway.scenario import GatewayScenario
from ...scenarios.gateway.vocabulary import Wordings
from ...scenarios.loader import as_scenario
from .arrivals import (
    Change,
    ComingEvent,
    ComingTask,
    changed_horizon,
    draw_events,
    draw_tasks,
    text_of,
)
from .bandit_laws import Placements, Results, expected_rewards, placements_of, results_of
from .company import LABEL, READ, draw_state
from .context import Context
from .parameters import PARAMETERS
from .reading import families_in, main_family
from .state import State

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class BanditTasks:
    """Tasks in the order of arrival, arrays of (tasks,) unless said otherwise.

    Attributes:
        at: hour of arrival since the first Monday's midnight.
        requester: index of who sent it.
        department: place of theirs in ``DEPARTMENTS``.
        text: what its requester wrote, a tuple.
        label: family that its label names, by place in ``FAMILIES``.
        read: family that its text speaks of most.
        reading: share of the text that speaks of each family, (tasks, families).
        vague: whether it leaves out details.
        estimate_hours: a person's hours that it is taken for.
        priority: 1, the most urgent, to 4.
        due_in_hours: its service level.
        worth_usd: of a right answer at once.
        confidential: for those who are cleared only.
    """

    at: Floats
    requester: Wholes
    department: Wholes
    text: tuple[str, ...]
    label: Wholes
    read: Wholes
    reading: Floats
    vague: Flags
    estimate_hours: Floats
    priority: Wholes
    due_in_hours: Floats
    worth_usd: Floats
    confidential: Flags


@dataclass(frozen=True, eq=False)
class BanditAgents:
    """Agents as they are known at the beginning, arrays of (agents,) unless said otherwise.

    Attributes:
        names: unique, a tuple.
        groups: that they are listed in, a tuple.
        home: listed doublings by family, (agents, families).
        pace: hours that one takes for a person's hour of work, as listed.
        capacity: tasks at once, which the bandit view does not limit.
        placed: tasks in its record by family, (2, agents, families): by label, by text.
        failed: of them, those known to have failed.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    home: Floats
    pace: Floats
    capacity: Wholes
    placed: Wholes
    failed: Wholes


@dataclass(frozen=True, eq=False)
class BanditStream:
    """A company's tasks with every choice's result; of ``count`` choices the last is a person.

    Attributes:
        scenario: that it is of.
        seed: of company, tasks and luck.
        luck: seed of tasks and luck, if another one than the company's.
        person_usd_per_hour: what people cost.
        tasks: what is known of the tasks.
        agents: what is known of the agents.
        legal: bool (tasks, choices), who may do it: not away, cleared, not too long.
        usd_per_hour: float64 (tasks, choices), prices at the moment of arrival.
        confidence: float64 (tasks, agents), how sure each agent says it is.
        results: latent until a choice is made, and then of that choice only.
        laws: latent: what the results were drawn from.
    """

    scenario: GatewayScenario
    seed: int
    luck: int
    person_usd_per_hour: float
    tasks: BanditTasks
    agents: BanditAgents
    legal: Flags
    usd_per_hour: Floats
    confidence: Floats
    results: Results
    laws: Placements

    def __len__(self) -> int:
        """Number of tasks."""
        return len(self.tasks.at)

    @property
    def choices(self) -> int:
        """Number of choices: agents and a person."""
        return int(self.legal.shape[1])

    @property
    def reward_usd(self) -> Floats:
        """float64 (tasks, choices): worth less costs and harm of each choice."""
        return self.results.reward_usd

    @cached_property
    def expected_usd(self) -> Floats:
        """Latent: the mean of ``reward_usd`` over all luck of outcomes and times."""
        return expected_rewards(self.laws, self.legal)

    def score(self, choices: NDArray[np.int64]) -> float:
        """The gateway score of one choice for each task, not cut to 0 and 1."""
        paid = self.reward_usd[np.arange(len(self)), choices]
        return float(paid.sum() / self.laws.attainable_usd.sum())

    def digest(self) -> str:
        """Hash of all that is seen, and of every result."""
        found = hashlib.blake2b(digest_size=16)
        for part in (self.tasks, self.agents, self.results):
            for one in fields(part):
                _enter(found, getattr(part, one.name))
        for values in (self.legal, self.usd_per_hour, self.confidence):
            _enter(found, values)
        return found.hexdigest()


def bandit_stream(
    scenario: GatewayScenario | str | os.PathLike[str],
    seed: int,
    *,
    luck: int | None = None,
    wordings: Wordings | None = None,
) -> BanditStream:
    """The tasks of a company, with all choices and their results.

    Args:
        scenario: what is simulated, or its name or the path of its file.
        seed: of the company, its tasks and their luck: the ones of ``GatewayWorld``.
        luck: seed of other tasks and luck of the same company; None: the company's own.
        wordings: other ones than the scenario's, for the same tasks.

    Raises:
        GoliveError: no such scenario, or a wrong seed.
    """
    chosen = of_type("scenario", as_scenario(scenario), GatewayScenario, "one of world 'gateway'")
    seed_of("seed", seed, 64)
    luck = seed if luck is None else seed_of("luck", luck, 64)
    state = draw_state(chosen, PARAMETERS, seed)
    context = Context(chosen, PARAMETERS, state, RandomStreams(luck))
    coming = draw_tasks(chosen, PARAMETERS, state, luck)
    events = draw_events(chosen, PARAMETERS, state, luck)
    agents = _agents(state)

    def column(name: str) -> NDArray[Any]:
        return np.array([getattr(task, name) for task in coming])

    if not coming:
        raise GoliveError(f"scenario: {chosen.name}: no task comes with seed {luck}")
    columns = {name: column(name) for name in ComingTask.__slots__}
    away, price, changes = _pool_over_time(context, events, columns["at"])
    laws = placements_of(context, columns, changes, price)
    results = results_of(laws, events, away)
    texts = [
        text_of(wordings or chosen.wordings, nature, task.shown, task.second, task.vague)
        for nature, task in zip(laws.nature.tolist(), coming, strict=True)
    ]
    tasks = BanditTasks(
        at=columns["at"],
        requester=columns["requester"],
        department=np.array([one.department for one in state.requesters])[columns["requester"]],
        text=tuple(texts),
        label=columns["label"],
        read=np.array([main_family(t, c.label) for t, c in zip(texts, coming, strict=True)]),
        reading=np.array([families_in(text) for text in texts]),
        vague=columns["vague"],
        estimate_hours=columns["estimate_hours"],
        priority=columns["priority"],
        due_in_hours=laws.due_in_hours,
        worth_usd=columns["worth_usd"],
        confidential=columns["confidential"],
    )
    person = np.full((len(coming), 1), chosen.person_usd_per_hour)
    return BanditStream(
        scenario=chosen,
        seed=seed,
        luck=luck,
        person_usd_per_hour=chosen.person_usd_per_hour,
        tasks=tasks,
        agents=agents,
        legal=results.open_to,
        usd_per_hour=np.concatenate([price, person], axis=1),
        confidence=laws.confidence,
        results=results,
        laws=laws,
    )


def _agents(state: State) -> BanditAgents:
    rows = state.agents
    return BanditAgents(
        names=tuple(row.name for row in rows),
        groups=tuple(row.group for row in rows),
        home=np.array([row.home for row in rows]),
        pace=np.array([row.pace for row in rows]),
        capacity=np.array([row.capacity for row in rows]),
        placed=np.array([[row.placed[kept] for row in rows] for kept in (LABEL, READ)]),
        failed=np.array([[row.failed[kept] for row in rows] for kept in (LABEL, READ)]),
    )


def _pool_over_time(
    context: Context, events: tuple[ComingEvent, ...], at: Floats
) -> tuple[Flags, Floats, list[tuple[int, int, list[float]]]]:
    """Who is away, what each costs, and new horizons (first task, agent, by family)."""
    agents = context.state.agents
    away = np.zeros((len(at), len(agents)), dtype=np.bool_)
    price = np.tile([agent.usd_per_hour for agent in agents], (len(at), 1))
    horizons = [agent.horizon for agent in agents]
    changes = []
    for event in events:  # what happens at the moment of an arrival happens before it
        slot, first = event.agent, int(np.searchsorted(at, event.at, side="left"))
        match event.kind:
            case Change.AWAY:
                away[first:, slot] = True
            case Change.BACK:
                away[first:, slot] = False
            case Change.PRICED:
                price[first:, slot] *= event.size
            case Change.CHANGED:
                horizons[slot] = changed_horizon(
                    horizons[slot], event, context.parameters, context.streams
                )
                changes.append((first, slot, horizons[slot]))
            case _:
                pass
    return away, price, changes


def _enter(found: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        kind = "<f8" if value.dtype.kind == "f" else "<i8"
        found.update(np.ascontiguousarray(value).astype(kind).tobytes())
    else:
        found.update(repr(value).encode())
