"""The result of an episode, in a service desk's units."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from ..metrics import Better, Metric, Style
from .state import State

GOOD_SCORE = 0.5
"""Of what could be had, from which an episode counts as a success: an estimate."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The tasks' results in figures.

    Attributes:
        gateway_score: worth less costs and harm, over what the best single choice for each task
            would have been worth at once; 0 to 1.
        success: whether it is at least ``GOOD_SCORE``.
        net_usd: worth less costs and harm.
        worth_usd: of right answers when they came, and of what requesters did themselves.
        attainable_usd: what the best single choices would have been worth.
        agents_usd: price of the agents' work.
        people_usd: price of the people's.
        handling_usd: of questions, parts and tasks that came back.
        harm_usd: of wrong answers.
        breach_usd: penalties of missed service levels.
        tasks_arrived: in all.
        solved_share: of the tasks, answered right.
        right_first_share: answered right by the first agent asked.
        silent_share: of the tasks, wrong answers that looked right.
        breach_share: of the tasks, answered after their service level.
        reassignments_per_task: times that a task came back.
        hours_to_solve: from arrival to the right answer, in the mean.
        people_share: of the tasks, given to people.
        asked_share: of the tasks, asked about.
        asked_in_vain_share: of the questions, those where nothing was missing.
        split_share: of the tasks, split.
        override_share: of the placements, changed by requesters.
        override_precision: of the changes, to a better agent.
        bypass_share: of the tasks, kept away from the gateway.
        requester_trust: of the requesters, in the mean.
        unanswered_share: of the tasks, without any answer.
        decisions: that were made.
        illegal_decisions: of them.
    """

    gateway_score: float
    success: bool
    net_usd: float
    worth_usd: float
    attainable_usd: float
    agents_usd: float
    people_usd: float
    handling_usd: float
    harm_usd: float
    breach_usd: float
    tasks_arrived: int
    solved_share: float
    right_first_share: float
    silent_share: float
    breach_share: float
    reassignments_per_task: float
    hours_to_solve: float
    people_share: float
    asked_share: float
    asked_in_vain_share: float
    split_share: float
    override_share: float
    override_precision: float
    bypass_share: float
    requester_trust: float
    unanswered_share: float
    decisions: int
    illegal_decisions: int

    def as_dict(self) -> dict[str, float | bool | int]:
        """All fields by name."""
        return asdict(self)


def scorecard_of(state: State) -> Scorecard:
    """The result so far; tasks that are open count as unanswered."""
    t = state.totals
    tasks = max(1, t.arrived)
    cost = t.agents_usd + t.people_usd + t.handling_usd + t.harm_usd + t.breach_usd
    net = t.solved_usd - cost
    score = min(1.0, max(0.0, net / t.attainable_usd)) if t.attainable_usd > 0.0 else 0.0
    trust = 0.0
    for requester in state.requesters:
        trust += requester.trust
    still_open = 0
    for task in state.tasks.values():
        still_open += task.parent < 0
    return Scorecard(
        gateway_score=score,
        success=score >= GOOD_SCORE,
        net_usd=net,
        worth_usd=t.solved_usd,
        attainable_usd=t.attainable_usd,
        agents_usd=t.agents_usd,
        people_usd=t.people_usd,
        handling_usd=t.handling_usd,
        harm_usd=t.harm_usd,
        breach_usd=t.breach_usd,
        tasks_arrived=t.arrived,
        solved_share=t.solved / tasks,
        right_first_share=t.right_first / tasks,
        silent_share=t.silent / tasks,
        breach_share=t.breaches / tasks,
        reassignments_per_task=t.returned / tasks,
        hours_to_solve=t.hours_to_solve / max(1, t.solved),
        people_share=t.with_people / tasks,
        asked_share=t.asked / tasks,
        asked_in_vain_share=t.asked_in_vain / max(1, t.asked),
        split_share=t.split / tasks,
        override_share=t.overridden / max(1, t.placements),
        override_precision=t.overrides_right / max(1, t.overridden),
        bypass_share=t.bypassed / tasks,
        requester_trust=trust / len(state.requesters),
        unanswered_share=(t.unanswered + still_open) / tasks,
        decisions=t.decisions,
        illegal_decisions=t.illegal,
    )


NO_SCORECARD: dict[str, float | bool | int] = {
    f.name: {"bool": False, "int": 0}.get(str(f.type), 0.0) for f in fields(Scorecard)
}
"""The fields, each false or 0."""


def _share(name: str, label: str, better: Better, short: str = "") -> Metric:
    return Metric(name, label, better, Style.SHARE, short)


METRICS: tuple[Metric, ...] = (
    Metric("gateway_score", "Gateway score", Better.HIGHER, Style.SCORE, short="score"),
    Metric("success", "Successful", Better.HIGHER, Style.SHARE, short="success"),
    Metric("net_usd", "Worth less costs and harm (USD)", Better.HIGHER, Style.MONEY),
    Metric("worth_usd", "Worth of answers (USD)", Better.HIGHER, Style.MONEY),
    Metric("attainable_usd", "Attainable worth (USD)", Better.NEITHER, Style.MONEY),
    Metric("agents_usd", "Agents (USD)", Better.LOWER, Style.MONEY, short="agents"),
    Metric("people_usd", "People (USD)", Better.LOWER, Style.MONEY, short="people"),
    Metric("handling_usd", "Questions, parts, returns (USD)", Better.LOWER, Style.MONEY),
    Metric("harm_usd", "Harm (USD)", Better.LOWER, Style.MONEY, short="harm"),
    Metric("breach_usd", "Missed service levels (USD)", Better.LOWER, Style.MONEY),
    Metric("tasks_arrived", "Tasks", Better.NEITHER, Style.NUMBER),
    _share("solved_share", "Solved", Better.HIGHER, "solved"),
    _share("right_first_share", "Solved by the first agent", Better.HIGHER),
    _share("silent_share", "Wrong answers that looked right", Better.LOWER, "silent"),
    _share("breach_share", "Service levels missed", Better.LOWER),
    Metric("reassignments_per_task", "Returns per task", Better.LOWER, Style.NUMBER),
    Metric("hours_to_solve", "Hours to solve", Better.LOWER, Style.NUMBER, short="hours"),
    _share("people_share", "Given to people", Better.NEITHER),
    _share("asked_share", "Asked about", Better.NEITHER),
    _share("asked_in_vain_share", "Asked in vain", Better.LOWER),
    _share("split_share", "Split", Better.NEITHER),
    _share("override_share", "Overridden", Better.NEITHER),
    _share("override_precision", "Overrides to a better agent", Better.NEITHER),
    _share("bypass_share", "Kept away from the gateway", Better.LOWER),
    _share("requester_trust", "Requesters' trust", Better.HIGHER),
    _share("unanswered_share", "Unanswered", Better.LOWER),
    Metric("decisions", "Decisions", Better.NEITHER, Style.NUMBER),
    Metric("illegal_decisions", "Illegal decisions", Better.LOWER, Style.NUMBER),
)
"""The scorecard's fields as metrics."""
