"""The journal of a search: its trials, generation by generation, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....core.files import check_same_search, json_text, read_json, write_text_atomically


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of thresholds that was tried.

    Attributes:
        values: of the thresholds searched, by set and name.
        gain: mean score over that of the present set, on the episodes played.
        episodes: played on each scenario.
    """

    values: dict[str, float]
    gain: float
    episodes: int


def write_journal(path: Path, told: Mapping[str, Any], generations: list[list[Trial]]) -> None:
    """Write what a search was told, and its generations.

    Raises:
        GoliveError: the file cannot be written.
    """
    content = {"told": told, "generations": generations}
    write_text_atomically(path, json_text(content) + "\n")


def read_journal(path: Path, told: Mapping[str, Any]) -> list[list[Trial]]:
    """Generations of the search that was told the same.

    Raises:
        GoliveError: the file is no journal, or another search's.
    """
    content = read_json(path, "the journal of a search")
    try:
        before = dict(content["told"])
        generations = [
            [
                Trial(dict(one["values"]), float(one["gain"]), int(one["episodes"]))
                for one in generation
            ]
            for generation in content["generations"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise GoliveError(f"{path}: expected the journal of a search: {error!r}") from None
    check_same_search(path, before, told)
    return generations
