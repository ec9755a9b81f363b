"""Least memory of a training, so that one that the machine cannot hold is refused at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ...agents.policy_file import MOST_BYTES, InterfaceRecord
from ...core.errors import GoliveError

if TYPE_CHECKING:
    from .configuration import TrainingConfiguration

BYTES_PER_WEIGHT = 16
"""Itself, its gradient and Adam's two moments, 4 bytes each."""
_BYTES_PER_ENVIRONMENT = 200_000
"""Of one of the furniture scenario at its beginning, measured; it grows."""
_FIGURES_PER_STEP = 6
"""Reward, return, start, value, log-probability and advantage."""
_CONTROL_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def check_memory(configuration: TrainingConfiguration, interface: InterfaceRecord) -> None:
    """Refuse a training by its memory, before anything is allocated.

    Raises:
        GoliveError: networks, rollout and environments need more than this machine has.
    """
    inputs, choices = interface.observation_size, sum(interface.action_sizes)
    hidden = configuration.ppo.net_arch
    actor = weights(inputs, hidden, choices)
    check_policy_size("ppo.net_arch", hidden, actor)
    entries = inputs + choices + len(interface.action_sizes) + _FIGURES_PER_STEP
    needs = {
        "networks": BYTES_PER_WEIGHT * (actor + weights(inputs, hidden, 1)),
        "a rollout": 4 * entries * configuration.rollout_steps,
        f"{configuration.n_envs:,} environments": _BYTES_PER_ENVIRONMENT * configuration.n_envs,
    }
    check_needs(needs)


def check_policy_size(field: str, hidden: Sequence[int], actor_weights: int) -> None:
    """Refuse a network that is too big for a policy file.

    Raises:
        GoliveError: it is.
    """
    if 4 * actor_weights > MOST_BYTES:
        raise GoliveError(
            f"{field}: {list(hidden)}: a policy of {_size(4 * actor_weights)}: "
            f"expected at most {_size(MOST_BYTES)}"
        )


def check_needs(needs: Mapping[str, int]) -> None:
    """Refuse what needs more bytes, by what for, than the machine has.

    Raises:
        GoliveError: it does.
    """
    have, need = _memory_bytes(), sum(needs.values())
    if need > have:
        largest = max(needs, key=lambda name: needs[name])
        raise GoliveError(
            f"memory: at least {_size(need)} are needed, {_size(needs[largest])} of them for "
            f"{largest}: expected at most the {_size(have)} of this machine"
        )


def weights(inputs: int, hidden: Sequence[int], outputs: int) -> int:
    """Weights and biases of fully connected layers."""
    return sum((before + 1) * after for before, after in pairwise((inputs, *hidden, outputs)))


def _memory_bytes() -> int:
    """Memory of the machine, or of the container if that has less."""
    import psutil

    try:
        limit = int(_CONTROL_GROUP_LIMIT.read_text(encoding="ascii"))
    except (OSError, ValueError):  # there is none, or it says "max"
        limit = 1 << 62
    return min(int(psutil.virtual_memory().total), limit)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:,.3g} GB" if size_bytes < 1e12 else f"{size_bytes / 1e12:,.0f} TB"
