"""Worlds as environments of TRL's GRPO trainer (1.16): one plain class per world.

The class needs nothing of TRL. ``GRPOTrainer(environment_factory=...)`` takes it, or a dict of
several worlds' classes; its public methods are the world's tools, typed and documented.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Literal

from ...core.arguments import one_of
from ...core.worlds import DEFAULT_WORLD
from ...sim.episodes import begin_episode, play
from ...sim.policy import Policy
from ...sim.protocol import Snapshot
from ...sim.tool_table import ToolCall
from ...sim.words import ADVANCE
from ...sim.world_kind import WorldKind
from ..tool_session import ToolSession
from .mornings import Morning, led_to

Pay = Literal["score", "reward"]
PAYS: tuple[Pay, ...] = ("score", "reward")
_MOST_BEGINNINGS = 64
"""Beginnings that a class remembers: the completions of a group share one."""


def trl_environment(
    scenario: str | None = None,
    *,
    world: str | WorldKind = DEFAULT_WORLD,
    decisions: int | None = None,
    pay: Pay = "score",
    name: str | None = None,
    **arguments: Any,
) -> type[Any]:
    """The class of a world, for ``environment_factory``.

    ``reset`` takes a dataset's row: ``seed`` (of the episode), ``morning`` (decision points before,
    at which the world's expert decides; 0 if it is left out) and ``future`` (luck from there on;
    None: the episode's own). Rows with the same three are branches of one snapshot on common luck.
    Whatever the learner leaves undecided is decided afterwards: the next decision point by the
    orders as they stand, all others by the expert.

    Args:
        scenario: what is simulated; None: the world's first.
        world: its name or record.
        decisions: decision points that are the learner's; None: all to the end.
        pay: ``"score"``, what policies are judged by, or ``"reward"``, the environment's rewards
            from the morning on, those of the expert's decisions apart.
        name: of the class, after which TRL names the column of its rewards; None: the scenario's
            and the world's.
        arguments: of ``ToolSession``, such as ``reward`` or ``calls_per_decision``.

    Raises:
        GoliveError: an argument is wrong.
    """
    one_of("pay", pay, PAYS)
    table = ToolSession(scenario, world=world, **arguments)
    beginnings: OrderedDict[tuple[int, int], tuple[Snapshot, Any]] = OrderedDict()

    class Environment:
        """Plays an episode from a morning on."""

        def __init__(self) -> None:
            self._session = ToolSession(scenario, world=world, **arguments)
            self._passed = 0

        def reset(
            self, seed: int = 0, morning: int = 0, future: int | None = None, **row: Any
        ) -> str:
            snapshot, last = _beginning(self._session, beginnings, int(seed), int(morning))
            luck = None if future is None else int(future)
            briefing = self._session.resume(snapshot, seed=luck, decision=last)
            self._passed = 0
            return briefing

        def get_reward(self) -> float:
            if self._passed == 0 and not self._session.terminated:
                self._session.call(ToolCall(ADVANCE, {}))
            paid = self._session.total_reward
            return _score_of_the_rest(self._session) if pay == "score" else paid

        def _answer(self, call: ToolCall) -> str:
            if decisions is not None and self._passed >= decisions:
                return "Your decisions are taken: say that you are done."
            answer = self._session.call(call)
            self._passed += len(answer.rewards)
            return answer.text

    methods = {tool.name: tool.method(Environment._answer) for tool in table.tools}
    words = f"{table.environment.scenario.name} {table.kind.name}"
    called = "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", words))
    return type(name or called, (Environment,), {**methods, "__module__": __name__})


def rows(
    chosen: Sequence[Morning], system: str, *, environment: str | None = None
) -> list[dict[str, Any]]:
    """Rows of a training's dataset, one for each morning.

    Args:
        chosen: of ``mornings``.
        system: the system message, such as a ``ToolSession``'s ``instructions``.
        environment: key of the class where the trainer is given a dict of several.
    """
    messages = [
        {"role": "system", "content": system},
        {"role": "user", "content": "Decide by calling tools. This is the briefing:\n"},
    ]
    column = {} if environment is None else {"environment": environment}
    return [{"prompt": messages, **column, **morning.row()} for morning in chosen]


def _beginning(
    session: ToolSession,
    known: OrderedDict[tuple[int, int], tuple[Snapshot, Any]],
    seed: int,
    morning: int,
) -> tuple[Snapshot, Any]:
    """The snapshot of a morning, and the decision before it."""
    key = (seed, morning)
    if key not in known:
        last = None
        for number, snapshot, decision in led_to(
            session.kind, session.environment.scenario, seed, morning
        ):
            known[key] = snapshot, last  # an episode that ends before is met at its last morning
            if number < morning:
                last = decision
        while len(known) > _MOST_BEGINNINGS:
            known.popitem(last=False)
    return known[key]


def _score_of_the_rest(session: ToolSession) -> float:
    """Score when the expert goes on to the end."""
    kind = session.kind
    world = kind.restore(session.environment.world.snapshot())
    if not world.finished:
        expert: Policy = kind.policies[kind.expert]()
        begin_episode(expert, world)
        play(world, expert)
    return kind.score_of(world.scorecard())
