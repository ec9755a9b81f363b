"""Checks that a world keeps its promises, as Gymnasium's ``check_env`` does for environments.

Written for somebody who writes a first world: each finding says what was expected, at which
decision point it was otherwise, and where to look.
"""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from statistics import fmean
from typing import Any

import numpy as np

from ..core.arguments import checked
from ..core.arithmetic import whole_sum
from ..core.errors import GoliveError, raised
from ..core.random_streams import RandomStreams, purpose
from ..scenarios.scenario import Scenario
from .check_words import problem_of_words
from .episodes import run
from .protocol import AnyWorld, Snapshot
from .world_kind import WorldKind

OBSERVATIONS = "observations are finite and in bounds"
BRIEFINGS = "briefings hold nothing latent"
"""Promises that other checks rest on."""
_PLAY = purpose("check_world/random play")
_OTHER_FUTURE = 7919
"""Any seed that no episode of a check has."""
_STOPS = 4
"""Decision points of an episode at which it is snapshotted, spread evenly."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        name: of the promise.
        passed: whether it is kept.
        detail: what was looked at, or what was wrong and what was expected.
    """

    name: str
    passed: bool
    detail: str


class _Broken(Exception):
    """A promise that is not kept; the text says how."""


@checked
def check_world(
    kind: WorldKind,
    scenario: Scenario | str | None = None,
    seeds: int = 3,
    only: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Findings on a world's promises, each checked by itself.

    Args:
        kind: of the world; it need not be registered.
        scenario: that is played, or its name; None: the world's first.
        seeds: episodes of random play, from seed 0 on, and episodes that policies are compared on.
        only: names of the promises that are checked; None: all.

    Raises:
        GoliveError: the scenario cannot be loaded, or there is no such promise.
    """
    if seeds < 1:
        raise GoliveError(f"seeds: {seeds}: expected at least 1")
    check = _Check(kind, _scenario(kind, scenario), range(seeds))
    promises: dict[str, Callable[[], str]] = {
        "the record is complete": check.record,
        "an episode ends": check.ends,
        "equal runs are equal": check.equal_runs,
        "seeds differ": check.seeds_differ,
        "a restored world has the same future": check.restored,
        "worlds and snapshots survive pickle, and snapshots JSON": check.travels,
        "the neutral decision is always legal": check.neutral,
        "masks and legality agree": check.masks,
        "actions and decisions agree": check.round_trip,
        OBSERVATIONS: check.observations,
        BRIEFINGS: check.briefings,
        "words say every decision, briefly, and nothing latent": check.words,
        "scorecards and the score are in range": check.scorecards,
        "probes lose to the expert": check.probes,
    }
    for name in only or ():
        if name not in promises:
            raise GoliveError(f"only: {name!r}: expected one of {', '.join(promises)}")
    asked = promises if only is None else {name: promises[name] for name in only}
    return tuple(_finding(name, promise) for name, promise in asked.items())


def _finding(name: str, promise: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, promise())
    except _Broken as broken:
        return Finding(name, False, str(broken))
    except Exception as error:  # somebody's first world: whatever it raises is reported
        return Finding(name, False, raised(error))


def _scenario(kind: WorldKind, scenario: Scenario | str | None) -> Scenario:
    from ..scenarios.loader import load_scenario

    if isinstance(scenario, Scenario):
        return scenario
    return load_scenario(kind.default_scenario if scenario is None else scenario)


def random_decision(kind: WorldKind, legal: Any, seed: int, number: int) -> Any:
    """A legal decision by lot, the same for the same episode and number of the decision point."""
    numbers, streams = kind.language, RandomStreams(seed)
    mask = numbers.mask(legal)
    action = []
    for factor, part in enumerate(numbers.choices.parts):
        allowed = np.flatnonzero(mask[part])
        draw = streams.uniform(_PLAY, factor, number)
        action.append(int(allowed[int(draw * len(allowed))]))
    return numbers.decode(np.array(action))


@dataclass(frozen=True)
class _Check:
    kind: WorldKind
    scenario: Scenario
    seeds: range

    def record(self) -> str:
        kind = self.kind
        if self.scenario.world != kind.name:
            raise _Broken(
                f"scenario {self.scenario.name!r} names world {self.scenario.world!r}: expected "
                f"{kind.name!r} (give its class the default world: {kind.name!r})"
            )
        for name in (*kind.baselines, *kind.probes):
            if name not in kind.policies:
                raise _Broken(f"policies: has no {name!r}, which baselines or probes name")
        if not kind.baselines:
            raise _Broken("baselines: expected at least one policy that tries to win")
        card = self._world(self.seeds[0]).scorecard().as_dict()
        if set(kind.no_scorecard) != set(card):
            odd = sorted(set(kind.no_scorecard) ^ set(card))
            raise _Broken(f"no_scorecard: expected the scorecard's fields: differs in {odd}")
        named = [metric.name for metric in kind.metrics]
        named += kind.figures.of_episode
        for name in named:
            if name not in card:
                raise _Broken(f"metrics and figures: {name!r} is no field of the scorecard")
        if kind.figures.score not in [metric.name for metric in kind.metrics]:
            raise _Broken(f"metrics: expected one for the score, {kind.figures.score!r}")
        return f"{len(kind.policies)} policies, {len(kind.metrics)} metrics"

    def ends(self) -> str:
        longest = 0
        for seed in self.seeds:
            number, last, passed = 0, -math.inf, -math.inf
            for number, world in enumerate(self._mornings(seed, with_end=True)):
                if world.finished:
                    break
                moment = self.kind.moment(world.briefing())
                if not moment > last:
                    raise _Broken(
                        f"{_at(seed, number)}: moment is {moment} after {last}: expected it to grow"
                    )
                if not passed <= world.now <= world.horizon:
                    raise _Broken(
                        f"{_at(seed, number)}: now is {world.now:g} after {passed:g}, with horizon "
                        f"{world.horizon:g}: expected time to pass, up to the horizon"
                    )
                last, passed = moment, world.now
            try:
                world.advance(self.kind.neutral())
            except RuntimeError:
                pass
            else:
                raise _Broken("advance after the end: expected a RuntimeError")
            longest = max(longest, number)
        return f"after at most {longest} decisions"

    def equal_runs(self) -> str:
        for seed in self.seeds:
            pair = zip(self._mornings(seed), self._mornings(seed), strict=True)
            for number, (one, other) in enumerate(pair):
                if one.digest() != other.digest():
                    raise _Broken(
                        f"{_at(seed, number)}: two worlds of this seed under equal decisions "
                        "differ: expected every draw from the episode's seed (RandomStreams), and "
                        "nothing kept outside the world"
                    )
        return f"{len(self.seeds)} episodes, decision by decision, two at a time"

    def seeds_differ(self) -> str:
        seeds = (self.seeds[0], self.seeds[0] + 1)
        one, other = (self._end_of(self._world(seed), seed, 0)[0] for seed in seeds)
        if one == other:
            raise _Broken(f"seeds {seeds[0]} and {seeds[1]} end in the same state")
        return "the first two"

    def restored(self) -> str:
        for seed, number, world in self._stops():
            snapshot = world.snapshot()
            if snapshot.world != self.kind.name:
                raise _Broken(f"snapshot.world: {snapshot.world!r}: expected {self.kind.name!r}")
            twin = self.kind.restore(snapshot)
            for what in ("briefing", "legal", "digest"):
                if getattr(world, what)() != getattr(twin, what)():
                    raise _Broken(f"{_at(seed, number)}: {what}() differs after restore")
            if self._end_of(world, seed, number) != self._end_of(twin, seed, number):
                raise _Broken(
                    f"{_at(seed, number)}: the restored world ends otherwise: something that its "
                    "future depends on is not in the snapshot"
                )
        return f"{_STOPS} decision points of {len(self.seeds)} episodes"

    def travels(self) -> str:
        for seed, number, world in self._stops():
            snapshot = world.snapshot()
            before = world.digest()
            twin = pickle.loads(pickle.dumps(world))
            text = json.dumps(snapshot.payload, allow_nan=False)
            ways = {
                "JSON": Snapshot(snapshot.world, snapshot.version, json.loads(text)),
                "pickle": pickle.loads(pickle.dumps(snapshot)),
            }
            world.advance(self._random(world, seed, number))
            if twin.digest() != before:
                raise _Broken(
                    f"{_at(seed, number)}: the world differs after pickle: expected that it "
                    "travels as its snapshot (__reduce__)"
                )
            for way, copy in ways.items():
                if self.kind.restore(copy).digest() != before:
                    raise _Broken(
                        f"{_at(seed, number)}: differs after {way}: expected plain data (dicts "
                        "with text as keys, lists, numbers, text), detached from the world"
                    )
        return "both ways, and not touched by what came after"

    def neutral(self) -> str:
        for seed in self.seeds:
            for number, world in enumerate(self._mornings(seed)):
                _, illegal = world.legal().replace_illegal(self.kind.neutral())
                if illegal:
                    raise _Broken(f"{_at(seed, number)}: {illegal} parts of it are illegal")
        return f"at every decision point of {len(self.seeds)} episodes"

    def masks(self) -> str:
        numbers = self.kind.language
        for seed in self.seeds:
            for number, world in enumerate(self._mornings(seed)):
                legal = world.legal()
                mask = numbers.mask(legal)
                if mask.dtype != np.bool_ or mask.shape != (numbers.choices.count,):
                    raise _Broken(
                        f"mask: {mask.dtype} of shape {mask.shape}: expected bool of shape "
                        f"({numbers.choices.count},)"
                    )
                self._check_choices(legal, mask, _at(seed, number))
        return f"all {numbers.choices.count} choices at every decision point"

    def _check_choices(self, legal: Any, mask: Any, where: str) -> None:
        numbers = self.kind.language
        neutral = numbers.action(self.kind.neutral())
        for factor, part in enumerate(numbers.choices.parts):
            if not mask[part].any():
                name = numbers.choices.factors[factor].name
                raise _Broken(f"{where}: {name}: no choice is legal: expected at least one")
            for choice, allowed in enumerate(mask[part]):
                action = neutral.copy()
                action[factor] = choice
                _, illegal = legal.replace_illegal(numbers.decode(action))
                if (illegal == 0) != bool(allowed):
                    raise _Broken(
                        f"{where}: {numbers.choices.names[part.start + choice]}: the mask says "
                        f"{bool(allowed)}, replace_illegal counts {illegal} illegal parts"
                    )

    def round_trip(self) -> str:
        numbers = self.kind.language
        for factor, size in enumerate(numbers.choices.sizes):
            for choice in range(size):
                action = numbers.action(self.kind.neutral())
                action[factor] = choice
                again = numbers.action(numbers.decode(action))
                if again.tolist() != action.tolist():
                    raise _Broken(f"action {action.tolist()} comes back as {again.tolist()}")
        for wrong in ([-1] * len(numbers.choices.sizes), list(numbers.choices.sizes), [0.5]):
            try:
                numbers.decode(wrong)
            except GoliveError:
                continue
            raise _Broken(f"decode({wrong}): expected a GoliveError (Choices.checked raises it)")
        return f"{numbers.choices.count} choices"

    def observations(self) -> str:
        features = [f for group in self.kind.language.groups for f in group.features()]
        names = [feature.name for feature in features]
        if len(set(names)) != len(names):
            raise _Broken(f"features: expected unique names: {_doubles(names)} come twice")
        low, high = (np.array([getattr(f, end) for f in features]) for end in ("low", "high"))
        for seed in self.seeds:
            for number, world in enumerate(self._mornings(seed)):
                seen = self.kind.language.encode(world.briefing())
                if seen.dtype != np.float32 or seen.shape != (len(features),):
                    raise _Broken(
                        f"encode: {seen.dtype} of shape {seen.shape}: expected float32 of shape "
                        f"({len(features)},), a value per feature of the table"
                    )
                odd = ~(np.isfinite(seen) & (seen >= low - 1e-6) & (seen <= high + 1e-6))
                if odd.any():
                    place = int(odd.argmax())
                    raise _Broken(
                        f"{_at(seed, number)}: {names[place]}: {seen[place]}: expected "
                        f"{low[place]:g} to {high[place]:g}"
                    )
        return f"{len(features)} features"

    def briefings(self) -> str:
        for seed, number, world in self._stops():
            briefing = world.briefing()
            found = sorted(set(_names_in(briefing)) & set(self.kind.latent))
            if found:
                raise _Broken(f"the briefing has {', '.join(found)}, which the record calls latent")
            other = self.kind.restore(world.snapshot(), seed=_OTHER_FUTURE)
            if other.briefing() != briefing or other.legal() != world.legal():
                raise _Broken(
                    f"{_at(seed, number)}: the briefing depends on luck that is still to come: "
                    "with the future drawn anew it differs"
                )
        return f"{len(self.kind.latent)} latent names; futures drawn anew look the same today"

    def words(self) -> str:
        for seed, number, world in self._stops():
            decisions = [self._random(world, seed, number + more) for more in range(3)]
            problem = problem_of_words(self.kind, world, decisions, _OTHER_FUTURE)
            if problem:
                raise _Broken(f"{_at(seed, number)}: {problem}")
        speech = self.kind.speech
        return f"{len(speech.tools)} tools; answers of {speech.most_tokens} tokens at most"

    def scorecards(self) -> str:
        scores = []
        for seed in self.seeds:
            for number, world in enumerate(self._mornings(seed, with_end=True)):
                card = world.scorecard().as_dict()
                for name, value in card.items():
                    if not math.isfinite(value):
                        raise _Broken(f"{_at(seed, number)}: {name}: {value}: expected finite")
                score = self.kind.score_of(world.scorecard())
                if not 0.0 <= score <= 1.0:
                    raise _Broken(
                        f"{_at(seed, number)}: {self.kind.figures.score}: {score:g}: expected 0..1"
                    )
            scores.append(score)
        return f"scores of random play: {min(scores):.3f} to {max(scores):.3f}"

    def probes(self) -> str:
        expert = self._mean_score(self.kind.expert)
        for name in self.kind.probes:
            score = self._mean_score(name)
            if score >= expert:
                raise _Broken(
                    f"{name} scores {score:.3f}, the expert {expert:.3f} on {len(self.seeds)} "
                    "seeds: a world in which a probe wins is not worth training in"
                )
        return f"{len(self.kind.probes)} probes below the expert's {expert:.3f}"

    def _mean_score(self, name: str) -> float:
        policy = self.kind.policies[name]()
        return fmean(
            self.kind.score_of(run(self.kind, policy, self.scenario, seed).scorecard)
            for seed in self.seeds
        )

    def _world(self, seed: int) -> AnyWorld:
        return self.kind.build(self.scenario, seed)

    def _random(self, world: AnyWorld, seed: int, number: int) -> Any:
        """A legal decision by lot, the same for the same episode and number."""
        return random_decision(self.kind, world.legal(), seed, number)

    def _mornings(
        self, seed: int, world: AnyWorld | None = None, number: int = 0, *, with_end: bool = False
    ) -> Iterator[AnyWorld]:
        """The world of random play at each decision point; look, but do not advance it.

        It goes on from a world at its n-th decision, by default from the beginning.
        """
        world = self._world(seed) if world is None else world
        while not world.finished:
            if number >= self.kind.most_decisions:
                most = self.kind.most_decisions
                raise _Broken(
                    f"seed {seed}: more than {most} decisions: expected an end, or that the "
                    "record's most_decisions says how long an episode can be"
                )
            yield world
            world.advance(self._random(world, seed, number))
            number += 1
        if with_end:
            yield world

    def _end_of(self, world: AnyWorld, seed: int, number: int) -> tuple[str, dict[str, Any]]:
        """Digest and scorecard of the end of random play from here."""
        for _ in self._mornings(seed, world, number):
            pass
        return world.digest(), dict(world.scorecard().as_dict())

    def _stops(self) -> Iterator[tuple[int, int, AnyWorld]]:
        """Some decision points of random play; each world may be advanced."""
        for seed in self.seeds:
            length = whole_sum(1 for _ in self._mornings(seed))
            for stop in range(_STOPS):
                number = stop * length // _STOPS
                world = self._world(seed)
                for before in range(number):
                    world.advance(self._random(world, seed, before))
                yield seed, number, world


def _at(seed: int, number: int) -> str:
    return f"seed {seed}, decision {number}"


def _doubles(names: Sequence[str]) -> str:
    return ", ".join(sorted({name for name in names if names.count(name) > 1}))


def _names_in(thing: Any) -> Iterator[str]:
    """Names of all fields and keys in a briefing, however deep."""
    if is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield field.name
            yield from _names_in(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield str(key)
            yield from _names_in(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _names_in(value)
