"""Arguments of other types than a function names are refused in one line."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from golive.core.arguments import checked, count_of, one_of, seed_of
from golive.core.errors import GoliveError

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction as Share


@checked
def asked(
    count: int = 0,
    share: float = 0.0,
    flag: bool = False,
    names: Sequence[str] = (),
    rows: Mapping[str, Any] | None = None,
    mode: Literal["a", "b"] = "a",
    call: Callable[[], int] | None = None,
    place: Path | None = None,
    where: str | Path = "",
    money: Decimal | Share | None = None,
    anything: Any = None,
    **more: int,
) -> tuple[Any, ...]:
    """The arguments."""
    return count, share, flag, names, rows, mode, call, place, where, money, anything, more


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("count", [3, -1, np.int64(2)], [None, 3.0, True, "3", [], object()]),
        ("share", [0.5, 1, np.float32(2)], [None, True, "0.5", [0.5]]),
        ("flag", [True], [None, 1, "yes"]),
        ("names", [["a"], ("a", "b"), np.array(["a"]), []], [None, "ab", b"a", {"a": 1}, [3.5]]),
        ("rows", [None, {}], [[], "x", 3.5]),
        ("mode", ["b"], ["c", None, 3.5]),
        ("call", [None, int], [3, "x"]),
        ("place", [None, Path("x"), "x"], [3.5, b"x", []]),
        ("where", ["x", Path("x")], [None, 3.5]),
        ("anything", [None, [], object()], []),
        ("new", [3, "more is not looked at"], []),
    ],
)
def test_what_is_annotated_is_what_is_taken(name: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        asked(**{name: value})
    for value in bad:
        with pytest.raises(GoliveError, match=rf"^{name}: .*: expected "):
            asked(**{name: value})


def test_names_for_type_checkers_are_found() -> None:
    from decimal import Decimal
    from fractions import Fraction

    assert asked(money=Decimal(3))[9] == Decimal(3)
    assert asked(money=Fraction(1, 3))[9] == Fraction(1, 3)
    with pytest.raises(GoliveError, match=r"^money: 3\.5: expected Decimal \| Share \| None$"):
        asked(money=3.5)  # type: ignore[arg-type]


def test_a_text_becomes_a_path_only_where_a_path_is_wanted() -> None:
    assert asked(place="x", where="x")[7:9] == (Path("x"), "x")  # type: ignore[arg-type]


def test_a_checked_function_is_itself_otherwise() -> None:
    assert pickle.loads(pickle.dumps(asked)) is asked
    assert asked.__doc__ == "The arguments."
    with pytest.raises(TypeError, match="multiple values for argument 'count'"):
        asked(3, count=4)  # type: ignore[misc]


@pytest.mark.parametrize("value", [None, 3.5, True, "3", [], -1, 2**63, np.zeros(2)])
def test_seeds_are_integers_of_their_range(value: object) -> None:
    assert seed_of("seed", np.uint64(2**63 - 1)) == 2**63 - 1
    with pytest.raises(GoliveError, match=r"seed: .*: expected an integer from 0 to 2\*\*63 - 1"):
        seed_of("seed", value)


def test_counts_say_what_is_least() -> None:
    assert count_of("workers", np.int32(0)) == 0
    for value, words in ((-1, "at least 0"), (None, "at least 0"), (1.5, "an integer")):
        with pytest.raises(GoliveError, match=f"workers: {value}: expected {words}"):
            count_of("workers", value)


@pytest.mark.parametrize("value", ["c", 3.5, [], np.zeros(2), object()])
def test_one_of_a_few(value: object) -> None:
    one_of("mode", None, (None, "a"))
    with pytest.raises(GoliveError, match=r"mode: .*: expected 'a' or 'b'"):
        one_of("mode", value, ("a", "b"))
