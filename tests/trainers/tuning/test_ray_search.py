"""A search that is interrupted, resumed, and has a trial that fails."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars
import pytest
import yaml

from golive.agents.policy_file import read_policy_file
from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.trainers.training import read_configuration, read_learning_curve, train

RATE = "ppo.learning_rate.start"
BASE = {
    "total_steps": 64,
    "n_envs": 4,
    "workers": 1,
    "ppo": {"n_steps": 16, "batch_size": 32, "n_epochs": 1, "net_arch": [8]},
    "evaluation": {"every_steps": 64, "episodes": 1},
}
SPACE = {
    "parameters": {
        RATE: {"loguniform": [1e-4, 1e-2]},
        "environment.scenario": {"choice": ["furniture", *(f"no-such-{n}" for n in range(99))]},
    },
    "trials": 2,  # the first with the base's own scenario, the second with one that is not there
    "seed": 0,
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A search that Ctrl-C interrupted after its first trial, resumed to its end."""
    folder = tmp_path_factory.mktemp("tune")
    (folder / "base.yaml").write_text(yaml.safe_dump(BASE))
    (folder / "space.yaml").write_text(yaml.safe_dump(SPACE))
    out = folder / "out"
    arguments = [str(folder / "base.yaml"), "--space", str(folder / "space.yaml")]
    with subprocess.Popen(
        [sys.executable, "-m", "golive", "tune", *arguments, "--out", str(out), "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 240
        while not list(out.glob("trials/*/final.policy")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        printed, errors = process.communicate(timeout=240)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert f"golive tune --resume --out {out}" in errors
    assert str(out / "best.policy") in printed
    first = next(out.glob("trials/*/final.policy"))
    written = first.stat().st_mtime_ns
    request.getfixturevalue("ray_session")
    assert run(["tune", "--resume", "--out", str(out), "--workers", "1"]) == 0
    assert first.stat().st_mtime_ns == written
    return out


@pytest.mark.slow
def test_every_trial_is_there_once_and_a_failed_one_says_why(search: Path) -> None:
    rows = json.loads((search / "trials.json").read_text())
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[0]["values"] == {RATE: 3e-4, "environment.scenario": "furniture"}
    assert [row["state"] for row in rows] == ["finished", "failed"]
    assert rows[1]["values"]["environment.scenario"] in rows[1]["error"]
    assert polars.read_parquet(search / "trials.parquet").height == 2


@pytest.mark.slow
def test_trials_are_trainings_and_the_best_is_kept(search: Path) -> None:
    rows = json.loads((search / "trials.json").read_text())
    judged = [row for row in rows if row["best_score"] is not None]
    best = max(judged, key=lambda row: (row["best_score"], -row["number"]))
    folder = search / "trials" / best["trial"]
    assert (search / "best.policy").read_bytes() == (folder / "best.policy").read_bytes()
    assert read_learning_curve(folder)["validation/score"].max() == best["best_score"]
    configuration = read_configuration(search / "best.yaml")
    assert configuration.ppo.learning_rate.start == best["values"][RATE]
    assert configuration.workers == 1


@pytest.mark.slow
def test_training_by_the_best_configuration_gives_the_best_policy(
    search: Path, tmp_path: Path
) -> None:
    train(read_configuration(search / "best.yaml"), tmp_path / "again")
    one, two = (read_policy_file(f / "best.policy") for f in (search, tmp_path / "again"))
    assert one.training.validation_score == two.training.validation_score
    for layer, other in zip(one.layers, two.layers, strict=True):
        assert all((a == b).all() for a, b in zip(layer, other, strict=True))


@pytest.mark.slow
def test_nothing_is_written_elsewhere(search: Path) -> None:
    assert {path.name for path in search.iterdir()} == {
        "base.yaml",
        "best.policy",
        "best.yaml",
        "space.yaml",
        "trials",
        "trials.json",
        "trials.parquet",
        "tune",
    }


@pytest.mark.slow
def test_a_resumed_search_takes_no_other_settings(search: Path) -> None:
    from golive.trainers.tuning import tune

    base = read_configuration(search / "base.yaml")
    with pytest.raises(GoliveError, match="expected none when resuming"):
        tune(None, base, search, resume=True)
