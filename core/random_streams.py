"""Order-free randomness: every draw is a function of (seed, purpose, whom, attempt).

There is no generator whose next number depends on what was drawn before. The same seed is
therefore the same customer, the same task durations and the same disruptions whatever a
policy does, and another engine can reproduce every draw bit for bit.

The hash is the finaliser of splitmix64 (Steele, Lea & Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014) over a Weyl sequence whose start depends on seed and purpose.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .errors import GoliveError

_MASK = 0xFFFF_FFFF_FFFF_FFFF
# 2**64 over the golden ratio and over its like in three dimensions (x**4 = x + 1), made odd:
# their multiples spread evenly, and do not meet.
_WHOM_STEP = 0x9E37_79B9_7F4A_7C15
_ATTEMPT_STEP = 0xD1B5_4A32_D192_ED03
# Of splitmix64.
_MULTIPLIER_1 = 0xBF58_476D_1CE4_E5B9
_MULTIPLIER_2 = 0x94D0_49BB_1331_11EB
_TO_UNIT = 2.0**-53
SEED_LIMIT = 2**64
"""Seeds are integers in ``[0, SEED_LIMIT)``; 0 is a seed like any other."""


@cache
def purpose(name: str) -> int:
    """Key of a purpose: a 64-bit hash of its name, the same in every process and version."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def mix(value: int) -> int:
    """The splitmix64 finaliser: a bijection of the 64-bit integers that looks random."""
    value &= _MASK
    value = (value ^ (value >> 30)) * _MULTIPLIER_1 & _MASK
    value = (value ^ (value >> 27)) * _MULTIPLIER_2 & _MASK
    return value ^ (value >> 31)


class RandomStreams:
    """All random numbers of one seed, addressed by purpose, whom and attempt."""

    __slots__ = ("_base", "seed")

    def __init__(self, seed: int) -> None:
        """Address the streams of a seed in ``[0, 2**64)``.

        Raises:
            GoliveError: if the seed is not such an integer.
        """
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
            raise GoliveError(f"seed: {seed!r}: expected an integer")
        if not 0 <= seed < SEED_LIMIT:
            raise GoliveError(f"seed: {seed!r}: expected an integer in [0, 2**64)")
        self.seed = int(seed)
        self._base = mix(self.seed + _WHOM_STEP)

    def uniform(self, purpose_key: int, whom: int = 0, attempt: int = 0) -> float:
        """A number in [0, 1) with 53 random bits.

        Args:
            purpose_key: what the draw is for, from ``purpose(name)``.
            whom: whom it concerns (a package, a person, an index), >= 0.
            attempt: which attempt (a day, a repetition), >= 0.
        """
        z = (self._base + purpose_key + whom * _WHOM_STEP + attempt * _ATTEMPT_STEP) & _MASK
        z = (z ^ (z >> 30)) * _MULTIPLIER_1 & _MASK
        z = (z ^ (z >> 27)) * _MULTIPLIER_2 & _MASK
        return ((z ^ (z >> 31)) >> 11) * _TO_UNIT

    def uniforms(
        self, purpose_key: int, whom: NDArray[np.uint64], attempt: int = 0
    ) -> NDArray[np.float64]:
        """The same numbers as ``uniform``, bit for bit, for a uint64 array of ``whom``."""
        start = np.uint64((self._base + purpose_key + attempt * _ATTEMPT_STEP) & _MASK)
        z = np.asarray(whom, dtype=np.uint64) * np.uint64(_WHOM_STEP)
        z = z + np.full_like(z, start)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_MULTIPLIER_1)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_MULTIPLIER_2)
        bits = (z ^ (z >> np.uint64(31))) >> np.uint64(11)
        return np.asarray(bits.astype(np.float64) * _TO_UNIT)
