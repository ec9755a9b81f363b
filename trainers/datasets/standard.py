"""The standard sets: one dataset for each kind of policy that one learns from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.worlds import DEFAULT_WORLD
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from .recording import record

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

_VERSION = 0


def standard_sets(kind: WorldKind, trained: Path | None = None) -> dict[str, dict[str, float]]:
    """The standard sets of a world: its best and its last baseline, and random decisions.

    Args:
        kind: of the world.
        trained: policy file or run directory that "trained" is recorded with, sampled by its
            probabilities; None: the one that comes with golive, and none in another world.

    Returns:
        By name, the last part of its id: the weights of the policies, one of which plays a seed.
    """
    best, last = kind.baselines[0], kind.baselines[-1]
    random = "random" if "random" in kind.registered_policies else f"random=noisy:{last}:1"
    mixed = {
        best: 2.0,
        f"noisy:{best}:0.05": 2.0,
        f"noisy:{best}:0.2": 2.0,
        last: 1.0,
        f"noisy:{last}:0.2": 1.0,
    }
    if trained is None and kind.name == DEFAULT_WORLD:
        trained = committed_policy()
    sampled = {} if trained is None else {f"trained=sampled:{trained}": 1.0}
    mixed |= {**sampled, random: 1.0}
    sets = {"random": {random: 1.0}, last: {last: 1.0}, best: {best: 1.0}, "mixed": mixed}
    return {**sets, "trained": sampled} if sampled else sets


def committed_policy() -> Path:
    """The trained policy that comes with golive, of its first world."""
    return Path(__file__).parent.parent / "regression" / "suites" / "trained.policy"


def record_standard(
    scenario: Scenario,
    root: Path | None = None,
    *,
    trained: Path | None = None,
    **asked: Any,
) -> Iterator[Path]:
    """Record the standard sets one after the other; what is there already is left as it is.

    Args:
        scenario: what is played.
        root: holds the datasets by id, such as ``golive/furniture/expert-v0``; None: Minari's.
        trained: as for ``standard_sets``.
        asked: of each set, as for ``record``: seeds, reward, where to play, progress.

    Yields:
        Each dataset's folder, once it is whole.

    Raises:
        GoliveError: as ``record``.
    """
    for name, mix in standard_sets(kind_of(scenario), trained).items():
        dataset_id = f"golive/{scenario.name}/{name}-v{_VERSION}"
        weights = tuple(mix.values())
        yield record(
            tuple(mix), [scenario], dataset_id, root=root, mix=weights, resume=True, **asked
        )
