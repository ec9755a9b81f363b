"""Assign roles to workstreams by how much each is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import NO_FOCUS, ROLE_COUNT, WORKSTREAM_COUNT, LegalDecisions

CROWDING = 0.15
"""Worth of a further member on a workstream with no further ready package, by default."""


def assign_roles(
    briefing: Briefing,
    legal: LegalDecisions,
    wanted: Sequence[float],
    *,
    crowding: float = CROWDING,
    least: float = 0.0,
    fill: bool = False,
) -> tuple[int, ...]:
    """A focus for each role: greedily the pair (role, workstream) that is worth most.

    Args:
        briefing: for skills, units and ready packages.
        legal: what may be ordered.
        wanted: per workstream how much an hour of a specialist is worth there, >= 0.
        crowding: share of it that a member is worth who finds no further ready package there.
        least: a role stands down rather than do what is worth less.
        fill: judge a role by how many of its members find a ready package; otherwise by its
            first member.

    Returns:
        Five workstream indices or ``NO_FOCUS`` where nothing is wanted.
    """
    useful = [index for index, worth in enumerate(wanted) if worth > 0.0]
    room = [float(status.ready_packages) for status in briefing.workstreams]
    focus = [NO_FOCUS] * ROLE_COUNT
    left = [role for role in range(ROLE_COUNT) if briefing.roles[role].units > 0.0]
    while left:
        best_value, best_role, best_workstream = least, -1, -1
        for role in left:
            status = briefing.roles[role]
            skill, units, allowed = status.skill, status.units, legal.focus[role]
            for workstream in useful:
                if allowed[workstream]:
                    if fill:
                        busy = min(units, max(0.0, room[workstream]))
                        crowd = (busy + crowding * (units - busy)) / units
                    else:
                        crowd = 1.0 if room[workstream] >= 0.5 else crowding
                    value = wanted[workstream] * skill[workstream] * crowd
                    if value > best_value:
                        best_value, best_role, best_workstream = value, role, workstream
        if best_role < 0:
            break
        focus[best_role] = best_workstream
        room[best_workstream] -= max(1.0, briefing.roles[best_role].units)
        left.remove(best_role)
    return tuple(focus)


def keep_steady(briefing: Briefing, focus: tuple[int, ...], gain: float) -> tuple[int, ...]:
    """Undo switches of a role whose present workstream still has work and is nearly as good.

    Args:
        gain: how much faster a role must be on the new workstream to make a switch worth it.
    """
    steady = list(focus)
    taken = [0] * (WORKSTREAM_COUNT + 1)
    for choice in focus:
        taken[choice] += 1
    for role, choice in enumerate(focus):
        now = briefing.roles[role].focus
        if NO_FOCUS in (now, choice) or now == choice:
            continue
        status = briefing.workstreams[now]
        skill = briefing.roles[role].skill
        if status.ready_packages > taken[now] and skill[choice] < skill[now] * gain:
            steady[role] = now
            taken[now] += 1
            taken[choice] -= 1
    return tuple(steady)
