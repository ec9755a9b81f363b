"""Moving a customer's challenges from one plan to a longer or shorter one."""

from __future__ import annotations

from ...core.records import changed
from .customer import Customer


def with_challenges_in_plan(customer: Customer, from_weeks: int, to_weeks: int) -> Customer:
    """The customer with its challenges at the same share of a plan of another length.

    A challenge of week 2 of 6 is met when a sixth of the plan is over, so in week 9 of 52.

    Args:
        customer: the customer whose challenge weeks count in a plan of ``from_weeks``.
        from_weeks: length of that plan in weeks, >= 1.
        to_weeks: length of the other plan in weeks, >= 1.
    """
    if from_weeks == to_weeks or not customer.challenges:
        return customer
    challenges = tuple(
        changed(challenge, week=(min(challenge.week, from_weeks) - 1) * to_weeks // from_weeks + 1)
        for challenge in customer.challenges
    )
    return changed(customer, challenges=challenges)
