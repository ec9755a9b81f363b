"""A public docstring begins with a verb or names what is returned."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "scenarios", "sim", "envs", "agents", "trainers", "golive", "benchmarks", "tools")
NEVER_FIRST = frozenset(
    {"What", "Whether", "How", "Who", "Where", "Which", "When", "If", "Whose", "Why"}
    | {"Nobody", "Nothing"}
)
"""They open a clause without saying what is done or returned: "Whether it is over" is
"True if it is over", "How many there are" is "Number of them", "What is asked" is "Question"."""
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | Definition


def public_parts(
    node: ast.Module | Definition, name: str
) -> Iterator[tuple[str, ast.Module | Definition]]:
    """The node and the public classes and functions in it, by name."""
    yield name, node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition) and not _is_private(child):
            yield from public_parts(child, f"{name}.{child.name}".lstrip("."))


def _is_private(node: Definition) -> bool:
    return node.name.startswith("_") and not node.name.startswith("__")


def clauses(text: str) -> list[str]:
    """Public parts of a module whose docstring says neither verb nor result, with its line."""
    found = []
    for name, node in public_parts(ast.parse(text), ""):
        documentation = ast.get_docstring(node)
        if documentation and documentation.split(maxsplit=1)[0].rstrip(",:;") in NEVER_FIRST:
            line = getattr(node, "lineno", 1)
            found.append(f"{line}: {name or 'the module'}: {documentation.splitlines()[0]}")
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_docstring_of_a_room_opens_with_a_clause(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files
        for line in clauses(file.read_text(encoding="utf-8"))
    ]
    told = "\n  ".join(found)
    assert files
    assert not found, (
        f"{len(found)} docstrings begin with a clause; expected a verb or what is returned, such "
        f'as "True if", "Number of", "Make":\n  {told}'
    )


def test_a_clause_is_told_from_a_verb_and_from_what_is_returned() -> None:
    text = '''
class Seen:
    """Whether it was seen."""

    def names(self):
        """Names of all."""

    def _hidden(self):
        """How it is done."""


def count():
    """How many there are."""
'''
    assert clauses(text) == [
        "2: Seen: Whether it was seen.",
        "12: count: How many there are.",
    ]
