"""Feasibility of a schedule, found out without anything that the scheduler uses.

It knows the problem's data alone: durations, precedence, demands, capacities.
"""

from __future__ import annotations

from .imported import ImportedNetwork

TOLERANCE_HOURS = 1e-6
"""Moments closer to each other than this count as one."""


def check_schedule(
    network: ImportedNetwork, start_hours: list[float], finish_hours: list[float]
) -> list[str]:
    """Find what is wrong with a schedule of a network, a line for each; none: it is feasible.

    Every activity must be there, begin at 0 or later, last exactly as long as it takes, begin
    after its predecessors have ended, and never with others need more of a resource than there is.

    Args:
        network: the problem.
        start_hours: per activity.
        finish_hours: per activity.
    """
    count = len(network.durations)
    if len(start_hours) != count or len(finish_hours) != count:
        return [
            f"{len(start_hours)} starts and {len(finish_hours)} finishes: expected {count} of each"
        ]
    problems = []
    rows = zip(start_hours, finish_hours, network.durations, network.successors, strict=True)
    for number, (start, finish, duration, successors) in enumerate(rows, 1):
        if not start >= -TOLERANCE_HOURS:
            problems.append(f"activity {number} begins at {start:g}: expected 0 or later")
        if not abs(finish - start - duration) <= TOLERANCE_HOURS:
            problems.append(f"activity {number} lasts {finish - start:g}: expected {duration:g}")
        for successor in successors:
            if not start_hours[successor] >= finish - TOLERANCE_HOURS:
                begins = f"activity {successor + 1} begins at {start_hours[successor]:g}"
                ends = f"activity {number}, which ends at {finish:g}"
                problems.append(f"{begins}: expected after {ends}")
    for resource in range(len(network.capacities)):
        problems += _overloads(network, resource, start_hours, finish_hours)
    return problems


def _overloads(
    network: ImportedNetwork, resource: int, start_hours: list[float], finish_hours: list[float]
) -> list[str]:
    """Moments at which more of a resource is in use than there is: the use only grows at starts."""
    changes: list[tuple[float, int]] = []
    for activity, needs in enumerate(network.demands):
        if needs[resource] and network.durations[activity] > TOLERANCE_HOURS:
            changes.append((start_hours[activity], needs[resource]))
            changes.append((finish_hours[activity] - TOLERANCE_HOURS, -needs[resource]))
    changes.sort()
    in_use, problems = 0, []
    capacity = network.capacities[resource]
    for moment, change in changes:
        in_use += change
        if change > 0 and in_use > capacity:
            words = f"{in_use} units of resource {resource + 1} in use at {moment:g}"
            problems.append(f"{words}: expected at most {capacity}")
    return problems
