"""The option ``--parameters FILE`` that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenarios.implementation.scenario import ImplementationScenario

ParametersOption = Annotated[
    Path | None,
    typer.Option(
        "--parameters",
        metavar="FILE",
        help="Parameter file whose values take the place of the defaults "
        "(a scenario's own parameters win over it).",
    ),
]


def parameter_values(path: Path) -> dict[str, float]:
    """Value by name of a parameter file.

    Raises:
        GoliveError: the file is not valid, or not for this world.
    """
    from ...sim.implementation.parameter_files import load_world_parameters

    return load_world_parameters(path).values()


def with_parameters(
    scenarios: Sequence[ImplementationScenario], path: Path | None
) -> list[ImplementationScenario]:
    """The scenarios under a parameter file's values; as they are without one.

    Raises:
        GoliveError: the file is not valid, or not for this world.
    """
    if path is None:
        return list(scenarios)
    from ...sim.implementation.parameter_files import load_world_parameters, with_parameter_file

    file = load_world_parameters(path)
    return [with_parameter_file(scenario, file) for scenario in scenarios]
