"""The import contract of the rooms, checked from the source alone (nothing is imported).

1. A room imports only from itself and from the rooms below it:
   golive > trainers > agents > envs > sim > scenarios.
2. Inside the package imports are relative: an absolute ``golive...`` import (or a bare ``sim``,
   ``envs``, ...) is an error, because the folders are mapped to ``golive.<room>`` on installing.
3. ``trainers`` says nothing of ERP: of ``sim`` it knows the protocol, of ``scenarios`` what is not
   a customer's content. What measures or draws the implementation world is excepted by name.
4. What ``golive --help`` loads imports nothing heavy at the top of a module.
5. A folder of modules is a package: it has its ``__init__.py``.

Usage: ``python tools/check_import_contract.py [REPOSITORY]``; exits with 1 if it is broken.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("golive", "trainers", "agents", "envs", "sim", "scenarios")
"""From the top to the ground; the first is the front door, whose modules have no room prefix."""

HEAVY = frozenset(
    {
        "faker",
        "matplotlib",
        "mesa",
        "minari",
        "optuna",
        "pandas",
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

ERP = (
    "sim.implementation",
    "scenarios.challenge",
    "scenarios.customer",
    "scenarios.family",
    "scenarios.generator",
    "scenarios.plan",
    "scenarios.requirements",
    "scenarios.Challenge",
    "scenarios.DataObject",
    "scenarios.Interface",
    "scenarios.LegacySystem",
    "scenarios.Product",
    "scenarios.Requirement",
    "scenarios.Site",
)
"""What starts like this says something about ERP. A ``Customer`` may be handed on, unopened."""

ERP_EXCEPTIONS = {
    "trainers.benchmark": "measures the implementation world: its speed, its growth, its replays",
    "trainers.mining": "estimates the implementation world's parameters from event logs",
    "trainers.reports": "draws what happened in an implementation",
    "trainers.validation": "compares the implementation world with what was published",
}

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

    @property
    def room(self) -> str:
        """The room it lives in."""
        return room_of(self.name)


def room_of(dotted: str) -> str:
    """The room of an installed dotted name (``golive.sim.x`` -> ``sim``)."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS[1:] else FRONT_DOOR


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
            modules[name] = Module(name, path, tuple(_imports(tree, package, loads=True)))
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
    for module in modules.values():
        package = module.name.rpartition(".")[0]
        if package and package not in modules:
            yield f"{module.path.parent}: has modules but no __init__.py"
        for statement in module.imports:
            problem = _absolute(statement) or _upward(module, statement) or _erp(module, statement)
            if problem:
                yield f"{module.path}:{statement.line}: {problem}"
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


def _erp(module: Module, statement: Import) -> str | None:
    if module.room != "trainers" or statement.level == 0:
        return None
    inner = module.name.removeprefix(f"{FRONT_DOOR}.")
    if inner.startswith(tuple(ERP_EXCEPTIONS)):
        return None
    target = statement.target.removeprefix(f"{FRONT_DOOR}.")
    if target.startswith(ERP):
        return f"trainers imports {statement.target}: trainers says nothing of ERP"
    return None


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
