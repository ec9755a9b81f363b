"""Streams that no decision changes: tasks, outages, new versions, prices, troubles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ...core.arithmetic import binary_logarithm, plain_sum, power
from ...core.distributions import gamma_table, lognormal_table, normal_table, poisson_count
from ...core.draws import Draws
from ...core.random_streams import SEED_LIMIT, RandomStreams, purpose
from ...scenarios.gateway.scenario import GatewayScenario, Trouble
from ...scenarios.gateway.texts import task_texts
from ...scenarios.gateway.vocabulary import FAMILIES, PRIORITIES, Adversity, CompanyTrait, Wordings
from .company import AT_HOME, DEPARTMENTS, trait_of
from .laws import DAY_HOURS, whole_ticks
from .parameters import PARAMETERS, Parameters
from .state import NOBODY, State

BLOCKS = ((0.0, 8.0, 0.06), (8.0, 12.0, 0.44), (12.0, 14.0, 0.12), (14.0, 17.0, 0.25),
          (17.0, 20.0, 0.07), (20.0, 24.0, 0.06))  # fmt: skip
"""Hours of the day and their shares of its tasks: a public service desk's log (20 to 8: .12)."""
WEEKDAY_SHARES = (0.24, 0.20, 0.20, 0.16, 0.15, 0.03, 0.02)
"""Shares of a week's tasks, from Monday on: the same log."""
DUE_HOURS = (4.0, 24.0, 96.0, 168.0)
"""Service levels by priority, in hours of the calendar: an estimate of usual contracts."""
WORTH = (6.0, 3.0, 1.0, 0.7)
"""What a right answer is worth by priority, against a usual one: an estimate."""
_COUNT = len(FAMILIES)
_BROUGHT = purpose("gateway/version")
_MOST_RELATED = 60
_DECAY_DAYS = 21
"""In which agents get worse, bit by bit."""
_EVENTS = 128
"""Addresses of events that befall all agents at once: more than a pool has."""


@dataclass(frozen=True, slots=True)
class ComingTask:
    """A task of the stream; the fields are those of ``state.Task``."""

    at: float
    requester: int
    label: int
    main: int
    shown: int
    second: int
    second_share: float
    log2_hours: float
    residual: float
    vague: bool
    estimate_hours: float
    priority: int
    worth_usd: float
    confidential: bool


class Change(IntEnum):
    """Kinds of events that nobody decides on."""

    AWAY = 0
    BACK = 1
    CHANGED = 2
    PRICED = 3
    LIES = 4


@dataclass(frozen=True, slots=True)
class ComingEvent:
    """An event that nobody decides on.

    Attributes:
        at: hour.
        kind: what.
        agent: slot whom it befalls.
        number: of the event; draws of what it brings are addressed by it.
        size: factor of a price, or what a version brings to all families, in doublings.
        is_version: whether it differs from family to family and may be announced, as versions do.
    """

    at: float
    kind: Change
    agent: int
    number: int
    size: float = 0.0
    is_version: bool = True


class _Columns:
    """Draws for all tasks of a stream at once; equal to drawing each by itself."""

    def __init__(self, seed: int, count: int) -> None:
        self._streams = RandomStreams((seed + purpose("gateway/arrivals")) % SEED_LIMIT)
        self._whom = np.arange(count, dtype=np.uint64)

    def uniform(self, name: str) -> NDArray[np.float64]:
        return self._streams.uniforms(purpose(name), self._whom)

    def normal(self, name: str) -> NDArray[np.float64]:
        return normal_table().at_all(self.uniform(name))

    def lognormal(self, name: str, sigma: float) -> NDArray[np.float64]:
        return lognormal_table(sigma).at_all(self.uniform(name))


def draw_tasks(
    scenario: GatewayScenario, parameters: Parameters, state: State, seed: int
) -> tuple[ComingTask, ...]:
    """The stream of arrivals, in order of time.

    Args:
        scenario: how many, and of what kind.
        parameters: of the model.
        state: the company, which stays what it is whatever the seed.
        seed: of the luck.
    """
    moments = list(_moments(scenario, parameters, seed))
    moments.extend(_related(scenario, seed, moments))
    order = sorted(range(len(moments)), key=lambda place: (moments[place][0], place))
    columns, p = _Columns(seed, len(moments)), parameters
    requester = (columns.uniform("who") * len(state.requesters)).astype(np.int64)
    family = _families(state, parameters, requester, columns.uniform("family"))
    _turn_with_seasons(scenario, seed, moments, family, columns)
    for place, (_, related) in enumerate(moments):
        if related != NOBODY:  # what an incident brings is of the incident's kind
            requester[place], family[place] = requester[related], family[related]
    mixed = columns.uniform("mixed") < scenario.mixed_share
    other = (columns.uniform("second") * (_COUNT - 1)).astype(np.int64)
    second = np.where(mixed, other + (other >= family), NOBODY)
    spread = p.second_share_high - p.second_share_low
    share = np.where(mixed, p.second_share_low + spread * columns.uniform("share"), 0.0)
    hours = scenario.median_task_hours * columns.lognormal("hours", p.task_hours_sigma)
    estimate = hours * columns.lognormal("estimate", p.estimate_sigma)
    residual = columns.normal("residual") * p.task_residual
    vague = columns.uniform("vague") < scenario.vague_share
    confidential = columns.uniform("confidential") < scenario.confidential_share
    right = p.label_middle + p.label_swing * trait_of(state, CompanyTrait.LABELS)
    wrong = (columns.uniform("wrong label") * (_COUNT - 1)).astype(np.int64)
    label = np.where(columns.uniform("label") < right, family, wrong + (wrong >= family))
    ends = np.array([plain_sum(scenario.priority_shares[: n + 1]) for n in range(3)])
    misled = p.text_misled * (1.0 + trait_of(state, CompanyTrait.LABELS))
    seems = (columns.uniform("seems") * (_COUNT - 1)).astype(np.int64)
    symptom = columns.uniform("symptom") < misled
    shown = np.where(symptom, seems + (seems >= family), family)
    priority = 1 + np.searchsorted(ends, columns.uniform("priority"), side="right")
    margin = p.margin_mean * columns.lognormal("margin", p.margin_sigma)
    worth = hours * scenario.person_usd_per_hour * margin
    return tuple(
        ComingTask(
            at=moments[n][0],
            requester=int(requester[n]),
            label=int(label[n]),
            main=int(family[n]),
            shown=int(shown[n]),
            second=int(second[n]),
            second_share=float(share[n]),
            log2_hours=binary_logarithm(float(hours[n])),
            residual=float(residual[n]),
            vague=bool(vague[n]),
            estimate_hours=float(estimate[n]),
            priority=PRIORITIES[int(priority[n]) - 1],
            worth_usd=float(worth[n]) * WORTH[int(priority[n]) - 1],
            confidential=bool(confidential[n]),
        )
        for n in order
    )


def _moments(
    scenario: GatewayScenario, parameters: Parameters, seed: int
) -> Iterator[tuple[float, int]]:
    """Hours of arrival, each with the place of the task that it is related to."""
    draws = Draws(seed, "gateway/moments")
    shape = power(parameters.day_level_variation, -2.0)
    number = 0
    for day in range(7 * scenario.weeks):
        level = gamma_table(shape).at(draws.uniform("level", day)) / shape
        today = scenario.tasks_per_week * WEEKDAY_SHARES[day % 7] * level
        for block, (begin, end, share) in enumerate(BLOCKS):
            whom = day * len(BLOCKS) + block
            for _ in range(poisson_count(today * share, draws.uniform("count", whom))):
                hour = begin + (end - begin) * draws.uniform("moment", number)
                yield whole_ticks(day * DAY_HOURS + hour), NOBODY
                number += 1


def _related(
    scenario: GatewayScenario, seed: int, moments: list[tuple[float, int]]
) -> Iterator[tuple[float, int]]:
    """What a flood brings: in the hours after a task, others of its kind."""
    draws = Draws(seed, "gateway/flood")
    for number, trouble in enumerate(scenario.troubles):
        if trouble.kind is not Adversity.FLOOD or not moments:
            continue
        begin = _hour_of(scenario, trouble, draws, number)
        first = next((n for n, (at, _) in enumerate(moments) if at >= begin), len(moments) - 1)
        usual = scenario.tasks_per_week / 5.0
        size = min(_MOST_RELATED, max(1, int(trouble.severity * usual)))
        for place in range(size):
            delay = 3.0 * draws.uniform("delay", number * _MOST_RELATED + place)
            yield whole_ticks(moments[first][0] + delay), first


def _turn_with_seasons(
    scenario: GatewayScenario,
    seed: int,
    moments: list[tuple[float, int]],
    family: NDArray[np.int64],
    columns: _Columns,
) -> None:
    """Let tasks of every other week be of the opposite family, from a trouble's day on."""
    draws = Draws(seed, "gateway/season")
    for number, trouble in enumerate(scenario.troubles):
        if trouble.kind is not Adversity.TOPIC_SEASON:
            continue
        begin = _hour_of(scenario, trouble, draws, number)
        turned = columns.uniform(f"season {number}") < trouble.severity
        for place, (at, _) in enumerate(moments):
            if at >= begin and int((at - begin) // (7 * DAY_HOURS)) % 2 == 0 and turned[place]:
                family[place] = (family[place] + _COUNT // 2) % _COUNT


def _families(
    state: State, parameters: Parameters, requesters: NDArray[np.int64], u: NDArray[np.float64]
) -> NDArray[np.int64]:
    ends: list[list[float]] = []
    for department in DEPARTMENTS:
        home = AT_HOME[department]
        weights = [
            weight * (parameters.family_at_home if FAMILIES[family] in home else 1.0)
            for family, weight in enumerate(state.families)
        ]
        total, upto = plain_sum(weights), 0.0
        ends.append([])
        for weight in weights:
            upto += weight / total
            ends[-1].append(upto)
    departments = np.array([one.department for one in state.requesters])[requesters]
    table = np.array(ends)
    table[:, -1] = 1.0
    below: NDArray[np.int64] = np.count_nonzero(table[departments] <= u[:, None], axis=1)
    return below


def draw_events(
    scenario: GatewayScenario, parameters: Parameters, state: State, seed: int
) -> tuple[ComingEvent, ...]:
    """Outages, new versions, prices and troubles, in order of time."""
    draws = Draws(seed, "gateway/events")
    events: list[ComingEvent] = []
    hours = 7 * DAY_HOURS * scenario.weeks
    months = hours / (DAY_HOURS * 30.0)
    for slot in range(len(state.agents)):
        outages = poisson_count(
            scenario.outages_per_agent_month * months, draws.uniform("outages", slot)
        )
        for n in range(outages):
            whom = slot * 256 + n
            length = parameters.outage_hours * gamma_table(1.0).at(draws.uniform("length", whom))
            at = hours * draws.uniform("away at", whom)
            _away(events, at, at + length, slot, whom)
        changes = poisson_count(
            scenario.changes_per_agent_month * months, draws.uniform("changes", slot)
        )
        for n in range(changes):
            whom = slot * 256 + n
            at = whole_ticks(hours * draws.uniform("changed at", whom))
            events.append(ComingEvent(at, Change.CHANGED, slot, whom, parameters.change_mean))
    for number, trouble in enumerate(scenario.troubles):
        events.extend(_trouble(scenario, state, trouble, draws, number))
    return tuple(sorted(events, key=lambda event: (event.at, event.kind, event.agent)))


def _away(events: list[ComingEvent], begin: float, end: float, slot: int, number: int) -> None:
    events.append(ComingEvent(whole_ticks(begin), Change.AWAY, slot, number))
    events.append(ComingEvent(whole_ticks(end), Change.BACK, slot, number))


def _hour_of(scenario: GatewayScenario, trouble: Trouble, draws: Draws, number: int) -> float:
    """The hour of a trouble: at nine on its day, or on one of the first two thirds."""
    day = trouble.day
    if day is None:
        day = int(draws.uniform("trouble day", number) * 7 * scenario.weeks * 2 / 3)
    return min(day, 7 * scenario.weeks - 1) * DAY_HOURS + 9.0


def _trouble(
    scenario: GatewayScenario, state: State, trouble: Trouble, draws: Draws, number: int
) -> Iterator[ComingEvent]:
    at = _hour_of(scenario, trouble, draws, number)
    groups = sorted({agent.group for agent in state.agents})
    group = groups[int(draws.uniform("trouble group", number) * len(groups))]
    members = [slot for slot, agent in enumerate(state.agents) if agent.group == group]
    found: list[ComingEvent] = []
    match trouble.kind:
        case Adversity.OUTAGE:
            for slot in members:
                _away(found, at, at + 48.0 * trouble.severity, slot, 60_000 + number)
        case Adversity.PRICE_SHOCK:
            factor = 1.0 + 3.0 * trouble.severity
            found = [ComingEvent(at, Change.PRICED, slot, number, factor) for slot in members]
        case Adversity.BAD_VERSION:
            worse = -3.0 * trouble.severity
            found = [
                ComingEvent(at, Change.CHANGED, slot, 70_000 + number * _EVENTS + slot, worse)
                for slot in _largest(state)
            ]
        case Adversity.GRADUAL_DECAY:
            daily = -3.0 * trouble.severity / _DECAY_DAYS
            found = [
                ComingEvent(at + day * DAY_HOURS, Change.CHANGED, slot, number, daily, False)
                for slot in _largest(state)
                for day in range(_DECAY_DAYS)
            ]
        case Adversity.RETRAINED:
            better = 3.0 * trouble.severity
            found = [
                ComingEvent(at, Change.CHANGED, slot, 80_000 + number * _EVENTS + slot, better)
                for slot in members
            ]
        case Adversity.POISONED_RATINGS:
            found = [ComingEvent(at, Change.LIES, NOBODY, number)]
        case Adversity.FLOOD | Adversity.OVERCLAIMING | Adversity.TOPIC_SEASON:
            pass
    yield from found


def _largest(state: State) -> list[int]:
    """Slots of a sixth of the agents, those that take most tasks at once."""
    slots = range(len(state.agents))
    largest = sorted(slots, key=lambda slot: (-state.agents[slot].capacity, slot))
    return largest[: max(3, len(largest) // 6)]


def changed_horizon(
    horizon: list[float], event: ComingEvent, parameters: Parameters, streams: RandomStreams
) -> list[float]:
    """An agent's horizon, by family, after the new version or the decay that an event brings."""
    families = len(horizon)
    if not event.is_version:
        return [doublings + event.size for doublings in horizon]
    return [
        doublings
        + (
            event.size
            + parameters.change_sigma
            * normal_table().at(streams.uniform(_BROUGHT, event.number * families + family))
        )
        for family, doublings in enumerate(horizon)
    ]


def text_of(wordings: Wordings, nature: int, main: int, second: int, vague: bool) -> str:
    """A task's text: a title, a second trade's if it is mixed, and details.

    A vague one says neither what it is about nor what it needs. Of some mixed tasks the second
    trade comes first.

    Args:
        wordings: that are used.
        nature: of the task, which chooses among wordings and things.
        main: family that it mostly needs.
        second: the other one, or ``NOBODY``.
        vague: whether it leaves everything out.
    """
    texts, number = task_texts(), nature >> 7  # below are the slots
    if vague:
        return f"{texts.unclear[number % len(texts.unclear)]}."

    def filled(family: int, number: int) -> str:
        own = texts.families[FAMILIES[family]]
        titles = own.titles(wordings)
        thing = own.things[number // len(titles) % len(own.things)]
        return titles[number % len(titles)].replace("{thing}", thing)

    if second != NOBODY and number % 1_000 < 1_000.0 * PARAMETERS.title_names_second:
        main, second = second, main
    parts = [filled(main, number)]
    if second != NOBODY:
        also = texts.also[number % len(texts.also)]
        parts.append(also.replace("{text}", filled(second, number // 7)))
    parts.append(texts.details[number // 11 % len(texts.details)])
    return ". ".join(parts) + "."
