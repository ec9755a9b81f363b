"""A training is reproducible, interruptible and resumable, whatever happens to it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from training_fakes import FakeGround, small_configuration

from golive.agents.policy_file import read_policy_file
from golive.core.archive import Archive
from golive.core.errors import GoliveError
from golive.trainers.training.callbacks import TrainingCallback
from golive.trainers.training.logs import read_learning_curve
from golive.trainers.training.run_directory import RunDirectory, TrainingState
from golive.trainers.training.session import TrainingOutcome
from golive.trainers.training.trainer import Trainer

HERE = Path(__file__).parent
WARM = {"episodes": 10, "epochs": 2, "critic_warmup_rollouts": 2}


class Signals(TrainingCallback):
    """Sends this process signals when a stage has come so far."""

    def __init__(self, number: int, stage: str, *at: int) -> None:
        self.number, self.stage, self.at = number, stage, list(at)
        self.heard = 0
        self.current = ""

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        self.current = stage

    def advance(self, done: int, score: float | None = None) -> None:
        while self.at and self.current.startswith(self.stage) and done >= self.at[0]:
            self.at.pop(0)
            os.kill(os.getpid(), self.number)

    def stopping(self) -> None:
        self.heard += 1


def train(folder: Path, reporter=None, **changes) -> TrainingOutcome:
    configuration = small_configuration(**changes)
    run = RunDirectory.create(folder, configuration)
    callbacks = () if reporter is None else (reporter,)
    return Trainer(configuration, run, FakeGround(configuration), callbacks).run()


def resume(folder: Path, reporter=None, **changes) -> TrainingOutcome:
    run, configuration = RunDirectory.reopen(
        folder, small_configuration(**changes) if changes else None
    )
    callbacks = () if reporter is None else (reporter,)
    return Trainer(configuration, run, FakeGround(configuration), callbacks).run()


def weights(folder: Path) -> list[np.ndarray]:
    layers = read_policy_file(folder / "final.policy").layers
    return [array for layer in layers for array in layer]


def assert_same_result(folder: Path, other: Path) -> None:
    for one, two in zip(weights(folder), weights(other), strict=True):
        np.testing.assert_array_equal(one, two)
    for name in ("final.policy", "best.policy"):
        assert (folder / name).read_bytes() == (other / name).read_bytes()
    columns = ["step", "episode/return", "validation/score", "train/loss"]
    curve, expected = read_learning_curve(folder), read_learning_curve(other)
    assert curve.select(columns).equals(expected.select(columns))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A training that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    assert train(folder).state is TrainingState.FINISHED
    return folder


@pytest.fixture(scope="module")
def warm(tmp_path_factory) -> Path:
    """The same with a warm start."""
    folder = tmp_path_factory.mktemp("runs") / "warm"
    assert train(folder, warm_start=WARM).state is TrainingState.FINISHED
    return folder


def test_the_same_seed_gives_the_same_weights(whole: Path, tmp_path: Path) -> None:
    train(tmp_path / "again")
    assert_same_result(tmp_path / "again", whole)


def test_another_seed_gives_other_weights(whole: Path, tmp_path: Path) -> None:
    train(tmp_path / "other", seed=4)
    assert not np.array_equal(weights(tmp_path / "other")[0], weights(whole)[0])


def test_what_ran_before_in_the_process_does_not_matter(whole: Path, tmp_path: Path) -> None:
    np.random.seed(99)  # noqa: NPY002
    np.random.random(17)  # noqa: NPY002
    train(tmp_path / "again")
    assert_same_result(tmp_path / "again", whole)


def test_it_learns(tmp_path: Path) -> None:
    outcome = train(tmp_path / "run", total_steps=6400)
    scores = read_learning_curve(tmp_path / "run")["validation/score"].drop_nulls()
    assert scores[-1] > scores[0] + 0.2
    assert outcome.best_score == scores.max()


@pytest.mark.parametrize(
    ("told", "n_envs", "made"),
    [(1, 4, 4), (8, 4, 8), (300, 4, 300), (301, 4, 304), (97, 1, 97), (1, 1, 1)],
    ids=["one", "less than a batch", "even", "odd", "a last batch of one", "a single sample"],
)
def test_it_makes_the_steps_it_is_told(tmp_path: Path, told: int, n_envs: int, made: int) -> None:
    ppo = {"n_steps": 64, "batch_size": 32, "n_epochs": 1, "net_arch": [8]}
    outcome = train(tmp_path / "run", total_steps=told, n_envs=n_envs, ppo=ppo)
    assert (outcome.state, outcome.steps) == (TrainingState.FINISHED, made)
    assert all(np.isfinite(array).all() for array in weights(tmp_path / "run"))


@pytest.mark.parametrize("steps", [1, 300, 1000])
def test_interrupted_and_resumed_it_ends_as_if_never_interrupted(
    whole: Path, tmp_path: Path, steps: int
) -> None:
    reporter = Signals(signal.SIGINT, "training", steps)
    outcome = train(tmp_path / "run", reporter)
    assert outcome.state is TrainingState.INTERRUPTED
    assert reporter.heard == 1
    assert outcome.steps < 1280
    assert resume(tmp_path / "run").state is TrainingState.FINISHED
    assert_same_result(tmp_path / "run", whole)


def test_it_can_be_interrupted_again_and_again(warm: Path, tmp_path: Path) -> None:
    train(tmp_path / "run", Signals(signal.SIGINT, "training", 100), warm_start=WARM)
    for steps in (250, 500, 900):
        resume(tmp_path / "run", Signals(signal.SIGTERM, "training", steps))
    assert resume(tmp_path / "run").state is TrainingState.FINISHED
    assert_same_result(tmp_path / "run", warm)


@pytest.mark.parametrize("stage", ["watching", "imitating"])
def test_interrupted_in_its_warm_start_it_begins_anew(
    warm: Path, tmp_path: Path, stage: str
) -> None:
    outcome = train(tmp_path / "run", Signals(signal.SIGINT, stage, 1), warm_start=WARM)
    assert (outcome.state, outcome.steps) == (TrainingState.INTERRUPTED, 0)
    resume(tmp_path / "run")
    assert_same_result(tmp_path / "run", warm)


def test_it_learns_from_a_demonstrator_who_corrects_it(tmp_path: Path) -> None:
    watched = train(tmp_path / "watched", warm_start=WARM, total_steps=1)
    corrected = train(
        tmp_path / "corrected",
        warm_start=WARM | {"vf_coef": 0.0, "corrections": {"rounds": 3, "epochs": 8}},
        total_steps=1,
    )
    assert corrected.best_score > watched.best_score + 0.05


IMPROVED = {
    "improvement": {"episodes": 16, "learning_rate": 1e-2, "kl_coef": 0.01, "batch_size": 32},
    "total_steps": 800,
}


def test_expert_iteration_learns_and_begins_again_after_the_last_round(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert train(whole, **IMPROVED).state is TrainingState.FINISHED
    curve = read_learning_curve(whole)
    assert curve["step"].to_list() == [0, 160, 320, 480, 640, 800]
    scores = curve["validation/score"]
    assert scores[-1] > scores[0] + 0.2
    assert curve["improvement/gain"][1] > 0.0 < curve["improvement/divergence"][1]
    outcome = train(parts, Signals(signal.SIGINT, "training", 350), **IMPROVED)
    assert (outcome.state, outcome.steps) == (TrainingState.INTERRUPTED, 320)
    assert resume(parts).state is TrainingState.FINISHED
    for one, two in zip(weights(parts), weights(whole), strict=True):
        np.testing.assert_array_equal(one, two)


def test_killed_between_checkpoints_it_resumes_from_the_last(whole: Path, tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "from pathlib import Path\nimport signal\n"
        "from test_trainer import Signals, train\n"
        f"train(Path({str(tmp_path / 'run')!r}), Signals(signal.SIGKILL, 'training', 900))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "run" / "final.policy").exists()
    assert resume(tmp_path / "run").state is TrainingState.FINISHED
    assert_same_result(tmp_path / "run", whole)


def test_a_second_interrupt_stops_at_once_and_harms_nothing(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "run", Signals(signal.SIGINT, "training", 700, 700))
    assert resume(tmp_path / "run").state is TrainingState.FINISHED
    assert_same_result(tmp_path / "run", whole)


def test_the_interrupt_handlers_are_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    train(tmp_path / "run", Signals(signal.SIGINT, "training", 100))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(
    whole: Path, tmp_path: Path
) -> None:
    train(tmp_path / "run", Signals(signal.SIGINT, "training", 900))
    newest = sorted((tmp_path / "run" / "checkpoints").iterdir())[-1]
    newest.write_bytes(newest.read_bytes()[:-500])
    warnings = []
    reporter = TrainingCallback()
    reporter.warning = warnings.append  # type: ignore[method-assign]
    resume(tmp_path / "run", reporter)
    assert len(warnings) == 1 and newest.name in warnings[0]
    assert_same_result(tmp_path / "run", whole)


def test_only_damaged_checkpoints_are_an_error_not_a_fresh_start(tmp_path: Path) -> None:
    train(tmp_path / "run", Signals(signal.SIGINT, "training", 900))
    for path in (tmp_path / "run" / "checkpoints").iterdir():
        path.write_bytes(b"")
    with pytest.raises(GoliveError, match="none of its 2 checkpoints"):
        resume(tmp_path / "run")


def test_two_checkpoints_are_kept(whole: Path) -> None:
    names = sorted(path.name for path in (whole / "checkpoints").iterdir())
    assert names == ["step-000000001024.checkpoint", "step-000000001280.checkpoint"]


def test_the_time_limit_is_reported_and_changes_nothing_once_lifted(
    whole: Path, tmp_path: Path
) -> None:
    outcome = train(tmp_path / "run", max_minutes=1e-6)
    assert outcome.state is TrainingState.TIME_LIMIT
    assert outcome.steps < 1280
    assert (tmp_path / "run" / "final.policy").is_file()
    assert resume(tmp_path / "run", max_minutes=10.0).state is TrainingState.FINISHED
    # The configuration inside differs by the limit, so only the weights can be compared.
    for one, two in zip(weights(tmp_path / "run"), weights(whole), strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_best_policy_is_the_one_of_the_best_evaluation(whole: Path) -> None:
    curve = read_learning_curve(whole).drop_nulls("validation/score")
    best = curve.sort("validation/score", "step", descending=[True, False]).row(0, named=True)
    training = read_policy_file(whole / "best.policy").training
    assert (training.steps, training.validation_score) == (best["step"], best["validation/score"])
    assert training.validation_episodes == 5


def test_the_learning_curve_names_terms_entropies_and_divergence(whole: Path) -> None:
    curve = read_learning_curve(whole)
    for column in (
        "episode/score",
        "terms/hits",
        "entropy/size",
        "train/approx_kl",
        "train/ent_coef",
        "time/steps_per_second",
    ):
        assert curve[column].drop_nulls().len() > 0, column
    assert curve["step"].to_list() == list(range(0, 1281, 128))


def test_tensorboard_files_hold_the_curve(whole: Path) -> None:
    files = list((whole / "tensorboard").iterdir())
    assert len(files) == 1
    assert b"validation/score" in files[0].read_bytes()


def test_warm_start_imitates_before_step_zero(warm: Path, whole: Path) -> None:
    started = read_learning_curve(warm)["validation/score"][0]
    assert started > read_learning_curve(whole)["validation/score"][0] + 0.1


def test_critic_warm_up_leaves_the_actor_alone(tmp_path: Path) -> None:
    train(tmp_path / "run", total_steps=256, warm_start=WARM)
    curve = read_learning_curve(tmp_path / "run").drop_nulls("validation/score")
    assert curve["step"].to_list() == [0, 256]
    assert curve["validation/score"][0] == curve["validation/score"][1]
    assert read_learning_curve(tmp_path / "run")["train/value_loss"].drop_nulls().len() == 2


def test_a_full_disk_is_one_clear_error_and_leaves_nothing_half_written(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.fsync
    folder = tmp_path / "run"

    def full(descriptor: int) -> None:
        if (folder / "checkpoints" / "step-000000000512.checkpoint").exists():
            raise OSError(28, "No space left on device")
        original(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GoliveError, match="disk is full") as caught:
        train(folder)
    assert "\n" not in str(caught.value)
    leftovers = [path.name for path in folder.rglob(".*")]
    assert leftovers == []
    monkeypatch.undo()
    assert resume(folder).state is TrainingState.FINISHED
    assert_same_result(folder, whole)


def test_a_checkpoint_needs_no_pickle(whole: Path) -> None:
    run = RunDirectory(whole)
    archive = run.checkpoints.latest(pytest.fail)
    assert isinstance(archive, Archive)
    assert not any(array.dtype.hasobject for array in archive.arrays.values())
