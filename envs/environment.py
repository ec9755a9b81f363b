"""``golive/Implementation-v0``: one ERP implementation as a Gymnasium environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..scenarios.customer import Customer
from ..scenarios.errors import GoliveError
from ..scenarios.levels import level_name
from ..scenarios.scenario import Scenario, SeedRange, Suite
from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import LegalDecisions
from .actions import action_mask, action_space, decode_action
from .encoding import Observation, ObservationKind, encode, observation_space
from .episodes import episode_source, with_options
from .information import Information, unfinished_scorecard
from .rewards import Reward, RewardConfig, Transition, reward_config
from .saved_state import SavedEnvironment, restored, saved_environment

if TYPE_CHECKING:
    from ..sim.implementation.scorecard import Scorecard
    from ..sim.implementation.world import ImplementationWorld
    from .rendering import Renderer

OBSERVATION_KINDS: tuple[ObservationKind, ...] = ("flat", "dict")


class ImplementationEnv(gymnasium.Env[Observation, NDArray[np.int64]]):
    """One ERP implementation, from kick-off through go-live to the end of hypercare.

    The full page is ``docs/environment.md``; in short:

    - **Observation**: the morning's briefing, float32, every index named and bounded in
      ``golive.envs.features``; flat (the default) or by group (``observation="dict"``).
    - **Action**: ``MultiDiscrete([9, 9, 9, 9, 9, 3, 12])``: a focus per role, pace, move.
      ``action_masks()`` says what is legal; an illegal part is replaced by the neutral one,
      counted and reported in ``info``. An action outside the space raises ``GoliveError``.
    - **Reward**: named terms, weighted by data (``golive.envs.rewards``); ``info["reward_terms"]``.
    - **Episode end**: ``terminated`` when the world is finished; never ``truncated``.

    Args:
        scenario: a scenario, its name in the library, the path of its file or its content as
            plain data (what a recorded dataset's environment is made from).
        split: whose seed range episodes are drawn from: train, validation or test.
        suite: the suite whose splits are meant; None: the library's that has the scenario.
        seed_range: draw episode seeds from ``[start, stop)`` instead of from a split.
        customer: ``"drawn"`` (a new customer of the scenario's family each episode),
            ``"reference"`` (the scenario's own) or a customer.
        reward: a preset's name, a mapping of weights or a ``RewardConfig``.
        observation: ``"flat"`` or ``"dict"``.
        render_mode: None, ``"ansi"``, ``"rgb_array"`` or ``"human"``.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - Gymnasium declares it as an instance variable
        "render_modes": ["ansi", "rgb_array", "human"],
        "render_fps": 4,
    }

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] = "furniture",
        *,
        split: str | None = "train",
        suite: str | os.PathLike[str] | Suite | None = None,
        seed_range: tuple[int, int] | SeedRange | None = None,
        customer: str | Customer = "drawn",
        reward: str | RewardConfig | Mapping[str, object] = "mission",
        observation: ObservationKind = "flat",
        render_mode: str | None = None,
    ) -> None:
        if observation not in OBSERVATION_KINDS:
            raise GoliveError(f"observation: {observation!r}: expected 'flat' or 'dict'")
        modes = self.metadata["render_modes"]
        if render_mode is not None and render_mode not in modes:
            raise GoliveError(f"render_mode: {render_mode!r}: expected None, {', '.join(modes)}")
        self.render_mode = render_mode
        self.observation_kind = observation
        self.observation_space = observation_space(observation)
        self.action_space = action_space()
        self._suite = suite
        self._source = episode_source(scenario, split, suite, seed_range, customer)
        self._reward = Reward(reward_config(reward))
        self._world: ImplementationWorld | None = None
        self._briefing: Briefing | None = None
        self._legal: LegalDecisions | None = None
        self._level = ""
        self._renderer: Renderer | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario episodes usually come from."""
        return self._source.scenario

    @property
    def reward_config(self) -> RewardConfig:
        """The weights of the reward's terms."""
        return self._reward.config

    @property
    def world(self) -> ImplementationWorld:
        """The world of the running episode; look, but do not advance it.

        Raises:
            gymnasium.error.ResetNeeded: ``reset`` was not called yet.
        """
        if self._world is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._world

    @property
    def briefing(self) -> Briefing:
        """The briefing that the last observation was made from."""
        if self._briefing is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._briefing

    def legal(self) -> LegalDecisions:
        """What may be ordered now."""
        if self._legal is None:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        return self._legal

    def action_masks(self) -> NDArray[np.bool_]:
        """What is legal now: 60 booleans (5 x 9 focuses, 3 paces, 12 moves)."""
        return action_mask(self.legal())

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, Information]:
        """Start the next episode: its seed is drawn from the seed range.

        Args:
            seed: reseeds the drawing of episodes (0 is a seed); None goes on with it.
            options: a level, for this episode only: ``scenario``, ``customer``, ``split``,
                ``seed_range`` (as in the constructor), ``episode_seed`` (instead of drawing
                one), ``disruptions`` (further edge cases, as rows or as texts such as
                ``"corrupt_data:critical"``) and ``opponent`` (a plan, or ``"adaptive:8"``).

        Raises:
            GoliveError: an unknown option or a bad value.
        """
        super().reset(seed=seed)
        source = with_options(self._source, options or {}, self._suite)
        episode_seed = source.draw_seed(self.np_random)
        self._begin_episode(source.build_world(episode_seed, record=self._records))
        if self.render_mode == "human":
            self.render()
        return self._observation(), self._information(self._reward.no_terms(), None, 0)

    def step(self, action: ArrayLike) -> tuple[Observation, float, bool, bool, Information]:
        """Decide and run to the next decision point.

        Raises:
            GoliveError: the action is outside the action space.
            gymnasium.error.ResetNeeded: there is no episode, or it is over.
        """
        world, before = self.world, self.briefing
        if world.finished:
            raise gymnasium.error.ResetNeeded("the episode is over: call reset() first")
        decision = decode_action(action)
        _, illegal_parts = self.legal().replace_illegal(decision)
        world.advance(decision)
        self._begin(world)
        card = world.scorecard() if world.finished else None
        days_per_week = world.scenario.plan.days_per_week
        terms = self._reward.terms(Transition(before, self.briefing, card, days_per_week))
        if self.render_mode == "human":
            self.render()
        information = self._information(terms, card, illegal_parts)
        return self._observation(), sum(terms.values()), card is not None, False, information

    def render(self) -> Any:
        """The dashboard: text (``ansi``), an RGB picture uint8[height, width, 3] or a window."""
        if self.render_mode is None:
            gymnasium.logger.warn("render() was called on an environment without a render_mode")
            return None
        if self._renderer is None:
            from .rendering import Renderer

            self._renderer = Renderer(self.render_mode)
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
        generator, world = restored(state, self._configuration(), self._records)
        self.np_random = generator
        if world is None:
            self._world = self._briefing = self._legal = None
            return None
        self._begin_episode(world)
        return self._observation()

    @property
    def _records(self) -> bool:
        """Recording costs time and only pictures need it."""
        return self.render_mode in ("rgb_array", "human")

    def _begin_episode(self, world: ImplementationWorld) -> None:
        self._level = level_name(world.scenario)
        self._begin(world)

    def _begin(self, world: ImplementationWorld) -> None:
        """Look at a decision point."""
        self._world = world
        self._briefing = world.briefing()
        self._legal = world.legal()

    def _observation(self) -> Observation:
        return encode(self.briefing, self.observation_kind)

    def _information(
        self, terms: dict[str, float], card: Scorecard | None, illegal_parts: int
    ) -> Information:
        briefing = self.briefing
        return {
            "episode_seed": self.world.seed,
            "level": self._level,
            "day": briefing.calendar.day,
            "illegal_parts": illegal_parts,
            "illegal_decisions": briefing.management.illegal_decisions,
            "action_mask": self.action_masks(),
            "reward_terms": terms,
            "scorecard": unfinished_scorecard() if card is None else card.as_dict(),
            "go_live_score": 0.0 if card is None else card.go_live_score,
            "is_success": False if card is None else card.success,
        }

    def _configuration(self) -> dict[str, object]:
        return {
            **self._source.description(),
            "observation": self.observation_kind,
            "reward": self._reward.config.model_dump(),
        }
