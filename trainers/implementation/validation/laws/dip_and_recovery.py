"""The dip and its recovery: output falls after go-live, the more so the less was ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from .....agents.implementation.typical_practice import TypicalPractice
from .....sim.episodes import advance_once, begin_episode
from .....sim.implementation.decision import Move
from .....sim.implementation.scorecard import Scorecard
from .....sim.implementation.state import DefectState
from .....sim.implementation.world import ImplementationWorld
from ..figures import mean_figure, median_figure, share_figure
from ..law import Figure, Law, Measured
from ..projects import Project, Sample, state_of
from ..targets import MODERATE_DIP

RECOVERY_BAND = (15.0, 60.0)
"""Working days: half and twice of about six weeks (estimate)."""
SHARE_BAND = (0.65, 0.85)
"""Published share of firms with a moderate to severe dip."""
AS_IT_IS = "as it is"
State = dict[str, Any]
"""A world's state as plain data."""


def mend_defects(state: State) -> None:
    """Mend all latent defects, as if they had been found."""
    for defect in state["defects"]:
        if defect["state"] == DefectState.LATENT:
            defect["state"] = int(DefectState.FIXED)


def mend_data(state: State) -> None:
    """Free all records of errors: known, masked, and those that load cleanly."""
    for item in state["objects"]:
        for errors in ("visible", "hidden", "rotten"):
            item[errors] = [0.0] * len(item[errors])


def train_users(state: State) -> None:
    """Train everybody fully."""
    state["people"]["proficiency"] = [1.0] * len(state["people"]["proficiency"])


REMOVED: Mapping[str, Callable[[State], None]] = {
    "defects": mend_defects,
    "bad data": mend_data,
    "untrained users": train_users,
}
"""Things that make a dip deeper, and what removes them on the day the cutover begins."""


@dataclass(frozen=True, slots=True)
class _Future:
    """Outcome of a go-live: the finished project's card, and loss at the end over the deepest."""

    card: Scorecard
    loss_left: float


def _measure(sample: Sample) -> Measured:
    families = [family for family in map(_futures, sample.projects()) if family is not None]
    usual = [family[AS_IT_IS] for family in families]
    moderate = share_figure(
        f"dip of {MODERATE_DIP:.0%} or more",
        [float(future.card.dip_depth >= MODERATE_DIP) for future in usual],
        f"{SHARE_BAND[0]:.0%} to {SHARE_BAND[1]:.0%}",
    )
    days = median_figure(
        "working days to recover, median",
        "days",
        [future.card.dip_days for future in usual],
        "about 30 (6 weeks)",
    )
    left = mean_figure(
        "of the deepest loss, what is left at the end of hypercare",
        "share",
        [future.loss_left for future in usual],
        "recovers",
    )

    def due_to(
        what: str, name: str, unit: str, of: Callable[[Scorecard], float], published: str = ""
    ) -> Figure:
        less = [of(family[AS_IT_IS].card) - of(family[what].card) for family in families]
        return mean_figure(f"{name}, by {what}", unit, less, published)

    deeper = [
        due_to(what, "deepest loss", "share", lambda card: card.dip_depth, "above 0")
        for what in REMOVED
    ]
    longer = [
        due_to(what, "days to recover", "days", lambda card: card.dip_days) for what in REMOVED
    ]
    low, high = RECOVERY_BAND
    return (moderate, days, left, *deeper, *longer), {
        "most firms have a moderate dip": moderate.value.estimate > 0.5,
        "most of the loss is gone at the end of hypercare": left.value.below(0.5),
        f"half have recovered within {low:g} to {high:g} working days": (
            low <= days.value.estimate <= high
        ),
        **{
            f"{what} make it deeper": figure.value.above(0.0)
            for what, figure in zip(REMOVED, deeper, strict=True)
        },
    }


def _futures(case: Project) -> dict[str, _Future] | None:
    """The futures of a project from its first cutover on; None if one of them is not live."""
    policy = TypicalPractice()
    world = ImplementationWorld(case.scenario, case.seed, customer=case.scenario.customer)
    begin_episode(policy, world)
    decision = policy.decide(world.briefing(), world.legal())
    while decision.move is not Move.GO_LIVE:
        world.advance(decision)
        if world.finished:
            return None
        decision = policy.decide(world.briefing(), world.legal())
    morning = world.snapshot()
    futures = {}
    for what, remove in {AS_IT_IS: _nothing, **REMOVED}.items():
        payload = deepcopy(dict(morning.payload))
        remove(payload["state"])
        future = ImplementationWorld.restore(replace(morning, payload=payload))
        manager = deepcopy(policy)
        future.advance(decision)
        while not future.finished:
            advance_once(future, manager)
        futures[what] = _Future(future.scorecard(), _loss_left(state_of(future)["sites"]))
    return futures if all(future.card.went_live for future in futures.values()) else None


def _nothing(state: State) -> None:
    """The world as it is."""


def _loss_left(sites: Sequence[Mapping[str, Any]]) -> float:
    deepest = sum(float(site["deepest_loss"]) for site in sites)
    return sum(float(site["loss"]) for site in sites) / deepest if deepest else 0.0


experiment = Law(
    name="The dip and its recovery",
    statement=(
        "Output falls after go-live and recovers in weeks; it falls the more, the more "
        "defects are open, data bad and users untrained."
    ),
    source="Panorama ERP reports 2010-2013; recovery: calibration E",
    published=(
        f"a moderate to severe dip in {SHARE_BAND[0]:.0%} to {SHARE_BAND[1]:.0%} of firms; "
        "recovery in about six weeks at the median"
    ),
    experiment=(
        "Typical practice. On the morning its first cutover begins the same world goes on as "
        "it is, and without latent defects, without errors in the data, or with all users "
        "trained: what each of them adds to the dip is the difference."
    ),
    measure=_measure,
)
