"""Options in groups: frozen dataclasses whose fields typer sees as options."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, dataclass_transform, get_type_hints

import typer
from typer import Option

from ..core.errors import GoliveError
from ..core.execution import Backend, default_workers
from ..core.files import check_output_directory, check_writable_file
from . import completion
from .output import silence

if TYPE_CHECKING:
    from ..core.execution.cache import ResultCache

RecordT = TypeVar("RecordT")
ReturnT = TypeVar("ReturnT")


def writable_file(value: Any) -> Any:
    """See that the files of an option can be written before anything is done.

    Raises:
        GoliveError: one cannot, or is given twice.
    """
    files = value if isinstance(value, list) else [] if value is None else [value]
    for file in files:
        check_writable_file(file)
    if len(set(files)) < len(files):
        raise GoliveError(f"{files[0]}: given twice: expected another file for each")
    return value


def writable_directory(
    context: typer.Context, option: typer.CallbackParam, value: Path | None
) -> Path | None:
    """See that the directory of an option that was given can be used; whoever uses it makes it.

    Raises:
        GoliveError: it is a file, or cannot be written to.
    """
    source = context.get_parameter_source(str(option.name))
    if value is not None and source is not None and source.name != "DEFAULT":
        check_output_directory(value)
    return value


LARGEST_SEED = 2**64 - 1
"""Of random streams."""
MOST_EPISODES = 10**9
MOST_STEPS = 10**12
MOST_WORKERS = 4_096
AsJson = Annotated[bool, Option("--json", help="Print the result as JSON.")]
_Quiet = Annotated[
    bool, Option("--quiet", "-q", help="Say nothing on stderr but errors: no progress, no notes.")
]
SchemaFile = Annotated[
    Path | None, Option(help="File to write to instead.", callback=writable_file)
]
PrintSchema = Annotated[bool, Option("--schema", help="Print the JSON Schema and end.")]
WorkersOption = Annotated[
    int | None,
    Option(min=1, max=MOST_WORKERS, help="Processes (default: one for every core)."),
]
BackendOption = Annotated[Backend, Option(help="Where work is done.")]
WorldOption = Annotated[str, Option(help="Name of the world.", autocompletion=completion.worlds)]
ScenarioOption = Annotated[
    str | None,
    Option(
        help="Scenario by name or file (default: the world's first).",
        autocompletion=completion.scenarios,
    ),
]
SplitOption = Annotated[str, Option(help="Whose seeds episodes have: train, validation or test.")]
RewardOption = Annotated[
    str | None, Option(help="What is paid, a preset (default: the world's first).")
]
ParametersOption = Annotated[
    Path | None,
    Option(
        "--parameters",
        metavar="FILE",
        help="Parameter file whose values take the place of the defaults "
        "(a scenario's own parameters win over it).",
    ),
]

CachePlaceOption = Annotated[
    str | None,
    Option(
        metavar="PLACE",
        help="Result cache: a .sqlite file, a folder, or redis://host:port/database "
        "(default: what GOLIVE_CACHE says, else the user's cache directory).",
    ),
]


def option(default: Any, help: str, *names: str, **more: Any) -> Any:
    """A field of an option record, named as the field unless told; ``...``: it must be given.

    A flag without a name of its own has its negation too; ``more`` is as ``typer.Option`` takes it.
    """
    said = {"names": names, "options": {"help": help, **more}}
    return field(default=MISSING if default is ... else default, metadata=said)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(option, field))
def option_record(record: type[RecordT]) -> type[RecordT]:
    """Make a class with annotated fields a record of options."""
    return dataclass(frozen=True, kw_only=True)(record)


def needs(*extras: str) -> Callable[[Callable[..., ReturnT]], Callable[..., ReturnT]]:
    """Make a command refuse to begin where extras are not installed: it leaves nothing behind."""

    def decorated(function: Callable[..., ReturnT]) -> Callable[..., ReturnT]:
        @functools.wraps(function)
        def command(**given: Any) -> ReturnT:
            from ..core.extras import require

            require(*extras)
            return function(**given)

        return command

    return decorated


def expanded(
    function: Callable[..., ReturnT], records: Mapping[str, type[Any]] | None = None
) -> Callable[..., ReturnT]:
    """The function as typer wants it: each option record in its signature field by field.

    ``records`` says, by a parameter's name, the record that it is where only the caller knows.
    """
    signature = inspect.signature(function, eval_str=True)
    parts: dict[str, type[Any]] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        kind = (records or {}).get(parameter.name, parameter.annotation)
        if is_dataclass(kind) and isinstance(kind, type):
            parts[parameter.name] = kind
            parameters += _parameters(kind)
        else:
            parameters.append(parameter)

    @functools.wraps(function)
    def command(**given: Any) -> ReturnT:
        for name, kind in parts.items():
            given[name] = kind(**{one.name: given.pop(one.name) for one in option_fields(kind)})
        return function(**given)

    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def quietable(function: Callable[..., ReturnT]) -> Callable[..., ReturnT]:
    """The command with an option --quiet, under which stderr hears errors alone."""
    signature = inspect.signature(function, eval_str=True)
    if "quiet" in signature.parameters:  # groups are built into more than one application
        return function

    @functools.wraps(function)
    def command(*, quiet: bool = False, **given: Any) -> ReturnT:
        with silence() if quiet else nullcontext():
            return function(**given)

    last = inspect.Parameter(
        "quiet", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_Quiet
    )
    parameters = [*signature.parameters.values(), last]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def option_fields(record: type[Any]) -> tuple[Field[Any], ...]:
    """Those fields of an option record that are options."""
    return tuple(one for one in fields(record) if one.init)


def given_options(record: Any) -> dict[str, Any]:
    """Those options of a record that are not the default: value by the option's name."""
    return {
        option_name(one.name): value
        for one in option_fields(type(record))
        if (value := getattr(record, one.name)) not in (one.default, [])
    }


def option_name(field: str) -> str:
    """The option that a field of an option record stands for."""
    return f"--{field.rstrip('_').replace('_', '-')}"


def refuse(given: Mapping[str, object], reason: str) -> None:
    """Refuse options, values by name, that have been given: not None, not False, not empty.

    Raises:
        GoliveError: one was given.
    """
    for option, value in given.items():
        if value is not None and value is not False and value != []:
            raise GoliveError(f"{option}: {reason}")


def processes(workers: int | None) -> int:
    """The number of processes: so many as asked for, or one for every core."""
    return default_workers() if workers is None else workers


def words_of(text: str) -> list[str]:
    """The words of a comma-separated list."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _parameters(record: type[Any]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(record, include_extras=True)
    for one in option_fields(record):
        annotation = hints[one.name]
        if one.metadata:
            # With a name of its own a flag has no counterpart, --no-...
            names = one.metadata["names"] or ((option_name(one.name),) if not one.default else ())
            annotation = Annotated[annotation, Option(*names, **one.metadata["options"])]
        yield inspect.Parameter(
            one.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if one.default is MISSING else one.default,
            annotation=annotation,
        )


@option_record
class Execution:
    """Options of where work runs."""

    workers: WorkersOption = None
    backend: BackendOption = Backend.PROCESS
    ray_address: str | None = option(
        None, "Ray cluster to run on, instead of --backend: auto, host:6379 or ray://host:10001."
    )

    def arguments(self) -> dict[str, Any]:
        """Arguments of functions that run work; an address asks for Ray."""
        backend = Backend.RAY if self.ray_address else self.backend
        if backend is Backend.RAY:
            from ..core.extras import require

            require("ray")
        return {"workers": self.workers, "backend": backend, "ray_address": self.ray_address}


@option_record
class CachePlace:
    """Options of which result cache a command uses."""

    cache: CachePlaceOption = None
    no_cache: bool = option(False, "Simulate every episode, and keep none.")

    @contextmanager
    def opened(self) -> Iterator[ResultCache | None]:
        """The cache; at the end stderr hears how many rows it had.

        Raises:
            GoliveError: options that contradict one another, or no such place.
        """
        if self.no_cache and self.cache is not None:
            raise GoliveError("--no-cache: given with --cache: expected one of them")
        found = None
        if not self.no_cache:
            from ..core.execution.cache import open_cache

            found = open_cache(self.cache)
        if found is None:
            yield None
            return
        with found:
            yield found
            if found.hits:
                asked = found.hits + found.misses
                typer.echo(
                    f"Cache: {found.hits:,} of {asked:,} episodes from {found.location}", err=True
                )
