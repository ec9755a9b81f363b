"""The best trained policy comes with golive, small and without code, with its card."""

from __future__ import annotations

import pytest

from golive.agents.implementation.kind import KIND
from golive.agents.policy_file import read_policy_file
from golive.agents.registry import CHAMPION, load_policy, policy_file_of
from golive.cli.app import run
from golive.sim.episodes import run_episode
from golive.trainers.training import parse_configuration
from golive.trainers.training.configuration import read_configuration
from golive.trainers.training.session import shipped_configuration


def test_it_is_a_file_of_less_than_a_megabyte_that_the_recipe_makes() -> None:
    assert KIND.champion.stat().st_size < 1_000_000
    made = read_policy_file(KIND.champion).training
    recipe = read_configuration(shipped_configuration("champion"))
    told = parse_configuration(_yaml(made.configuration), "champion")
    assert told == recipe.model_copy(update={"seed": made.seed, "workers": told.workers})
    assert made.scenario == "furniture, techmold, global-electric"
    assert made.validation_score is not None


def _yaml(text: str) -> dict:
    import yaml

    return yaml.safe_load(text)


def test_it_decides_by_its_name_and_is_known_by_its_file() -> None:
    champion = load_policy(CHAMPION)
    assert champion.name == CHAMPION
    assert run_episode(champion, "furniture", 2_000_000).scorecard.illegal_decisions == 0
    assert policy_file_of(CHAMPION) == policy_file_of("noisy:champion:0.1") == KIND.champion


def test_its_card_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policies", "--card"]) == 0
    card = capsys.readouterr().out
    assert card.startswith("# Card of the champion")
    assert run(["policies"]) == 0
    assert "champion" in capsys.readouterr().out
