"""Parameter files seen from the world: are the names known, are the values within range?"""

from __future__ import annotations

import os

from ...core.errors import GoliveError
from ...scenarios.implementation.parameter_file import (
    ParameterFile,
    read_parameter_file,
    with_parameter_values,
)
from ...scenarios.implementation.scenario import ImplementationScenario
from .parameters import parameters_with


def load_world_parameters(path: str | os.PathLike[str]) -> ParameterFile:
    """A parameter file whose every value the implementation world takes.

    Raises:
        GoliveError: it cannot be read, is not valid, names a parameter that there is not, or
            holds a value outside its row's range; the message names file, line, field and value.
    """
    file, document = read_parameter_file(path)
    for name, estimate in file.parameters.items():
        try:
            parameters_with({name: estimate.value})
        except GoliveError as error:
            line = document.line(("parameters", name))
            raise GoliveError(f"{path}:{line}: {error}") from None
    return file


def with_parameter_file(
    scenario: ImplementationScenario, file: ParameterFile
) -> ImplementationScenario:
    """The scenario under a file's values; what the scenario itself says wins."""
    return with_parameter_values(scenario, file.values())
