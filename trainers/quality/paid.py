"""Checks of the quality bar on what is paid: by the environment, and by sessions in words."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.arithmetic import plain_sum
from ...envs.environment import WorldEnv
from ...envs.rewards import Transition
from ...envs.tool_session import ToolSession
from ...scenarios.scenario import Scenario
from ...sim.episodes import begin_episode
from ...sim.floor_policies import ByLot, DoNothing
from ...sim.policy import Policy
from ...sim.protocol import Snapshot
from ...sim.quality import EPISODE_SECONDS, Measured, Verdict, exact, verdict_of
from ...sim.tool_table import ToolKind
from ...sim.world_kind import WorldKind

_NEGLIGIBLE = 1e-9
"""Of pay, between a payment and the sum of its parts."""


@dataclass
class Recorded:
    """An episode as an environment tells it, step by step.

    Attributes:
        observations: one more than steps.
        masks: likewise.
        actions: that were carried out.
        rewards: of the steps.
        terms: of the steps.
        transitions: of the steps.
        digests: of the world, one more than steps.
        snapshots: likewise.
        card: the scorecard.
        score: of the episode.
        seconds: that it took.
    """

    observations: list[NDArray[np.float32]] = field(default_factory=list)
    masks: list[NDArray[np.bool_]] = field(default_factory=list)
    actions: list[NDArray[np.int64]] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    terms: list[Mapping[str, float]] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    card: Mapping[str, Any] = field(default_factory=dict)
    score: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class PaidChecks:
    """Checks by id of RFC 008; each measures.

    Attributes:
        kind: of the world.
        scenario: that is played.
        seeds: of the episodes.
    """

    kind: WorldKind
    scenario: Scenario
    seeds: Sequence[int]

    def reward_well_formed(self) -> Measured:
        """Look at every payment of every preset, and at every score."""
        language, paid = self.kind.reward_language, []
        for who, seed, one in self._episodes():
            if not (math.isfinite(one.score) and 0.0 <= one.score <= 1.0):
                return exact(False, f"{who}, seed {seed}: score {one.score}: expected 0 to 1")
            for preset in language.presets:
                reward = language.reward(preset)
                for step, transition in enumerate(one.transitions):
                    for name, amount in reward.terms(transition).items():
                        if not math.isfinite(amount):
                            return exact(
                                False,
                                f"{who}, seed {seed}, decision {step}: {preset} pays {amount} "
                                f"for {name}: expected finite",
                            )
                        paid.append(amount)
        found = f"{len(paid):,} payments of {len(language.presets)} presets, "
        found += f"{min(paid):.3g} to {max(paid):.3g}"
        return exact(True, found, least=min(paid), most=max(paid))

    def reward_attribution(self) -> Measured:
        """Add up the terms of every payment."""
        names = set(self._environment().reward.names)
        worst, steps = 0.0, 0
        for who, seed, one in self._episodes():
            for step, (reward, terms) in enumerate(zip(one.rewards, one.terms, strict=True)):
                steps += 1
                if set(terms) != names:
                    odd = ", ".join(sorted(set(terms) ^ names))
                    return exact(False, f"{who}, seed {seed}, decision {step}: terms: {odd}")
                worst = max(worst, abs(reward - plain_sum(terms.values())))
        found = f"{steps:,} payments of {len(names)} terms"
        return exact(worst <= _NEGLIGIBLE, found, largest_difference=worst)

    def trajectory_record(self) -> Measured:
        """Look whether episodes are records that data can hold."""
        fields = set(self.kind.no_scorecard)
        steps = 0
        for who, seed, one in self._episodes():
            count = len(one.actions)
            steps += count
            lengths = (len(one.observations) - 1, len(one.masks) - 1, len(one.rewards))
            if count < 1 or set(lengths) != {count}:
                return exact(False, f"{who}, seed {seed}: {count} actions, but {lengths} others")
            if set(one.card) != fields:
                odd = ", ".join(sorted(set(one.card) ^ fields))
                return exact(False, f"{who}, seed {seed}: scorecard: {odd}")
            rows = {
                "observations": [row.tolist() for row in one.observations],
                "masks": [row.tolist() for row in one.masks],
                "actions": [row.tolist() for row in one.actions],
                "terms": [{name: repr(float(v)) for name, v in row.items()} for row in one.terms],
                "scorecard": {name: float(value) for name, value in one.card.items()},
            }
            if json.loads(json.dumps(rows)) != rows:
                return exact(False, f"{who}, seed {seed}: is not the same after JSON")
        return exact(True, f"{steps:,} steps", steps=steps)

    def replayability(self) -> Measured:
        """Play recorded actions again, from the seed and from half way."""
        steps = 0
        for who, seed, one in self._episodes():
            again = self._replayed(seed, one.actions)
            half = len(one.actions) // 2
            rest = self._replayed(seed, one.actions[half:], one.snapshots[half])
            for name, other, first in (("", again, 0), (" from half way", rest, half)):
                steps += len(other.actions)
                for part in ("digests", "rewards", "observations"):
                    told, now = getattr(one, part)[first:], getattr(other, part)
                    if [_bits(value) for value in told] != [_bits(value) for value in now]:
                        return exact(False, f"{who}, seed {seed}: other {part} when replayed{name}")
        return exact(True, f"{steps:,} steps, from the beginning and from half way", steps=steps)

    def resource_envelope(self) -> Measured:
        """Measure what an episode needs."""
        episodes = [one for _, _, one in self._episodes()]
        seconds = max(one.seconds for one in episodes)
        decisions = max(len(one.actions) for one in episodes)
        most = self.kind.most_decisions
        memory = _memory_mb()
        found = f"{seconds:.2f} s and {decisions} of {most:,} decisions at most"
        if memory is not None:
            found += f"; process at {memory:.0f} MB"
        holds = seconds <= EPISODE_SECONDS and decisions <= most
        details = {"decisions": decisions, "declared_decisions": most, "memory_mb": memory}
        return Measured(verdict_of(holds), found, seconds, details=details)

    def canary_floor(self) -> Measured:
        """Send messages that solve nothing until episodes end, and compare with doing nothing."""
        worst, played = -math.inf, 0
        for seed in self.seeds:
            nothing = self._recorded(DoNothing(self.kind), seed)
            for name, (message, is_wrong) in self._canaries().items():
                session = ToolSession(
                    self.scenario,
                    world=self.kind,
                    calls_per_decision=1,
                    seed_range=(0, 1),
                    seeding="episode",
                )
                session.reset(seed=seed)
                sent = 0
                while not session.terminated and sent <= self.kind.most_decisions:
                    session.message(message)
                    sent += 1
                played += 1
                if not session.terminated:
                    return exact(False, f"{name}, seed {seed}: the episode does not end")
                if is_wrong and session.refused < sent:
                    return exact(
                        False,
                        f"{name}, seed {seed}: {session.refused} of {sent} messages are counted "
                        "as refused",
                    )
                more = session.score - nothing.score
                pay = session.total_reward - plain_sum(nothing.rewards)
                if more > 0.0 or pay > _NEGLIGIBLE:
                    found = f"{name}, seed {seed}: score {more:+.3f}, pay {pay:+.3g}"
                    return Measured(Verdict.FAILED, f"{found} against doing nothing", more)
                worst = max(worst, more)
        count = len(self._canaries())
        return Measured(Verdict.PASSED, f"{count} canaries, {played} episodes", worst)

    def _canaries(self) -> dict[str, tuple[str, bool]]:
        """Messages, and whether each of them is a call that is wrong, by name."""
        tools = self.kind.speech.tools
        order = next(tool for tool in tools if tool.kind is ToolKind.ORDER)
        wrong = {"tool": order.name, "arguments": {order.arguments[0].name: "no_such_choice"}}
        return {
            "silence": ("", True),
            "prose": ("I have looked into it and everything is well under control.", True),
            "broken JSON": ('{"tool": "' + order.name, True),
            "no such tool": ('{"tool": "set_score", "arguments": {"score": 1.0}}', True),
            "wrong arguments": (json.dumps(wrong), True),
            "a claim": ("Score: 1.0\nReward: 1.0\nThe episode is over. Well done.", True),
            "looking on": ("look", False),
            "going on": ("advance", False),
        }

    def _environment(self) -> WorldEnv:
        return WorldEnv(self.scenario, world=self.kind, seed_range=(0, 1), seeding="episode")

    def _episodes(self) -> Iterator[tuple[str, int, Recorded]]:
        """Episodes of the expert, of lots and of doing nothing; played once."""
        if not self._kept:
            kind = self.kind
            for policy in (kind.policies[kind.expert](), ByLot(kind), DoNothing(kind)):
                for seed in self.seeds:
                    self._kept.append((policy.name, seed, self._recorded(policy, seed)))
        yield from self._kept

    _kept: list[tuple[str, int, Recorded]] = field(default_factory=list, init=False, repr=False)

    def _recorded(self, policy: Policy, seed: int) -> Recorded:
        environment, one = self._environment(), Recorded()
        began = time.perf_counter()
        observation, _ = environment.reset(seed=seed)
        begin_episode(policy, environment.world)
        _note(one, environment, observation)
        numbers = self.kind.language
        while not environment.world.finished:
            decision = policy.decide(environment.briefing, environment.legal())
            _step(one, environment, numbers.action(decision))
        one.seconds = time.perf_counter() - began
        _close(one, environment)
        return one

    def _replayed(
        self, seed: int, actions: Sequence[NDArray[np.int64]], snapshot: Snapshot | None = None
    ) -> Recorded:
        environment, one = self._environment(), Recorded()
        if snapshot is None:
            observation, _ = environment.reset(seed=seed)
        else:
            observation = environment.resume(snapshot)
        _note(one, environment, observation)
        for action in actions:
            _step(one, environment, action)
        _close(one, environment)
        return one


def _note(one: Recorded, environment: WorldEnv, observation: Any) -> None:
    """Keep what is seen at a decision point, and the state."""
    one.observations.append(observation)
    one.masks.append(environment.action_masks())
    one.digests.append(environment.world.digest())
    one.snapshots.append(environment.world.snapshot())


def _step(one: Recorded, environment: WorldEnv, action: NDArray[np.int64]) -> None:
    """Take a step and keep what came of it."""
    before = environment.briefing
    observation, reward, over, _, information = environment.step(action)
    card = environment.world.scorecard() if over else None
    one.transitions.append(
        Transition(before, environment.briefing, card, environment.world.scenario)
    )
    one.actions.append(action)
    one.rewards.append(reward)
    one.terms.append(information["reward_terms"])
    _note(one, environment, observation)


def _close(one: Recorded, environment: WorldEnv) -> None:
    """Keep the outcome."""
    card = environment.world.scorecard()
    one.card = dict(card.as_dict())
    one.score = environment.kind.score_of(card)


def _bits(value: Any) -> Any:
    """What tells a value from all others, also where it is not a number."""
    return value.tobytes() if isinstance(value, np.ndarray) else repr(value)


def _memory_mb() -> float | None:
    """The most memory that this process has held; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
