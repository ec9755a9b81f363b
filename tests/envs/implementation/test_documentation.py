from __future__ import annotations

import re
from pathlib import Path

import pytest

from golive.envs.episodes import RESET_OPTIONS
from golive.envs.implementation.documentation import (
    TABLES,
    TEAM_TABLES,
    observation_tables,
    updated,
)
from golive.envs.implementation.features import FEATURES, OBSERVATION_NAMES
from golive.envs.implementation.rewards import RewardConfig
from golive.envs.information import information_keys
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
PAGE = Path(__file__).parents[3] / "docs" / "environment.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_tables_are_in_step_with_the_code(page: str) -> None:
    assert updated(page) == page, (
        "run: python -m golive.envs.implementation.documentation docs/environment.md"
    )


def test_the_tables_of_the_team_are_in_step_with_the_code() -> None:
    page = PAGE.with_name("team.md").read_text(encoding="utf-8")
    assert updated(page, TEAM_TABLES) == page, (
        "run: python -m golive.envs.implementation.documentation docs/team.md"
    )


def test_the_page_has_the_field_s_headings_in_order(page: str) -> None:
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [
        "Description",
        "Action Space",
        "Observation Space",
        "Rewards",
        "Starting State",
        "Episode End",
        "Arguments",
        "Vectorized environment",
        "Rendering",
        "The diary of a project",
        "The formal model",
        "Version History",
    ]


def test_every_index_of_the_observation_can_be_found_in_the_tables() -> None:
    found: dict[int, str] = {}
    for section in observation_tables().split("#### `")[1:]:
        group, start = section[: section.index("`")], int(section.split("indices ")[1].split()[0])
        cells = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")]
        columns = [cell[1] for cell in cells[1:]]
        listed = re.search(r"Rows: (.*)\.", section)
        rows = [part.split(" ", 1)[1] for part in listed[1].split(", ")] if listed else [""]
        for r, row in enumerate(rows):
            for c, column in enumerate(columns):
                name = "/".join(part for part in (group, row, column) if part)
                found[start + len(columns) * r + c] = name
    assert tuple(found[index] for index in range(len(FEATURES))) == OBSERVATION_NAMES


def test_every_reward_term_option_and_info_key_is_explained(page: str) -> None:
    terms = [name for name in RewardConfig.model_fields if name != "potential"]
    for name in (*terms, *RESET_OPTIONS, *KIND.options, *information_keys(KIND)):
        assert f"\n| {name} | " in page


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        updated("# Nothing")
    assert set(TABLES) == {"observation", "action", "reward", "potential"}


def test_the_examples_on_the_page_run(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        in_process = example.replace("workers=2", "workers=0")
        exec(compile(in_process, "docs/environment.md", "exec"), {"__name__": "__main__"})
    assert "implementation_success" in capsys.readouterr().out
