"""Fields of files that hold a name from a registry, so that other packages can add names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ...core.registry import Registry


@dataclass(frozen=True)
class Named:
    """Marks a field as a name of a registry: ``Annotated[str, Named(REGISTRY, Enumeration)]``.

    Attributes:
        registry: what there is.
        own: golive's own names, which become members of their enumeration; None: it has none.
    """

    registry: Registry[Any]
    own: type[StrEnum] | None = None

    def checked(self, name: str) -> str:
        """The name, if there is such a thing.

        Raises:
            ValueError: there is none, or its package cannot be loaded.
        """
        if self.own is not None and name in tuple(self.own):
            return self.own(name)
        if not self.registry.names():
            raise ValueError(f"no such {self.registry.what}: none is installed")
        if name not in self.registry:
            raise ValueError(self.registry.unknown(name))
        return name

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Make it a text that is looked up."""
        text = core_schema.str_schema()
        return core_schema.no_info_after_validator_function(self.checked, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """List what is installed now."""
        names = [str(name) for name in self.registry]
        return {"type": "string", "enum": names} if names else {"type": "string"}


MECHANISMS: Registry[Any] = Registry("golive.implementation.mechanisms", "mechanism")
"""Further mechanisms of other packages (``golive.sim.implementation.further.Mechanism``)."""
