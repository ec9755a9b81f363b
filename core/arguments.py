"""Checks of arguments: one line that names the argument and what was expected."""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, wraps
from importlib import import_module
from numbers import Integral, Real
from pathlib import Path
from reprlib import Repr
from typing import Any, ParamSpec, TypeVar

from .errors import GoliveError

_BRIEF = Repr()
_BRIEF.maxstring = _BRIEF.maxother = 200
ThingT = TypeVar("ThingT")
ReturnT = TypeVar("ReturnT")
Arguments = ParamSpec("Arguments")


def checked(function: Callable[Arguments, ReturnT]) -> Callable[Arguments, ReturnT]:
    """Refuse arguments of other types than a function's annotations name.

    A text becomes a ``Path`` where only that is asked for; what mappings and iterators hold is
    not looked at.

    Raises:
        GoliveError: (when it is called) an argument is of another type.
    """

    @cache
    def hints() -> tuple[inspect.Signature, dict[str, tuple[Any, str]]]:
        signature, names = inspect.signature(function), _Names(function.__globals__)
        gathered = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        return signature, {
            name: (eval(parameter.annotation, {}, names), parameter.annotation)
            for name, parameter in signature.parameters.items()
            if parameter.kind not in gathered and isinstance(parameter.annotation, str)
        }

    @wraps(function)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ReturnT:
        signature, known = hints()
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            hint, words = known.get(name, (Any, ""))
            if _fits(value, hint):
                continue
            if not isinstance(value, str) or not _fits(Path(value), hint):
                raise GoliveError(f"{name}: {_BRIEF.repr(value)}: expected {words}")
            bound.arguments[name] = Path(value)
        return function(*bound.args, **bound.kwargs)

    return call


class _Names(dict[str, Any]):
    """A module's names, and what it imports for type checkers only, imported when asked for."""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[self["__name__"]]))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for one in node.names:
                if name == (one.asname or one.name):
                    return self._imported(node, one.name)
        raise NameError(name)

    def _imported(self, node: ast.Import | ast.ImportFrom, name: str) -> Any:
        if isinstance(node, ast.Import):
            return import_module(name)
        place = "." * node.level + (node.module or "")
        return getattr(import_module(place, self["__package__"]), name)


def _fits(value: Any, hint: Any) -> bool:
    """True if a value is of a type, or nothing is known of that."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in arguments)
    if origin is typing.Literal:
        return value in arguments
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if isinstance(origin, type) and issubclass(origin, Sequence) and origin is not tuple:
        return _is_sequence(value) and all(_fits(one, arguments[0]) for one in value)
    kind = origin or hint
    if kind is int:
        return _is_integer(value)
    if kind is float:
        return isinstance(value, Real) and not isinstance(value, bool)
    if kind is None:
        return value is None
    try:
        return isinstance(value, kind)
    except TypeError:  # a protocol that says nothing at run time, a type variable
        return True


def _is_integer(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_sequence(value: Any) -> bool:
    """True if it is like a list, as arrays and columns are too."""
    is_text = isinstance(value, str | bytes | Mapping)
    return not is_text and isinstance(value, Iterable) and hasattr(value, "__len__")


def seed_of(name: str, value: Any, bits: int = 63) -> int:
    """The value, if it is an integer from 0 to ``2**bits - 1``; true and 1.0 are none.

    Raises:
        GoliveError: it is not.
    """
    if _is_integer(value) and 0 <= value < 1 << bits:
        return int(value)
    raise GoliveError(f"{name}: {_BRIEF.repr(value)}: expected an integer from 0 to 2**{bits} - 1")


def count_of(name: str, value: Any, least: int = 0) -> int:
    """The value, if it is an integer and not below the least; true and 1.0 are none.

    Raises:
        GoliveError: it is not.
    """
    if _is_integer(value) and value >= least:
        return int(value)
    what = f"at least {least}" if value is None or _is_integer(value) else "an integer"
    raise GoliveError(f"{name}: {_BRIEF.repr(value)}: expected {what}")


def one_of(name: str, value: Any, known: Sequence[Any]) -> None:
    """Refuse what is none of a few texts, or None where that is one of them.

    Raises:
        GoliveError: it is none of them.
    """
    if not isinstance(value, str | None) or value not in known:
        words = " or ".join(map(str, known) if None in known else map(repr, known))
        raise GoliveError(f"{name}: {_BRIEF.repr(value)}: expected {words}")


def of_type(
    name: str, value: Any, kind: type[ThingT] | tuple[type[ThingT], ...], expected: str
) -> ThingT:
    """The value, if it is of the type.

    Args:
        name: of the argument.
        value: that was given.
        kind: or several.
        expected: the same in words.

    Raises:
        GoliveError: it is not.
    """
    if isinstance(value, kind):
        return value
    raise GoliveError(f"{name}: {_BRIEF.repr(value)}: expected {expected}")
