"""Worlds as text environments of SkyRL-Gym (0.4), and rows of its datasets.

Where skyrl-gym is installed the class derives from its ``BaseTextEnv``, as ``skyrl_gym.make``
demands; where it is not, it is the same class without that base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ...core.arguments import one_of
from ...core.arithmetic import plain_sum
from .export import Export, Files, begun, json_lines, manual, messages
from .trl import PAYS

Messages = list[dict[str, str]]


def skyrl_environment(env_config: Any = None, extras: Mapping[str, Any] | None = None) -> Any:
    """The environment of a dataset's row, as ``skyrl_gym.register``'s ``entry_point`` takes it.

    Args:
        env_config: a mapping; ``pay``: ``"reward"``, the environment's rewards as they come (the
            default), or ``"score"``, the score at the end and nothing before; ``max_turns``:
            messages after which the episode is cut off (also in ``extras``).
        extras: columns of the row; ``extra_info`` says which episode it is.

    Raises:
        GoliveError: an argument is wrong.
    """
    return skyrl_class()(env_config, extras)


@cache
def skyrl_class() -> type[Any]:
    """The class of these environments."""
    base: Any = object
    if find_spec("skyrl_gym") is not None:
        base = import_module("skyrl_gym.envs.base_text_env").BaseTextEnv

    class WorldTextEnv(base):  # type: ignore[misc]
        """An episode by messages that hold tool calls."""

        def __init__(self, env_config: Any = None, extras: Mapping[str, Any] | None = None) -> None:
            super().__init__()
            chosen = {**dict(env_config or {}), **dict(extras or {})}
            self.pay = chosen.get("pay", "reward")
            one_of("pay", self.pay, PAYS)
            self.turns = 0
            self.max_turns = int(chosen.get("max_turns") or 0)
            self.session = begun(chosen.get("extra_info") or {})

        def init(self, prompt: Messages) -> tuple[Messages, dict[str, Any]]:
            """The conversation as it begins; its last message is the episode's briefing."""
            begins = {"role": "user", "content": self.session.briefing()}
            return [*prompt[:-1], begins], {"seed": self.session.environment.world.seed}

        def step(self, action: str) -> dict[str, Any]:
            """Carry out the calls of a message."""
            self.turns += 1
            answer = self.session.message(action)
            over = answer.terminated or self.turns == self.max_turns
            paid = answer.reward
            if self.pay == "score":
                paid = self.session.score if over else 0.0
            return {
                "observations": [] if over else [{"role": "user", "content": answer.text}],
                "reward": paid,
                "done": over,
                "metadata": {"refused": answer.refused, "decisions": len(answer.rewards)},
            }

        def get_metrics(self) -> dict[str, float]:
            """The named figures of the episode."""
            return self.session.figures()

        @staticmethod
        def aggregate_metrics(metrics: Sequence[Mapping[str, float]]) -> dict[str, float]:
            """The mean of each figure over episodes."""
            names = metrics[0] if metrics else {}
            columns = {name: [one[name] for one in metrics] for name in names}
            return {name: plain_sum(values) / len(values) for name, values in columns.items()}

        def close(self) -> None:
            """Nothing is held open."""

    return WorldTextEnv


def rows(export: Export) -> list[dict[str, Any]]:
    """Rows of a dataset, one per episode."""
    session = export.session
    system = f"{session.instructions}\n\n{manual(session.tools)}"
    return [
        {
            "data_source": f"golive/{export.name}",
            "prompt": messages(system, briefing),
            "env_class": "golive",
            "reward_spec": {"method": "rule", "ground_truth": None},
            "extra_info": export.row(seed),
        }
        for seed, briefing in export.each()
    ]


_MAIN = '''"""Registers golive's environment; import it in the entry point of a SkyRL training."""

import skyrl_gym

skyrl_gym.register(id="golive", entry_point="golive.envs.faces.skyrl:skyrl_environment")
'''


def exported(export: Export) -> Files:
    """The dataset as JSONL, and the module that registers its environment."""
    yield f"{export.arguments['split']}.jsonl", json_lines(rows(export))
    yield "golive_skyrl.py", _MAIN
