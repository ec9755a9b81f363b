"""The command line's view of a world: what it shows, reads and writes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from ..core.errors import GoliveError
from ..core.records import Record, json_schema
from ..core.registry import load_place
from ..core.tables import Column, Table
from ..sim.protocol import AnyWorld
from ..sim.world_kind import WorldKind
from .options import option_record


@option_record
class SimulationOptions:
    """Options of ``golive simulate`` that one world alone has, such as files.

    A world's own adds fields, each with a default and annotated as typer's options are. Where
    two worlds have a field of the same name, it is one option.
    """

    @property
    def need_recording(self) -> bool:
        """True if worlds must keep what happens."""
        return False

    @property
    def prints(self) -> Mapping[str, object]:
        """Options, value by name, that print text on stdout, where --json prints alone."""
        return {}

    def episode_options(self) -> dict[str, Any]:
        """The world's own options of an episode (``WorldKind.options``)."""
        return {}

    def check(self, episodes: int, *, recorded: bool) -> None:
        """See before the simulation that everything can be what it is asked to be.

        Beginnings are recorded unless an episode goes on from a snapshot.

        Raises:
            GoliveError: an option contradicts another, or a directory is not there.
        """

    def write(self, world: AnyWorld) -> None:
        """Write what is wanted of a finished world."""

    def write_all(self) -> None:
        """Write what is wanted of all worlds, once all are finished."""


class WorldView:
    """The view that every world has; one with more overrides it (``WorldKind.view`` is its place).

    Attributes:
        kind: the world's record.
        simulation: its options of ``golive simulate``.
        scenario_columns: of the list of scenarios, behind name and title.
    """

    simulation: type[SimulationOptions] = SimulationOptions
    scenario_columns: Sequence[Column | str] = ()

    def __init__(self, kind: WorldKind) -> None:
        self.kind = kind

    def scenario_cells(self, scenario: Any) -> Sequence[object]:
        """Cells of the list of scenarios, one for each of ``scenario_columns``."""
        return ()

    def scenario_page(self, scenario: Any) -> Iterator[Table | str]:
        """Everything about a scenario, part by part."""
        yield f"{scenario.title} ({scenario.name})"
        if scenario.description:
            yield f"{scenario.description}\n"
        told = scenario.model_dump(mode="json", exclude={"name", "title", "description"})
        yield Table("Scenario", ("field", "value"), list(told.items()))

    def drawn(self, scenario: Any, seed: int) -> Any:
        """The scenario with all that a seed draws of it.

        Raises:
            GoliveError: nothing is drawn of the world's scenarios, or there is no such seed.
        """
        raise GoliveError(f"--seed: {seed}: world {self.kind.name} draws nothing of a scenario")

    def check(self, scenario: Any) -> None:
        """See that a valid scenario is one that the world can simulate.

        Raises:
            GoliveError: it is not.
        """

    def schema(self, what: str) -> dict[str, Any]:
        """JSON Schema of a kind of file.

        Raises:
            GoliveError: the world has no such file.
        """
        from ..scenarios.suite import Suite

        models: dict[str, type[Record]] = {"scenario": self.kind.scenario, "suite": Suite}
        if what not in models:
            raise GoliveError(f"schema: {what!r}: expected one of {', '.join(models)}")
        return json_schema(models[what])

    def parameter_values(self, path: Path) -> dict[str, float]:
        """Value by name of a parameter file.

        Raises:
            GoliveError: the file is not valid, or the world has none.
        """
        raise GoliveError(f"--parameters: {path}: world {self.kind.name} has no parameter files")

    def family_members(self) -> Mapping[str, Sequence[str]]:
        """Names of policies that are listed on request, by the word for them."""
        return {}

    def day(self, world: AnyWorld) -> int:
        """The decision point at which a world is, as environments have it (``info["day"]``)."""
        return self.kind.moment(world.briefing())

    def status(self, world: AnyWorld) -> str:
        """Progress of a world, on one line."""
        share = world.now / world.horizon if world.horizon else 1.0
        return f"day {self.day(world):>3}: {share:4.0%} of the longest time that it may take"


def view_of(kind: WorldKind) -> WorldView:
    """The command line's view of a world: its own, or else the one that every world has."""
    view: type[WorldView] = load_place(kind.view) if kind.view else WorldView
    return view(kind)


def under_parameters(scenarios: Sequence[Any], path: Path | None) -> list[Any]:
    """The scenarios under a parameter file's values; as they are without one.

    Raises:
        GoliveError: the file is not valid, or not for the scenarios' world.
    """
    from ..sim.worlds import kind_of

    if path is None or not scenarios:
        return list(scenarios)
    values = view_of(kind_of(scenarios[0])).parameter_values(path)
    return [scenario.with_parameters(values, own_win=True) for scenario in scenarios]


def group_of(app: typer.Typer, name: str) -> typer.Typer:
    """The group of commands of this name, such as ``scenario``; worlds add their own to it.

    Raises:
        KeyError: there is none.
    """
    for group in app.registered_groups:
        if group.name == name and group.typer_instance is not None:
            return group.typer_instance
    raise KeyError(name)
