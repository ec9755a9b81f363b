"""What a training file may say."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.core.errors import GoliveError
from golive.trainers.training.configuration import (
    configuration_schema,
    configuration_text,
    parse_configuration,
    read_configuration,
    with_changes,
)
from golive.trainers.training.schedules import Schedule, ScheduleKind


def test_a_configuration_survives_its_own_text() -> None:
    configuration = parse_configuration(
        {"total_steps": 10_000, "warm_start": {}, "ppo": {"ent_coef": {"start": 0.1, "end": 0}}},
        "test",
    )
    again = parse_configuration(yaml.safe_load(configuration_text(configuration)), "test")
    assert again == configuration


def test_numbers_without_a_dot_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text("{total_steps: 10000, ppo: {learning_rate: 3e-4, target_kl: 1e-2}}")
    ppo = read_configuration(path).ppo
    assert (ppo.learning_rate.start, ppo.target_kl) == (3e-4, 1e-2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("seed: 1", "total_steps: "),
        ("total_steps: many", "total_steps: 'many': expected a whole number"),
        ("total_steps: true", "total_steps: true: "),
        ("total_steps: 0", "total_steps: 0: "),
        ("total_steps: 9\nseed: -1", r"run\.yaml:2: seed: -1: "),
        ("total_steps: 9\nppo:\n  learning_rte: 1", r":3: ppo\.learning_rte: .*learning_rate"),
        ("total_steps: 9\nppo: {gamma: 1.5}", r"ppo\.gamma: 1\.5: "),
        ("total_steps: 9\nppo: {gamma: .nan}", r"ppo\.gamma: "),
        ("total_steps: 9\nppo: {clip_range: {start: 0}}", "clip_range"),
        ("total_steps: 9\nppo: {net_arch: [64, 0]}", "net_arch: 0"),
        ("total_steps: 9\nn_envs: 2\nppo: {n_steps: 4}", r"ppo\.batch_size: 1024: "),
        ("total_steps: 9\nn_envs: 3\nppo: {n_steps: 3, batch_size: 8}", "remainder"),
        ("total_steps: 9\nenvironment: {split: holdout}", r"environment\.split: 'holdout'"),
        ("total_steps: 9\nwarm_start: {episodes: 1.5}", r"warm_start\.episodes: 1\.5: "),
        ("total_steps: 9\nwarm_start: expert", "warm_start"),
        ("total_steps: 9\ntotal_steps: 10", "total_steps"),
        ("[1]", "expected a mapping of fields"),
        ("a: [", "not valid YAML"),
        ("", "empty"),
    ],
)
def test_bad_files_are_told_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(content)
    with pytest.raises(GoliveError, match=message) as caught:
        read_configuration(path)
    assert str(caught.value).startswith(f"{path}:")
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


CONFIGURATIONS = Path(__file__).parents[3] / "trainers/implementation/configs"


@pytest.mark.parametrize("path", sorted(CONFIGURATIONS.glob("*")))
def test_every_configuration_shipped_is_valid(path: Path) -> None:
    read_configuration(path)


def test_changes_from_the_command_line_are_told_as_such() -> None:
    configuration = parse_configuration({"total_steps": 10_000}, "test")
    assert with_changes(configuration, {"environment": {"reward": "score"}}).seed == 0
    with pytest.raises(GoliveError, match=r"^command line: total_steps: -1: "):
        with_changes(configuration, {"total_steps": -1})


def test_the_configuration_in_the_documentation_is_valid(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs/training.md").read_text()
    path = tmp_path / "run.yaml"
    path.write_text(page.split("```yaml")[1].split("```")[0])
    assert read_configuration(path).environment.reward == "score_shaped"
