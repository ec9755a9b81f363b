"""The standard sets: one dataset for each kind of policy that one learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.worlds import DEFAULT_WORLD
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from .recording import record

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

_VERSION = 0


@dataclass(frozen=True, slots=True)
class StandardSet:
    """One of the standard sets.

    Attributes:
        name: last part of its id.
        policies: that play.
        mix: weight of each, of which one plays each seed.
    """

    name: str
    policies: tuple[str, ...]
    mix: tuple[float, ...]


def standard_sets(kind: WorldKind, trained: Path | None = None) -> tuple[StandardSet, ...]:
    """The standard sets of a world: its best and its last baseline, and random decisions.

    Args:
        kind: of the world.
        trained: policy file or run directory that "trained" is recorded with, sampled by its
            probabilities; None: the one that comes with golive, and none in another world.
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
    sampled = [] if trained is None else [f"trained=sampled:{trained}"]
    mixed |= dict.fromkeys([*sampled, random], 1.0)
    alone = [(random, "random"), (last, last), (best, best)]
    return (
        *(StandardSet(name, (policy,), (1.0,)) for policy, name in alone),
        StandardSet("mixed", tuple(mixed), tuple(mixed.values())),
        *(StandardSet("trained", (policy,), (1.0,)) for policy in sampled),
    )


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
    for one in standard_sets(kind_of(scenario), trained):
        dataset_id = f"golive/{scenario.name}/{one.name}-v{_VERSION}"
        yield record(
            one.policies, [scenario], dataset_id, root=root, mix=one.mix, resume=True, **asked
        )
