"""What the benchmark of offline evaluation runs: who is recorded, who is judged, how often."""

from __future__ import annotations

from dataclasses import dataclass, field

from golive.core.errors import GoliveError
from golive.sim.world_kind import WorldKind
from golive.trainers.offline_evaluation import DEFAULT_ESTIMATORS, Estimator, FitSettings


def default_behaviours(kind: WorldKind) -> dict[str, tuple[str, ...]]:
    """Random play, one policy with little noise, and a mix of all with much."""
    noisy = kind.baselines[1 % len(kind.baselines)]
    return {
        "random": ("random",),
        f"noisy {noisy.replace('_', ' ')}": (f"noisy:{noisy}:0.1",),
        "mixed": (*(f"noisy:{name}:0.2" for name in kind.baselines), "random"),
    }


def default_targets(kind: WorldKind, quick: bool) -> tuple[str, ...]:
    """The policy that is recorded with little noise and its neighbours, then others."""
    noisy = kind.baselines[1 % len(kind.baselines)]
    others = [f"noisy:{name}:0.1" for name in reversed(kind.baselines) if name != noisy]
    if quick:
        return (f"noisy:{noisy}:0.1", *others[:1], "random")
    return (f"noisy:{noisy}:0.1", f"noisy:{noisy}:0.08", noisy, *others, "random")


@dataclass(frozen=True)
class BenchPlan:
    """A benchmark of offline evaluation.

    Datasets and truth are drawn from the same customers: consecutive seeds of one scenario,
    those of the truth from another range. What is estimated is the mean over all of them.

    Attributes:
        behaviours: policies that record, by name of the dataset; each seed is played by one.
        targets: policies that are judged.
        metric: field of the scorecard that an episode is worth.
        estimators: that judge.
        datasets: small datasets per behaviour, on customers of their own.
        episodes: of each dataset.
        truth_episodes: simulated for each target's true value.
        first_seed: of the recordings.
        truth_first_seed: of the simulation.
        settings: of the fits and intervals.
    """

    behaviours: dict[str, tuple[str, ...]]
    targets: tuple[str, ...]
    metric: str
    estimators: tuple[Estimator, ...] = DEFAULT_ESTIMATORS
    datasets: int = 5
    episodes: int = 50
    truth_episodes: int = 150
    first_seed: int = 500_000
    truth_first_seed: int = 2_005_000
    settings: FitSettings = field(default_factory=lambda: FitSettings(refits=40, resamples=1_000))

    def __post_init__(self) -> None:
        for name in ("datasets", "episodes", "truth_episodes"):
            if getattr(self, name) < 2:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least 2")
        if not self.behaviours or not self.targets or not self.estimators:
            raise GoliveError("benchmark: expected behaviours, targets and estimators")
        recorded = range(self.first_seed, self.first_seed + self.datasets * self.episodes)
        simulated = range(self.truth_first_seed, self.truth_first_seed + self.truth_episodes)
        if recorded.start < simulated.stop and simulated.start < recorded.stop:
            raise GoliveError(
                f"truth_first_seed: {self.truth_first_seed}: expected customers that are not "
                f"recorded, which are seeds {recorded.start} to {recorded.stop - 1}"
            )
