"""Laws of placing a task, over all tasks and choices at once; bit-equal to the world's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.arithmetic import powers_of_two
from ...core.distributions import gamma_table, lognormal_table, normal_table
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.gateway.vocabulary import PRIORITIES
from .arrivals import DUE_HOURS, Change, ComingEvent
from .context import CONFIDENCE, NATURE, NATURES, PAIR, SLOTS, Context
from .laws import TICKS_PER_HOUR, logistic_all
from .state import NOBODY
from .work import Outcome

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
(_OUTCOME, _SILENT, _TIMEOUT, _PACE, _PERSON, _PERSON_PACE,
 _OVERRIDE, _NOTICE, _NOTICE_AT, _RATE, _RATE_AT) = (
    purpose(f"gateway/{name}")
    for name in ("outcome", "silent", "timeout", "pace", "person", "person pace",
                 "override", "notice", "notice at", "rate", "rate at")
)  # fmt: skip
_NATURES = float(2**40)
_TICK = 1.0 / TICKS_PER_HOUR
_MIDDLES = tuple((place + 0.5) / 12.0 for place in range(12))
"""Quantiles that stand for a time's law where its mean effect is asked."""


@dataclass(frozen=True, eq=False)
class Placements:
    """Latent laws of each task, float64 (tasks,), and of each task with each agent (tasks, agents).

    Attributes:
        nature: int64 (tasks,), address of draws of what a task is.
        hours: a person's hours for it.
        due_in_hours: its service level.
        noticing: chance that its requester notices a wrong answer.
        person: a person's chance of success.
        attainable_usd: what the best single choice would be worth at once, as in the world's score.
        overriding: chance that its requester insists on their favourite.
        favourite: int64 (tasks,), that favourite.
        success: each agent's chance (tasks, agents).
        confidence: what each agent states (tasks, agents).
        silent_share: of failures that look like success (agents,).
        price: USD for an hour of a person's work (tasks, agents).
        context: of the company at the beginning.
        tasks: columns of ``ComingTask``.
    """

    nature: NDArray[np.int64]
    hours: Floats
    due_in_hours: Floats
    noticing: Floats
    person: Floats
    attainable_usd: Floats
    overriding: Floats
    favourite: NDArray[np.int64]
    success: Floats
    confidence: Floats
    silent_share: Floats
    price: Floats
    context: Context
    tasks: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Results:
    """Results of each choice, (tasks, choices) each.

    Attributes:
        open_to: bool, who may do it.
        done_by: int64, who does it: the choice, or whom the requester insists on.
        outcome: int64, ``Outcome``; a person's failure is an error.
        reward_usd: float64, worth less costs and harm.
        work_usd: float64, of the work alone.
        answer_hours: float64, until it is delivered or comes back.
        noticed_hours: float64, until a wrong answer is noticed; inf if it never is.
        stars: float64, 5 or 1; 0 where nobody rates.
        rated_hours: float64, until a rating comes; inf where nobody rates.
    """

    open_to: Flags
    done_by: NDArray[np.int64]
    outcome: NDArray[np.int64]
    reward_usd: Floats
    work_usd: Floats
    answer_hours: Floats
    noticed_hours: Floats
    stars: Floats
    rated_hours: Floats


def placements_of(
    context: Context,
    tasks: Mapping[str, NDArray[Any]],
    changes: list[tuple[int, int, list[float]]],
    price: Floats,
) -> Placements:
    """The laws of all tasks.

    Args:
        context: of the company at the beginning.
        tasks: columns of ``ComingTask``.
        changes: (first task, agent, horizon) of new versions, in order of time.
        price: float64 (tasks, agents).
    """
    p, state, streams = context.parameters, context.state, context.streams
    count, agents = len(tasks["at"]), len(state.agents)
    numbers = np.arange(count, dtype=np.uint64)
    nature = (streams.uniforms(NATURE, numbers) * _NATURES).astype(np.int64) * SLOTS
    skill = _skills(context.horizon, tasks)
    for first, slot, horizon in changes:
        later = {name: tasks[name][first:] for name in ("main", "second", "second_share")}
        skill[first:, slot] = _skills(np.array([horizon]), later)[:, 0]
    slots = np.arange(agents, dtype=np.uint64)
    pairs: NDArray[np.uint64] = nature.astype(np.uint64)[:, None] + slots
    residual = normal_table().at_all(NATURES.uniforms(PAIR, pairs)) * p.pair_residual
    log2_hours, own = tasks["log2_hours"][:, None], tasks["residual"][:, None]
    vague = tasks["vague"]
    # The order in which the world's ``Work`` and ``Context`` add up, for the same bits.
    logits = p.slope * (skill - log2_hours) + own + residual
    logits[vague] -= context.law.vague_penalty
    stated, complete = own - p.slope * log2_hours, skill * p.slope + residual
    chance_complete = logistic_all(complete + stated)
    stated[vague] -= context.law.vague_penalty
    noise = normal_table().at_all(NATURES.uniforms(CONFIDENCE, pairs))
    candour = context.law.candour
    known = (complete + stated) * candour + context.boast * (1.0 - candour)
    hours = powers_of_two(tasks["log2_hours"])
    person = logistic_all(p.person_success + p.person_residual * tasks["residual"])
    expertise = np.array([one.expertise for one in state.requesters])
    who = tasks["requester"]
    habits = [p.override_share * one.habit * (1.0 - one.trust) for one in state.requesters]
    cleared = np.array([agent.cleared for agent in state.agents])
    worth = tasks["worth_usd"]
    alone = chance_complete * worth[:, None] - price * hours[:, None]
    alone = np.where(tasks["confidential"][:, None] & ~cleared, 0.0, alone)
    by_person = person * worth - context.scenario.person_usd_per_hour * hours
    return Placements(
        nature=nature,
        hours=hours,
        due_in_hours=np.array(DUE_HOURS)[tasks["priority"] - PRIORITIES[0]],
        noticing=expertise[who, tasks["main"]],
        person=person,
        attainable_usd=np.maximum(np.maximum(0.0, by_person), alone.max(axis=1)),
        overriding=np.array(habits)[who],
        favourite=np.array([one.favourite for one in state.requesters])[who],
        success=logistic_all(logits),
        confidence=logistic_all(known + 0.5 * noise),
        silent_share=np.array([agent.silent_share for agent in state.agents]),
        price=price,
        context=context,
        tasks=tasks,
    )


def _skills(horizon: Floats, tasks: Mapping[str, NDArray[Any]]) -> Floats:
    main, second, share = tasks["main"], tasks["second"], tasks["second_share"][:, None]
    skill = horizon[:, main].T
    both = skill * (1.0 - share) + horizon[:, second].T * share
    found: Floats = np.where(second[:, None] == NOBODY, skill, both)
    return found


def results_of(laws: Placements, events: tuple[ComingEvent, ...], away: Flags) -> Results:
    """Results of each choice.

    Args:
        laws: of the tasks.
        events: that nobody decides on.
        away: bool (tasks, agents), who is out of service when a task comes.
    """
    context, tasks = laws.context, laws.tasks
    p, state, streams = context.parameters, context.state, context.streams
    count, agents = laws.success.shape
    numbers, slots = np.arange(count, dtype=np.uint64), np.arange(agents, dtype=np.uint64)
    pairs = numbers[:, None] * np.uint64(SLOTS) + slots

    right = streams.uniforms(_OUTCOME, pairs) < laws.success
    silent = streams.uniforms(_SILENT, pairs) < laws.silent_share
    slow = streams.uniforms(_TIMEOUT, pairs) < p.timeout_share
    failed = np.where(slow, int(Outcome.TIMEOUT), int(Outcome.ERROR))
    outcome = np.where(right, int(Outcome.RIGHT), np.where(silent, int(Outcome.WRONG), failed))
    usual = laws.hours[:, None] * np.array([agent.pace for agent in state.agents])
    hours = usual * lognormal_table(p.pace_sigma).at_all(streams.uniforms(_PACE, pairs))
    hours = np.where(outcome == Outcome.ERROR, hours * p.error_time, hours)
    hours = np.where(outcome == Outcome.TIMEOUT, usual * p.timeout_time, hours)
    share = np.where(outcome == Outcome.ERROR, p.error_time, 1.0)
    fee = laws.price * laws.hours[:, None] * share

    drawn = streams.uniforms(_PERSON_PACE, numbers)
    by_person = laws.hours * lognormal_table(p.person_sigma).at_all(drawn)
    helps = streams.uniforms(_PERSON, numbers) < laws.person
    of_person = np.where(helps, int(Outcome.RIGHT), int(Outcome.ERROR))
    outcome = np.concatenate([outcome, of_person[:, None]], axis=1)
    hours = _ticks(np.concatenate([hours, by_person[:, None]], axis=1))
    wages = (by_person * context.scenario.person_usd_per_hour)[:, None]
    cost = np.concatenate([fee, wages], axis=1)
    by_agent = np.ones((1, agents + 1), dtype=np.bool_)
    by_agent[:, -1] = False

    worth = tasks["worth_usd"][:, None]
    right, wrong = outcome == Outcome.RIGHT, outcome == Outcome.WRONG
    noticed = wrong & (streams.uniforms(_NOTICE, numbers) < laws.noticing)[:, None]
    solved = np.where(right, worth * powers_of_two(-hours / context.law.half_life_hours), 0.0)
    harm = np.where(noticed, p.noticed_harm * context.law.harm * worth, context.law.harm * worth)
    late = (right | wrong) & (hours > laws.due_in_hours[:, None])
    returned = noticed | ((outcome == Outcome.ERROR) & by_agent) | (outcome == Outcome.TIMEOUT)
    # Sums in the order of the world's scorecard, for the same bits.
    costs = cost + returned * p.reassignment_usd
    costs = costs + np.where(wrong, harm, 0.0) + np.where(late, p.breach_share * worth, 0.0)
    notice = _memoryless(streams, _NOTICE_AT, p.notice_hours, numbers)[:, None]
    heard = np.where(noticed, hours + notice, hours)
    chance = np.where(noticed, min(1.0, p.rating_share * p.rating_odds), p.rating_share)
    rates = (right | wrong) & by_agent & (streams.uniforms(_RATE, numbers)[:, None] < chance)
    lies_from = min((one.at for one in events if one.kind is Change.LIES), default=np.inf)
    lies = (tasks["requester"] % 5 == 0)[:, None] & (tasks["at"][:, None] + heard >= lies_from)
    stars = np.where(noticed ^ lies, 1.0, 5.0)
    rated = heard + _memoryless(streams, _RATE_AT, p.rating_hours, numbers)[:, None]

    allowed = _allowed(laws, away)
    insists = streams.uniforms(_OVERRIDE, numbers) < laws.overriding
    done_by = _done_by(laws.favourite, insists, allowed)
    found = Results(
        open_to=allowed,
        done_by=done_by,
        outcome=outcome,
        reward_usd=solved - costs,
        work_usd=cost,
        answer_hours=hours,
        noticed_hours=np.where(noticed, heard, np.inf),
        stars=np.where(rates, stars, 0.0),
        rated_hours=np.where(rates, rated, np.inf),
    )
    for one in fields(found)[2:]:
        values = np.take_along_axis(getattr(found, one.name), done_by, axis=1)
        object.__setattr__(found, one.name, values)
    return found


def expected_rewards(laws: Placements, allowed: Flags) -> Floats:
    """Mean reward of each choice over all luck in USD, float64 (tasks, choices).

    Times of work count by twelve quantiles of their law; overrides are in it.
    """
    context, tasks = laws.context, laws.tasks
    p, state, law = context.parameters, context.state, context.law
    usual = laws.hours[:, None] * np.array([agent.pace for agent in state.agents])
    timely, late = np.zeros_like(usual), np.zeros_like(usual)
    own, own_late = np.zeros_like(laws.hours), np.zeros_like(laws.hours)
    for u in _MIDDLES:
        hours = usual * lognormal_table(p.pace_sigma).at(u)
        timely += np.exp2(-hours / law.half_life_hours)  # same bits: no digest has it
        late += hours > laws.due_in_hours[:, None]
        hours_own = laws.hours * lognormal_table(p.person_sigma).at(u)
        own += np.exp2(-hours_own / law.half_life_hours)  # same bits: no digest has it
        own_late += hours_own > laws.due_in_hours
    quantiles = len(_MIDDLES)
    worth, noticing = tasks["worth_usd"][:, None], laws.noticing[:, None]
    right = laws.success
    wrong = (1.0 - right) * laws.silent_share
    failed = 1.0 - right - wrong
    early = failed * (1.0 - p.timeout_share)
    value = worth * (right * timely - p.breach_share * late * (right + wrong)) / quantiles
    value -= laws.price * laws.hours[:, None] * (1.0 - early * (1.0 - p.error_time))
    value -= (failed + wrong * noticing) * p.reassignment_usd
    value -= wrong * law.harm * worth * (noticing * p.noticed_harm + 1.0 - noticing)
    person = laws.person * tasks["worth_usd"] * (own - p.breach_share * own_late) / quantiles
    mean_hours = laws.hours * lognormal_table(p.person_sigma).mean
    person = person - mean_hours * context.scenario.person_usd_per_hour
    rows = np.arange(len(value))
    takes = allowed[rows, laws.favourite]
    share = np.where(takes, laws.overriding, 0.0)[:, None]
    value = (1.0 - share) * value + share * value[rows, laws.favourite][:, None]
    return np.concatenate([value, person[:, None]], axis=1)


def _allowed(laws: Placements, away: Flags) -> Flags:
    agents, tasks = laws.context.state.agents, laws.tasks
    cleared = np.array([agent.cleared for agent in agents])
    longest = np.array([agent.longest_task_hours for agent in agents])
    takes = ~away & (cleared | ~tasks["confidential"][:, None])
    takes &= tasks["estimate_hours"][:, None] <= longest
    return np.concatenate([takes, np.ones((len(takes), 1), dtype=np.bool_)], axis=1)


def _done_by(favourite: NDArray[np.int64], insists: Flags, allowed: Flags) -> NDArray[np.int64]:
    """Who does each task by choice: where requesters insist, their favourite, or a person."""
    choices = allowed.shape[1]
    insists = insists & allowed[np.arange(len(favourite)), favourite]
    found = np.tile(np.arange(choices), (len(favourite), 1))
    found[insists, :-1] = favourite[insists, None]
    return found


def _ticks(hours: Floats) -> Floats:
    found: Floats = np.maximum(np.floor(hours * TICKS_PER_HOUR + 0.5) / TICKS_PER_HOUR, _TICK)
    return found


def _memoryless(
    streams: RandomStreams, key: int, mean: float, numbers: NDArray[np.uint64]
) -> Floats:
    return _ticks(mean * gamma_table(1.0).at_all(streams.uniforms(key, numbers)))
