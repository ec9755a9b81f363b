"""The fields that scenarios of every world have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import Field, StringConstraints

from ..core.errors import GoliveError
from ..core.problems import validated
from ..core.records import FirstVersion, Name, Record, ScenarioName, Slug
from ..core.worlds import DEFAULT_WORLD
from ..core.yaml_reader import Document

WorldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A world's name: lower-case letters, digits and underscores."""
NO_MIX = "none"
"""Name of a mix of nothing, in tables."""
ScenarioT = TypeVar("ScenarioT", bound="Scenario")


class Mix(Record):
    """Trouble that scenarios are met with, on top of what they hold themselves.

    This one adds nothing; a world in which something can be added has a kind of its own
    (``Scenario.mix``).
    """

    name: Slug | None = Field(default=None, description="What tables call it; null: its contents.")

    @property
    def label(self) -> str:
        """Its name in tables."""
        return self.name or NO_MIX

    @property
    def is_empty(self) -> bool:
        """True if it adds nothing."""
        return True

    @classmethod
    def of(cls, edge_cases: Sequence[str] = (), opponent: str | None = None) -> Self:
        """The mix that a command line asks for.

        Args:
            edge_cases: each as a command line has it.
            opponent: likewise; None if there is no opponent.

        Raises:
            GoliveError: the world does not know what is asked for.
        """
        if edge_cases or opponent:
            asked = edge_cases[0] if edge_cases else opponent
            raise GoliveError(f"{asked!r}: this world has neither edge cases nor opponents")
        return cls()

    def met(self, scenario: ScenarioT, *, rename: bool = False) -> ScenarioT:
        """The scenario met with it.

        Args:
            scenario: of the mix's world; what it holds stays.
            rename: call it ``scenario+mix``, so that tables can tell it from the scenario itself.
        """
        return scenario


class Scenario(Record):
    """Data of what is simulated. A world's own scenarios add what it needs to know.

    A world of another package gives ``world`` its own name as the default.
    """

    mix: ClassVar[type[Mix]] = Mix
    """Mixes that scenarios of the world can be met with."""

    schema_version: FirstVersion = Field(default=1, description="Version of this format.")
    # Left out where it is the default: digests of worlds and of files hold a scenario's content,
    # and must stay what they were before there was this field.
    world: WorldName = Field(
        default=DEFAULT_WORLD,
        exclude_if=lambda name: name == DEFAULT_WORLD,
        description="Name of the world that simulates it.",
    )
    name: ScenarioName = Field(
        description="Name of the scenario: lower-case letters, digits, hyphens."
    )
    title: Name = Field(description="Title in words.")
    description: str = Field(default="", max_length=5_000, description="What it is about.")

    @property
    def level_name(self) -> str:
        """Name of what is played; an episode's seed is not in it."""
        return self.name

    @classmethod
    def read(cls, document: Document) -> Self:
        """The scenario of a file.

        Raises:
            InvalidRecordError: it is not valid; one line per problem, with its place.
        """
        return validated(cls, document)

    def without_failures(self) -> Self:
        """The scenario without what it says may go wrong; luck and people stay."""
        return self

    def with_parameters(self, values: Mapping[str, float], *, own_win: bool = False) -> Self:
        """The scenario with some of its world's parameters changed.

        Args:
            values: by name.
            own_win: what the scenario itself says of a parameter holds.

        Raises:
            GoliveError: the world has no such parameter.
        """
        for name in values:
            raise GoliveError(f"parameters: {name!r}: world {self.world!r} has no parameters")
        return self
