"""The look back: the decisions that mattered, beside the expert's and the planner's."""

from __future__ import annotations

from golive.agents.registry import load_policy
from golive.agents.review import Morning, review
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.decision import Decision
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
EXPERT = KIND.policies[KIND.expert]


def mornings(foolish: dict[int, Decision]) -> list[Morning]:
    """Mornings of an episode by the expert, but for foolish ones."""
    world, expert = KIND.build(load_scenario("furniture"), 3), load_policy("expert")
    expert.reset(3)
    seen = []
    for number in range(max(foolish, default=5) + 1):
        theirs = expert.decide(world.briefing(), world.legal())
        decision = foolish.get(number, theirs)
        seen.append(Morning(world.snapshot(), decision, theirs))
        world.advance(decision)
    return seen


def test_an_episode_of_the_expert_has_nothing_to_look_back_on() -> None:
    assert review(KIND, mornings({}), 3, expert=EXPERT) == []


def test_the_mornings_that_cost_most_are_found_and_compared() -> None:
    told: list[tuple[int, int]] = []
    idle = {number: Decision() for number in (8, 9, 10)}
    found = review(
        KIND,
        mornings(idle),
        3,
        expert=EXPERT,
        most=2,
        futures=4,
        budget=4,
        progress=lambda done, steps: told.append((done, steps)),
    )
    assert told == [(number, 5) for number in range(1, 6)]
    assert len(found) == 2
    assert [one.moment for one in found] == sorted(one.moment for one in found)
    assert {one.moment for one in found} <= set(idle)
    for one in found:
        own, theirs, planned = one.decisions
        assert own == Decision() != theirs
        assert KIND.language.action(planned).shape == KIND.language.action(theirs).shape
        assert all(0.0 <= score <= 1.0 for score in one.scores)
        assert one.scores[1] > one.scores[0]
    assert found == review(KIND, mornings(idle), 3, expert=EXPERT, most=2, futures=4, budget=4)
