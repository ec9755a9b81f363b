"""What must hold of a world at every decision point, whoever decides."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import pytest

from golive.sim.implementation.decision import NO_FOCUS, WORKSTREAM_COUNT, Decision, Move, Pace
from golive.sim.implementation.legality import legal_decisions
from golive.sim.implementation.state import (
    DefectState,
    Package,
    PackageKind,
    Status,
    WorkstreamTotals,
)
from golive.sim.implementation.world import ImplementationWorld

SLACK = 1e-6
_KNOWN = (Status.WAITING, Status.READY, Status.RUNNING, Status.BLOCKED, Status.DONE)


def check_all(world: ImplementationWorld) -> None:
    """Every invariant of a decision point.

    Raises:
        AssertionError: one of them does not hold.
    """
    check_hours(world)
    check_totals(world)
    check_selections(world)
    check_history(world)
    check_queue(world)
    check_defects(world)
    check_shares(world)
    check_masks(world)
    check_scorecard(world)


def check_hours(world: ImplementationWorld) -> None:
    """No hours are negative, nothing is more than done, nobody works more than the day has."""
    state = world._state
    for package in state.packages:
        assert package.remaining_hours >= -SLACK, package
        assert package.key_user_hours >= -SLACK, package
        assert -SLACK <= package.done_hours <= package.planned_hours + SLACK, package
        assert package.open_predecessors >= 0, package
    day_hours = world._context.hours_per_day
    for member in state.members:
        parts = (member.useful_hours, member.rework_hours, member.waiting_hours)
        assert min(*parts, member.switching_hours) >= -SLACK, member
        days = state.day - member.joined_day
        assert sum(parts) + member.switching_hours <= days * day_hours + SLACK, member
    for pool in state.pools:
        assert pool.hours_left >= -SLACK, pool
        assert -SLACK <= pool.used_today <= pool.hours_per_day + SLACK, pool
        assert 0.0 <= pool.load <= 1.0 + SLACK, pool


def totals_of(packages: list[Package], workstream: int) -> WorkstreamTotals:
    """A workstream's totals, recomputed from its packages."""
    row = WorkstreamTotals()
    for package in packages:
        if package.workstream != workstream or package.status not in _KNOWN:
            continue
        left = package.planned_hours - package.done_hours
        row.packages += 1
        row.planned += package.planned_hours
        row.done += package.done_hours
        if package.status == Status.DONE:
            row.packages_done += 1
            continue
        row.remaining += left
        row.fixes += package.kind == PackageKind.FIX
        row.waiting += package.status == Status.WAITING
        if package.status in (Status.READY, Status.RUNNING):
            row.ready += 1
            row.ready_hours += left
        elif package.status == Status.BLOCKED:
            row.blocked += 1
            row.blocked_hours += left
    return row


def check_totals(world: ImplementationWorld) -> None:
    """Running sums equal the sums over the packages."""
    for index in range(WORKSTREAM_COUNT):
        kept = asdict(world._state.totals[index])
        expected = asdict(totals_of(world._state.packages, index))
        for history in ("experience", "effort_hours", "baseline_hours", "last_done_day"):
            del kept[history], expected[history]
        assert kept == pytest.approx(expected, abs=1e-5), index


def check_selections(world: ImplementationWorld) -> None:
    """The packages that are kept as counting are those that a look at all of them finds."""
    work, packages = world.mechanisms.work, world._state.packages
    for kinds, baseline, sites in list(work._selections):
        found = [
            package
            for package in packages
            if package.kind in kinds
            and (package.in_baseline or not baseline)
            and (sites is None or package.site in sites)
        ]
        kept = work.counting(kinds, baseline, sites)
        assert len(kept) == len(found), kinds
        assert all(one is other for one, other in zip(kept, found, strict=True)), kinds


def check_history(world: ImplementationWorld) -> None:
    """What was planned stays planned; what was done was done before today and the go-live."""
    state = world._state
    planned = sum(totals.baseline_hours for totals in state.totals)
    assert planned == pytest.approx(state.baseline_hours)
    for totals in state.totals:
        assert totals.effort_hours >= 0.0
        assert -1 <= totals.last_done_day < max(state.day, 1)
        if state.hypercare_start >= 0:
            assert totals.last_done_day <= state.hypercare_start
    assert 0 <= state.hypercare_extensions <= world.scenario.plan.hypercare_extension_weeks
    assert state.sponsors >= 1


def check_queue(world: ImplementationWorld) -> None:
    """The queue holds what is ready; nobody works at night; systems have living holders."""
    state, work = world._state, world.mechanisms.work
    ready = [package for package in state.packages if package.status == Status.READY]
    assert sorted(work._key(package) for package in ready) == work.ready
    assert all(package.open_predecessors == 0 for package in ready)
    assert not any(package.status == Status.RUNNING for package in state.packages)
    blocked = {package.id for package in state.packages if package.status == Status.BLOCKED}
    assert blocked == {question.package for question in state.questions}
    for holder in state.environment_busy:
        assert holder < 0 or state.packages[holder].status != Status.DONE


def check_defects(world: ImplementationWorld) -> None:
    """Counts of defects equal what is there; every open defect has one fix to be made."""
    state = world._state
    found = [defect for defect in state.defects if defect.state == DefectState.OPEN]
    fixed = [defect for defect in state.defects if defect.state == DefectState.FIXED]
    by_severity = [sum(defect.severity == level for defect in found) for level in range(3)]
    assert state.open_by_severity == by_severity
    assert state.open_tickets == sum(defect.found_live for defect in found)
    assert state.defects_found == len(found) + len(fixed)
    assert state.defects_fixed == len(fixed)
    to_fix = [
        package.subject
        for package in state.packages
        if package.kind == PackageKind.FIX and package.status != Status.DONE
    ]
    opened = [index for index, d in enumerate(state.defects) if d.state == DefectState.OPEN]
    assert sorted(to_fix) == opened


def check_shares(world: ImplementationWorld) -> None:
    """Shares are shares; data errors are no fewer than none."""
    people = world._state.people
    for values in (people.trust, people.resistance, people.proficiency, people.adoption):
        assert all(0.0 <= value <= 1.0 for value in values)
    assert all(0.0 <= value <= 1.0 for value in people.fatigue)
    for item in world._state.objects:
        assert min([*item.visible, *item.hidden]) >= -SLACK
    for site in world._state.sites:
        assert 0.0 <= site.loss <= 1.0


def check_masks(world: ImplementationWorld) -> None:
    """What is legal follows from the briefing alone, and doing nothing is always legal."""
    legal = world.legal()
    assert legal == legal_decisions(world.briefing())
    assert all(row[NO_FOCUS] for row in legal.focus)
    assert legal.move[Move.NONE]
    assert all(legal.pace)


def check_scorecard(world: ImplementationWorld) -> None:
    """All figures are numbers, shares and scores within their bounds."""
    card = world.scorecard()
    figures = card.as_dict()
    assert all(math.isfinite(value) for value in figures.values())
    shares = (
        "go_live_score defect_removal_efficiency data_quality_start data_quality_go_live "
        "reconciliation adoption dip_depth benefits_realised crew_utilisation useful_share "
        "waiting_share switching_share rework_share"
    )
    for name in shares.split():
        assert 0.0 <= figures[name] <= 1.0 + SLACK, name
    assert -100.0 <= card.nps <= 100.0
    assert card.cost_usd >= 0.0
    if card.success:
        assert card.went_live
        assert not card.cancelled


def check_step(
    world: ImplementationWorld, before: dict[str, Any], decision: Decision, illegal: int
) -> None:
    """What a step may not undo: money is spent, days pass, illegal parts are counted."""
    state = world._state
    assert state.spent_usd >= before["spent_usd"]
    assert state.day > before["day"]
    assert state.illegal_decisions == before["illegal_decisions"] + illegal
    efforts = [totals.effort_hours for totals in state.totals]
    assert all(now >= then for now, then in zip(efforts, before["efforts"], strict=True))
    assert state.pace in list(Pace)
    if not illegal:
        assert state.focus == list(decision.focus)


def marks(world: ImplementationWorld) -> dict[str, Any]:
    """What ``check_step`` compares with."""
    state = world._state
    return {
        "spent_usd": state.spent_usd,
        "day": state.day,
        "illegal_decisions": state.illegal_decisions,
        "efforts": [totals.effort_hours for totals in state.totals],
    }
