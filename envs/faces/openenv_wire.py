"""Messages between OpenEnv's server and a client, and the client's side of them.

Everything is made from a world's tool table; names are those that OpenEnv has for them.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from ...core.extras import require
from ...core.worlds import DEFAULT_WORLD
from ...sim.tool_table import Tool, ToolKind
from ...sim.world_kind import WorldKind
from ...sim.worlds import world_kind
from ..tool_session import ToolSession

Legal = dict[str, dict[str, list[str | int]]]
"""Values that can be given now, by tool and argument."""


def world_models(world: str | WorldKind = DEFAULT_WORLD) -> tuple[type[Any], type[Any], type[Any]]:
    """The classes of a world's actions, observations and state, for ``create_app``.

    An action is read as it is said: what is wrong with it is the world's to answer and to count.

    Raises:
        MissingExtraError: openenv is not installed.
        GoliveError: there is no such world.
    """
    require("openenv")
    from openenv.core.env_server import Action, Observation, State

    kind = world if isinstance(world, WorldKind) else world_kind(world)
    tools = kind.speech.tools
    names: dict[str, Any] = {"enum": [tool.name for tool in tools]}
    calls: dict[str, Any] = {"oneOf": [_schema(tool) for tool in tools]}

    class WorldAction(Action):  # type: ignore[misc]
        """A call of one of the world's tools."""

        model_config = ConfigDict(json_schema_extra=calls)
        tool: str = Field(description="Name of the tool.", json_schema_extra=names)
        arguments: Any = Field(
            default_factory=dict,
            description="Its arguments by name.",
            json_schema_extra={"type": "object"},
        )

    class WorldObservation(Observation):  # type: ignore[misc]
        """The answer to a call, or to reset."""

        text: str = Field(description="The answer; after reset the briefing.")
        instructions: str = Field(default="", description="After reset: the rules of the game.")
        legal: Legal = Field(
            description="Values that can be given now, by tool and argument; empty at the end."
        )
        reward_terms: dict[str, float] = Field(description="What each term of the reward paid.")
        decisions: int = Field(default=0, description="Decision points that the call passed.")
        refused: bool = Field(default=False, description="Whether it could not be carried out.")
        refused_calls: int = Field(default=0, description="Such calls in this episode.")

    class WorldState(State):  # type: ignore[misc]
        """How far an episode is. What happens in the world is told by observations alone."""

        refused_calls: int = Field(default=0, ge=0, description="Calls that were refused.")
        total_reward: float = Field(default=0.0, description="Paid in this episode so far.")
        done: bool = Field(default=False, description="Whether the episode is over.")

    for model in (WorldAction, WorldObservation, WorldState):
        model.__name__ = model.__name__.replace("World", model_prefix(kind))
    return WorldAction, WorldObservation, WorldState


def model_prefix(kind: WorldKind) -> str:
    """The beginning of the names of a world's classes."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", kind.name))


def package_name(scenario: str) -> str:
    """Name of the environment of a scenario: of its package, and in its routes."""
    return f"golive_{scenario}".replace("-", "_")


def _schema(tool: Tool) -> dict[str, Any]:
    return {
        "title": tool.name,
        "description": tool.description,
        "properties": {"tool": {"const": tool.name}, "arguments": tool.parameters},
    }


def rubric_of(names: tuple[str, ...]) -> Any:
    """A rubric whose children are the terms of a reward, each by its name."""
    from openenv.core.rubrics import Rubric

    class Term(Rubric):  # type: ignore[misc]
        """What one term paid."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def forward(self, action: Any, observation: Any) -> float:
            return float(observation.reward_terms[self.name])

    class Reward(Rubric):  # type: ignore[misc]
        """What all of them paid together."""

        def __init__(self) -> None:
            super().__init__()
            for name in names:
                setattr(self, name, Term(name))

        def forward(self, action: Any, observation: Any) -> float:
            for child in self.children():
                child(action, observation)
            return float(observation.reward)

    return Reward()


def legal_calls(session: ToolSession) -> Legal:
    """Values that can be given at a decision point, by tool and argument."""
    if session.terminated:
        return {}
    words, legal = session.words, session.environment.legal()
    orders = {order.tool: order for order in words.orders}
    told: Legal = {}
    for tool in session.tools:
        if tool.kind is ToolKind.ORDER:
            alike = words.alike(orders[tool.name], legal)
            may: dict[str, list[str | int]] = {n: [*v] for names, v in alike for n in names}
            told[tool.name] = {one.name: may[one.name] for one in tool.arguments}
        else:
            told[tool.name] = {
                one.name: [*(one.choices or range(one.least, one.most + 1))]
                for one in tool.arguments
            }
    return told


class WorldClient:
    """The part of a client that knows what goes over the wire; OpenEnv's ``EnvClient`` is the rest.

    Attributes:
        observation_class: of what the server answers.
        state_class: of its state.
    """

    observation_class: ClassVar[type[Any]]
    state_class: ClassVar[type[Any]]

    def _step_payload(self, action: Any) -> dict[str, Any]:
        return {"tool": action.tool, "arguments": action.arguments}

    def _parse_result(self, payload: dict[str, Any]) -> Any:
        from openenv.core.client_types import StepResult

        reward, done = payload.get("reward"), bool(payload.get("done"))
        seen = self.observation_class(**payload["observation"], reward=reward, done=done)
        return StepResult(seen, reward=reward, done=done, metadata=seen.metadata)

    def _parse_state(self, payload: dict[str, Any]) -> Any:
        return self.state_class(**payload)
