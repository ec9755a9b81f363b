"""What a dataset says about itself: Minari's own fields, and how it was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...envs.actions import ACTION_NAMES, ACTION_SIZES, MASK_NAMES
from ...envs.encoding import observation_space
from ...envs.features import FEATURES
from ...envs.registration import IMPLEMENTATION_ENVIRONMENT_ID
from ...scenarios.errors import GoliveError
from .places import METADATA, DatasetPlace
from .plan import RecordingPlan
from .staging import Staging

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

    from ...envs.actions import action_space

    (staging.data / METADATA).unlink(missing_ok=True)  # left by one that died just here
    environment = spec(IMPLEMENTATION_ENVIRONMENT_ID)
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
    """What a dataset's ``metadata.json`` holds.

    Raises:
        GoliveError: it cannot be read.
    """
    try:
        content: dict[str, Any] = json.loads((place.data / METADATA).read_bytes())
    except (OSError, ValueError) as error:
        raise GoliveError(f"{place.data / METADATA}: cannot be read: {error}") from None
    return content


def _text(plan: RecordingPlan) -> str:
    scenarios = ", ".join(scenario.name for scenario in plan.scenarios)
    policies = ", ".join(entrant.label for entrant in plan.entrants)
    return f"ERP implementations ({scenarios}) as decided by {policies}; recorded by golive."
