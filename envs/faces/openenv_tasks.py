"""The tasks of a world for OpenEnv: seeds of episodes, in splits that never meet."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from typing import Any

from ...core.arguments import count_of, seed_of
from ...core.errors import GoliveError
from ...scenarios.loader import load_suite, suite_name_of
from ...scenarios.suite import SeedRange
from ...sim.world_kind import WorldKind

MOST_LISTED = 1_000
"""Tasks of a split that ``list_tasks`` tells; ``get_task_range`` tells any part."""
RESET = ("seed", "episode_id", "split", "index", "resume")
"""Arguments of a reset."""
_MOST_ID_LETTERS = 255


def seeds_of_splits(kind: WorldKind, scenario: str) -> dict[str, SeedRange]:
    """Seeds by split, of the library's suite of a scenario, else of the world's own suite."""
    suite = load_suite(suite_name_of(scenario) or kind.default_suite)
    return {str(split): seeds for split, seeds in suite.splits.items()}


def episode_key(episode_id: object, resume: object) -> str:
    """The id of the episode that a reset is about, a new one if it names none.

    Raises:
        GoliveError: an argument is wrong.
    """
    if not isinstance(resume, bool):
        raise GoliveError(f"resume: {resume!r}: expected true or false")
    if episode_id is None and not resume:
        return secrets.token_hex(16)
    if not isinstance(episode_id, str) or not 0 < len(episode_id) <= _MOST_ID_LETTERS:
        expected = f"expected a text of 1 to {_MOST_ID_LETTERS} letters"
        raise GoliveError(f"episode_id: {str(episode_id)[:60]!r}: {expected}")
    return episode_id


class Tasks:
    """The part of an environment that tells its tasks (OpenEnv's ``TaskProvider``).

    Attributes:
        scenario: name of what is simulated.
        splits: seeds by split.
        usual: the split that holds if nothing is said.
    """

    scenario: str
    splits: Mapping[str, SeedRange]
    usual: str

    def list_splits(self) -> list[str]:
        """Names of the splits."""
        return list(self.splits)

    def num_tasks(self, split: str) -> int:
        """The number of tasks of a split."""
        return len(self._seeds(split))

    def list_tasks(self, split: str) -> list[dict[str, Any]]:
        """The first tasks of a split, a thousand at most."""
        return self.get_task_range(split, 0, MOST_LISTED)

    def get_task(self, split: str, index: int) -> dict[str, Any]:
        """A task by its place in a split.

        Raises:
            GoliveError: there is no such split.
            IndexError: or no such place in it.
        """
        return self._task(split, self._place(split, index))

    def get_task_range(
        self, split: str, start: int | None = None, stop: int | None = None
    ) -> list[dict[str, Any]]:
        """Tasks from a place on to before another, as slices are."""
        return [self._task(split, place) for place in range(self.num_tasks(split))[start:stop]]

    def episode_seed(self, seed: int | None, split: str | None, index: int | None) -> int:
        """The seed of the episode that a reset asks for.

        Raises:
            GoliveError: an argument is wrong, or they contradict one another.
        """
        if seed is None:
            split = self.usual if split is None else split
            if index is None:
                index = random.SystemRandom().randrange(self.num_tasks(split))
            return int(self.get_task(split, index)["episode_seed"])
        if split is not None or index is not None:
            raise GoliveError(f"seed: {seed!r}: given with split or index: expected one of them")
        return seed_of("seed", seed)

    def _task(self, split: str, place: int) -> dict[str, Any]:
        return {
            "id": f"{split}-{place}",
            "split": split,
            "index": place,
            "scenario": self.scenario,
            "episode_seed": self._seeds(split).start + place,
        }

    def _place(self, split: str, index: int) -> int:
        most = self.num_tasks(split) - 1
        if count_of("index", index) > most:
            raise IndexError(f"index: {index}: expected at most {most} in split {split}")
        return index

    def _seeds(self, split: str) -> SeedRange:
        if not isinstance(split, str) or split not in self.splits:
            raise GoliveError(f"split: {split!r}: expected one of {', '.join(self.splits)}")
        return self.splits[split]
