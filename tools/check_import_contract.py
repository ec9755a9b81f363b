"""The import contract of the rooms, checked from the source alone (nothing is imported).

1. A room imports only from itself and from the rooms below it:
   golive > trainers > agents > envs > sim > scenarios > core.
2. A world's folder (``sim/implementation``, ``envs/implementation``, ...) is imported by folders of
   the same world only; everybody else asks the registry.
3. No word of a world (a field of its scorecard, or one of its briefing of more than one word)
   stands as a string or as an attribute outside its folders, unless the protocol has it too.
4. Inside the package imports are relative: an absolute ``golive...`` import (or a bare ``sim``,
   ``envs``, ...) is an error, because the folders are mapped to ``golive.<room>`` on installing.
5. What ``golive --help`` loads imports nothing heavy at the top of a module.
6. A folder of modules is a package: it has its ``__init__.py``.

Usage: ``python tools/check_import_contract.py [REPOSITORY]``; exits with 1 if it is broken.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("golive", "trainers", "agents", "envs", "sim", "scenarios", "core")
"""From the top to the ground; the first is the front door, whose modules have no room prefix."""

HEAVY = frozenset(
    {
        "cmaes",
        "faker",
        "matplotlib",
        "mesa",
        "minari",
        "optuna",
        "pandas",
        "pettingzoo",
        "polars",
        "pyarrow",
        "SALib",
        "ray",
        "redis",
        "sb3_contrib",
        "sklearn",
        "scipy",
        "stable_baselines3",
        "torch",
    }
)
"""Third-party packages that ``golive --help`` must not wait for."""

SPOKEN = ("scorecard.py", "briefing.py")
"""Files of a world's folder in ``sim`` whose classes' fields are the world's words."""
PROTOCOL_ROOM = "sim"
"""What its modules outside any world's folder call things is everybody's word."""

FRONT_DOOR = "golive"
ENTRY = ("golive.__main__", "golive.cli")


@dataclass(frozen=True)
class Import:
    """One import statement's target, as a dotted name.

    Attributes:
        target: ``golive.sim.world.World`` for relative imports, as written for absolute ones.
        level: number of leading dots.
        loads: whether it runs when the module is imported (neither in a function nor only
            for type checkers).
    """

    target: str
    level: int
    line: int
    loads: bool


@dataclass(frozen=True)
class Module:
    """A module of the package: its installed name, its file and its imports."""

    name: str
    path: Path
    imports: tuple[Import, ...]
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room it lives in."""
        return room_of(self.name)

    def world(self, worlds: Collection[str]) -> str | None:
        """The world whose folder it lies in; None if it lies in none."""
        return world_of(self.name, worlds)


def room_of(dotted: str) -> str:
    """The room of an installed dotted name (``golive.sim.x`` -> ``sim``)."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS[1:] else FRONT_DOOR


def world_of(dotted: str, worlds: Collection[str]) -> str | None:
    """The world whose folder an installed dotted name lies in, if any."""
    return next((part for part in dotted.split(".")[1:] if part in worlds), None)


def worlds_of(modules: Mapping[str, Module]) -> frozenset[str]:
    """Names of the worlds: the folders of the room of scenarios."""
    start = f"{FRONT_DOOR}.scenarios."
    inner = (name.removeprefix(start).split(".") for name in modules if name.startswith(start))
    return frozenset(parts[0] for parts in inner if len(parts) > 1)


def read_package(repository: Path) -> dict[str, Module]:
    """Every module of every room, by its installed name.

    Raises:
        SyntaxError: if a file is not Python.
    """
    modules = {}
    for room in ROOMS:
        for path in sorted((repository / room).rglob("*.py")):
            parts = path.relative_to(repository).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            plain = ".".join(parts[:-1] if is_package else parts)
            name = plain if room == FRONT_DOOR else f"{FRONT_DOOR}.{plain}"
            package = name if is_package else name.rpartition(".")[0]
            tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
            imports = tuple(_imports(tree, package, loads=True))
            modules[name] = Module(name, path, imports, tree)
    return modules


def _imports(node: ast.AST, package: str, *, loads: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, 0, child.lineno, loads)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                target = f"{_base(child, package)}.{alias.name}"
                yield Import(target, child.level, child.lineno, loads)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for part in child.body:
                yield from _imports(ast.Module([part], []), package, loads=False)
            for part in child.orelse:
                yield from _imports(ast.Module([part], []), package, loads=loads)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, package, loads=loads and not function)


def _base(statement: ast.ImportFrom, package: str) -> str:
    """The dotted name that the imported names hang on."""
    if not statement.level:
        return statement.module or ""
    parts = package.split(".")
    kept = parts[: len(parts) - statement.level + 1]
    return ".".join([*kept, *([statement.module] if statement.module else [])])


def violations(modules: Mapping[str, Module]) -> Iterator[str]:
    """Every break of the contract, as ``file:line: what is wrong``."""
    worlds = worlds_of(modules)
    words = {world: _words(modules, world) - _protocol(modules, worlds) for world in worlds}
    for module in modules.values():
        package = module.name.rpartition(".")[0]
        if package and package not in modules:
            yield f"{module.path.parent}: has modules but no __init__.py"
        for statement in module.imports:
            problem = (
                _absolute(statement)
                or _upward(module, statement)
                or _foreign(module, statement, worlds)
            )
            if problem:
                yield f"{module.path}:{statement.line}: {problem}"
        for world in worlds - {module.world(worlds)}:
            for line, word in _spoken(module.tree, words[world]):
                yield f"{module.path}:{line}: {word!r} is a word of world {world}: ask its record"
    yield from _heavy(modules)


def _absolute(statement: Import) -> str | None:
    if statement.level == 0 and statement.target.split(".")[0] in ROOMS:
        return f"import of {statement.target}: expected a relative import inside the package"
    return None


def _upward(module: Module, statement: Import) -> str | None:
    if statement.level == 0:
        return None
    if statement.target.split(".")[0] != FRONT_DOOR:
        return "import from above the package"
    target = room_of(statement.target)
    if ROOMS.index(target) < ROOMS.index(module.room):
        return f"{module.room} imports {statement.target}: {target} is above it"
    return None


def _foreign(module: Module, statement: Import, worlds: Collection[str]) -> str | None:
    """An import of a world's folder from outside that world's folders."""
    world = world_of(statement.target, worlds) if statement.level else None
    if world is None or world == module.world(worlds):
        return None
    return f"imports {statement.target}: only folders of world {world} do, others ask the registry"


def _words(modules: Mapping[str, Module], world: str) -> frozenset[str]:
    """The words of a world: fields of its scorecard, and compound ones of its briefing."""
    found = set()
    for module in modules.values():
        if module.room == PROTOCOL_ROOM and world in module.name and module.path.name in SPOKEN:
            is_card = module.path.name == SPOKEN[0]
            found |= {field for field in _fields(module.tree) if is_card or "_" in field}
    return frozenset(found)


def _fields(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                    yield part.target.id


def _protocol(modules: Mapping[str, Module], worlds: Collection[str]) -> frozenset[str]:
    """Names that the world protocol itself has: its fields, methods and arguments."""
    found: set[str] = set()
    for module in modules.values():
        if module.room == PROTOCOL_ROOM and module.world(worlds) is None:
            found |= set(_fields(module.tree))
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef):
                    found.add(node.name)
                    found |= {argument.arg for argument in node.args.args}
    return frozenset(found)


def _spoken(tree: ast.Module, words: Collection[str]) -> Iterator[tuple[int, str]]:
    """Words that stand as strings or as attributes, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
            yield node.lineno, node.value
        elif isinstance(node, ast.Attribute) and "_" in node.attr and node.attr in words:
            yield node.lineno, node.attr


def _heavy(modules: Mapping[str, Module]) -> Iterator[str]:
    """Heavy packages at the top of anything that the command line's help loads."""
    waiting = [name for name in modules if name.startswith(ENTRY)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        waiting.append(name.rpartition(".")[0] or name)
        for statement in modules[name].imports if name in modules else ():
            if not statement.loads:
                continue
            if statement.level:
                waiting += [statement.target, statement.target.rpartition(".")[0]]
            elif (package := statement.target.split(".")[0]) in HEAVY:
                place = f"{modules[name].path}:{statement.line}"
                yield f"{place}: {package} at the top of what `golive --help` loads"


def main(arguments: list[str]) -> int:
    """Check a repository and print what breaks the contract."""
    repository = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    modules = read_package(repository)
    if not modules:
        print(f"error: {repository}: no rooms here; expected {', '.join(ROOMS)}", file=sys.stderr)
        return 2
    problems = sorted(set(violations(modules)))
    for problem in problems:
        print(problem)
    rooms = {module.room for module in modules.values()}
    print(f"import contract: {len(modules)} modules, {len(rooms)} rooms, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
