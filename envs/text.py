"""A world as a Gymnasium environment of texts: briefings are read, tool calls are written."""

from __future__ import annotations

import os
import string
import unicodedata
from collections.abc import Mapping
from typing import Any

import gymnasium

from ..core.worlds import DEFAULT_WORLD
from ..scenarios.scenario import Scenario
from ..sim.world_kind import WorldKind
from .tool_session import CALLS_PER_DECISION, ToolSession, needs_reset

CHARACTERS = string.ascii_letters + string.digits + string.punctuation + " \n"
"""Characters of which observations are made."""
MOST_LETTERS_READ = 8_000
"""Letters of an action at most; of a longer one the beginning is read."""
_LETTERS_PER_TOKEN = 8


class WorldTextEnv(gymnasium.Env[str, str]):
    """One episode of a world in words; rewards are those of ``WorldEnv`` to the last bit.

    - **Observation**: at first the briefing, then the answers to the calls of the last action;
      ASCII, at most ``kind.speech.most_tokens`` tokens by ``token_bound``. ``instructions`` (also
      ``info["instructions"]`` at reset) has the rules of the game, ``tools`` the tools.
    - **Action**: a message with up to 16 tool calls, as JSON or as commands
      (``golive.sim.tool_calls.read_calls``). What cannot be carried out is answered with what was
      wrong and what is legal, and counted (``info["refused_calls"]``); it never raises.
    - **Reward**: of the decision points that the action passed; 0 where no time passed.
    - **Episode end**: ``terminated`` when the world is finished. After ``calls_per_decision``
      calls at one decision point time goes on by itself.

    Args:
        scenario: as ``WorldEnv`` takes it.
        world: likewise.
        calls_per_decision: calls at one decision point after which time goes on.
        render_mode: None or ``"ansi"``, the briefing.
        arguments: of ``WorldEnv``, such as ``split``, ``reward`` or the world's own options.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] | None = None,
        *,
        world: str | WorldKind = DEFAULT_WORLD,
        calls_per_decision: int = CALLS_PER_DECISION,
        render_mode: str | None = None,
        **arguments: Any,
    ) -> None:
        self.session = ToolSession(
            scenario, world=world, calls_per_decision=calls_per_decision, **arguments
        )
        self.render_mode = render_mode
        most = _LETTERS_PER_TOKEN * self.session.words.most_tokens
        self.observation_space = gymnasium.spaces.Text(most, min_length=0, charset=CHARACTERS)
        self.action_space = gymnasium.spaces.Text(
            MOST_LETTERS_READ, min_length=0, charset=CHARACTERS
        )
        self._most_letters = most

    @property
    def instructions(self) -> str:
        """The rules of the game: what a language model's system message has."""
        return self.session.instructions

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools as the chat completions interface takes them."""
        return [tool.for_openai() for tool in self.session.tools]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Start the next episode; arguments are as of ``WorldEnv.reset``.

        Raises:
            GoliveError: an unknown option or a bad value.
        """
        super().reset(seed=seed)
        text = self.session.reset(seed=seed, options=options)
        return self._ascii(text), {**self._information({}, 0), "instructions": self.instructions}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Carry out the calls of a message.

        Raises:
            gymnasium.error.ResetNeeded: there is no episode, or it is over.
        """
        needs_reset(self.session)
        answer = self.session.message(str(action)[:MOST_LETTERS_READ])
        information = self._information(answer.terms, len(answer.rewards))
        return self._ascii(answer.text), answer.reward, answer.terminated, False, information

    def render(self) -> Any:
        """The briefing of the present decision point."""
        return self.session.briefing() if self.render_mode == "ansi" else None

    def get_state(self) -> dict[str, Any]:
        """All that the future depends on, as plain data."""
        return self.session.get_state()

    def set_state(self, state: Mapping[str, Any]) -> str:
        """Go back to a saved state; gives the briefing of its decision point.

        Raises:
            GoliveError: it is no such state, or of another version.
        """
        self.session.set_state(state)
        return self._ascii(self.session.briefing())

    def _information(self, terms: Mapping[str, float], passed: int) -> dict[str, Any]:
        session = self.session
        names = session.environment.reward.names
        return {
            **session.environment.information(),
            "reward_terms": {name: terms.get(name, 0.0) for name in names},
            "decisions": passed,
            "calls": session.calls,
            "refused_calls": session.refused,
        }

    def _ascii(self, text: str) -> str:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        return "".join(letter for letter in plain if letter in _KNOWN)[: self._most_letters]


_KNOWN = frozenset(CHARACTERS)
