"""The yardstick: what SimPy itself takes for one task, with nothing around it.

A task is a process that takes two priority resources, holds them, gives them back and lets
them be handed over: eight events, as a work package that needs a crew member and a key user has.
"""

from __future__ import annotations

import time
from collections.abc import Generator

import simpy
from simpy.events import Event

EVENTS_PER_TASK = 8
"""Start, two requests, the hold, two releases, their handing over, end."""
_TASKS_AT_ONCE = 5
"""As many as a crew has roles; nobody waits, so that events are measured and not queues."""


def tasks_per_second(tasks: int) -> float:
    """Run so many tasks one after another in a few lanes; returns tasks per second."""
    environment = simpy.Environment()
    crew = simpy.PriorityResource(environment, capacity=_TASKS_AT_ONCE)
    key_users = simpy.PriorityResource(environment, capacity=_TASKS_AT_ONCE)
    per_lane = max(1, tasks // _TASKS_AT_ONCE)
    for lane in range(_TASKS_AT_ONCE):
        environment.process(_lane(environment, crew, key_users, lane, per_lane))
    started = time.perf_counter()
    environment.run()
    return per_lane * _TASKS_AT_ONCE / (time.perf_counter() - started)


def _lane(
    environment: simpy.Environment,
    crew: simpy.PriorityResource,
    key_users: simpy.PriorityResource,
    lane: int,
    tasks: int,
) -> Generator[Event, object, None]:
    for _ in range(tasks):
        yield environment.process(_task(environment, crew, key_users, lane))


def _task(
    environment: simpy.Environment,
    crew: simpy.PriorityResource,
    key_users: simpy.PriorityResource,
    lane: int,
) -> Generator[Event, object, None]:
    with crew.request(priority=lane) as member:
        yield member
        with key_users.request(priority=lane) as user:
            yield user
            yield environment.timeout(1.0)
    yield environment.timeout(0.0)
