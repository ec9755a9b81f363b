"""Learning an opponent against a policy, and comparing opponents on the same episodes."""

from .comparison import OpponentComparison, compare_opponents
from .learning import AdversarySettings, LearnedOpponent, learn_opponent

__all__ = [
    "AdversarySettings",
    "LearnedOpponent",
    "OpponentComparison",
    "compare_opponents",
    "learn_opponent",
]
