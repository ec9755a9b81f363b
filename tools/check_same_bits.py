"""Check that what digests depend on is computed alike on every Python and platform.

What differs, found by running golive on several: ``sum`` of floats (compensated since Python
3.12), powers, exponentials and logarithms (the C library's own last digit, and NumPy's by the
processor's instructions), and the order of a set of strings and ``hash`` (by the process).
``golive.core.arithmetic`` has the functions to use instead. A line that may do it all the same
says why, after ``# same bits:``. Prints each place and exits with 1 if there is one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("core", "scenarios", "sim", "envs", "agents")
"""Rooms whose numbers digests depend on; training and judging report to fewer digits."""
HOMES = ("core/arithmetic.py", "core/distributions.py")
"""Modules that round what a mathematical library gives them."""
REPORTS = ("agents/migration/profiling", "agents/migration/matching")
"""Modules, by how their names begin, that report on tables of a user's own, to few digits."""
EXCUSE = "# same bits:"
LIBRARY_FUNCTIONS = frozenset(
    """
    exp exp2 expm1 log log2 log10 log1p pow power float_power cbrt sin cos tan asin acos
    atan atan2 arcsin arccos arctan arctan2 sinh cosh tanh asinh acosh atanh erf erfc
    gamma lgamma hypot dist
    """.split()  # noqa: SIM905
)
IN_ORDER = frozenset({"list", "tuple", "enumerate", "iter", "plain_sum"})
"""Functions whose result depends on the order of what they are given."""


def problems(source: str) -> Iterator[tuple[int, str]]:
    """Line numbers of a module's source at which bits may differ, each with what to do."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        for place, advice in _advice(node):
            if EXCUSE not in lines[place.lineno - 1]:
                yield place.lineno, advice


def _advice(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Name(id="sum", ctx=ast.Load()):
            yield node, "sum: use plain_sum for floats, whole_sum for whole numbers"
        case ast.Name(id="pow" | "hash" as name, ctx=ast.Load()):
            yield node, f"{name}: use power, or a digest of hashlib"
        case ast.BinOp(op=ast.Pow()) if not (_whole(node.left) and _whole(node.right)):
            yield node, "**: use power"
        case ast.AugAssign(op=ast.Pow()):
            yield node, "**=: use power"
        case ast.Attribute(value=ast.Name(id="math" | "np"), attr=name):
            if name in LIBRARY_FUNCTIONS:
                yield node, f"{name}: round it, as exponential does"
        case ast.ImportFrom(module="math", names=names):
            for alias in names:
                if alias.name in LIBRARY_FUNCTIONS:
                    yield node, f"{alias.name}: round it, as exponential does"
        case ast.For(iter=values) if _is_set(values):
            yield values, "a set: put it in order first"
        case ast.ListComp() | ast.DictComp() | ast.GeneratorExp():
            for part in node.generators:
                if _is_set(part.iter):
                    yield part.iter, "a set: put it in order first"
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in IN_ORDER:
            if _is_set(first):
                yield first, "a set: put it in order first"
        case ast.Call(func=ast.Attribute(attr="join"), args=[first]) if _is_set(first):
            yield first, "a set: put it in order first"


def _whole(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and isinstance(inner.value, int)


def _is_set(node: ast.expr) -> bool:
    match node:
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.BinOp(left=left, right=right, op=ast.BitOr() | ast.BitAnd() | ast.Sub()):
            return _is_set(left) or _is_set(right)
    return False


def main() -> int:
    """Check every module of the rooms; 0: nothing found, 1: something."""
    count = 0
    for room in ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            place = path.relative_to(REPOSITORY).as_posix()
            if place in HOMES or place.startswith(REPORTS):
                continue
            for line, advice in problems(path.read_text(encoding="utf-8")):
                print(f"{place}:{line}: {advice}")
                count += 1
    print(f"same bits: {count} problems")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
