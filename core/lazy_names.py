"""Names of a package that are loaded when they are first used (PEP 562)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from .extras import MissingExtraError, explanation


def lazy_names(package: str, **modules: str) -> Callable[[str], Any]:
    """Make a package's ``__getattr__`` by what each module holds, such as ``plan="Phase Plan"``."""
    homes = {name: module for module, names in modules.items() for name in names.split()}

    def getattribute(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(import_module(f".{homes[name]}", package), name)
        except ModuleNotFoundError as error:
            line = explanation(error)
            if line:
                raise MissingExtraError(f"{package}.{name}: {line}") from error
            raise

    return getattribute
