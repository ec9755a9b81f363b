"""Loading and saving of scenarios and suites, from the library or from files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import BaseModel

from ..core.arguments import checked, of_type
from ..core.errors import GoliveError
from ..core.files import write_text_atomically
from ..core.problems import validated
from ..core.worlds import DEFAULT_WORLD, WORLDS
from ..core.yaml_reader import FLOAT_PATTERN, YAML_TAG, Document, read_document
from .scenario import Scenario
from .suite import SeedRange, Split, Suite

_SUITE_SUFFIX = ".suite.yaml"
_SUFFIX = ".yaml"
_LINE_WIDTH = 100


class ScenarioFormat(Protocol):
    """A world as far as this room needs to know it."""

    name: str
    """Its name."""
    scenario: type[Scenario]
    """Its scenarios."""
    library: Path
    """Folder of the scenarios and suites that come with it."""


def scenario_names(world: str | None = None) -> tuple[str, ...]:
    """Names of the scenarios in the library, in order.

    Args:
        world: whose scenarios; None: those of all worlds.
    """
    names = _library_names(_SUFFIX, world)
    return tuple(sorted(n.removesuffix(_SUFFIX) for n in names if not n.endswith(_SUITE_SUFFIX)))


def suite_names() -> tuple[str, ...]:
    """Names of the suites in the library."""
    names = _library_names(_SUITE_SUFFIX)
    return tuple(sorted(name.removesuffix(_SUITE_SUFFIX) for name in names))


def suite_name_of(scenario: str) -> str | None:
    """The library's suite of the scenario's name, else the first that holds it, if one does."""
    names = suite_names()
    if scenario in names:
        return scenario
    return next((name for name in names if scenario in load_suite(name).scenarios), None)


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """A scenario of the library by name, or any scenario by the path of its file.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    of_type("scenario", name_or_path, (str, os.PathLike), "a name or the path of a file")
    if str(name_or_path) in scenario_names():
        return _library_scenario(str(name_or_path))
    return _scenario(read_document(_file(name_or_path, "scenario", scenario_names())))


def as_scenario(given: object) -> Scenario:
    """A scenario itself, or the one that a name or path means.

    Raises:
        GoliveError: it is neither, or as ``load_scenario``.
    """
    if isinstance(given, Scenario):
        return given
    if not isinstance(given, str | os.PathLike):
        raise GoliveError(f"scenario: {given!r}: expected a scenario, its name or a file's path")
    return load_scenario(given)


def load_suite(name_or_path: str | os.PathLike[str]) -> Suite:
    """A suite of the library by name, or any suite by the path of its file.

    A name or path with a split, ``furniture-test`` or ``path.yaml:test``, means the suite with
    nothing but this split. Scenarios that it names by relative path come back as absolute paths,
    so that ``load_scenario`` takes every entry of ``suite.scenarios``.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    of_type("suite", name_or_path, (str, os.PathLike), "a name or the path of a file")
    name, split = _name_and_split(os.fspath(name_or_path))
    suite = _whole_suite(name_or_path if split is None else name)
    if split is None:
        return suite
    return suite.model_copy(update={"splits": {split: _split_of(suite, name, split)}})


def _whole_suite(name_or_path: str | os.PathLike[str]) -> Suite:
    if str(name_or_path) in suite_names():
        document = _library_suite(str(name_or_path))
    else:
        document = read_document(_file(name_or_path, "suite", suite_names()))
    _format_of(document)
    suite = validated(Suite, document)
    entries = tuple(
        resolved(entry, document, ("scenarios", index))
        for index, entry in enumerate(suite.scenarios)
    )
    return suite.model_copy(update={"scenarios": entries})


@checked
def suite_scenarios(suite: Suite) -> tuple[Scenario, ...]:
    """Levels that a suite judges policies on: each of its scenarios met with each of its mixes.

    Raises:
        GoliveError: a scenario that cannot be loaded.
    """
    return suite.met([load_scenario(name) for name in suite.scenarios])


@checked
def load_any(name_or_path: str | os.PathLike[str]) -> Scenario | Suite:
    """A scenario or a suite with all its scenarios, whichever a file holds.

    A name means the scenario of the library, or else its suite. What holds ``splits`` is a suite.

    Raises:
        GoliveError: as ``load_scenario`` and ``load_suite``.
    """
    text = str(name_or_path)
    if text in scenario_names():
        return load_scenario(text)
    if text not in suite_names():
        document = read_document(_file(name_or_path, "scenario", scenario_names()))
        if "splits" not in document.data:
            return _scenario(document)
    suite = load_suite(name_or_path)
    for entry in suite.scenarios:
        load_scenario(entry)
    return suite


@checked
def load_suite_split(name: str) -> tuple[Suite, Split]:
    """A suite and one of its splits, written as ``furniture-test`` or ``path.yaml:test``.

    A suite alone means its test split.

    Raises:
        GoliveError: if there is no such suite or it has no such split.
    """
    suite_name, named = _name_and_split(name)
    suite, split = _whole_suite(suite_name), named or Split.TEST
    _split_of(suite, suite_name, split)
    return suite, split


def _name_and_split(name: str) -> tuple[str, Split | None]:
    if name not in suite_names() and not Path(name).is_file():
        for split in Split:
            for mark in (":", "-"):
                if name.endswith(f"{mark}{split}"):
                    return name.removesuffix(f"{mark}{split}"), split
    return name, None


def _split_of(suite: Suite, name: str, split: Split) -> SeedRange:
    if split not in suite.splits:
        raise GoliveError(
            f"suite {name}: split {str(split)!r}: "
            f"expected one of {', '.join(str(known) for known in suite.splits)}"
        )
    return suite.splits[split]


@checked
def to_yaml(model: BaseModel) -> str:
    """A record as YAML text that loads as an equal record."""
    data = model.model_dump(mode="json", exclude_none=True)
    return str(
        yaml.dump(data, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=_LINE_WIDTH)
    )


@checked
def save_yaml(model: BaseModel, path: str | os.PathLike[str]) -> None:
    """Write a record as YAML, atomically.

    Raises:
        GoliveError: if the file cannot be written.
    """
    write_text_atomically(path, to_yaml(model))


@cache
def _library_scenario(name: str) -> Scenario:
    return _scenario(read_document(_library_file(name, _SUFFIX)))


@cache
def _library_suite(name: str) -> Document:
    return read_document(_library_file(name, _SUITE_SUFFIX))


def _scenario(document: Document) -> Scenario:
    model: type[Scenario] = _format_of(document).scenario
    return model.read(document)


def _format_of(document: Document) -> ScenarioFormat:
    """The format that the world named in a file has for its files.

    Raises:
        GoliveError: there is no such world, or it cannot be loaded.
    """
    name = document.data.get("world", DEFAULT_WORLD)
    if not isinstance(name, str) or name not in WORLDS:
        place = f"{document.path}:{document.line(('world',))}"
        raise GoliveError(f"{place}: world: {name!r}: {WORLDS.unknown(str(name))}")
    found: ScenarioFormat = WORLDS[name]
    return found


def _libraries(world: str | None = None) -> list[Path]:
    """The folders of a world's, or all worlds', scenarios and suites."""
    return [kind.library for kind in WORLDS.loadable() if world in (None, kind.name)]


def _library_names(suffix: str, world: str | None = None) -> Iterator[str]:
    for library in _libraries(world):
        yield from (entry.name for entry in library.glob(f"*{suffix}"))


def scenario_file(name_or_path: str) -> Path:
    """The file of a scenario of the library, or the path itself."""
    named = name_or_path in scenario_names()
    return _library_file(name_or_path, _SUFFIX) if named else Path(name_or_path)


def _library_file(name: str, suffix: str) -> Path:
    for library in _libraries():
        if (library / f"{name}{suffix}").is_file():
            return library / f"{name}{suffix}"
    raise GoliveError(f"{name}: no such file in a library")


def resolved(entry: str, document: Document, place: tuple[str | int, ...]) -> str:
    """The scenario that an entry of a file names: a library's name, or a path beside the file.

    Raises:
        GoliveError: there is none.
    """
    if entry in scenario_names():
        return entry
    path = document.path.parent / entry
    if _looks_like_path(entry) and path.is_file():
        return str(path.resolve())
    where = f"{document.path}:{document.line(place)}: {place[0]}: {entry!r}"
    if _looks_like_path(entry):
        raise GoliveError(f"{where}: there is no such file beside it")
    raise GoliveError(f"{where}: {_unknown('scenario', entry, scenario_names())}")


def _file(name_or_path: str | os.PathLike[str], kind: str, names: tuple[str, ...]) -> Path:
    text = str(name_or_path)
    path = Path(text)
    if isinstance(name_or_path, str) and not _looks_like_path(text) and not path.is_file():
        raise GoliveError(f"{text!r}: {_unknown(kind, text, names)}")
    return path


def _looks_like_path(text: str) -> bool:
    return "/" in text or os.sep in text or text.endswith((".yaml", ".yml"))


def _unknown(kind: str, name: str, names: tuple[str, ...]) -> str:
    close = get_close_matches(name, names, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    return f"no such {kind}: {guess}expected the path of a file or one of {', '.join(names)}"


class _PlainDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """The safe dumper; quotes what YAML 1.1 or our own reader would not read as text."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out: a file without anchors is easier to read and to edit."""
        return True


_PlainDumper.add_implicit_resolver(f"{YAML_TAG}float", FLOAT_PATTERN, list("-+0123456789."))
