"""What a dataset says about itself: Minari's own fields, and how it was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...core.errors import GoliveError
from ...envs.implementation.actions import ACTION_NAMES, ACTION_SIZES, MASK_NAMES
from ...envs.implementation.encoding import observation_space
from ...envs.implementation.features import FEATURES
from ...envs.registration import IMPLEMENTATION_ENVIRONMENT_ID
from .places import METADATA, DatasetPlace
from .plan import RecordingPlan
from .staging import Staging

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

RECORDING = "golive_recording"
"""The plan of the recording, with versions and the scenarios' whole content."""
INTERFACE = "golive_interface"
"""Names of what is observed and decided."""


def write_metadata(
    staging: Staging, plan: RecordingPlan, description: Mapping[str, Any], dataset_id: str
) -> None:
    """Make a recording whose episodes are all there a dataset."""
    import minari
    from gymnasium import spec
    from minari.dataset.minari_storage import MinariStorage

    from ...envs.implementation.actions import action_space

    (staging.data / METADATA).unlink(missing_ok=True)  # left by one that died just here
    environment = deepcopy(spec(IMPLEMENTATION_ENVIRONMENT_ID))  # the registered one stays as it is
    environment.kwargs = {
        "scenario": description["scenarios"][0]["content"],
        "seed_range": [plan.first_seed, plan.first_seed + plan.episodes],
        "reward": description["reward"],
    }
    storage = MinariStorage.new(
        staging.data,
        observation_space=observation_space("flat"),
        action_space=action_space(),
        env_spec=environment,
        data_format="arrow",
    )
    episodes = len(plan.keys())
    version = description["versions"]["golive"]
    storage.update_metadata(
        {
            "dataset_id": dataset_id,
            "minari_version": minari.__version__,
            "total_episodes": episodes,
            "total_steps": sum(staging.metadata(e)["total_steps"] for e in range(episodes)),
            "dataset_size": round(staging.size_megabytes(), 1),
            "algorithm_name": ", ".join(entrant.label for entrant in plan.entrants),
            "author": {"golive record"},
            "description": _text(plan),
            "requirements": [f"golive=={version}"],
            RECORDING: dict(description),
            INTERFACE: {
                "action_names": list(ACTION_NAMES),
                "action_sizes": list(ACTION_SIZES),
                "choice_names": list(MASK_NAMES),
                "observation_names": [feature.name for feature in FEATURES],
            },
        }
    )


def read_metadata(place: DatasetPlace) -> dict[str, Any]:
    """What the ``metadata.json`` of a dataset that golive recorded holds.

    Raises:
        GoliveError: it cannot be read, or is of another dataset.
    """
    content = golive_metadata(place.data / METADATA)
    if content is None:
        raise GoliveError(f"{place.folder}: was not recorded by golive")
    return content


def golive_metadata(path: Path) -> dict[str, Any] | None:
    """What a dataset's ``metadata.json`` holds; None if another program made it.

    Raises:
        GoliveError: it cannot be read.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None
    return content if {RECORDING, INTERFACE} <= set(content) else None


def recorded_scenarios(metadata: Mapping[str, Any]) -> dict[str, Scenario]:
    """The scenarios that were played, by name.

    Raises:
        GoliveError: one of them is not valid in this version.
    """
    from ...scenarios.scenario import Scenario

    try:
        return {
            row["name"]: Scenario.model_validate(row["content"])
            for row in metadata[RECORDING]["scenarios"]
        }
    except ValidationError as error:
        raise GoliveError(
            f"dataset: a scenario in it is not valid in this version: {error}"
        ) from None


def _text(plan: RecordingPlan) -> str:
    scenarios = ", ".join(scenario.name for scenario in plan.scenarios)
    policies = ", ".join(entrant.label for entrant in plan.entrants)
    return f"ERP implementations ({scenarios}) as decided by {policies}; recorded by golive."
