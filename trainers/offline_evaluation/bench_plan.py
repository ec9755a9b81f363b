"""What the benchmark of offline evaluation runs: who is recorded, who is judged, how often."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.errors import GoliveError
from .estimators import DEFAULT_ESTIMATORS, Estimator, FitSettings

DEFAULT_BEHAVIOURS = {
    "random": ("random",),
    "noisy critical path": ("noisy:critical_path:0.1",),
    "mixed": ("noisy:expert:0.2", "noisy:critical_path:0.2", "noisy:plan_follower:0.2", "random"),
}
DEFAULT_TARGETS = (
    "noisy:critical_path:0.1",
    "noisy:critical_path:0.08",
    "critical_path",
    "noisy:plan_follower:0.1",
    "noisy:expert:0.1",
    "random",
)
QUICK_TARGETS = ("noisy:critical_path:0.1", "noisy:plan_follower:0.1", "random")


@dataclass(frozen=True)
class BenchPlan:
    """A benchmark of offline evaluation.

    Datasets and truth are drawn from the same customers: consecutive seeds of one scenario,
    those of the truth from another range. What is estimated is the mean over all of them.

    Attributes:
        behaviours: policies that record, by name of the dataset; each seed is played by one.
        targets: policies that are judged.
        estimators: that judge.
        datasets: small datasets per behaviour, on customers of their own.
        episodes: of each dataset.
        truth_episodes: simulated for each target's true value.
        metric: field of the scorecard that an episode is worth.
        first_seed: of the recordings.
        truth_first_seed: of the simulation.
        settings: of the fits and intervals.
    """

    behaviours: dict[str, tuple[str, ...]]
    targets: tuple[str, ...]
    estimators: tuple[Estimator, ...] = DEFAULT_ESTIMATORS
    datasets: int = 5
    episodes: int = 50
    truth_episodes: int = 150
    metric: str = "go_live_score"
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
