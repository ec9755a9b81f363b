"""The bandit view of the gateway in numbers, and as the environment ``golive/GatewayBandit-v0``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from ...core.errors import GoliveError
from ...scenarios.gateway.agents import MOST_AGENTS
from ...scenarios.gateway.scenario import GatewayScenario
from ...scenarios.gateway.vocabulary import FAMILIES
from ...scenarios.suite import SeedRange
from ...sim.gateway.bandit import BanditStream, Floats, bandit_stream
from ...sim.gateway.company import DEPARTMENTS, LABEL, READ
from ...sim.gateway.decision import CHOICES
from ...sim.gateway.laws import DAY_HOURS
from ...sim.numbers import Column, Group
from ...sim.worlds import world_kind
from ..encoding import Encoder
from ..episodes import EpisodeSource, episode_source, with_options
from .numbers import AGENT_COLUMNS, PRIOR_TASKS, TASK_COLUMNS

_KNOWN = ("estimate", "worth", "priority", "due", "vague", "confidential")
_OF_TASKS = tuple(column for column in TASK_COLUMNS if column.name in _KNOWN)
_OF_AGENTS = AGENT_COLUMNS[:13]  # up to the pace: queues, ratings and versions come with time
CONTEXT_GROUPS = (
    Group("task", ("",), _OF_TASKS),
    Group("reading", ("",), tuple(
        Column(family.value, "share of the text that speaks of it") for family in FAMILIES
    )),
    Group("label", ("",), tuple(Column(family.value, "the label names it") for family in FAMILIES)),
    Group("department", ("",), tuple(
        Column(department.value, "the requester belongs to it") for department in DEPARTMENTS
    )),
    Group("company", ("",), (
        Column("hour", "hour of the day", 0.0, 1.0, 24.0),
        Column("weekday", "0, Monday, to 6", 0.0, 1.0, 6.0),
    )),
)  # fmt: skip
"""Features of a task that all choices share."""
AGENT_GROUP = Group("agent", ("",), _OF_AGENTS)
"""Features of a task with an agent; what a record says is what was known at the beginning."""
_CONTEXT, _AGENT = Encoder(CONTEXT_GROUPS), Encoder((AGENT_GROUP,))
_WIDTH = len(_OF_AGENTS)
_SLOTS = tuple(f"slot_{slot:02d}" for slot in range(MOST_AGENTS))
GROUPS = (*CONTEXT_GROUPS, Group("agent", _SLOTS, _OF_AGENTS))
"""The environment's observation: the context, and a row for each of 96 slots."""


@dataclass(frozen=True, eq=False)
class BanditArrays:
    """A whole stream for learners; of the choices the last is a person.

    Attributes:
        context: float32 (tasks, context features).
        agents: float32 (tasks, agents, agent features).
        mask: bool (tasks, choices), what is legal.
        rewards: float64 (tasks, choices), USD over what a task could bring in the mean, so that a
            choice's mean reward is the gateway score.
        best: float64 (tasks,), largest expected reward of a legal choice.
    """

    context: NDArray[np.float32]
    agents: NDArray[np.float32]
    mask: NDArray[np.bool_]
    rewards: Floats
    best: Floats


def bandit_arrays(stream: BanditStream) -> BanditArrays:
    """The stream in numbers, with the results of all choices."""
    attainable = stream.laws.attainable_usd.mean()
    expected = np.where(stream.legal, stream.expected_usd, -np.inf)
    return BanditArrays(
        context=_CONTEXT.encoded(context_of(stream)),
        agents=_AGENT.encoded(agent_rows_of(stream)),
        mask=stream.legal,
        rewards=stream.reward_usd / attainable,
        best=expected.max(axis=1) / attainable,
    )


def context_of(stream: BanditStream) -> Floats:
    """Raw values of ``CONTEXT_GROUPS``, float64 (tasks, features)."""
    tasks = stream.tasks
    day = np.floor(tasks.at / DAY_HOURS)
    known = (
        tasks.estimate_hours,
        tasks.worth_usd,
        tasks.priority,
        tasks.due_in_hours,
        tasks.vague,
        tasks.confidential,
    )
    return np.concatenate(
        [
            np.stack(known, axis=1).astype(np.float64),
            tasks.reading,
            np.eye(len(FAMILIES))[tasks.label],
            np.eye(len(DEPARTMENTS))[tasks.department],
            np.stack([tasks.at - day * DAY_HOURS, day % 7], axis=1),
        ],
        axis=1,
    )


def agent_rows_of(stream: BanditStream) -> Floats:
    """Raw values of ``AGENT_GROUP``, float64 (tasks, agents, features)."""
    tasks, agents = stream.tasks, stream.agents
    rows = np.ones((*stream.confidence.shape, _WIDTH))

    def record(kept: int, family: NDArray[np.int64]) -> tuple[Floats, Floats]:
        placed = agents.placed[kept][:, family].T.astype(np.float64)
        return placed, _good(placed, agents.failed[kept][:, family].T)

    placed_label, good_label = record(LABEL, tasks.label)
    placed_read, good_read = record(READ, tasks.read)
    placed = agents.placed[LABEL].sum(axis=1)
    columns = (
        stream.legal[:, :-1],
        agents.home[:, tasks.label].T,
        agents.home[:, tasks.read].T,
        *(placed_label, good_label, placed_read, good_read),
        placed,
        _good(placed.astype(np.float64), agents.failed[LABEL].sum(axis=1)),
        stream.confidence,
        stream.usd_per_hour[:, :-1],
        agents.pace,
    )
    for place, values in enumerate(columns, start=1):
        rows[:, :, place] = values
    return rows


def _good(placed: Floats, failed: NDArray[np.int64]) -> Floats:
    found: Floats = (placed - failed + 0.5 * PRIOR_TASKS) / (placed + PRIOR_TASKS)
    return found


class GatewayBanditEnv(gymnasium.Env[NDArray[np.float32], np.int64]):
    """Tasks of a company one by one: who should do it? The choice decides nothing but its reward.

    - **Observation**: the task and a row for each of 96 slots, float32 (``GROUPS``); slots without
      an agent are 0.
    - **Action**: ``Discrete(100)``, the choices of ``golive/Gateway-v0``: a slot, or a person.
      Asking, splitting and waiting need a world that goes on, and are never legal. What is illegal
      is done by a person, and counted.
    - **Reward**: worth less costs and harm in USD over what a task could bring in the mean: their
      mean over an episode is the gateway score.
    - **Episode end**: ``terminated`` after the last task.

    Args:
        scenario: of the gateway world, by name, file or content; None: ``office``.
        split: whose seed range episodes are drawn from; empty: train.
        seed_range: draw episode seeds from ``[start, stop)`` instead.
        render_mode: None, or ``"ansi"``.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"]}  # noqa: RUF012 - as Gymnasium has it

    def __init__(
        self,
        scenario: str | os.PathLike[str] | GatewayScenario | Mapping[str, object] | None = None,
        *,
        split: str | None = "",
        seed_range: tuple[int, int] | SeedRange | None = None,
        render_mode: str | None = None,
    ) -> None:
        if render_mode not in (None, "ansi"):
            raise GoliveError(f"render_mode: {render_mode!r}: expected None or 'ansi'")
        self.render_mode = render_mode
        self._kind = world_kind("gateway")
        self._source: EpisodeSource = episode_source(
            self._kind, scenario, split, None, seed_range, {}
        )
        self.observation_space: Any = Encoder(GROUPS).space("flat")
        self.action_space: Any = spaces.Discrete(CHOICES)
        self._stream: BanditStream | None = None
        self._arrays: BanditArrays | None = None
        self._place = self._illegal = 0
        self._paid = 0.0

    @property
    def stream(self) -> BanditStream:
        """The episode's tasks, latent truth included.

        Raises:
            gymnasium.error.ResetNeeded: ``reset`` was not called yet.
        """
        if self._stream is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._stream

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start the next episode.

        Args:
            seed: reseeds the drawing of episodes; None goes on with it.
            options: for this episode only: ``scenario``, ``split``, ``seed_range``,
                ``episode_seed``.

        Raises:
            GoliveError: an unknown option or a bad value.
        """
        super().reset(seed=seed)
        source = with_options(self._kind, self._source, {} if options is None else options, None)
        self._stream = bandit_stream(source.scenario, source.draw_seed(self.np_random))  # type: ignore[arg-type]
        self._arrays = bandit_arrays(self._stream)
        self._place = self._illegal = 0
        self._paid = 0.0
        return self._observation(), self._information()

    def step(
        self, action: int | np.integer[Any] | NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Choose who does the task, and go on to the next one.

        Raises:
            GoliveError: the action is outside the action space.
            gymnasium.error.ResetNeeded: there is no episode, or it is over.
        """
        stream, arrays, place = self.stream, self._arrays, self._place
        assert arrays is not None
        if place >= len(stream):
            raise gymnasium.error.ResetNeeded("the episode is over: call reset() first")
        chosen = self._chosen(action)
        legal = chosen == MOST_AGENTS or bool(self.action_masks()[chosen])
        column = chosen if legal and chosen < MOST_AGENTS else stream.choices - 1
        self._illegal += not legal
        reward = float(arrays.rewards[place, column])
        self._paid += reward
        self._place += 1
        info = {
            **self._information(),
            "reward_usd": float(stream.reward_usd[place, column]),
            "work_usd": float(stream.results.work_usd[place, column]),
            "done_by": self._slot(int(stream.results.done_by[place, column])),
            "regret": float(arrays.best[place])
            - float(stream.expected_usd[place, column] / stream.laws.attainable_usd.mean()),
            "illegal": not legal,
        }
        return self._observation(), reward, self._place == len(stream), False, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal choices: bool (100,); nothing but a person after the last task."""
        mask = np.zeros(CHOICES, dtype=np.bool_)
        mask[MOST_AGENTS] = True
        stream = self.stream
        if self._place < len(stream):
            mask[: stream.choices - 1] = stream.legal[self._place, :-1]
        return mask

    def render(self) -> str | None:
        """The task in words and the score so far, with ``render_mode="ansi"``."""
        if self.render_mode is None:
            gymnasium.logger.warn("render() was called on an environment without a render_mode")
            return None
        stream, place = self.stream, self._place
        score = self._paid / max(1, place)
        text = "over" if place == len(stream) else stream.tasks.text[place]
        return f"task {place} of {len(stream)}, score {score:.3f}: {text}"

    def _chosen(self, action: Any) -> int:
        found = np.asarray(action)
        whole = found.dtype.kind in "iu" and found.size == 1
        if not whole or not 0 <= int(found.reshape(())) < CHOICES:
            raise GoliveError(f"action: {action!r}: expected a whole number below {CHOICES}")
        return int(found.reshape(()))

    def _slot(self, column: int) -> int:
        return column if column < self.stream.choices - 1 else MOST_AGENTS

    def _observation(self) -> NDArray[np.float32]:
        arrays, stream = self._arrays, self.stream
        assert arrays is not None
        flat = np.zeros(self.observation_space.shape, dtype=np.float32)
        if self._place == len(stream):
            return flat
        start = arrays.context.shape[1]
        flat[:start] = arrays.context[self._place]
        rows = arrays.agents[self._place]
        flat[start : start + rows.size] = rows.ravel()
        return flat

    def _information(self) -> dict[str, Any]:
        stream = self.stream
        return {
            "episode_seed": stream.seed,
            "task": self._place,
            "action_mask": self.action_masks(),
            "illegal_decisions": self._illegal,
            "gateway_score": self._paid / len(stream),
        }
