"""Things by name: what comes with golive, what was registered, what other packages bring."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from .errors import GoliveError

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind by name, each loaded when it is first asked for.

    What comes with golive stands first, then what ``register`` was given, then the entry points
    of other packages. A name of golive's own stays its own; a second registration is an error.

    Args:
        group: of the entry points, such as ``"golive.worlds"``.
        what: one of them in a word, for messages.
        own: what comes with golive; a text is a place, ``"package.module:attribute"``.
    """

    def __init__(self, group: str, what: str, own: Mapping[str, T | str] | None = None) -> None:
        self.group = group
        self.what = what
        self._own = own if own is not None else {}
        self._registered: dict[str, T] = {}
        self._loaded: dict[str, T] = {}
        self._others: dict[str, EntryPoint] | None = None
        self._names: tuple[str, ...] | None = None

    def __contains__(self, name: object) -> bool:
        """True if there is one of this name."""
        return isinstance(name, str) and (
            name in self._own or name in self._registered or name in self._entry_points()
        )

    def __getitem__(self, name: str) -> T:
        """The thing of this name.

        Raises:
            GoliveError: there is none, or its package cannot be loaded.
        """
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Names in their order."""
        return iter(self.names())

    def names(self) -> tuple[str, ...]:
        """All names: golive's own, registered ones, other packages'."""
        if self._names is None:  # kept, since some are asked for at every step
            names = dict.fromkeys((*self._own, *self._registered, *self._entry_points()))
            self._names = tuple(names)
        return self._names

    def loadable(self) -> Iterator[T]:
        """Those that can be loaded: a broken package takes nothing but its own away."""
        for name in self.names():
            try:
                yield self[name]
            except GoliveError:
                continue

    def origin(self, name: str) -> str:
        """The distribution that brings it: ``"golive"``, another one's name, or this process."""
        if name in self._own:
            return "golive"
        if name in self._registered:
            return "this process"
        found = self._entry_points()[name].dist
        return found.name if found is not None else self._entry_points()[name].value

    def register(self, name: str, thing: T) -> None:
        """Add one for the life of this process; workers and later runs do not have it.

        Raises:
            GoliveError: there is one of this name already.
        """
        if name in self:
            raise GoliveError(f"{self.what}: {name!r}: is there already: expected another name")
        self._registered[name] = thing
        self._names = None

    def unregister(self, name: str) -> None:
        """Take back what ``register`` added."""
        self._registered.pop(name, None)
        self._names = None
        self._loaded.pop(name, None)

    def _load(self, name: str) -> T:
        if name in self._own:
            thing = self._own[name]
            return load_place(thing) if isinstance(thing, str) else thing
        if name in self._registered:
            return self._registered[name]
        if name not in self._entry_points():
            raise GoliveError(f"{self.what}: {name!r}: {self.unknown(name)}")
        try:
            loaded: T = self._entry_points()[name].load()
        except Exception as error:  # another package's code: whatever it raises is named
            raise GoliveError(
                f"{self.what}: {name!r}: {self.origin(name)} cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from error
        return loaded

    def unknown(self, name: str) -> str:
        """The message where there is none of this name."""
        close = difflib.get_close_matches(name, self.names(), n=1)
        guess = f"did you mean {close[0]!r}? " if close else ""
        return f"no such {self.what}: {guess}expected one of {', '.join(self.names())}"

    def _entry_points(self) -> dict[str, EntryPoint]:
        if self._others is None:
            found = entry_points(group=self.group)
            self._others = {e.name: e for e in found if e.name not in self._own}
        return self._others


def load_place(place: str) -> T:  # type: ignore[type-var]  # whoever asks knows what stands there
    """Import what stands at ``"package.module:attribute"``.

    Raises:
        ImportError: there is no such module.
        AttributeError: it has no such attribute.
    """
    module, _, attribute = place.partition(":")
    thing: T = getattr(import_module(module), attribute)
    return thing


def load_made(place: str, what: str) -> Any:
    """The object at ``package.module:Class`` that a user names; a class is made without arguments.

    Modules of the working directory are found, as by ``python -m``.

    Raises:
        GoliveError: it cannot be imported or made.
    """
    try:
        found: Any = getattr(import_user_module(place.partition(":")[0]), place.partition(":")[2])
        return found() if isinstance(found, type) else found
    except Exception as error:  # a user's code: whatever it raises is named
        raise GoliveError(
            f"{what}: {place!r}: cannot be loaded: {type(error).__name__}: {error}"
        ) from error


def import_user_module(name: str) -> ModuleType:
    """A module, looked for in the working directory as well."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    return import_module(name)
