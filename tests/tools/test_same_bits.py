"""The check of what differs between Pythons and platforms finds it, and golive has none of it."""

from __future__ import annotations

import pytest

from tools.check_same_bits import main, problems


def test_the_rooms_are_free_of_it(capsys):
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "source",
    [
        "sum(hours)",
        "map(sum, rows)",
        "size ** 0.6",
        "2 ** days",
        "gain **= 2",
        "pow(size, 0.6)",
        "hash(name)",
        "math.exp(-rate)",
        "np.log1p(hours)",
        "from math import exp",
        "for name in {'a', 'b'}: pass",
        "[name for name in set(names)]",
        "list(set(names) | set(others))",
        "', '.join({name for name in names})",
    ],
)
def test_what_differs_is_found(source):
    assert [line for line, _ in problems(source)] == [1]


@pytest.mark.parametrize(
    "source",
    [
        "plain_sum(hours)",
        "2 ** 64",
        "math.sqrt(size)",
        "sorted(set(names))",
        "{name for name in set(names)}",
        "'a' in {'a', 'b'}",
        "dict(**options)",
        "unit = 2.0 ** -53  # same bits: a power of two is exact",
    ],
)
def test_what_does_not_differ_is_let_be(source):
    assert not list(problems(source))
