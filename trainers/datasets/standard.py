"""The standard sets: one dataset for each kind of policy that one learns from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.execution import Backend
from ...envs.implementation.rewards import RewardConfig
from .recording import record
from .spreading import Progress

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


def standard_sets(trained: Path | None = None) -> tuple[StandardSet, ...]:
    """The standard sets.

    Args:
        trained: policy file or run directory that "trained" is recorded with, sampled by its
            probabilities; None: the one that comes with golive.
    """
    sampled = f"sampled:{committed_policy() if trained is None else trained}"
    mixed = {
        "expert": 2.0,
        "noisy:expert:0.05": 2.0,
        "noisy:expert:0.2": 2.0,
        "plan_follower": 1.0,
        "noisy:plan_follower:0.2": 1.0,
        f"trained={sampled}": 1.0,
        "random": 1.0,
    }
    return (
        StandardSet("random", ("random",), (1.0,)),
        StandardSet("plan_follower", ("plan_follower",), (1.0,)),
        StandardSet("expert", ("expert",), (1.0,)),
        StandardSet("mixed", tuple(mixed), tuple(mixed.values())),
        StandardSet("trained", (f"trained={sampled}",), (1.0,)),
    )


def committed_policy() -> Path:
    """The trained policy that comes with golive."""
    return Path(str(resources.files(__package__.rpartition(".")[0]))) / (
        "benchmark/suites/trained.policy"
    )


def record_standard(
    scenario: Scenario,
    root: Path | None = None,
    *,
    first_seed: int,
    episodes: int,
    trained: Path | None = None,
    reward: str | RewardConfig | Mapping[str, object] = "score_shaped",
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Record the standard sets one after the other; what is there already is left as it is.

    Args:
        scenario: what is played.
        root: holds the datasets by id, such as ``golive/furniture/expert-v0``; None: Minari's.
        first_seed: of the seeds, the same for every set.
        episodes: of each set.
        trained: as for ``standard_sets``.
        reward: as for ``record``, like the other arguments not named here.
        workers: likewise.
        backend: likewise.
        ray_address: likewise.
        progress: likewise, for each set anew.

    Yields:
        Each dataset's folder, once it is whole.

    Raises:
        GoliveError: as ``record``.
    """
    for one in standard_sets(trained):
        dataset_id = f"golive/{scenario.name}/{one.name}-v{_VERSION}"
        yield record(
            one.policies,
            [scenario],
            dataset_id,
            root=root,
            first_seed=first_seed,
            episodes=episodes,
            mix=one.mix,
            reward=reward,
            workers=workers,
            backend=backend,
            ray_address=ray_address,
            progress=progress,
            resume=True,
        )
