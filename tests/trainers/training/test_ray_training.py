"""A training whose workers are Ray's gives the weights that any other gives."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from test_trainer import Signals
from test_world_ground import assert_same_weights, configuration

from golive.core.errors import GoliveError
from golive.core.execution import ray_workers
from golive.trainers.training import train
from golive.trainers.training.episodes import play
from golive.trainers.training.run_directory import TrainingState


def test_an_address_needs_the_backend() -> None:
    with pytest.raises(GoliveError, match="ray_address: auto: expected backend ray beside it"):
        configuration(ray_address="auto")


class KillsAnActor(Signals):
    """Kills one of the actors that hold environments, once, between two checkpoints."""

    def __init__(self, actors: list[Any]) -> None:
        super().__init__(signal.SIGKILL, "none")
        self.actors = actors
        self.warnings: list[str] = []
        self.killed = False

    def advance(self, done: int, score: float | None = None) -> None:
        if self.current == "training" and done >= 256 and not self.killed:
            self.killed = True
            os.kill(process_of(self.actors[0]), signal.SIGKILL)

    def warning(self, text: str) -> None:
        self.warnings.append(text)


def process_of(worker: Any) -> int:
    import ray

    return int(ray.get(worker.actor.__ray_call__.remote(lambda _: os.getpid())))


@pytest.mark.usefixtures("ray_session")
def test_it_survives_a_killed_actor_and_ends_with_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actors: list[Any] = []

    class KeptWorker(ray_workers.ActorWorker):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            actors.append(self)

    monkeypatch.setattr(ray_workers, "ActorWorker", KeptWorker)
    told = {"warm_start": None, "total_steps": 256}
    train(configuration(**told), tmp_path / "here")
    reporter = KillsAnActor(actors)
    on_ray = configuration(workers=1, backend="ray", **told)
    outcome = train(on_ray, tmp_path / "ray", reporter=reporter)
    assert reporter.killed
    assert len(actors) == 2
    assert len(reporter.warnings) == 1
    assert "a Ray worker died" in reporter.warnings[0]
    assert reporter.warnings[0].endswith("back to step 128")
    assert outcome.state is TrainingState.FINISHED
    assert_same_weights(tmp_path / "ray", tmp_path / "here")


@pytest.mark.usefixtures("ray_session")
def test_ray_does_the_same_work() -> None:
    def refuse(task: int) -> int:
        raise GoliveError(f"task: {task}: expected another")

    assert play(abs, [-3, -4, -5], workers=2, backend="ray") == [3, 4, 5]
    with pytest.raises(GoliveError, match=r"^task: 7: expected another$"):
        play(refuse, [7], workers=2, backend="ray")
