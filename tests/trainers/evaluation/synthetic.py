"""A world of one number, so that evaluation is tested without the real one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass
class SyntheticScenario:
    """Has what evaluation needs of a scenario."""

    name: str = "synthetic"
    difficulty: float = 0.0
    world: str = "implementation"

    def model_dump_json(self) -> str:
        return f"{self.name} {self.difficulty}"


@dataclass
class SyntheticPolicy:
    """Scores its skill."""

    name: str
    skill: float
    fails_on: frozenset[int] = frozenset()
    resets: list[int] = field(default_factory=list)

    def reset(self, seed: int) -> None:
        self.resets.append(seed)

    def decide(self, briefing, legal):
        raise NotImplementedError


@dataclass(frozen=True)
class SyntheticScorecard:
    go_live_score: float
    success: bool
    days_late: float
    recovery_days: float
    defects_found: int

    def as_dict(self):
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class SyntheticOutcome:
    scorecard: SyntheticScorecard
    decisions: int
    digest: str
    figures: dict[str, float] = field(default_factory=dict)


def noise(*key: object) -> float:
    """Uniform in [0, 1), a function of the key alone."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def run_synthetic(policy, scenario, seed):
    """A customer's luck is common to all policies; what a policy adds is its own."""
    if seed in policy.fails_on:
        raise RuntimeError("the policy gave up")
    policy.reset(seed)
    luck, own = noise(scenario.name, seed), noise(scenario.name, seed, policy.name)
    score = min(1.0, max(0.0, 0.3 + policy.skill + 0.3 * luck + 0.05 * own - scenario.difficulty))
    card = SyntheticScorecard(
        go_live_score=score,
        success=score > 0.5,
        days_late=20 * (1 - score) + own,
        recovery_days=float("nan") if seed % 2 else 3.0 + own,
        defects_found=int(100 * luck),
    )
    return SyntheticOutcome(card, decisions=30, digest=f"{score:.6f}")
