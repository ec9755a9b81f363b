"""Policies that show what a game pays for: variants of the expert, removals, silly ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from benchmarks.implementation.game_wrappers import (
    Condition,
    EveryMoveInTurn,
    Ordering,
    Without,
    always,
)
from golive.agents.implementation.adaptive import Adaptive, Clairvoyant
from golive.agents.implementation.expert import Expert
from golive.agents.implementation.expert_file import shipped_rules
from golive.agents.implementation.expert_rules import SETS, RuleSets
from golive.agents.implementation.kind import KIND
from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.core.problems import validated
from golive.core.records import Record
from golive.core.yaml_reader import read_document
from golive.scenarios.implementation.customer import Customer
from golive.scenarios.implementation.traits import TRAITS
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import READS, Move, Pace
from golive.sim.implementation.legality import MOST_READINGS
from golive.sim.policy import Policy
from golive.sim.world_kind import PolicyFactory

EXPERT = "expert"
PLANNERS = {"as it is": "planner:32", "blind to traits": "planner:32:blind"}
"""The planner that looks at the snapshot as it is, and one that must draw the traits anew."""
_EDITS = Path(__file__).with_name("game_edits.yaml")
_NO_LIMIT = 1_000_000


# -- edits of the expert's rules -------------------------------------------------------------


class Edit(Record):
    """A change of one of the expert's rules, in every set of rules that has it."""

    rule: str = Field(description="Name of the threshold.")
    times: float = Field(default=1.0, description="Factor on what each set has.")
    plus: float = Field(default=0.0, description="Added afterwards.")
    to: float | None = Field(default=None, description="Replaces it.")

    @property
    def name(self) -> str:
        """The edit in words: ``testing_weight x 1.25``."""
        if self.to is not None:
            return f"{self.rule} = {self.to:g}"
        return f"{self.rule} {self.plus:+g}" if self.plus else f"{self.rule} x {self.times:g}"

    def value(self, old: float) -> float:
        """The threshold that an old one becomes; a whole number stays one."""
        new = old * self.times + self.plus if self.to is None else self.to
        return round(new) if isinstance(old, int) else float(new)


class EditFile(Record):
    """The shipped edits."""

    edits: tuple[Edit, ...] = Field(min_length=1, description="Each is tried by itself.")


def shipped_edits() -> tuple[Edit, ...]:
    """The edits of ``game_edits.yaml``, each of a rule that there is.

    Raises:
        GoliveError: one is of an unknown rule.
    """
    document = read_document(_EDITS)
    edits = validated(EditFile, document).edits
    known = {field.name for rules in SETS.values() for field in fields(rules)}
    for place, edit in enumerate(edits):
        if edit.rule not in known:
            where = document.where(("edits", place, "rule"))
            raise GoliveError(f"{where}: rule: {edit.rule!r}: the expert has no such threshold")
    return edits


def edited_expert(*edits: Edit) -> Expert:
    """The expert with some of its rules changed, in all sets of rules alike."""
    return Expert(edited_rules(*edits))


def edited_rules(*edits: Edit) -> RuleSets:
    """The shipped sets of rules, changed alike."""
    shipped = shipped_rules()
    return RuleSets(**{name: _edited(getattr(shipped, name), edits) for name in SETS})


def _edited(rules: Any, edits: Sequence[Edit]) -> Any:
    names = {field.name for field in fields(rules)}
    mine = [edit for edit in edits if edit.rule in names]
    return replace(rules, **{edit.rule: edit.value(getattr(rules, edit.rule)) for edit in mine})


def _ruled(**values: float) -> PolicyFactory:
    """Makes the expert with these values of its rules."""
    return partial(edited_expert, *(Edit(rule=name, to=to) for name, to in values.items()))


def _scaled(**factors: float) -> PolicyFactory:
    """Makes the expert with these factors on its rules."""
    return partial(edited_expert, *(Edit(rule=name, times=x) for name, x in factors.items()))


# -- mornings --------------------------------------------------------------------------------


def _from_day(day: int, briefing: Briefing) -> bool:
    return briefing.calendar.day >= day


def _every(days: int, briefing: Briefing) -> bool:
    return briefing.calendar.day % days == 0


def _from_share(share: float, briefing: Briefing) -> bool:
    return briefing.calendar.day >= share * briefing.calendar.planned_go_live_day


def _before_share(share: float, briefing: Briefing) -> bool:
    return not _from_share(share, briefing)


def _on_the_date(briefing: Briefing) -> bool:
    return briefing.calendar.day >= briefing.calendar.planned_go_live_day


def _held(field: str, most: int, briefing: Briefing) -> bool:
    """True once so many moves were made, by the field that counts them."""
    count: int = getattr(briefing.management, field)
    return count >= most


def _postponed_less_than(times: int, briefing: Briefing) -> bool:
    return briefing.calendar.postponements < times


def _is_accepted(briefing: Briefing) -> bool:
    return briefing.tests.accepted


# -- sets of policies ------------------------------------------------------------------------


def _expert() -> Policy:
    return load_policy(EXPERT, KIND)


def _without(*moves: Move, when: Condition = always) -> PolicyFactory:
    return partial(_make_without, moves, (), Pace.NORMAL, when)


def _paced(*paces: Pace, instead: Pace = Pace.NORMAL, when: Condition = always) -> PolicyFactory:
    """Makes the expert without these paces."""
    return partial(_make_without, (), paces, instead, when)


def _make_without(
    moves: Collection[Move], paces: Collection[Pace], instead: Pace, when: Condition
) -> Policy:
    return Without(_expert(), moves=moves, paces=paces, when=when, instead=instead)


def _ordering(*orders: tuple[Move, Condition]) -> PolicyFactory:
    return partial(_make_ordering, orders)


def _make_ordering(orders: Sequence[tuple[Move, Condition]]) -> Policy:
    return Ordering(_expert(), *orders)


def _make_in_turn() -> Policy:
    return EveryMoveInTurn(_expert())


def policy_of(spec: str) -> PolicyFactory:
    """Makes a policy of the world by its name."""
    return partial(load_policy, spec, KIND)


def candidates() -> dict[str, PolicyFactory]:
    """Ways of managing that could be right: the expert, and it with each main rule changed."""
    made = {name: policy_of(name) for name in KIND.baselines}
    return {
        **made,
        "never freezes": _ruled(freeze_from=9.0),
        "freezes from the first day": _ruled(freeze_from=0.0),
        "freezes late": _ruled(freeze_from=0.8),
        "careful always": _paced(Pace.NORMAL, Pace.RUSH, instead=Pace.CAREFUL),
        "normal always": _paced(Pace.CAREFUL, Pace.RUSH),
        "rushes always": _paced(Pace.CAREFUL, Pace.NORMAL, instead=Pace.RUSH),
        "careful sooner": _scaled(careful_slack=0.8, rush_slack=0.7),
        "rushes sooner": _scaled(careful_slack=1.4, rush_slack=1.4),
        "no workshop": _without(Move.STAKEHOLDER_WORKSHOP),
        "workshops every five days": _ruled(trust_for_workshop=2.0, workshop_every_days=5),
        "never escalates": _without(Move.ESCALATE),
        "escalates often": _ruled(escalate_age_days=0.0, escalate_pending=1),
        "one training wave": _without(Move.TRAINING_WAVE, when=partial(_held, "training_waves", 1)),
        "many training waves": _ruled(training_readiness=0.97, training_each=2),
        "trains early": _scaled(training_built=0.6),
        "goes live earlier": _ruled(cycle_yield_defects=_NO_LIMIT, load_margin=-1.0),
        "goes live much earlier": _ruled(
            cycle_yield_defects=_NO_LIMIT,
            load_margin=-1.0,
            oldest_load_days=_NO_LIMIT,
            ready_built=0.5,
            ready_trained=0.0,
        ),
        "goes live later": _ruled(cycle_yield_defects=2, ready_built=0.97, ready_trained=0.7),
        "fewer test cycles": _scaled(first_cycle_built=1.4, next_cycle_hours=4.0),
        "more test cycles": _scaled(first_cycle_built=0.6, next_cycle_hours=0.33),
        "fewer mock loads": _ruled(most_mock_loads=2),
        "more mock loads": _ruled(load_margin=0.02, most_mock_loads=12, oldest_load_days=6),
        "loads data uncleansed": _scaled(cleansing_left_hours=4.0),
        "never adds capacity": _without(Move.ADD_CAPACITY),
        "adds capacity early": _ruled(
            add_capacity_overload=0.0, add_capacity_until=0.5, most_capacity_added=5
        ),
        "intervenes often": _ruled(
            intervene_blocked_hours=24.0, idle_ready_share=2.0, most_interventions=6
        ),
        "never intervenes": _without(Move.MANUAL_INTERVENTION),
        "never postpones": _without(Move.POSTPONE_GO_LIVE),
        "never rolls back": _without(Move.ROLL_BACK),
        "rolls back soon": _ruled(roll_back_productivity=0.7),
        "follows slack less": _scaled(slack_scale=5.0),
        "live on the date, ready or not": _ruled(latest_days=0.0),
        "live a week past the date at the latest": _ruled(latest_days=5.0),
        "waits for acceptance": _ruled(latest_days=_NO_LIMIT),
        "waits for the end of the season": _ruled(latest_days=_NO_LIMIT, earliest_days=12.0),
        "profiles the data early": _ruled(profile_from=0.4),
        "never profiles the data": _without(Move.PROFILE_DATA),
        "reviews the work": _ruled(review_from=0.6),
        "never reviews the work": _without(Move.REVIEW_WORK),
        "trains to perfection": _ruled(training_readiness=0.93, ready_trained=0.6),
        "trains little": _ruled(training_readiness=0.6, ready_trained=0.25),
        "workshops instead of escalations": _ruled(
            workshop_every_days=8, trust_for_workshop=0.9, escalate_age_days=10.0
        ),
        "escalations instead of workshops": _ruled(
            workshop_every_days=40, trust_for_workshop=0.0, escalate_age_days=0.6
        ),
        "agrees a new plan soon": _ruled(rebaseline_days=1.0),
    }


def removals() -> dict[str, PolicyFactory]:
    """The expert without each move and pace.

    Who looks at no mask makes do with the pace beside the withheld one: a name for each.
    """
    paces = {
        f"{pace.name.lower()} pace ({instead.name.lower()} instead)": _paced(pace, instead=instead)
        for pace in Pace
        for instead in Pace
        if instead is not pace and Pace.NORMAL in (pace, instead)
    }
    return {**{m.name.lower(): _without(m) for m in Move if m is not Move.NONE}, **paces}


EVERYTHING = {
    **dict.fromkeys(("walk_from", "visit_from", "talk_from", "review_from"), 0.0),
    "profile_from": 0.4,
    "most_readings": MOST_READINGS,
}
"""Rules that buy every reading, as often as it can be bought."""
READERS = {
    "reads every trait": tuple(move for move in Move if move not in READS),
    "buys readings": tuple(READS),
}
"""Policies by trait that show what a move is for, and the moves that each shows."""


def readers_removals(name: str) -> tuple[PolicyFactory, dict[str, PolicyFactory]]:
    """Makes one of ``READERS``, and makes it without each of its moves."""
    whole = trait_policies()[name]
    return whole, {
        f"{move.name.lower()} ({name})": partial(_withheld, whole, move)
        for move in READERS[name]
        if move is not Move.NONE
    }


def _withheld(whole: PolicyFactory, move: Move) -> Policy:
    return Without(whole(), moves=(move,))


def silly() -> dict[str, PolicyFactory]:
    """Policies that must lose: the world's probes, and the expert with one folly each."""
    late = partial(_from_share, 0.8)
    return {
        **{f"probe: {name}": policy_of(name) for name in KIND.probes},
        "live on day 5, rolls back": _ordering(
            (Move.GO_LIVE, partial(_from_day, 5)), (Move.ROLL_BACK, always)
        ),
        "live at half time": _ordering((Move.GO_LIVE, partial(_from_share, 0.5))),
        "the date is law": _ordering((Move.GO_LIVE, _on_the_date)),
        "live once accepted": _ordering((Move.GO_LIVE, _is_accepted)),
        "a workshop whenever it may": _ordering((Move.STAKEHOLDER_WORKSHOP, always)),
        "escalates whenever it may": _ordering((Move.ESCALATE, always)),
        "capacity to the maximum": _ordering((Move.ADD_CAPACITY, always)),
        "capacity when it is late": _ordering((Move.ADD_CAPACITY, late)),
        "intervenes every Monday": _ordering((Move.MANUAL_INTERVENTION, partial(_every, 5))),
        "perfect data": _ordering((Move.MOCK_LOAD, always)),
        "a test cycle every day": _ordering((Move.TEST_CYCLE, always)),
        "trains every day": _ordering((Move.TRAINING_WAVE, always)),
        "trains in the first weeks": _ordering((Move.TRAINING_WAVE, partial(_before_share, 0.3))),
        "freezes and thaws every day": _ordering((Move.CHANGE_FREEZE, always)),
        "postpones twice first": _ordering(
            (Move.POSTPONE_GO_LIVE, partial(_postponed_less_than, 2))
        ),
        "postpones whenever it may": _ordering((Move.POSTPONE_GO_LIVE, always)),
        "rolls back whenever it may": _ordering((Move.ROLL_BACK, always)),
        "rushes the second half": _paced(
            Pace.CAREFUL, Pace.NORMAL, instead=Pace.RUSH, when=partial(_from_share, 0.5)
        ),
        "rushes the first half": _paced(
            Pace.CAREFUL, Pace.NORMAL, instead=Pace.RUSH, when=partial(_before_share, 0.5)
        ),
        "no move but going live": _without(*(m for m in Move if m not in _NEEDED_TO_GO_LIVE)),
        "every move in turn": _make_in_turn,
        "typical practice": policy_of("typical_practice"),
        "by the calendar, lean": policy_of("static:specialists:normal:lean:0"),
        "by the calendar, thorough": policy_of("static:data_first:careful:thorough:1"),
    }


_NEEDED_TO_GO_LIVE = (Move.NONE, Move.GO_LIVE)


def planner(which: str) -> PolicyFactory | None:
    """Makes one of ``PLANNERS``; None if the world has no such planner."""
    try:
        load_policy(PLANNERS[which], KIND)
    except GoliveError:
        return None
    return policy_of(PLANNERS[which])


def trait_policies() -> dict[str, PolicyFactory]:
    """Policies that read the customer's traits, by what they do; empty where there are no traits.

    Targets are known for "reads every trait", "reads every trait wrong", "buys readings" and "buys
    everything". A name that ends in a trait's name, as ``right rule: patience``, is of this trait
    alone and is judged where the trait is high and where it is low.
    """
    return {
        "reads every trait": Clairvoyant,
        "reads every trait wrong": partial(Clairvoyant, wrong=True),
        "goes by signs": partial(Adaptive, bought={}),
        "buys readings": Adaptive,
        "buys everything": partial(Adaptive, bought=EVERYTHING),
        **{f"right rule: {name}": partial(Clairvoyant, only=(name,)) for name in TRAITS},
        **{
            f"wrong rule: {name}": partial(Clairvoyant, only=(name,), wrong=True) for name in TRAITS
        },
    }


def trait_values(customer: Customer) -> dict[str, float]:
    """The latent traits of a customer by name; empty where there are none."""
    traits = getattr(customer, "traits", None)
    return {} if traits is None else dict(traits)
