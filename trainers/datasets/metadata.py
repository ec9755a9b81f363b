"""All that a dataset says about itself: Minari's own fields, and how it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...core.errors import GoliveError
from ...core.worlds import DEFAULT_WORLD
from ...envs.encoding import Encoder
from ...envs.registration import register_environments
from ...scenarios.scenario import Scenario
from ...sim.world_kind import WorldKind
from ...sim.worlds import world_kind
from .places import METADATA, DatasetPlace, Staging, read_json
from .plan import RecordingPlan

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
    from gymnasium.spaces import MultiDiscrete
    from minari.dataset.minari_storage import MinariStorage

    register_environments()  # a world may have been registered since golive was imported
    kind = plan.kind
    encoder, choices = Encoder(kind.language.groups), kind.language.choices
    (staging.data / METADATA).unlink(missing_ok=True)  # left by one that died just here
    environment = deepcopy(spec(kind.environment))  # the registered one stays as it is
    environment.kwargs |= {
        "scenario": description["scenarios"][0]["content"],
        "reward": description["reward"],
        "seeding": "episode",  # Minari's convention: an episode's seed is that of its reset
    }
    storage = MinariStorage.new(
        staging.data,
        observation_space=encoder.space("flat"),
        action_space=MultiDiscrete(list(choices.sizes)),
        env_spec=environment,
        data_format="arrow",
    )
    episodes, players = len(plan.keys()), ", ".join(one.label for one in plan.entrants)
    version = description["versions"]["golive"]
    storage.update_metadata(
        {
            "dataset_id": dataset_id,
            "minari_version": minari.__version__,
            "total_episodes": episodes,
            "total_steps": sum(staging.metadata(e)["total_steps"] for e in range(episodes)),
            "dataset_size": round(staging.size_megabytes(), 1),
            "algorithm_name": players,
            "author": {"golive record"},
            "description": (
                f"{plan.kind.title} ({', '.join(scenario.name for scenario in plan.scenarios)}), "
                f"as decided by {players}; recorded by golive."
            ),
            "requirements": [f"golive=={version}"],
            RECORDING: dict(description),
            INTERFACE: {
                "action_names": [factor.name for factor in choices.factors],
                "action_sizes": list(choices.sizes),
                "choice_names": list(choices.names),
                "observation_names": [feature.name for feature in encoder.features],
            },
        }
    )


def read_metadata(place: DatasetPlace) -> dict[str, Any]:
    """The ``metadata.json`` of a dataset that golive recorded.

    Raises:
        GoliveError: it cannot be read, or is of another dataset.
    """
    content = golive_metadata(place.data / METADATA)
    if content is None:
        raise GoliveError(f"{place.folder}: was not recorded by golive")
    return content


def golive_metadata(path: Path) -> dict[str, Any] | None:
    """A dataset's ``metadata.json``; None if another program made it.

    Raises:
        GoliveError: it cannot be read.
    """
    content = read_json(path)
    return content if {RECORDING, INTERFACE} <= set(content) else None


def recorded_scenarios(metadata: Mapping[str, Any]) -> dict[str, Scenario]:
    """The scenarios that were played, by name.

    Raises:
        GoliveError: one of them is not valid in this version.
    """
    model = recorded_kind(metadata).scenario
    try:
        return {
            row["name"]: model.model_validate(row["content"])
            for row in metadata[RECORDING]["scenarios"]
        }
    except ValidationError as error:
        raise GoliveError(
            f"dataset: a scenario in it is not valid in this version: {error}"
        ) from None


def recorded_kind(metadata: Mapping[str, Any]) -> WorldKind:
    """The world that was played.

    Raises:
        GoliveError: it is not installed.
    """
    content = metadata[RECORDING]["scenarios"][0]["content"]
    return world_kind(content.get("world", DEFAULT_WORLD))
