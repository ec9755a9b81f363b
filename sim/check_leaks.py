"""A search for what must not be known in all that is seen: latent truth, the expert's answer.

Everything that is seen at a decision point is laid out as *places*: numbers and names in the
briefing, the observation and the texts, each by where it stands. What must not be known is laid
out as *secrets*: latent values of the state, the expert's decision, the score to come. A place
leaks a secret if it shows it at every look that has both, and so often and so exactly that among
all pairs of places and secrets no accident would do that.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.arithmetic import plain_sum, rounded
from ..scenarios.scenario import Scenario
from .check_words import texts_of
from .episode_digests import players
from .episodes import advance_once, begin_episode
from .protocol import AnyWorld
from .quality import Measured, exact
from .tool_calls import command_of, json_of
from .world_kind import WorldKind

LOOKS_PER_EPISODE = 4
_EVERY = 6
"""Decision points between two looks."""
_LEAST_LOOKS = 4
_LEAST_VALUES = 3
"""Values that a secret must have taken before agreement counts."""
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_NAME = re.compile(r"[A-Za-z_]\w*")
_EVIDENCE = 3.0
"""Orders of magnitude by which agreement must be unlikely, after counting all that is compared."""
_DECISION, _SCORE = "the expert's", "the score to come"

FloatArray = NDArray[np.float64]
Look = tuple[dict[str, Any], dict[str, Any]]
"""Places and secrets of one decision point, by where they stand."""


def leaks(kind: WorldKind, scenario: Scenario, seeds: Sequence[int]) -> Measured:
    """Look at episodes of the expert and of lots, and search.

    Args:
        kind: of the world.
        scenario: that is played.
        seeds: of the episodes.
    """
    looks: list[Look] = []
    for policy in players(kind):
        for seed in seeds:
            world = kind.build(scenario, seed)
            begin_episode(policy, world)
            expert = kind.policies[kind.expert]()
            begin_episode(expert, world)
            seen: list[Look] = []
            number = 0
            while not world.finished:
                briefing, legal = world.briefing(), world.legal()
                answer = expert.decide(briefing, legal)  # asked every day: it may remember
                if number % _EVERY == 0 and len(seen) < LOOKS_PER_EPISODE:
                    told = _told(kind, world, answer)
                    if told:
                        return exact(False, f"seed {seed}, decision {number}: {told}")
                    seen.append((_places(kind, world), _secrets(kind, world, answer)))
                advance_once(world, policy)
                number += 1
            score = kind.score_of(world.scorecard())
            for _, secrets in seen:
                secrets[_SCORE] = score
            looks += seen
    found = _agreement(looks)
    if found:
        return exact(False, found)
    places = len({place for seen, _ in looks for place in seen})
    hidden = len({secret for _, secrets in looks for secret in secrets})
    found = f"{hidden:,} secrets, {places:,} places, {len(looks)} looks"
    return exact(True, found, secrets=hidden, places=places, looks=len(looks))


def _told(kind: WorldKind, world: AnyWorld, answer: Any) -> str:
    """The expert's calls, where a text spells one of them out."""
    words = kind.speech
    calls = words.calls(words.neutral_plan, answer)
    spelt = [form(call) for call in calls for form in (command_of, json_of)]
    for topic, text in texts_of(words, world, words.neutral_plan):
        for call in spelt:
            if call in text:
                return f"topic {topic!r} spells out the expert's decision: {call}"
    return ""


def _places(kind: WorldKind, world: AnyWorld) -> dict[str, Any]:
    """All that is seen, by where it stands."""
    briefing, words = world.briefing(), kind.speech
    places = dict(_leaves(briefing, "briefing"))
    names = [feature.name for group in kind.language.groups for feature in group.features()]
    observed = kind.language.encode(briefing).tolist()
    places.update((f"observation {n}", v) for n, v in zip(names, observed, strict=True))
    choices = {choice for factor in kind.language.choices.factors for choice in factor.choices}
    for topic, text in texts_of(words, world, words.neutral_plan):
        for line in text.splitlines():
            shape = _NUMBER.sub("#", line)
            for place, figure in enumerate(_NUMBER.findall(line)):
                places[f"text {topic}: {shape} [{place}]"] = _Shown(figure.replace(",", ""))
            named = [name for name in _NAME.findall(line) if name in choices]
            bare = _NAME.sub(lambda found: "_" if found[0] in choices else found[0], shape)
            places.update((f"text {topic}: {bare} <{n}>", name) for n, name in enumerate(named))
    return places


class _Shown(str):
    """A number as it is written: it shows a value if the value rounds to it."""

    __slots__ = ()


def _secrets(kind: WorldKind, world: AnyWorld, answer: Any) -> dict[str, Any]:
    """What must not be known: latent values with a fraction, and the expert's choices."""
    secrets = {
        name: value
        for name, value in _latent(world.snapshot().payload, frozenset(kind.latent), "", False)
        if not float(value).is_integer()
    }
    choices = kind.language.choices
    for factor, choice in zip(choices.factors, kind.language.action(answer).tolist(), strict=True):
        secrets[f"{_DECISION} {factor.name}"] = factor.choices[choice]
    return secrets


def _latent(value: Any, names: frozenset[str], where: str, inside: bool) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _latent(part, names, f"{where}/{key}", inside or key in names)
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _latent(part, names, f"{where}/{place}", inside)
    elif inside and isinstance(value, float) and math.isfinite(value):
        yield where, value


def _leaves(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Numbers and names in a briefing, by where they stand."""
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _leaves(getattr(value, one.name), f"{where}.{one.name}")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _leaves(part, f"{where}[{place}]")
    elif isinstance(value, float | str) and not isinstance(value, bool):
        yield where, value


def _agreement(looks: Sequence[Look]) -> str:
    """The first place that shows a secret wherever both are, beyond accident; empty: none does."""
    hidden = _columns([secrets for _, secrets in looks])
    shown = _columns([places for places, _ in looks])
    needed = _EVIDENCE + _orders(max(1, len(hidden) * len(shown)))
    names = {n: column for n, column in shown.items() if _is_name(column)}
    figures = _Figures({n: c for n, c in shown.items() if n not in names}, len(looks))
    for secret, column in hidden.items():
        if _is_name(column):
            place = next((n for n, c in names.items() if _same(c, column, needed)), "")
        else:
            place = figures.showing(column, needed)
        if place:
            return f"{place}: shows {secret.lstrip('/')} at all looks that have both"
    return ""


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, Any]]:
    """Values by name and look, of what took several values at several looks."""
    columns: dict[str, dict[int, Any]] = defaultdict(dict)
    for look, row in enumerate(rows):
        for name, value in row.items():
            columns[name][look] = value
    return {
        name: column
        for name, column in columns.items()
        if len(column) >= _LEAST_LOOKS and len(set(column.values())) >= _LEAST_VALUES
    }


def _is_name(column: Mapping[int, Any]) -> bool:
    return type(next(iter(column.values()))) is str


def _same(shown: Mapping[int, Any], hidden: Mapping[int, Any], needed: float) -> bool:
    """True if names agree at every look that has both, more often than accident would have it."""
    common = [look for look in hidden if look in shown]
    if any(shown[look] != hidden[look] for look in common):
        return False
    return len(common) * _orders(max(1, len({hidden[look] for look in common}))) >= needed


class _Figures:
    """Places that show numbers, as arrays (looks, places).

    A number shows a secret if the secret, as it is or in per cent, rounds to it. By accident that
    happens about as often as the width of a rounding goes into the spread of the numbers.
    """

    def __init__(self, places: Mapping[str, Mapping[int, Any]], looks: int) -> None:
        self._names = list(places)
        self._shown = np.full((looks, len(places)), np.nan)
        self._half = np.zeros((looks, len(places)))
        for place, column in enumerate(places.values()):
            for look, value in column.items():
                self._shown[look, place] = float(value)
                self._half[look, place] = _half_width(value)

    def showing(self, hidden: Mapping[int, Any], needed: float) -> str:
        """The first place that shows a secret, beyond accident; empty: none does."""
        looks = np.array(list(hidden))
        values = np.array(list(hidden.values()), np.float64)
        shown, half = self._shown[looks], self._half[looks]
        there = ~np.isnan(shown)
        for scale in (1.0, 100.0):
            agrees = np.abs(shown - scale * values[:, None]) <= half
            for place in np.flatnonzero((agrees | ~there).all(axis=0)):
                at = there[:, place]
                if _evidence(values[at], shown[at, place], half[at, place]) >= needed:
                    return self._names[place]
        return ""


def _half_width(value: Any) -> float:
    """How far a number may lie from what it shows."""
    if isinstance(value, _Shown):
        return 0.5000001 * float(f"1e-{len(value.partition('.')[2])}")
    return 1e-6 * abs(float(value))


def _evidence(hidden: FloatArray, shown: FloatArray, half: FloatArray) -> float:
    """Orders of magnitude by which agreement is no accident; a pair that comes again adds none."""
    pairs = {
        (h, s): w for h, s, w in zip(hidden.tolist(), shown.tolist(), half.tolist(), strict=True)
    }
    distinct = {s for _, s in pairs}
    if len(distinct) < _LEAST_VALUES:
        return 0.0
    spread = max(distinct) - min(distinct)
    # Twice the width, for there are two scales on which they could have agreed.
    return plain_sum([-_orders(min(1.0, 4.0 * max(w, 1e-9) / spread)) for w in pairs.values()])


def _orders(ratio: float) -> float:
    """Orders of magnitude of a ratio."""
    return rounded(math.log10(ratio))  # same bits: rounded
