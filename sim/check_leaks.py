"""A search for what must not be known in all that is seen: latent truth, the expert's answer.

Everything that is seen at a decision point is laid out as *places*: numbers and names in the
briefing, the observation and the texts, each by where it stands. What must not be known is laid
out as *secrets*: latent values of the state, the expert's decision, the score to come. A place
leaks a secret if it shows it at every look that has both, and the secret took several values:
one look alone can agree by accident, a column of them cannot.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from ..scenarios.scenario import Scenario
from .check_words import texts_of
from .episode_digests import players
from .episodes import advance_once, begin_episode
from .protocol import AnyWorld
from .quality import Measured, exact
from .tool_calls import command_of, json_of
from .world_kind import WorldKind

LOOKS_PER_EPISODE = 6
_EVERY = 5
"""Decision points between two looks."""
_LEAST_LOOKS = 4
_LEAST_VALUES = 3
"""Values that a secret must have taken before agreement counts."""
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_NAME = re.compile(r"[A-Za-z_]\w*")
_DECISION, _SCORE = "the expert's", "the score to come"

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
    """The first place that shows a secret wherever both are; empty: none does."""
    rows: dict[str, dict[int, Any]] = defaultdict(dict)
    for number, (_, secrets) in enumerate(looks):
        for name, value in secrets.items():
            rows[name][number] = value
    columns: dict[str, dict[int, Any]] = defaultdict(dict)
    for number, (places, _) in enumerate(looks):
        for name, value in places.items():
            columns[name][number] = value
    columns = {n: c for n, c in columns.items() if len(set(c.values())) >= _LEAST_VALUES}
    for secret, hidden in rows.items():
        if len(set(hidden.values())) < _LEAST_VALUES:
            continue
        for place, shown in columns.items():
            common = [number for number in hidden if number in shown]
            if len(common) < _LEAST_LOOKS or not _shows(shown[common[0]], hidden[common[0]]):
                continue
            if len({shown[number] for number in common}) < _LEAST_VALUES:
                continue
            if all(_shows(shown[number], hidden[number]) for number in common):
                return f"{place}: shows {secret.lstrip('/')} at all {len(common)} looks"
    return ""


def _shows(shown: Any, hidden: Any) -> bool:
    """True if a place shows a secret, as it is, rounded or in per cent."""
    if isinstance(hidden, str) or not isinstance(shown, float | _Shown):
        return bool(shown == hidden)
    if isinstance(shown, _Shown):
        decimals = len(shown.partition(".")[2])
        number = float(shown)
        half = 0.5000001 * float(f"1e-{decimals}")
        return any(abs(number - scale * hidden) <= half for scale in (1.0, 100.0))
    return any(math.isclose(shown, scale * hidden, rel_tol=1e-6) for scale in (1.0, 100.0))
