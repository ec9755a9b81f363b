"""What a search is told, and whether it fits the base configuration."""

import json
import re
from pathlib import Path

import pytest
import yaml

from golive.core.errors import GoliveError
from golive.trainers.training import parse_configuration, read_configuration, shipped_configuration
from golive.trainers.training.configuration_files import changed_record, record_schema, record_text
from golive.trainers.tuning.plan import TuningPlan, with_values
from golive.trainers.tuning.settings import (
    SPACES,
    TuningSettings,
    read_settings,
    shipped_space,
)

RATE = "ppo.learning_rate.start"
BASE = parse_configuration({"total_steps": 512, "n_envs": 4, "ppo": {"batch_size": 32}}, "base")


def plan(parameters: dict[str, object], **changes: object) -> TuningPlan:
    data = {"parameters": parameters, **changes}
    return TuningPlan(BASE, TuningSettings.model_validate(data), Path("unused"))


@pytest.mark.parametrize("file", sorted(SPACES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_shipped_spaces_fit_the_shipped_configuration(file: Path) -> None:
    base = read_configuration(shipped_configuration("scratch"))
    shipped = TuningPlan(base, read_settings(shipped_space(file.stem)), Path("unused"))
    shipped.check()
    assert shipped.first_values is not None


def test_a_space_reads_as_it_was_written(tmp_path: Path) -> None:
    settings = plan(
        {RATE: {"loguniform": [1e-5, 1e-3]}, "ppo.gamma": {"choice": [0.9, 1]}}
    ).settings
    (tmp_path / "space.yaml").write_text(record_text(settings))
    assert read_settings(tmp_path / "space.yaml") == settings
    assert "parameters" in json.loads(record_schema(TuningSettings))["properties"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({RATE: {}}, "expected one of uniform, loguniform, integers, choice, found none"),
        ({RATE: {"uniform": [0, 1], "choice": [1, 2]}}, "found uniform, choice"),
        ({RATE: {"loguniform": [0.0, 1.0]}}, "expected the lowest above 0, then the highest"),
        ({RATE: {"uniform": [1.0, 0.5]}}, "expected the lowest, then the highest"),
        ({RATE: {"choice": [1.0]}}, "expected at least two values"),
        ({RATE: {"normal": [0, 1]}}, "unknown field"),
    ],
)
def test_a_bad_range_is_named_with_its_line(
    tmp_path: Path, parameters: dict[str, object], message: str
) -> None:
    (tmp_path / "space.yaml").write_text(yaml.safe_dump({"parameters": parameters}))
    with pytest.raises(GoliveError) as caught:
        read_settings(tmp_path / "space.yaml")
    assert message in str(caught.value)
    assert re.search(rf"space.yaml:\d: parameters.{RATE}", str(caught.value))


@pytest.mark.parametrize(
    ("parameters", "changes", "message"),
    [
        ({"ppo.learning_rat.start": {"uniform": [0.1, 0.2]}}, {}, "did you mean learning_rate?"),
        ({"warm_start.epochs": {"integers": [1, 2]}}, {}, "warm_start is null in the base"),
        ({"ppo.gamma": {"uniform": [0.9, 1.1]}}, {}, "parameters.ppo.gamma: 1.1"),
        ({"workers": {"integers": [0, 4]}}, {}, "workers: cannot be tuned: it does not change"),
        ({"evaluation.episodes": {"integers": [1, 4]}}, {}, "is what trials are judged by"),
        (
            {"ppo.net_arch": {"choice": [[8], [16]]}},
            {"scheduler": "population"},
            "ppo.net_arch: cannot change within a training",
        ),
    ],
)
def test_a_range_that_does_not_fit_the_base_is_named(
    parameters: dict[str, object], changes: dict[str, object], message: str
) -> None:
    with pytest.raises(GoliveError) as caught:
        plan(parameters, **changes).check()
    assert message in str(caught.value)


def test_values_go_to_their_places_and_choices_are_numbered() -> None:
    ranges = {RATE: {"loguniform": [1e-5, 1e-3]}, "ppo.net_arch": {"choice": [[8], [16, 16]]}}
    chosen = plan(ranges)
    values = chosen.values({RATE: 2e-4, "ppo.net_arch": 1})
    trial = chosen.configuration(values)
    assert (trial.ppo.learning_rate.start, trial.ppo.learning_rate.end) == (2e-4, 3e-5)
    assert trial.ppo.net_arch == (16, 16)
    assert (trial.workers, trial.torch_threads) == (0, 1)
    assert trial.checkpoint_every == BASE.evaluation.every_steps
    assert chosen.result(trial) == with_values(BASE, values, "expected")


def test_the_base_comes_first_only_if_it_lies_in_the_ranges() -> None:
    assert plan({RATE: {"uniform": [1e-4, 1e-3]}}).first_values == {RATE: 3e-4}
    assert plan({RATE: {"uniform": [1e-3, 1e-2]}}).first_values is None
    assert plan({"ppo.target_kl": {"choice": [None, 0.1]}}).first_values == {"ppo.target_kl": None}


def test_the_command_line_changes_settings() -> None:
    settings = read_settings(shipped_space("ppo"))
    assert changed_record(settings, {"trials": 3}).trials == 3
    with pytest.raises(GoliveError, match="command line: scheduler: 'best'"):
        changed_record(settings, {"scheduler": "best"})
    with pytest.raises(GoliveError, match="space: 'pppo': expected a file, or one of ppo, ppo-pop"):
        shipped_space("pppo")
