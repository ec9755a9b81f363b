"""A training whose workers are Ray's gives the weights that any other gives."""

import os
import signal
from pathlib import Path

import pytest
from test_implementation_ground import assert_same_weights, configuration
from test_trainer import Signals

from golive.scenarios.errors import GoliveError
from golive.trainers.training import train
from golive.trainers.training.run_directory import TrainingState


def test_an_address_needs_the_backend() -> None:
    with pytest.raises(GoliveError, match="ray_address: auto: expected backend ray beside it"):
        configuration(ray_address="auto")


class KillsAnActor(Signals):
    """Kills one of the actors that hold environments, once, between two checkpoints."""

    def __init__(self) -> None:
        super().__init__(signal.SIGKILL, "none")
        self.warnings: list[str] = []
        self.killed = False

    def advance(self, done: int, score: float | None = None) -> None:
        if self.current == "training" and done >= 256 and not self.killed:
            self.killed = True
            os.kill(actor_processes()[0], signal.SIGKILL)

    def warning(self, text: str) -> None:
        self.warnings.append(text)


def actor_processes() -> list[int]:
    from ray.util.state import list_actors

    actors = list_actors(filters=[("state", "=", "ALIVE")])
    return [actor.pid for actor in actors if actor.class_name == "BatchActor"]


@pytest.mark.xdist_group("ray")
@pytest.mark.usefixtures("ray_session")
def test_it_survives_a_killed_actor_and_ends_with_the_same_weights(tmp_path: Path) -> None:
    train(configuration(), tmp_path / "here")
    reporter = KillsAnActor()
    outcome = train(configuration(workers=2, backend="ray"), tmp_path / "ray", reporter=reporter)
    assert reporter.killed
    assert len(reporter.warnings) == 1
    assert "a Ray actor died" in reporter.warnings[0]
    assert reporter.warnings[0].endswith("back to step 128")
    assert outcome.state is TrainingState.FINISHED
    assert_same_weights(tmp_path / "ray", tmp_path / "here")
