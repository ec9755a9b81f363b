"""Checks of the quality bar that a world is asked by its protocol alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.arithmetic import whole_sum
from ..scenarios.loader import load_scenario, load_suite, suite_names
from ..scenarios.scenario import Scenario
from .check_leaks import leaks
from .check_words import problem_of_calls, problem_of_knowledge, problem_of_sizes
from .check_world import BRIEFINGS, OBSERVATIONS, check_world, random_decision
from .episode_digests import digests, digests_elsewhere
from .episodes import begin_episode, play
from .floor_policies import ByLot
from .observer import Observer
from .protocol import AnyWorld
from .quality import LEAST_DIFFERENT, Measured, exact, not_applicable, verdict_of
from .tool_table import Refusal, Tool, ToolCall, ToolKind
from .world_kind import WorldKind

_OTHER_FUTURE = 7919
"""Any seed that no episode of a check has."""
_EVERY = 7
"""Decision points between two that are looked at; no period of a week or of working days."""
_MISTAKES: tuple[Any, ...] = ({"no_such_argument": 1}, [1], "x", None, 7)
"""Arguments that no tool declares."""


@dataclass(frozen=True)
class RuntimeChecks:
    """Checks by id of RFC 008; each measures.

    Attributes:
        kind: of the world.
        scenario: that is played.
        seeds: of the episodes; of what takes long the first few are played.
    """

    kind: WorldKind
    scenario: Scenario
    seeds: Sequence[int]

    def seed_control(self) -> Measured:
        """Count the seeds whose episode is like no earlier one's, under the same lots."""
        seen: set[str] = set()
        for seed in self.seeds:
            world = self.kind.build(self.scenario, seed)
            again = self.kind.build(self.scenario, seed)
            if world.seed != seed:
                return exact(False, f"seed {seed} begins the episode of seed {world.seed}")
            if world.briefing() != again.briefing():
                return exact(False, f"seed {seed} begins in two ways")
            seen.add(_experience(self.kind, world, self.seeds[0]))
        share = len(seen) / len(self.seeds)
        found = f"{len(seen)} of {len(self.seeds)} seeds"
        return Measured(verdict_of(share >= LEAST_DIFFERENT), found, share)

    def episode_determinism(self) -> Measured:
        """Compare digests of the same episodes in this process, twice, and in another one."""
        here = self._runs["here"]
        for name, run in self._runs.items():
            for episode, (passed, _) in here.items():
                other = run[episode][0]
                if passed != other:
                    at = next(
                        (
                            n
                            for n, pair in enumerate(zip(passed, other, strict=False))
                            if pair[0] != pair[1]
                        ),
                        min(len(passed), len(other)),
                    )
                    return exact(False, f"{episode}: differs {name}, at decision {at}")
        points = whole_sum(len(passed) for passed, _ in here.values())
        return exact(True, f"{points:,} digests {self._where}", runs=len(self._runs))

    def verifier_determinism(self) -> Measured:
        """Compare scorecards of the same episodes, asked again, restored and played again."""
        here = self._runs["here"]
        for name, run in self._runs.items():
            for episode, (_, card) in here.items():
                if run[episode][1] != card:
                    return exact(False, f"{episode}: another scorecard {name}")
        for seed in self.seeds:
            *_, world = _walk(self.kind, self.scenario, seed)
            cards = [world.scorecard().as_dict(), world.scorecard().as_dict()]
            cards.append(self.kind.restore(world.snapshot()).scorecard().as_dict())
            if any(dict(card) != dict(cards[0]) for card in cards):
                return exact(False, f"seed {seed}: another scorecard when it is asked again")
        return exact(True, f"{len(here) + len(self.seeds)} scorecards {self._where}")

    @cached_property
    def _runs(self) -> dict[str, dict[str, Any]]:
        """The same episodes in this process, twice, and in another one, if that knows the world."""
        runs = {
            "here": digests(self.kind, self.scenario, self.seeds),
            "played again": digests(self.kind, self.scenario, self.seeds),
        }
        elsewhere = digests_elsewhere(self.kind, self.scenario, self.seeds)
        if elsewhere is not None:
            runs["in another process"] = elsewhere
        return runs

    @property
    def _where(self) -> str:
        others = "in one process, as others do not know the world"
        return "in two processes" if len(self._runs) > 2 else others

    def episode_isolation(self) -> Measured:
        """Compare episodes played turn by turn with the same ones played alone."""
        alone = [_walk(self.kind, self.scenario, seed) for seed in self.seeds]
        alone_digests = [[world.digest() for world in walk] for walk in alone]
        together = [_walk(self.kind, self.scenario, seed) for seed in self.seeds]
        found: list[list[str]] = [[] for _ in self.seeds]
        going = dict(enumerate(together))
        while going:
            for place in list(going):
                world = next(going[place], None)
                if world is None:
                    del going[place]
                else:
                    found[place].append(world.digest())
        for seed, one, other in zip(self.seeds, alone_digests, found, strict=True):
            if one != other:
                return exact(False, f"seed {seed}: goes otherwise beside other episodes")
        return exact(True, f"{len(self.seeds)} episodes at once")

    def observation_schema(self) -> Measured:
        """Look at observations and texts at the decision points of play by lot."""
        (promise,) = check_world(self.kind, self.scenario, len(self.seeds), (OBSERVATIONS,))
        if not promise.passed:
            return exact(False, promise.detail)
        for seed, number, world in self._looks():
            problem = problem_of_sizes(self.kind, world)
            if problem:
                return exact(False, f"seed {seed}, decision {number}: {problem}")
        most = self.kind.speech.most_tokens
        return exact(True, f"{promise.detail}; texts of at most {most:,} tokens")

    def tool_declaration_accuracy(self) -> Measured:
        """Ask for all that is declared, and for what is not."""
        words = self.kind.speech
        names = [tool.name for tool in words.tools]
        if len(set(names)) != len(names):
            return exact(False, f"tools: {', '.join(names)}: expected unique names")
        for tool in words.tools:
            problem = _declared(tool)
            if problem:
                return exact(False, problem)
        asked = 0
        for seed, number, world in self._looks():
            decisions = [random_decision(self.kind, world.legal(), seed, n) for n in range(3)]
            problem = problem_of_calls(self.kind, world, decisions)
            count, wrong = self._orders(world)
            asked += count
            if problem or wrong:
                return exact(False, f"seed {seed}, decision {number}: {problem or wrong}")
        return exact(True, f"{len(names)} tools, {asked:,} orders asked for")

    def _orders(self, world: AnyWorld) -> tuple[int, str]:
        """Orders asked for at a decision point, and the first that is not taken as declared."""
        words, asked = self.kind.speech, 0
        numbers, plan, legal = self.kind.language, words.neutral_plan, world.legal()
        mask = dict(zip(numbers.choices.names, numbers.mask(legal).tolist(), strict=True))
        for order in words.orders:
            for name, one in order.arguments.items():
                for choice in words.choices_of(one.factor):
                    asked += 1
                    taken = words.order(ToolCall(order.tool, {name: choice}), plan, legal)
                    if isinstance(taken, Refusal) == mask[f"{one.factor}/{choice}"]:
                        word = "refused" if isinstance(taken, Refusal) else "taken"
                        return asked, f"{order.tool}: {name}={choice}: {word} against the mask"
        return asked, ""

    def task_declaration_accuracy(self) -> Measured:
        """Begin an episode at both ends of every declared range of seeds."""
        suites = [load_suite(name) for name in suite_names()]
        own = [suite for suite in suites if suite.world == self.kind.name]
        if not own:
            return not_applicable("no suite declares tasks")
        scenarios, tasks = set(), 0
        for suite in own:
            for name in suite.scenarios:
                scenario = load_scenario(name)
                fresh = scenario.name not in scenarios
                scenarios.add(scenario.name)
                for split, seeds in suite.splits.items():
                    tasks += len(seeds) if fresh else 0
                    for seed in (seeds.start, seeds.stop - 1):
                        world = self.kind.build(scenario, seed)
                        if world.finished:
                            return exact(
                                False, f"suite {suite.name}, {split}, {name}, seed {seed}: is over"
                            )
        return exact(
            True,
            f"{tasks:,} tasks: {len(scenarios)} scenarios in {len(own)} suites",
            tasks=tasks,
        )

    def no_solution_leakage(self) -> Measured:
        """Look for latent truth, the expert's decision and what is to come in all that is seen."""
        (promise,) = check_world(self.kind, self.scenario, len(self.seeds), (BRIEFINGS,))
        if not promise.passed:
            return exact(False, promise.detail)
        for seed, number, world in self._looks():
            problem = problem_of_knowledge(self.kind, world, _OTHER_FUTURE)
            if problem:
                return exact(False, f"seed {seed}, decision {number}: {problem}")
        return leaks(self.kind, self.scenario, self.seeds)

    def _looks(self) -> Iterator[tuple[int, int, AnyWorld]]:
        """Some decision points of play by lot; look, but do not advance."""
        for seed in self.seeds:
            for number, world in enumerate(_walk(self.kind, self.scenario, seed)):
                if number % _EVERY == 0 and not world.finished:
                    yield seed, number, world


def _declared(tool: Tool) -> str:
    """What a tool does not take though it declares it, or takes though it does not."""
    json.dumps(tool.for_openai())
    needed = {
        one.name: one.choices[0] if one.choices else one.least
        for one in tool.arguments
        if one.required
    }
    for one in tool.arguments:
        for value in one.choices or (one.least, one.most):
            read = tool.read({**needed, one.name: value})
            if isinstance(read, Refusal) or read[one.name] != value:
                return f"{tool.name}: {one.name}={value}: is declared, but not read"
        for wrong in ("no_such_choice",) if one.choices else (one.least - 1, one.most + 1):
            if not isinstance(tool.read({**needed, one.name: wrong}), Refusal):
                return f"{tool.name}: {one.name}={wrong}: is not declared, but read"
    for wrong in _MISTAKES:
        given = {**needed, **wrong} if isinstance(wrong, dict) else wrong
        empty_is_fine = given is None and not needed and tool.kind is not ToolKind.ORDER
        if not empty_is_fine and not isinstance(tool.read(given), Refusal):
            return f"{tool.name}: arguments {given!r}: are not declared, but read"
    return ""


def _walk(kind: WorldKind, scenario: Scenario, seed: int) -> Iterator[AnyWorld]:
    """The world of play by lot at each decision point, and at the end."""
    world, policy = kind.build(scenario, seed), ByLot(kind)
    begin_episode(policy, world)
    while not world.finished:
        yield world
        world.advance(policy.decide(world.briefing(), world.legal()))
    yield world


class _Seen(Observer):
    """Keeps what a learner sees of an episode, as bytes."""

    def __init__(self, kind: WorldKind) -> None:
        self._numbers = kind.language
        self.seen: list[bytes] = []

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Keep observation and mask."""
        self.seen += [self._numbers.encode(briefing).tobytes(), self._numbers.mask(legal).tobytes()]


def _experience(kind: WorldKind, world: AnyWorld, lots: int) -> str:
    """All that is seen of an episode, and its scorecard, under the same lots; never its seed."""
    policy, seen = ByLot(kind), _Seen(kind)
    begin_episode(policy, world)
    policy.reset(lots)
    play(world, policy, (seen,))
    card = sorted(world.scorecard().as_dict().items())
    return f"{np.array(seen.seen, dtype=object).tolist()!r}{card!r}"
