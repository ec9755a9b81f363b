"""A world as a Gymnasium environment; the same class for every world."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import gymnasium
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel

from ..core.arguments import one_of
from ..core.arithmetic import plain_sum
from ..core.worlds import DEFAULT_WORLD
from ..scenarios.scenario import Scenario
from ..scenarios.suite import SeedRange, Suite
from ..sim.numbers import Group
from ..sim.protocol import AnyWorld, Snapshot
from ..sim.world_kind import WorldKind
from ..sim.worlds import world_kind
from .action_space import FactoredActions
from .encoding import Encoder, Observation, ObservationKind
from .episodes import episode_source, with_options
from .information import Information, scorecard_zeros
from .rewards import Reward, Transition, WeightedTerms, described
from .saved_state import SavedEnvironment, restored, saved_environment

Seeding = Literal["drawn", "episode"]
SEEDINGS: tuple[Seeding, ...] = ("drawn", "episode")
OBSERVATION_KINDS: tuple[ObservationKind, ...] = ("flat", "dict")
RENDER_MODES = ("ansi", "rgb_array", "human")
"""Forms in which worlds may be drawn; a world's record says which of them it offers."""
_MADE_AGAIN = frozenset({"_numbers", "_encoder", "_renderer", "_briefing", "_legal", "_mask"})


class WorldEnv(gymnasium.Env[Observation, NDArray[np.int64]]):
    """One episode of a world, from its beginning to its end.

    ``docs/environment.md`` has the page of the implementation world; in short, for every world:

    - **Observation**: the briefing in numbers, float32, every index named and bounded in the
      world's table (``kind.language.groups``); flat (the default) or by group
      (``observation="dict"``).
    - **Action**: ``MultiDiscrete``, one choice per factor (``kind.language.choices``).
      ``action_masks()`` says what is legal; an illegal part is replaced by the neutral one,
      counted and reported in ``info``. An action outside the space raises ``GoliveError``.
    - **Reward**: named terms, weighted by data (``golive.envs.rewards``); ``info["reward_terms"]``.
    - **Episode end**: ``terminated`` when the world is finished; never ``truncated``.

    Args:
        scenario: a scenario, its name in the library, the path of its file or its content as
            plain data (what a recorded dataset's environment is made from); None: the world's
            first.
        world: name of the world, or its record.
        split: whose seed range episodes are drawn from: train, validation or test; empty: the
            one that the suite names, else train.
        suite: the suite whose splits are meant, also with its split, ``"furniture-test"``; None:
            the library's that has the scenario.
        seed_range: draw episode seeds from ``[start, stop)`` instead of from a split.
        seeding: what ``reset``'s seed is: ``"drawn"``, the seed of the generator that draws
            episodes, or ``"episode"``, the episode's own (its lower 63 bits).
        reward: a preset's name, a mapping of weights, a configuration, or an object with
            ``names`` and ``terms(transition)``; None: the world's first preset.
        observation: ``"flat"`` or ``"dict"``.
        render_mode: None, or one of the world's.
        options: of the world's own, for all episodes, such as ``customer`` (``kind.options``).

    Attributes:
        kind: the world's record.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - Gymnasium declares it as an instance variable
        "render_modes": list(RENDER_MODES),
        "render_fps": 4,
    }

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] | None = None,
        *,
        world: str | WorldKind = DEFAULT_WORLD,
        split: str | None = "",
        suite: str | os.PathLike[str] | Suite | None = None,
        seed_range: tuple[int, int] | SeedRange | None = None,
        seeding: Seeding = "drawn",
        reward: str | BaseModel | Mapping[str, object] | Reward | None = None,
        observation: ObservationKind = "flat",
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self.kind = world if isinstance(world, WorldKind) else world_kind(world)
        one_of("seeding", seeding, SEEDINGS)
        one_of("observation", observation, OBSERVATION_KINDS)
        one_of("render_mode", render_mode, (None, *self.kind.render_modes))
        self.render_mode = render_mode
        self.observation_kind = observation
        self._numbers = self.kind.language
        self._encoder = _encoder(self._numbers.groups)
        self.observation_space = self._encoder.space(observation)
        self.action_space = FactoredActions(list(self._numbers.choices.sizes))
        self.seeding = seeding
        self._suite = suite
        self._source = episode_source(self.kind, scenario, split, suite, seed_range, options)
        language = self.kind.reward_language
        self._reward: Reward = language.reward(language.default if reward is None else reward)
        self._world: AnyWorld | None = None
        self._briefing: Any = None
        self._legal: Any = None
        self._mask: NDArray[np.bool_] | None = None
        self._level = ""
        self._renderer: Any = None

    @property
    def scenario(self) -> Scenario:
        """The scenario episodes usually come from."""
        return self._source.scenario

    @property
    def reward(self) -> Reward:
        """The terms that pay the learner."""
        return self._reward

    @property
    def world(self) -> Any:
        """The world of the running episode; look, but do not advance it.

        Raises:
            gymnasium.error.ResetNeeded: ``reset`` was not called yet.
        """
        if self._world is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._world

    @property
    def briefing(self) -> Any:
        """The briefing that the last observation was made from."""
        if self._briefing is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._briefing

    def legal(self) -> Any:
        """The decisions that are allowed now."""
        if self._legal is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._legal

    def action_masks(self) -> NDArray[np.bool_]:
        """The choices that are legal now: bool (choices,), factor after factor."""
        if self._mask is None:
            self._mask = self._numbers.mask(self.legal())
        return self._mask.copy()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, Information]:
        """Start the next episode: its seed is drawn from the seed range.

        Args:
            seed: reseeds the drawing of episodes (0 is a seed), or is the episode's (``seeding``);
                None goes on with the drawing.
            options: a level, for this episode only: ``scenario``, ``split``, ``seed_range`` (as
                in the constructor), ``episode_seed`` (instead of drawing one), and the world's
                own (``kind.options``).

        Raises:
            GoliveError: an unknown option or a bad value.
        """
        super().reset(seed=seed)
        usual = self._source
        if self.seeding == "episode" and seed is not None:
            usual = replace(usual, episode_seed=seed % 2**63)
        source = with_options(self.kind, usual, {} if options is None else options, self._suite)
        episode_seed = source.draw_seed(self.np_random)
        self._begin_episode(source.build_world(self.kind, episode_seed, record=self._records))
        if self.render_mode == "human":
            self.render()
        return self._observation(), self.information()

    def step(self, action: ArrayLike) -> tuple[Observation, float, bool, bool, Information]:
        """Decide and run to the next decision point.

        Raises:
            GoliveError: the action is outside the action space.
            gymnasium.error.ResetNeeded: there is no episode, or it is over.
        """
        world, before = self.world, self.briefing
        if world.finished:
            raise gymnasium.error.ResetNeeded("the episode is over: call reset() first")
        decision = self._numbers.decode(action)
        _, illegal_parts = self.legal().replace_illegal(decision)
        world.advance(decision)
        self._begin(world)
        card = world.scorecard() if world.finished else None
        terms = self._reward.terms(Transition(before, self.briefing, card, world.scenario))
        if self.render_mode == "human":
            self.render()
        information = self._information(terms, card, illegal_parts)
        return (
            self._observation(),
            plain_sum(terms.values()),
            card is not None,
            False,
            information,
        )

    def information(self) -> Information:
        """The ``info`` of the present decision point, as ``reset`` gives it."""
        card = self.world.scorecard() if self.world.finished else None
        return self._information(dict.fromkeys(self._reward.names, 0.0), card, 0)

    def render(self) -> Any:
        """The world's picture: text (``ansi``), RGB as uint8[height, width, 3], or a window."""
        if self.render_mode is None:
            gymnasium.logger.warn("render() was called on an environment without a render_mode")
            return None
        if self._renderer is None:
            assert self.kind.renderer is not None  # a render mode was asked for and allowed
            self._renderer = self.kind.renderer(self.render_mode)
        return self._renderer.render(self.world)

    def close(self) -> None:
        """Close the window, if there is one; again is harmless."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def get_state(self) -> SavedEnvironment:
        """All that the future depends on, as plain data: dicts, lists, numbers and strings."""
        return saved_environment(self._configuration(), self.np_random, self._world)

    def set_state(self, state: SavedEnvironment) -> Observation | None:
        """Go back to a saved state: from here observation, reward and info are what they were.

        Pictures start anew: what was recorded for them is not part of the state.

        Returns:
            The observation of the restored decision point; None if there was no episode.

        Raises:
            GoliveError: it is no such state, of another version, or of an environment that was
                made with other arguments.
        """
        generator, world = restored(self.kind, state, self._configuration(), self._records)
        self.np_random = generator
        if world is None:
            self._world = self._briefing = self._legal = self._mask = None
            return None
        self._begin_episode(world)
        return self._observation()

    def resume(self, snapshot: Snapshot, *, seed: int | None = None) -> Observation:
        """Begin an episode in the middle: the world of a snapshot.

        Args:
            snapshot: of a world of this kind.
            seed: draws the future anew from here; environments with the same meet the same luck.

        Raises:
            SnapshotError: it is another world's, another version's, or damaged.
        """
        self._begin_episode(self.kind.restore(snapshot, record=self._records, seed=seed))
        return self._observation()

    def __getstate__(self) -> dict[str, Any]:
        """All but what can be made again; a window stays where it is."""
        state = {key: value for key, value in self.__dict__.items() if key not in _MADE_AGAIN}
        if type(self._reward) is WeightedTerms:  # its terms may be functions of any kind
            state["_reward"] = self._reward.config.model_dump()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on where the pickled environment was."""
        self.__dict__.update(state)
        self._numbers = self.kind.language
        self._encoder = _encoder(self._numbers.groups)
        self._reward = self.kind.reward_language.reward(self._reward)
        self._renderer = self._briefing = self._legal = self._mask = None
        if self._world is not None:
            self._begin(self._world)

    @property
    def _records(self) -> bool:
        """Recording costs time and only pictures need it."""
        return self.render_mode in ("rgb_array", "human")

    def _begin_episode(self, world: AnyWorld) -> None:
        self._level = world.scenario.level_name
        self._begin(world)

    def _begin(self, world: AnyWorld) -> None:
        """Look at a decision point."""
        self._world = world
        self._briefing = world.briefing()
        self._legal = world.legal()
        self._mask = None

    def _observation(self) -> Observation:
        flat = self._numbers.encode(self.briefing)
        return flat if self.observation_kind == "flat" else self._encoder.by_group(flat)

    def _information(self, terms: dict[str, float], card: Any, illegal_parts: int) -> Information:
        figures = self.kind.figures
        fields = scorecard_zeros(self.kind) if card is None else card.as_dict()
        return {
            "episode_seed": self.world.seed,
            "level": self._level,
            "day": self.kind.moment(self.briefing),
            "illegal_parts": illegal_parts,
            "illegal_decisions": self.world.illegal_decisions,
            "action_mask": self.action_masks(),
            "reward_terms": terms,
            "scorecard": fields,
            figures.score: float(fields[figures.score]),
            "is_success": bool(fields[figures.success]) if figures.success else False,
        }

    def _configuration(self) -> dict[str, object]:
        return {
            **self._source.description(self.kind),
            "observation": self.observation_kind,
            "reward": described(self._reward),
        }


@lru_cache(maxsize=16)
def _encoder(groups: tuple[Group, ...]) -> Encoder:
    return Encoder(groups)
