"""What a training file may say."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from golive.scenarios.errors import GoliveError
from golive.trainers.training.configuration import (
    configuration_schema,
    configuration_text,
    parse_configuration,
    read_configuration,
)
from golive.trainers.training.schedules import Schedule, ScheduleKind


def test_a_configuration_survives_its_own_text() -> None:
    configuration = parse_configuration(
        {"total_steps": 10_000, "warm_start": {}, "ppo": {"ent_coef": {"start": 0.1, "end": 0}}},
        "test",
    )
    again = parse_configuration(yaml.safe_load(configuration_text(configuration)), "test")
    assert again == configuration


def test_numbers_without_a_dot_are_numbers() -> None:
    data = yaml.safe_load("{total_steps: 10000, ppo: {learning_rate: 3e-4, target_kl: 1e-2}}")
    ppo = parse_configuration(data, "test").ppo
    assert (ppo.learning_rate.start, ppo.target_kl) == (3e-4, 1e-2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "total_steps: Field required"),
        ({"total_steps": "many"}, "total_steps: 'many': "),
        ({"total_steps": True}, "total_steps: True: "),
        ({"total_steps": 0}, "total_steps: 0: .*greater than or equal to 1"),
        ({"total_steps": 9, "seed": -1}, "seed: -1: "),
        ({"total_steps": 9, "ppo": {"learning_rte": 1}}, "ppo.learning_rte: 1: Extra inputs"),
        ({"total_steps": 9, "ppo": {"gamma": 1.5}}, "ppo.gamma: 1.5: "),
        ({"total_steps": 9, "ppo": {"gamma": float("nan")}}, "ppo.gamma: nan: "),
        ({"total_steps": 9, "ppo": {"clip_range": {"start": 0}}}, "clip_range"),
        ({"total_steps": 9, "ppo": {"net_arch": [64, 0]}}, "net_arch: 0"),
        ({"total_steps": 9, "n_envs": 2, "ppo": {"n_steps": 4}}, "ppo.batch_size: 1024: "),
        ({"total_steps": 9, "n_envs": 3, "ppo": {"n_steps": 3, "batch_size": 8}}, "remainder"),
        ({"total_steps": 9, "environment": {"split": "holdout"}}, "environment.split: 'holdout'"),
        ({"total_steps": 9, "warm_start": {"episodes": 1.5}}, "warm_start.episodes: 1.5: "),
        ([1], "expected a mapping of fields, found list"),
    ],
)
def test_bad_fields_are_named_in_one_line(data: object, message: str) -> None:
    with pytest.raises(GoliveError, match=message) as caught:
        parse_configuration(data, "run.yaml")
    assert str(caught.value).startswith("run.yaml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"a: [", "not YAML"), (b"\xff\xfe\x00", "not"), (b"", "expected a mapping")],
)
def test_files_that_are_no_configuration(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_bytes(content)
    with pytest.raises(GoliveError, match=message) as caught:
        read_configuration(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match=r"none\.yaml"):
        read_configuration(tmp_path / "none.yaml")


def test_the_schema_takes_what_the_reader_takes() -> None:
    schema = json.loads(configuration_schema())
    good = {"total_steps": 10_000, "ppo": {"learning_rate": 0.001, "clip_range": {"start": 0.1}}}
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good | {"unknown": 1}, schema)


def test_schedules_go_from_start_to_end() -> None:
    linear = Schedule(start=1.0, end=0.0, until=0.5)
    assert [linear.at(x) for x in (0.0, 0.25, 0.5, 1.0)] == [1.0, 0.5, 0.0, 0.0]
    cosine = Schedule(start=1.0, end=0.0, kind=ScheduleKind.COSINE)
    assert [round(cosine.at(x), 12) for x in (0.0, 0.5, 1.0)] == [1.0, 0.5, 0.0]
    assert Schedule(start=0.3).at(0.7) == 0.3


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[3] / "trainers/configs").glob("*")))
def test_every_configuration_shipped_is_valid(path: Path) -> None:
    read_configuration(path)
