"""The adaptive opponent's judgement of a morning: what it sees of the true state, and what hurts.

The rules are the opponent's, not the model's: they say nothing about how a project reacts,
only what an adversary who sees everything would make of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.vocabulary import DisruptionKind, Severity, Workstream
from .briefing import DataStage
from .decision import WORKSTREAMS
from .state import PackageKind, WorldState

NEAR_SHARE = 0.4
"""Go-live comes near in this last share of the plan."""
FIRST_BAR = 1.0
"""Harm that is worth a strike on its first morning; the bar falls in a straight line ..."""
LAST_BAR = 0.4
"""... to this on its last one, so that nothing is left unspent for want of the perfect moment."""
SEVERE_HARM: Mapping[Severity, float] = {
    Severity.BRUTAL: 0.45,
    Severity.CRITICAL: 0.3,
    Severity.MODERATE: 0.2,
    Severity.MILD: 0.0,
}
"""From how much harm on a strike is worth this severity."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """Weak spots of the project this morning, each a share 0..1 of the true state.

    Attributes:
        time: of the plan that has passed.
        near: how near the planned go-live is: 0 until the plan's last part, 1 on the day.
        tight: schedule pressure.
        work: of the known effort that is still to do.
        built: of configuration and customisation that is done.
        unbuilt: of them that is not.
        data: data objects that are mapped and wait for the cutover.
        untested: interfaces that are not tested.
        tested: whether a test cycle is over, so that what breaks now may meet no other.
        testing: whether a test cycle or a mock load is under way.
        untrained: training waves that are to come.
        distrust: of the customer's people.
        busy: load of the key users.
    """

    time: float
    near: float
    tight: float
    work: float
    built: float
    unbuilt: float
    data: float
    untested: float
    tested: float
    testing: float
    untrained: float
    distrust: float
    busy: float


HARM: Mapping[DisruptionKind, Mapping[str, float]] = {
    DisruptionKind.ENVIRONMENT_OUTAGE: {"near": 0.1, "testing": 0.1, "tight": 0.1},
    DisruptionKind.CORRUPT_DATA: {"data": 0.5, "near": 0.5},
    DisruptionKind.MISSING_REQUIREMENTS: {"time": 0.3, "built": 0.3},
    DisruptionKind.CONFLICTING_BUSINESS_RULES: {"unbuilt": 0.4, "distrust": 0.1},
    DisruptionKind.LEGACY_INCOMPATIBILITY: {"time": 0.4, "near": 0.4, "untested": 0.1},
    DisruptionKind.PERFORMANCE_BOTTLENECK: {"time": 0.3, "near": 0.3, "tested": 0.1},
    DisruptionKind.REGULATORY_COMPLIANCE: {"time": 0.2, "near": 0.1, "tight": 0.1},
    DisruptionKind.MULTILINGUAL_REQUIREMENTS: {"time": 0.1, "untrained": 0.2},
    DisruptionKind.NETWORK_FAILURES: {"work": 0.1, "busy": 0.1, "tight": 0.1},
}
"""Weights of the weaknesses that make a kind hurt; a kind's sum to at most 1.

They follow what single strikes at different moments of the plan cost the expert.
"""


def weakness_of(state: WorldState, planned_days: int) -> Weakness:
    """Look at the true state.

    Args:
        state: of the world, this morning.
        planned_days: working days from kick-off to the planned go-live.
    """
    time = min(1.0, state.day / planned_days)
    built = _built(state)
    known = plain_sum(totals.planned for totals in state.totals)
    left = plain_sum(totals.remaining for totals in state.totals)
    objects = [item for item in state.objects if item.present]
    people = state.people
    return Weakness(
        time=time,
        near=max(0.0, 1.0 - (1.0 - time) / NEAR_SHARE),
        tight=state.pressure,
        work=min(1.0, _share(left, known)),
        built=built,
        unbuilt=1.0 - built,
        data=_share(whole_sum(item.stage == DataStage.MAPPED for item in objects), len(objects)),
        untested=_share(
            whole_sum(not item.tested for item in state.interfaces), len(state.interfaces)
        ),
        tested=float(state.cycles_done > 0),
        testing=float(state.cycle_package >= 0 or state.mock_load_package >= 0),
        untrained=_untrained(state),
        distrust=1.0 - _share(plain_sum(people.trust), len(people.trust)),
        busy=min(1.0, _share(plain_sum(pool.load for pool in state.pools), len(state.pools))),
    )


def harm_of(kind: str, weakness: Weakness) -> float:
    """Judge how much a kind would hurt now, 0..1; nothing is known of another package's."""
    weights = HARM.get(DisruptionKind(kind), {}) if kind in tuple(DisruptionKind) else {}
    return plain_sum(weight * float(getattr(weakness, name)) for name, weight in weights.items())


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _built(state: WorldState) -> float:
    names = (Workstream.CONFIGURATION, Workstream.CUSTOMISATION)
    rows = [state.totals[WORKSTREAMS.index(name)] for name in names]
    return min(
        1.0,
        _share(plain_sum(row.done for row in rows), plain_sum(row.planned for row in rows)),
    )


def _untrained(state: WorldState) -> float:
    waves = whole_sum(package.kind == PackageKind.TRAINING for package in state.packages)
    return max(0.0, 1.0 - _share(state.training_waves, waves))
