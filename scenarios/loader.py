"""Loading and saving of scenarios and suites, from the library or from files."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .challenge_weeks import with_challenges_in_plan
from .errors import GoliveError
from .files import write_text_atomically
from .plan import Plan
from .problems import invalid_record
from .scenario import Scenario, Suite
from .vocabulary import Split
from .yaml_reader import FLOAT_PATTERN, YAML_TAG, Document, read_document

LIBRARY = Path(__file__).parent / "library"
"""Where the scenarios and suites that come with golive live."""
_SUITE_SUFFIX = ".suite.yaml"
_SUFFIX = ".yaml"
_LINE_WIDTH = 100

RecordT = TypeVar("RecordT", bound=BaseModel)


def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios in the library."""
    names = (entry.name for entry in LIBRARY.glob(f"*{_SUFFIX}"))
    return tuple(sorted(n.removesuffix(_SUFFIX) for n in names if not n.endswith(_SUITE_SUFFIX)))


def suite_names() -> tuple[str, ...]:
    """Names of the suites in the library."""
    names = (entry.name for entry in LIBRARY.glob(f"*{_SUITE_SUFFIX}"))
    return tuple(sorted(name.removesuffix(_SUITE_SUFFIX) for name in names))


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """A scenario of the library by name, or any scenario by the path of its file.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    if str(name_or_path) in scenario_names():
        return _library_scenario(str(name_or_path))
    return _scenario(read_document(_file(name_or_path, "scenario", scenario_names())))


def load_suite(name_or_path: str | os.PathLike[str]) -> Suite:
    """A suite of the library by name, or any suite by the path of its file.

    Scenarios that the suite names by relative path come back as absolute paths, so that
    ``load_scenario`` takes every entry of ``suite.scenarios``.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    if str(name_or_path) in suite_names():
        path = LIBRARY / f"{name_or_path}{_SUITE_SUFFIX}"
    else:
        path = _file(name_or_path, "suite", suite_names())
    document = read_document(path)
    suite = _validated(Suite, document)
    entries = tuple(
        _resolved(entry, document, ("scenarios", index))
        for index, entry in enumerate(suite.scenarios)
    )
    return suite.model_copy(update={"scenarios": entries})


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """A plan by the path of its file, as ``golive plan import`` writes it.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    return _validated(Plan, read_document(Path(path)))


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


def load_suite_split(name: str) -> tuple[Suite, Split]:
    """A suite and one of its splits, written as ``furniture-test`` or ``path.yaml:test``.

    A suite alone means its test split.

    Raises:
        GoliveError: if there is no such suite or it has no such split.
    """
    suite_name, split = name, Split.TEST
    for candidate in Split:
        for mark in (":", "-"):
            if name not in suite_names() and name.endswith(f"{mark}{candidate}"):
                suite_name, split = name.removesuffix(f"{mark}{candidate}"), candidate
    suite = load_suite(suite_name)
    if split not in suite.splits:
        raise GoliveError(
            f"suite {suite_name}: split {str(split)!r}: "
            f"expected one of {', '.join(str(known) for known in suite.splits)}"
        )
    return suite, split


def to_yaml(model: BaseModel) -> str:
    """A record as YAML text that loads as an equal record."""
    data = model.model_dump(mode="json", exclude_none=True)
    return str(
        yaml.dump(data, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=_LINE_WIDTH)
    )


def save_yaml(model: BaseModel, path: str | os.PathLike[str]) -> None:
    """Write a record as YAML, atomically.

    Raises:
        GoliveError: if the file cannot be written.
    """
    write_text_atomically(path, to_yaml(model))


@cache
def _library_scenario(name: str) -> Scenario:
    return _scenario(read_document(LIBRARY / f"{name}{_SUFFIX}"))


def _scenario(document: Document) -> Scenario:
    replaced: dict[str, BaseModel] = {}
    reference, plan = document.data.get("customer"), document.data.get("plan")
    weeks = plan.get("weeks") if isinstance(plan, dict) else None
    if isinstance(plan, str):
        own = load_plan(_plan_file(plan, document))
        replaced["plan"], weeks = own, own.weeks
    if isinstance(reference, str):
        source = _referenced(reference, document)
        customer = source.customer
        if isinstance(weeks, int) and not isinstance(weeks, bool) and weeks >= 1:
            customer = with_challenges_in_plan(customer, source.plan.weeks, weeks)
        replaced["customer"] = customer
    return _validated(Scenario, document, replaced)


def _plan_file(entry: str, document: Document) -> Path:
    """The file of a plan that a scenario names by its path beside the scenario's own."""
    path = document.path.parent / entry
    if not path.is_file():
        raise GoliveError(
            f"{document.path}:{document.line(('plan',))}: plan: {entry!r}: "
            "there is no such file beside it: expected a plan, or the path of a file that holds one"
        )
    return path


def _referenced(reference: str, document: Document) -> Scenario:
    """The scenario whose customer another one shares; it must hold the customer itself."""
    target = _resolved(reference, document, ("customer",))
    path = LIBRARY / f"{target}{_SUFFIX}" if target in scenario_names() else Path(target)
    source = read_document(path)
    if isinstance(source.data.get("customer"), str):
        raise GoliveError(
            f"{document.path}:{document.line(('customer',))}: customer: {reference!r}: "
            "expected a scenario that holds its customer itself"
        )
    return _validated(Scenario, source)


def _validated(
    model: type[RecordT], document: Document, replaced: dict[str, BaseModel] | None = None
) -> RecordT:
    try:
        return model.model_validate({**document.data, **(replaced or {})})
    except ValidationError as error:
        raise invalid_record(error, model, document) from None


def _resolved(entry: str, document: Document, place: tuple[str | int, ...]) -> str:
    """An entry that names a scenario: a name of the library or a path beside the file."""
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
