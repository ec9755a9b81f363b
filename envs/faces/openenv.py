"""Worlds as environments of OpenEnv 0.10: one class per world, whose actions are tool calls.

``golive openenv serve`` serves it, ``golive openenv init`` writes the package that names it. An
episode belongs to its connection to ``/ws``; a journal on disk lets it outlive both.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...core.arguments import one_of
from ...core.errors import GoliveError
from ...core.extras import require
from ...core.files import plain
from ...core.worlds import DEFAULT_WORLD
from ...scenarios.suite import SeedRange
from ...sim.tool_table import Refusal, ToolCall
from ...sim.world_kind import WorldKind
from ..tool_session import Answer, ToolSession
from .journals import Journal, Journals
from .openenv_page import buttons, page
from .openenv_tasks import RESET, Tasks, episode_key, seeds_of_splits
from .openenv_wire import Legal, legal_calls, model_prefix, package_name, rubric_of, world_models


def world_environment(
    scenario: str | None = None,
    *,
    world: str | WorldKind = DEFAULT_WORLD,
    splits: Mapping[str, tuple[int, int]] | None = None,
    split: str = "train",
    store: str | Path | None = None,
    **arguments: Any,
) -> type[Any]:
    """The environment class of a world, for ``world_app`` or OpenEnv's ``create_app``.

    ``reset`` takes ``seed`` (the episode's own), or ``split`` and ``index`` of a task, or draws
    one; ``episode_id``, by which the episode is kept; and ``resume``, to go on with one.

    Args:
        scenario: what is simulated; None: the world's first.
        world: its name or record.
        splits: first seed and the one after the last, by split; None: those of the library's suite.
        split: the one that episodes are drawn from if ``reset`` says nothing.
        store: folder in which episodes outlive the server; None or empty: they do not.
        arguments: of ``ToolSession``, such as ``reward``.

    Raises:
        MissingExtraError: openenv is not installed.
        GoliveError: an argument is wrong.
    """
    require("openenv")
    from openenv.core.env_server import Environment
    from openenv.core.env_server.types import EnvironmentMetadata

    table = ToolSession(scenario, world=world, **arguments)
    kind, name, terms = table.kind, table.environment.scenario.name, table.environment.reward.names
    action_model, observation_model, state_model = world_models(kind)
    seeds = {n: SeedRange(start=a, stop=b) for n, (a, b) in (splits or {}).items()}
    seeds = seeds or seeds_of_splits(kind, name)
    one_of("split", split, tuple(seeds))
    journals = Journals(Path(store)) if store else None

    class WorldEnvironment(Tasks, Environment):  # type: ignore[misc]
        """Plays one episode after the other, by tool calls."""

        SUPPORTS_CONCURRENT_SESSIONS = True
        scenario, splits, usual = name, seeds, split
        action_class, observation_class, state_class = action_model, observation_model, state_model

        def __init__(self) -> None:
            super().__init__(rubric=rubric_of(terms))
            self._session = ToolSession(scenario, world=kind, **arguments)
            self._episode: str | None = None
            self._journal: Journal | None = None
            self._legal: Legal = {}

        def reset(
            self,
            seed: int | None = None,
            episode_id: str | None = None,
            split: str | None = None,
            index: int | None = None,
            resume: bool = False,
            **unknown: Any,
        ) -> Any:
            """Begin an episode, or go on with one that was kept."""
            for one in unknown:
                raise GoliveError(f"reset: {one!r}: expected some of {', '.join(RESET)}")
            key = episode_key(episode_id, resume)
            journal, session = None, ToolSession(scenario, world=kind, **arguments)
            if resume:
                if journals is None:
                    raise GoliveError("resume: True: no episodes are kept: expected a store")
                journal = journals.resume(key, session)
            else:
                session.reset(options={"episode_seed": self.episode_seed(seed, split, index)})
                journal = None if journals is None else journals.begin(key, session)
            self.close()  # only now: who asked for what cannot be goes on with what there is
            self._session, self._journal, self._episode = session, journal, key
            self._legal = legal_calls(session)
            over = session.terminated
            text = session.outcome() if over else session.briefing()
            seen = self._seen(Answer(text, terminated=over))
            seen.instructions = session.instructions
            seen.metadata |= {"episode_id": key, "calls": session.calls}
            return seen

        def step(self, action: Any, timeout_s: float | None = None, **more: Any) -> Any:
            """Carry out a call; whatever is wrong with it is answered and counted."""
            if self._episode is None:
                refusal = Refusal("there is no episode", "Call reset first, on the same /ws.")
                return self._seen(Answer(str(refusal), refused=1))
            call = ToolCall(action.tool, action.arguments)
            answer = self._session.call(call)
            if self._journal is not None:
                try:
                    self._journal.add(call, answer)
                except GoliveError:
                    self.close()  # nothing is answered that is not kept
                    raise
            if answer.rewards:
                self._legal = legal_calls(self._session)
            seen = self._seen(answer)
            self._apply_rubric(action, seen)
            return seen

        def _seen(self, answer: Answer) -> Any:
            session = self._session
            return observation_model(
                text=answer.text,
                legal=self._legal,
                done=answer.terminated,
                reward=answer.reward,
                reward_terms={name: answer.terms.get(name, 0.0) for name in terms},
                decisions=len(answer.rewards),
                refused=bool(answer.refused),
                refused_calls=session.refused,
                metadata=_ending(session) if answer.terminated else {},
            )

        # A call takes about a millisecond: threads would only fight over the interpreter.
        async def reset_async(self, **given: Any) -> Any:
            """Do as ``reset``."""
            return self.reset(**given)

        async def step_async(self, action: Any, timeout_s: float | None = None, **more: Any) -> Any:
            """Do as ``step``."""
            return self.step(action)

        @property
        def state(self) -> Any:
            """Progress of the episode."""
            session = self._session
            return state_model(
                episode_id=self._episode,
                step_count=session.calls,
                refused_calls=session.refused,
                total_reward=session.total_reward,
                done=self._episode is not None and session.terminated,
            )

        def get_metadata(self) -> Any:
            """Name, description and version."""
            what = f"{kind.title}. Scenario: {table.environment.scenario.title}."
            return EnvironmentMetadata(
                name=package_name(name), description=what, version=version("golive")
            )

        def render_web(self, observation: dict[str, Any]) -> str | None:
            """The answer and the briefing as HTML."""
            return None if self._episode is None else page(self._session, observation)

        def web_actions(self, observation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
            """The legal calls as buttons."""
            return buttons(self._session)

        def close(self) -> None:
            """Leave the episode; what was kept of it stays."""
            if self._journal is not None:
                self._journal.close()
            self._episode = self._journal = None

    WorldEnvironment.__name__ = f"{model_prefix(kind)}Environment"
    return WorldEnvironment


def _ending(session: ToolSession) -> dict[str, Any]:
    """Digest, score and scorecard, which are told at the end only."""
    world = session.environment.world
    card = plain(world.scorecard().as_dict())
    return {"digest": world.digest(), "score": session.score, "scorecard": card}
