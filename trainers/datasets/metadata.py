"""All that a dataset says about itself: Minari's own fields, and how it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from .team_playing import TeamSetting

if TYPE_CHECKING:
    from gymnasium import Space
    from gymnasium.envs.registration import EnvSpec

RECORDING = "golive_recording"
"""The plan of the recording, with versions and the scenarios' whole content."""
INTERFACE = "golive_interface"
"""Names of what is observed and decided."""
TEAM = "team"
"""Key of the recording, if it is one of a team's roles: what the team played with."""


@dataclass(frozen=True, slots=True)
class DatasetForm:
    """Form of a dataset: spaces, environment and names, as Minari and golive tell them.

    Attributes:
        observation_space: of the observations.
        action_space: of the actions.
        environment: by which the episodes can be played; None: by none of Gymnasium's.
        interface: names of what is observed and decided.
        subject: what the episodes are of, in words.
    """

    observation_space: Space[Any]
    action_space: Space[Any]
    environment: EnvSpec | None
    interface: Mapping[str, Any]
    subject: str


def form_of_world(plan: RecordingPlan, description: Mapping[str, Any]) -> DatasetForm:
    """The form of a dataset of whole decisions."""
    from gymnasium import spec
    from gymnasium.spaces import MultiDiscrete

    register_environments()  # a world may have been registered since golive was imported
    kind = plan.kind
    encoder, choices = Encoder(kind.language.groups), kind.language.choices
    environment = deepcopy(spec(kind.environment))  # the registered one stays as it is
    environment.kwargs |= {
        "scenario": description["scenarios"][0]["content"],
        "reward": description["reward"],
        "seeding": "episode",  # Minari's convention: an episode's seed is that of its reset
    }
    interface = {
        "action_names": [factor.name for factor in choices.factors],
        "action_sizes": list(choices.sizes),
        "choice_names": list(choices.names),
        "observation_names": [feature.name for feature in encoder.features],
    }
    space = MultiDiscrete(list(choices.sizes))
    return DatasetForm(encoder.space("flat"), space, environment, interface, kind.title)


def write_metadata(
    staging: Staging,
    plan: RecordingPlan,
    description: Mapping[str, Any],
    dataset_id: str,
    form: DatasetForm,
) -> None:
    """Make a recording whose episodes are all there a dataset."""
    import minari
    from minari.dataset.minari_storage import MinariStorage

    (staging.data / METADATA).unlink(missing_ok=True)  # left by one that died just here
    storage = MinariStorage.new(
        staging.data,
        observation_space=form.observation_space,
        action_space=form.action_space,
        env_spec=form.environment,
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
                f"{form.subject} ({', '.join(scenario.name for scenario in plan.scenarios)}), "
                f"as decided by {players}; recorded by golive."
            ),
            "requirements": [f"golive=={version}"],
            RECORDING: dict(description),
            INTERFACE: dict(form.interface),
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


def recorded_setting(metadata: Mapping[str, Any]) -> TeamSetting | None:
    """Rules and players of the team whose role a dataset is of; None: it is of whole decisions."""
    told = metadata[RECORDING].get(TEAM)
    return None if told is None else TeamSetting(**told)
