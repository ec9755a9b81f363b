"""The level that each environment plays next, and what rollouts say about levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from .callbacks import Change
from .configuration_files import parse_record
from .levels import Level, LevelReplay, LevelSource

if TYPE_CHECKING:
    from ...envs.sb3 import BatchedVecEnv
    from .algorithm import ChosenRolloutBuffer

_REPLAYS = purpose("training/whether a level is replayed")
_WHICH = purpose("training/which level is replayed")


@dataclass(frozen=True, slots=True)
class LevelReport:
    """Findings of a rollout about the levels that were played in it.

    Attributes:
        keep: bool (steps, environments), the samples to learn from; None: all.
        figures: for the learning curve, by name.
    """

    keep: NDArray[np.bool_] | None
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Played:
    """A level in an environment; a replayed one is drawn from the buffer, not new."""

    level: Level
    replayed: bool

    def to_json(self) -> list[Any]:
        """As a JSON value."""
        return [self.level.to_json(), self.replayed]

    @classmethod
    def from_json(cls, value: Any) -> Played:
        """Read back what ``to_json`` wrote."""
        return cls(Level.from_json(value[0]), bool(value[1]))


@dataclass(slots=True)
class Partial:
    """Sums over the steps so far of an episode that is not over.

    Attributes:
        positive: of the positive advantages.
        steps: their number.
        reached: discounted return from the episode's start.
        factor: discount of the next reward.
        expected: the critic's value of the first step.
    """

    positive: float = 0.0
    steps: int = 0
    reached: float = 0.0
    factor: float = 1.0
    expected: float = 0.0


class TrainingEnvironments(VecEnvWrapper):
    """Environments that draw their episodes themselves."""

    def __init__(self, batched: BatchedVecEnv) -> None:
        super().__init__(batched)
        self.batched = batched

    def reset(self) -> VecEnvObs:
        """Start an episode in each environment."""
        return self.venv.reset()

    def step_wait(self) -> VecEnvStepReturn:
        """One step."""
        return self.venv.step_wait()

    def judge(self, rollout: ChosenRolloutBuffer) -> LevelReport | None:
        """Hear how a rollout went, before it is learned from; None: levels are not chosen."""
        return None

    def change(self, change: Change) -> None:
        """Change the episodes that begin from now on.

        Raises:
            GoliveError: they cannot be changed, or not so.
        """
        raise GoliveError(
            "callback: changes levels: expected environment.levels.mode randomised or "
            "prioritised, or several scenarios"
        )

    def state(self) -> Any:
        """All that goes on, as a JSON value; taken between two rollouts."""
        return self.batched.get_states()

    def restore(self, state: Any) -> None:
        """Go on from a state."""
        self.batched.set_states(state)


class LevelledEnvironments(TrainingEnvironments):
    """Environments that are told which level to play.

    The level that follows the running one is sent ahead, because a worker resets an environment
    in the middle of a step: each environment has a running and a next level.
    """

    def __init__(self, batched: BatchedVecEnv, source: LevelSource, seed: int) -> None:
        super().__init__(batched)
        self._source = source
        settings = source.settings
        self._changed: dict[str, Any] = {}
        self._streams = RandomStreams(seed)
        self._draws = 0
        self._new = 0
        self.replay = LevelReplay(settings.replay) if settings.mode == "prioritised" else None
        self._played: list[list[Played]] = []
        self._next: list[Played] = []
        self._partials = [Partial() for _ in range(self.num_envs)]

    def reset(self) -> VecEnvObs:
        """Start a level in each environment."""
        self._played = [[self._drawn()] for _ in range(self.num_envs)]
        self._next = [self._drawn() for _ in range(self.num_envs)]
        self._partials = [Partial() for _ in range(self.num_envs)]
        options = [dict(self._source.options(row[-1].level)) for row in self._played]
        self.batched.set_options(options)
        self._send(range(self.num_envs))
        return self.venv.reset()

    def step_wait(self) -> VecEnvStepReturn:
        """One step; environments whose episode ended are sent the level after the one begun."""
        observations, rewards, dones, infos = self.venv.step_wait()
        ended = [int(index) for index in np.flatnonzero(dones)]
        for index in ended:
            self._played[index].append(self._next[index])
            self._next[index] = self._drawn()
        if ended:
            self._send(ended)
        return observations, rewards, dones, infos

    def judge(self, rollout: ChosenRolloutBuffer) -> LevelReport:
        """Score the levels whose episodes ended in a rollout, which is not yet flattened."""
        keep = np.ones(rollout.rewards.shape, np.bool_)
        finished: list[tuple[int, int, Played, Partial]] = []
        for index in range(self.num_envs):
            played = self._played[index]
            starts = np.flatnonzero(rollout.episode_starts[1:, index]) + 1
            bounds = [0, *starts.tolist(), len(keep)]
            for place, (first, end) in enumerate(pairwise(bounds)):
                keep[first:end, index] = played[place].replayed
                self._add(index, rollout, first, end)
                if place < len(played) - 1:
                    finished.append((end, index, played[place], self._partials[index]))
                    self._partials[index] = Partial()
            self._played[index] = played[-1:]
        finished.sort(key=lambda item: item[:2])
        for _, _, played_one, partial in finished:
            self._score(played_one.level, partial)
        figures = self._figures([played_one for _, _, played_one, _ in finished])
        replayed_only = self.replay is not None and self.replay.settings.train_on_replayed_only
        return LevelReport(keep if replayed_only else None, figures)

    def change(self, change: Change) -> None:
        """Draw levels otherwise from now on, and begin all that come with other options.

        Raises:
            GoliveError: the world's levels have no such field, or not such a value.
        """
        for name in ("mode", "replay"):
            if name in change.levels:
                raise GoliveError(f"callback: levels.{name}: cannot change within a training")
        for name, fields in (("levels", change.levels), ("options", change.options)):
            self._changed[name] = {**self._changed.get(name, {}), **fields}
        settings = self._source.settings
        fields = {**settings.model_dump(mode="json"), **self._changed["levels"]}
        self._source.settings = parse_record(type(settings), fields, "callback: levels")
        self._source.extra = self._changed["options"]
        self._send(range(len(self._next)))

    def state(self) -> dict[str, Any]:
        """The worlds' states, and the curriculum's."""
        changed = {"changed": self._changed} if self._changed else {}
        levels = {
            **changed,
            "draws": self._draws,
            "new": self._new,
            "playing": [row[-1].to_json() for row in self._played],
            "next": [played.to_json() for played in self._next],
            "partials": [list(astuple(partial)) for partial in self._partials],
            "replay": None if self.replay is None else self.replay.state(),
        }
        return {"worlds": super().state(), "levels": levels}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        super().restore(state["worlds"])
        state = state["levels"]
        if "changed" in state:
            self.change(Change(**state["changed"]))
        self._draws, self._new = int(state["draws"]), int(state["new"])
        self._played = [[Played.from_json(value)] for value in state["playing"]]
        self._next = [Played.from_json(value) for value in state["next"]]
        self._partials = [Partial(*values) for values in state["partials"]]
        if self.replay is not None:
            self.replay.restore(state["replay"])
        self._send(range(self.num_envs))

    def _drawn(self) -> Played:
        """The next level: a new one, or one again."""
        number, replay = self._draws, self.replay
        self._draws += 1
        if replay is not None:
            again = self._streams.uniform(_REPLAYS, number) < replay.settings.probability
            if again and replay.ready:
                return Played(replay.replayed(self._streams.uniform(_WHICH, number)), True)
            replay.new()
        self._new += 1
        return Played(self._source.level(self._new - 1), False)

    def _send(self, indices: Iterable[int]) -> None:
        following = {i: self._source.options(self._next[i].level) for i in indices}
        self.batched.set_next_options(following)

    def _add(self, index: int, rollout: ChosenRolloutBuffer, first: int, end: int) -> None:
        """Take a stretch of an episode into its sums."""
        partial = self._partials[index]
        if partial.steps == 0:
            partial.expected = float(rollout.values[first, index])
        advantages = rollout.advantages[first:end, index]
        partial.positive += float(np.maximum(advantages, 0.0).sum(dtype=np.float64))
        partial.steps += end - first
        for reward in rollout.rewards[first:end, index].tolist():
            partial.reached += partial.factor * reward
            partial.factor *= rollout.gamma

    def _score(self, level: Level, partial: Partial) -> None:
        if self.replay is None:
            return
        if self.replay.settings.score == "positive_value_loss":
            score = partial.positive / partial.steps
        else:
            best = self.replay.best_return(level, partial.reached)
            score = max(0.0, best - partial.expected)
        self.replay.update(level, score, partial.reached)

    def _figures(self, finished: list[Played]) -> dict[str, float]:
        figures: dict[str, float] = {}
        if finished:
            figures.update(self._source.settings.figures([x.level.met for x in finished]))
            figures["levels/replayed"] = float(np.mean([played.replayed for played in finished]))
        if self.replay is not None and len(self.replay) > 0:
            weights = self.replay.probabilities()
            figures["levels/kept"] = float(len(self.replay))
            figures["levels/score"] = float(np.mean(self.replay.scores))
            figures["levels/effective"] = float(1.0 / np.square(weights).sum())
        return figures
