"""The same seed is the same future in every version until the dynamics are changed on purpose."""

from __future__ import annotations

import pytest
from golden_digests import FILE, cases, golden, main, stored

CASES = tuple(cases())


def test_the_file_holds_every_case_and_no_other():
    assert tuple(stored()) == CASES


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_golden_digests(case):
    """If the change is meant: ``.venv/bin/python tests/golden/golden_digests.py --write``."""
    assert golden(case) == stored()[case]


def test_no_two_cases_are_the_same():
    ends = [str(row) for row in stored().values()]
    assert len(set(ends)) == len(ends)


def test_renewal_writes_what_the_comparison_then_finds_equal(tmp_path, monkeypatch, capsys):
    few = CASES[:2]
    monkeypatch.setattr("golden_digests.cases", lambda: iter(few))
    monkeypatch.setattr("golden_digests.FILE", tmp_path / FILE.name)
    assert main([]) == 1
    assert main(["--write"]) == 0
    assert main([]) == 0
    assert capsys.readouterr().out.endswith(": 0 of 2 differ\n")
