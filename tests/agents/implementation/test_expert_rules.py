"""The expert's thresholds are data: a file of them is read, checked and played."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from golive import GoliveError, load_policy
from golive.agents.implementation.expert import Expert
from golive.agents.implementation.expert_file import (
    SHIPPED_FILE,
    ranges_of,
    read_rules,
    rules_text,
    shipped_rules,
)
from golive.agents.implementation.expert_rules import SETS
from golive.agents.implementation.threshold import Scale
from golive.agents.registry import policy_file_of
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.evaluation.plan import policy_fingerprint

HEAD = "golive_expert: 1\n"


def _written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_that_comes_with_golive_reads_as_any_other_file():
    assert read_rules(SHIPPED_FILE).daily == shipped_rules().daily
    assert dataclasses.asdict(shipped_rules()).keys() == SETS.keys()


def test_a_file_that_was_written_holds_every_threshold_again(tmp_path: Path):
    waves = dataclasses.replace(shipped_rules().waves, days_per_wave=9, fill=True)
    rules = dataclasses.replace(shipped_rules(), waves=waves)
    text = rules_text(rules, "a line\nanother", {("waves", "days_per_wave"): "was 7"})
    assert text.startswith("# a line\n# another\n")
    assert "  days_per_wave: 9  # was 7\n" in text
    assert read_rules(_written(tmp_path, text)) == rules


def test_what_a_file_leaves_out_is_as_shipped_and_a_whole_number_will_do_for_a_share(
    tmp_path: Path,
):
    rules = read_rules(_written(tmp_path, HEAD + "daily:\n  ready_built: 1\n"))
    assert rules.daily == dataclasses.replace(shipped_rules().daily, ready_built=1.0)
    assert isinstance(rules.daily.ready_built, float)
    assert rules.regulated == shipped_rules().regulated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily:\n  fill: true\n", "mine.yaml:1: golive_expert: none: expected 1"),
        ("golive_expert: 2\n", "golive_expert: 2: expected 1"),
        (HEAD + "dayly:\n  fill: true\n", "mine.yaml:2: dayly: no such field: did you mean daily?"),
        (HEAD + "daily: 3\n", "mine.yaml:2: daily: 3: expected names and values"),
        (
            HEAD + "daily:\n  slack_scales: 0.1\n",
            "mine.yaml:3: daily.slack_scales: no such field: did you mean slack_scale?",
        ),
        (HEAD + "daily:\n  days_per_wave: 7\n", "daily.days_per_wave: no such field"),
        (HEAD + "daily:\n  fill: 1\n", "daily.fill: 1: expected true or false"),
        (HEAD + "daily:\n  hurry_tests: 1.0\n", "1.0: expected a whole number from 0 to 20"),
        (HEAD + "daily:\n  hurry_tests: true\n", "True: expected a whole number"),
        (HEAD + "waves:\n  patience: 0.1\n", "waves.patience: no such field"),
        (HEAD + "weekly:\n  patience: much\n", "'much': expected a number from 0 to 1"),
        (HEAD + "daily:\n  ready_built: 1.2\n", "1.2: expected a number from 0.3 to 1"),
        (HEAD + "daily:\n  ready_built: .nan\n", "nan: expected a number from 0.3 to 1"),
        (HEAD + "daily:\n  careful_slack: 9\n", ", or 1000 (never)"),
    ],
)
def test_what_is_no_threshold_is_refused_in_one_line(tmp_path: Path, text: str, said: str):
    with pytest.raises(GoliveError) as refused:
        Expert.from_file(_written(tmp_path, text))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", SETS)
def test_every_threshold_has_a_range_that_can_be_searched(name: str):
    for field, limits in ranges_of(SETS[name]).items():
        assert limits.low < limits.high, field
        assert limits.scale is not Scale.LOG or limits.low > 0.0, field
        assert limits.holds(getattr(getattr(shipped_rules(), name), field)), field


def test_a_file_is_a_policy_by_its_name_and_its_content_is_part_of_what_is_judged(tmp_path: Path):
    path = _written(tmp_path, HEAD + "daily:\n  first_cycle_built: 0.95\n")
    spec = f"expert:{path}"
    assert load_policy(spec).name == spec
    for wrapped in (spec, f"noisy:{spec}:0.1", f"planner-free:{spec}"):
        assert policy_file_of(wrapped) == path
    assert policy_file_of("expert") is None
    assert policy_file_of("noisy:expert:0.1") is None
    before = policy_fingerprint(spec)
    _written(tmp_path, HEAD + "daily:\n  first_cycle_built: 0.9\n")
    assert policy_fingerprint(spec) != before


def test_another_file_decides_otherwise_on_its_delivery(tmp_path: Path):
    path = _written(tmp_path, HEAD + "daily:\n  slack_scale: 0.9\nweekly:\n  steady_gain: 0.9\n")
    briefing = None
    for policy in (Expert(), Expert.from_file(path), Expert.from_file(SHIPPED_FILE)):
        world = ImplementationWorld(load_scenario("furniture"), 2)
        decisions = []
        for _ in range(12):
            decisions.append(policy.decide(world.briefing(), world.legal()))
            world.advance(decisions[-1])
        if briefing is None:
            briefing = decisions
        assert (decisions == briefing) == (str(path) not in policy.name)


def test_there_must_be_such_a_file():
    with pytest.raises(GoliveError, match=r"nowhere\.yaml: there is no such file"):
        load_policy("expert:nowhere.yaml")
