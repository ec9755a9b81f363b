"""Learning an opponent: it hurts more, it can be interrupted, and it is what its file says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.scenarios.implementation.opponents import OpponentPlan, load_opponent
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.scenarios.loader import load_scenario
from golive.scenarios.suite import SeedRange
from golive.trainers.implementation.adversary import (
    AdversarySettings,
    compare_opponents,
    learn_opponent,
)
from golive.trainers.implementation.adversary.preferences import PreferenceSpace

FURNITURE = load_scenario("furniture")
SPACE = PreferenceSpace(
    (DisruptionKind.CORRUPT_DATA, DisruptionKind.ENVIRONMENT_OUTAGE),
    (Severity.MILD, Severity.BRUTAL),
    2,
)
SEEDS = SeedRange(start=0, stop=1000)
SMALL = AdversarySettings(generations=3, episodes=4, elite=0.5)


class Stopped(Exception):
    pass


def learned(settings: AdversarySettings = SMALL, **options):
    return learn_opponent("expert", FURNITURE, SEEDS, SPACE, settings, **options)


def test_interrupted_and_resumed_it_finds_the_same(tmp_path: Path) -> None:
    state = tmp_path / "search.json"

    def stop(generation: int, _score: float, _elite: float) -> None:
        if generation == 2:
            raise Stopped

    with pytest.raises(Stopped):
        learned(state_file=state, on_generation=stop)
    assert len(json.loads(state.read_text())["losses"]) == 2
    assert learned(state_file=state, resume=True) == learned()


def test_another_search_is_not_gone_on_with(tmp_path: Path) -> None:
    state = tmp_path / "search.json"
    learned(AdversarySettings(generations=1, episodes=2), state_file=state)
    with pytest.raises(GoliveError, match="cannot resume: settings"):
        learned(SMALL, state_file=state, resume=True)


def test_a_table_means_the_logarithms_of_its_probabilities() -> None:
    table = SPACE.start()
    table[1] = [0.5, 0.1, 0.2, 0.15, 0.05]
    plan = SPACE.plan(table, 8.0, name="mine")
    assert [phase.until for phase in plan.preferences] == [0.5, 1.0]
    assert plan.preferences[1].wait == pytest.approx(np.log(0.5), abs=1e-3)
    row = plan.preferences[1].strikes[DisruptionKind.ENVIRONMENT_OUTAGE]
    assert row[Severity.MILD] == pytest.approx(np.log(0.15), abs=1e-3)
    assert row[Severity.BRUTAL] == pytest.approx(np.log(0.05), abs=1e-3)


def test_choices_are_counted_until_the_money_is_gone() -> None:
    strikes = [(1, "corrupt_data", "mild"), (7, "environment_outage", "brutal")]
    counts = SPACE.counts([strikes], 9.0, 10)
    assert counts.tolist() == [[4.0, 1.0, 0.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0, 1.0]]


def test_frequencies_take_kinds_and_severities_apart() -> None:
    counts = np.array([[6.0, 1.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    table = SPACE.frequencies(counts, SPACE.start())
    assert table[0].tolist() == pytest.approx([0.6, 0.15, 0.05, 0.15, 0.05])
    assert table[1].tolist() == SPACE.start()[1].tolist(), "nobody came so far"


@pytest.mark.parametrize(
    ("generations", "episodes", "judged"),
    [
        pytest.param(4, 32, 48, marks=pytest.mark.slow),
        pytest.param(8, 96, 160, marks=pytest.mark.nightly),
    ],
)
def test_learning_hurts_more_than_where_it_began(
    generations: int, episodes: int, judged: int
) -> None:
    settings = AdversarySettings(generations=generations, episodes=episodes)
    found = learned(settings).plan
    began = SPACE.plan(SPACE.start(), settings.budget, name="began")
    customers = range(1_000_000, 1_000_000 + judged)
    rows = compare_opponents("expert", FURNITURE, [began, found], customers)
    more = rows[1].more_than_first
    assert more is not None
    assert more.low > 0.0


def test_opponents_are_compared_on_the_same_episodes() -> None:
    nothing = OpponentPlan(strategy="adaptive", budget=0.0)
    strong = OpponentPlan(strategy="adaptive", budget=8.0)
    rows = compare_opponents("expert", FURNITURE, [nothing, strong], range(4))
    assert rows[0].loss.estimate == 0.0
    assert rows[0].spent == 0.0
    assert rows[1].loss == rows[1].more_than_first or rows[1].loss.estimate > 0.0
    assert rows[1].spent > 0.0


def test_the_commands_write_a_plan_that_loads_and_can_be_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "learned.yaml"
    search = ["--generations", "1", "--episodes", "2", "--workers", "0"]
    assert run(["opponent", "train", "--budget", "6", "--out", str(out), *search]) == 0
    assert load_opponent(out).budget == 6.0
    assert run(["opponent", "train", "--out", str(out), *search]) == 2
    assert "--resume" in capsys.readouterr().err
    assert run(["simulate", "furniture", "--opponent", str(out), "--json"]) == 0
    assert run(["simulate", "furniture", "--opponent", "adptive"]) == 2
    told = ["random:4", str(out), "--episodes", "2", "--workers", "0"]
    assert run(["opponent", "compare", *told]) == 0
    assert load_opponent(out).label in capsys.readouterr().out
