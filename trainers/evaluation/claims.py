"""Claims about policies that an evaluation can be asked to bear out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.errors import GoliveError
from .result import EvaluationResult
from .statistics import Interval
from .summary import compare


@dataclass(frozen=True, slots=True)
class Claim:
    """That one policy scores higher than another one."""

    better: str
    worse: str

    @classmethod
    def parse(cls, text: str, policies: Sequence[str]) -> Claim:
        """Read ``A>B``.

        Raises:
            GoliveError: it is not of this form, or a policy is not among those evaluated.
        """
        better, mark, worse = (part.strip() for part in text.partition(">"))
        if not mark or not better or not worse or ">" in worse:
            raise GoliveError(f'--require: {text!r}: expected "A>B" with two policies')
        for name in (better, worse):
            if name not in policies:
                raise GoliveError(
                    f"--require: {name!r} is not evaluated: expected one of {', '.join(policies)}"
                )
        if better == worse:
            raise GoliveError(f"--require: {text!r}: expected two different policies")
        return cls(better, worse)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, the interval of the paired difference, and whether it lies above zero."""

    claim: Claim
    difference: Interval | None

    @property
    def holds(self) -> bool:
        """True if the whole interval lies above zero."""
        return self.difference is not None and self.difference.above(0.0)

    def __str__(self) -> str:
        """One line for a terminal."""
        found = "no common episode"
        if self.difference is not None:
            low, high = self.difference.low, self.difference.high
            found = f"{self.difference.estimate:+.4f} [{low:+.4f}, {high:+.4f}]"
        word = "holds" if self.holds else "does not hold"
        return f"{self.claim.better} > {self.claim.worse}: {word} (paired difference {found})"


def judge(result: EvaluationResult, claim: Claim) -> Verdict:
    """Hold a claim against an evaluation's 95 % interval."""
    return Verdict(claim, compare(result, claim.better, claim.worse).difference)
