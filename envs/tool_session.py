"""Episodes played by tool calls: what every face for those who speak is made of.

A session holds one environment, the orders as they stand, and counts. It carries out a call at a
time; the orders are decided on together when time passes, exactly as the numeric environment
decides on an action. So rewards and digests are the same to the last bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gymnasium
import numpy as np

from ..core.arguments import of_type
from ..core.arithmetic import plain_sum
from ..core.errors import GoliveError
from ..core.worlds import DEFAULT_WORLD
from ..scenarios.scenario import Scenario
from ..sim.protocol import Snapshot
from ..sim.tool_calls import read_calls
from ..sim.tool_table import Refusal, Tool, ToolCall, ToolKind
from ..sim.words import ADVANCE, TIMES, Plan
from ..sim.world_kind import WorldKind
from .environment import WorldEnv

SAVED_SESSION_VERSION = 2
CALLS_PER_DECISION = 24
"""Calls at one decision point after which time passes by itself, unless something else is said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a call or to a message of several.

    Attributes:
        text: what is answered.
        rewards: of the decision points that were passed, in order.
        refused: calls that could not be carried out.
        terminated: whether the episode is over.
        terms: what each term of the reward paid, all decision points together.
    """

    text: str
    rewards: tuple[float, ...] = ()
    refused: int = 0
    terminated: bool = False
    terms: Mapping[str, float] = field(default_factory=dict)

    @property
    def reward(self) -> float:
        """The sum of the rewards."""
        return plain_sum(self.rewards)


class ToolSession:
    """One episode after the other, played by tool calls.

    Args:
        scenario: as ``WorldEnv`` takes it.
        world: likewise.
        calls_per_decision: calls at one decision point after which the orders are carried out
            whatever was called, so that every episode ends; None: time waits.
        arguments: of ``WorldEnv``.

    Attributes:
        environment: the environment that is played.
        words: the world's language for those who speak.
        plan: the orders as they stand.
        calls: calls of this episode.
        refused: those of them that could not be carried out.
        total_reward: of this episode so far.
        decisions: decision points that were passed.
        terms: what each term of the reward has paid so far.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] | None = None,
        *,
        world: str | WorldKind = DEFAULT_WORLD,
        calls_per_decision: int | None = CALLS_PER_DECISION,
        **arguments: Any,
    ) -> None:
        if calls_per_decision is not None and calls_per_decision < 1:
            raise GoliveError(
                f"calls_per_decision: {calls_per_decision}: expected at least 1, or None"
            )
        self.environment = WorldEnv(scenario, world=world, **arguments)
        self.words = self.environment.kind.speech
        self.calls_per_decision = calls_per_decision
        self._scenario = self.environment.scenario
        self._begin()

    def _begin(self) -> None:
        self.plan: Plan = self.words.neutral_plan
        self.calls = self.refused = self.decisions = self._calls_here = 0
        self.total_reward = 0.0
        self.terms: dict[str, float] = dict.fromkeys(self.environment.reward.names, 0.0)

    @property
    def kind(self) -> WorldKind:
        """The world's record."""
        return self.environment.kind

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All that can be asked for."""
        return self.words.tools

    @property
    def instructions(self) -> str:
        """The rules of the game: what a language model's system message has."""
        return self.words.introduction(self._scenario)

    @property
    def terminated(self) -> bool:
        """True if the episode is over."""
        return bool(self._world.finished)

    @property
    def score(self) -> float:
        """The score that policies are judged by, of what has happened so far."""
        return self.kind.score_of(self._world.scorecard())

    def figures(self) -> dict[str, float]:
        """The named figures that faces report of the episode so far.

        ``score``; ``reward``, and ``reward_NAME`` for each of its terms; ``decisions``, ``calls``,
        ``refused_calls`` and their share, ``refused_share``; ``terminated``, 0 or 1.
        """
        return {
            "score": self.score,
            "reward": self.total_reward,
            **{f"reward_{name}": paid for name, paid in self.terms.items()},
            "decisions": float(self.decisions),
            "calls": float(self.calls),
            "refused_calls": float(self.refused),
            "refused_share": self.refused / max(self.calls, 1),
            "terminated": float(self.terminated),
        }

    @property
    def _world(self) -> Any:
        return self.environment.world

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> str:
        """Begin an episode; arguments are as of ``WorldEnv.reset``.

        Returns:
            The briefing of the first decision point.

        Raises:
            GoliveError: an unknown option or a bad value.
        """
        self.environment.reset(seed=seed, options=options)
        self._scenario = self._world.scenario
        self._begin()
        return self.briefing()

    def resume(self, snapshot: Snapshot, *, seed: int | None = None, decision: Any = None) -> str:
        """Begin in the middle of an episode; arguments are as of ``WorldEnv.resume``.

        Args:
            snapshot: of a world of this kind.
            seed: draws the future anew.
            decision: the last one that was taken, whose standing orders go on; None: nothing is
                ordered.

        Returns:
            The briefing of the present decision point.
        """
        self.environment.resume(snapshot, seed=seed)
        self._scenario = self._world.scenario
        self._begin()
        if decision is not None:
            plan = self.words.plan_of(decision)
            self.plan, _ = self.words.standing(plan, self.environment.legal())
        return self.briefing()

    def briefing(self) -> str:
        """The briefing of the present decision point."""
        environment = self.environment
        return self.words.brief(environment.briefing, environment.legal(), self.plan)

    def functions(self) -> dict[str, Callable[..., str]]:
        """The tools as typed functions with docstrings, by name; they answer with text."""
        return {tool.name: tool.function(lambda call: self.call(call).text) for tool in self.tools}

    def call(self, call: ToolCall) -> Answer:
        """Carry out a call; whatever is wrong with it is answered, not raised.

        Raises:
            gymnasium.error.ResetNeeded: there is no episode.
        """
        known = next((tool for tool in self.tools if tool.name == call.tool), None)
        if known is None:
            names = ", ".join(tool.name for tool in self.tools)
            return self._refuse(Refusal(f"{call.tool}: no such tool", f"Tools: {names}."))
        read = known.read(call.arguments)
        if isinstance(read, Refusal):
            return self._refuse(read)
        if self.terminated:
            return self._refuse(Refusal("the episode is over", "Begin another one."))
        if known.kind is ToolKind.ADVANCE:
            self._count()
            return self._advance(int(read[TIMES]))
        environment = self.environment
        self.plan, text = self.words.answer(
            ToolCall(call.tool, read),
            self._scenario,
            environment.briefing,
            environment.legal(),
            self.plan,
        )
        if isinstance(text, Refusal):
            return self._refuse(text)
        self._count()
        return self._in_time(Answer(text))

    def message(self, text: str) -> Answer:
        """Carry out the calls of a message, one after the other (``read_calls`` has the forms).

        What follows a call that ends the episode is refused. Together the answers stay within the
        words' ``most_tokens``.
        """
        answers: list[Answer] = []
        for call in read_calls(text, self.tools):
            over = self.terminated
            answers.append(self._refuse(call) if isinstance(call, Refusal) else self.call(call))
            if over:
                break
        return self._joined(answers)

    def _joined(self, answers: Sequence[Answer]) -> Answer:
        if len(answers) == 1:
            return answers[0]
        lines = [line for answer in answers for line in answer.text.splitlines()]
        terms: dict[str, float] = {}
        for answer in answers:
            for name, paid in answer.terms.items():
                terms[name] = terms.get(name, 0.0) + paid
        rewards = tuple([reward for answer in answers for reward in answer.rewards])
        refused = len([answer for answer in answers if answer.refused])
        terminated = self.terminated
        return Answer(self.words.fitted(lines), rewards, refused, terminated, terms)

    def _count(self) -> None:
        self.calls += 1
        self._calls_here += 1

    def _refuse(self, refusal: Refusal) -> Answer:
        """Answer a call that cannot be carried out, and count it."""
        self._count()
        self.refused += 1
        terminated = self.terminated
        refused = Answer(str(refusal), refused=1, terminated=terminated)
        return refused if terminated else self._in_time(refused)

    def _in_time(self, answer: Answer) -> Answer:
        """The answer; where there were too many calls, after carrying out the orders."""
        if self.calls_per_decision is None or self._calls_here < self.calls_per_decision:
            return answer
        passed = self._advance(1)
        late = f"{self.calls_per_decision} calls at one decision point: time goes on."
        text = self.words.fitted([*answer.text.splitlines(), late, *passed.text.splitlines()])
        return Answer(text, passed.rewards, answer.refused, passed.terminated, passed.terms)

    def _advance(self, times: int) -> Answer:
        environment, words = self.environment, self.words
        before, legal_before = environment.briefing, environment.legal()
        rewards: list[float] = []
        paid: dict[str, float] = {}
        gone: list[str] = []
        while True:
            action = np.array(self.plan, dtype=np.int64)
            _, reward, over, _, information = environment.step(action)
            rewards.append(reward)
            self.total_reward += reward
            self.decisions += 1
            for name, amount in information["reward_terms"].items():
                paid[name] = paid.get(name, 0.0) + amount
                self.terms[name] = self.terms.get(name, 0.0) + amount
            self._calls_here = 0
            if over:
                return Answer(self.outcome(), tuple(rewards), terminated=True, terms=paid)
            self.plan, dropped = words.standing(self.plan, environment.legal())
            gone.extend(dropped)
            if len(rewards) >= times or dropped:
                break
        text = words.changes(
            before, legal_before, environment.briefing, environment.legal(), self.plan
        )
        if gone:
            text = words.fitted(
                [f"No longer legal and dropped: {', '.join(gone)}.", *text.split("\n")]
            )
        return Answer(text, tuple(rewards), terms=paid)

    def outcome(self) -> str:
        """The scorecard of a finished episode, in words."""
        card = self._world.scorecard().as_dict()
        figures = [
            f"- {metric.label}: {metric.format(float(card[metric.name]))}"
            for metric in self.kind.metrics
        ]
        heading = f"The episode is over. {self.kind.metric(self.kind.figures.score).label}: "
        return self.words.fitted([f"{heading}{self.score:.3f}.", *figures])

    def get_state(self) -> dict[str, Any]:
        """All that the future depends on, as plain data."""
        return {
            "version": SAVED_SESSION_VERSION,
            "environment": self.environment.get_state(),
            "plan": list(self.plan),
            "calls": self.calls,
            "calls_here": self._calls_here,
            "refused": self.refused,
            "decisions": self.decisions,
            "total_reward": self.total_reward,
            "terms": dict(self.terms),
        }

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a saved state, of a session that was made with the same arguments.

        Raises:
            GoliveError: it is no such state, or of another version.
        """
        of_type("state", state, Mapping, "a saved session")
        if set(state) != set(self.get_state()) or state["version"] != SAVED_SESSION_VERSION:
            raise GoliveError(f"state: expected a session of version {SAVED_SESSION_VERSION}")
        self.environment.set_state(state["environment"])
        self._scenario = self._world.scenario
        self.plan = tuple(state["plan"])
        self.calls, self.refused = state["calls"], state["refused"]
        self._calls_here, self.total_reward = state["calls_here"], state["total_reward"]
        self.decisions, self.terms = state["decisions"], dict(state["terms"])

    def play(self, decision: Any) -> Answer:
        """Take a decision by calls: order what differs from the standing orders, and advance."""
        refused = 0
        for call in self.words.calls(self.plan, decision):
            refused += self.call(call).refused
        answer = self.call(ToolCall(ADVANCE, {}))
        return Answer(
            answer.text, answer.rewards, refused + answer.refused, answer.terminated, answer.terms
        )


def needs_reset(session: ToolSession) -> None:
    """See that there is an episode that is not over.

    Raises:
        gymnasium.error.ResetNeeded: there is none.
    """
    if session.terminated:
        raise gymnasium.error.ResetNeeded("the episode is over: call reset() first")
