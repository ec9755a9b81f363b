"""Claims that one policy scores higher than another."""

from __future__ import annotations

import pytest

from golive.core.errors import GoliveError
from golive.trainers.evaluation.claims import Claim, judge


def test_a_claim_holds_when_the_paired_interval_lies_above_zero(result):
    verdict = judge(result, Claim("good", "expert"))
    assert verdict.holds
    assert str(verdict).startswith("good > expert: holds (paired difference +0.1")


def test_the_contrary_does_not_hold(result):
    assert not judge(result, Claim("expert", "good")).holds


def test_a_claim_is_read_from_a_line():
    assert Claim.parse(" runs/x > expert ", ["expert", "runs/x"]) == Claim("runs/x", "expert")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("good", "expected .A>B."),
        ("good>", "expected .A>B."),
        ("a>b>c", "expected .A>B."),
        ("good>nobody", "'nobody' is not evaluated: expected one of good, expert"),
        ("good>good", "two different policies"),
    ],
)
def test_other_lines_are_refused(text, match):
    with pytest.raises(GoliveError, match=match):
        Claim.parse(text, ["good", "expert"])
