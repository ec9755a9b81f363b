"""The search for the expert's thresholds: the same trials again, and nothing written by luck."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from golive import GoliveError
from golive.agents.implementation.expert_file import read_rules, shipped_rules
from golive.agents.implementation.threshold import INTEGER, LINEAR, LOG, Range
from golive.cli.app import run
from golive.scenarios.loader import load_scenario
from golive.scenarios.suite import SeedRange
from golive.trainers.implementation.expert_search import search as searching
from golive.trainers.implementation.expert_search.episodes import scores_of, sets_in_use
from golive.trainers.implementation.expert_search.search import SearchSettings, search
from golive.trainers.implementation.expert_search.space import (
    Axis,
    axes_of,
    values_of,
    with_values,
)

SEEDS = SeedRange(start=0, stop=1_000)
TINY = SearchSettings(
    trials=14, episodes=3, finalists=2, episodes_per_finalist=20, generation=4, start_up=1
)


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Scores that depend on one threshold and the customer, not played; and how many."""
    asked: list[int] = []

    def made_up(candidates, levels, *, workers):
        del workers
        asked.append(len(candidates) * sum(len(seeds) for _, seeds in levels))
        luck = [[np.random.default_rng(seed).normal() for seed in seeds] for _, seeds in levels]
        worth = np.array([-abs(rules.daily.ready_built - 0.4) for rules in candidates])
        return 0.8 + worth[:, None, None] + 0.01 * np.array(luck)[None]

    monkeypatch.setattr(searching, "scores_of", made_up)
    return asked


def _search(journal: Path, settings: SearchSettings = TINY, **told):
    return search([load_scenario("furniture")], [SEEDS], shipped_rules(), settings, journal, **told)


def test_an_axis_has_the_present_value_amid_and_the_ends_of_its_range():
    for scale in (LINEAR, LOG):
        axis = Axis("daily.x", Range(0.1, 10.0, scale, None), 1.2345678)
        assert [axis.value(x) for x in (0.0, 0.5, 1.0)] == [0.1, 1.2345678, 10.0]
        values = [axis.value(x) for x in np.linspace(0.0, 1.0, 31)]
        assert values == sorted(values)


def test_every_position_is_a_set_of_thresholds_within_their_ranges():
    present = shipped_rules()
    axes = axes_of(present, ("daily", "weekly"))
    for position in (0.0, 0.13, 0.5, 0.77, 1.0):
        values = {axis.name: axis.value(position) for axis in axes}
        assert all(axis.limits.holds(values[axis.name]) for axis in axes)
        now = values_of(with_values(present, values))
        assert {name: type(v) for name, v in now.items()} == {
            name: type(v) for name, v in values_of(present).items()
        }
        assert (now == values_of(present)) == (position == 0.5)


@pytest.mark.parametrize(
    ("limits", "off"),
    [(Range(1.0, 3.0, LOG, 99.0), 99.0)] + [(Range(0, 8, INTEGER, off), off) for off in (-9, 50)],
)
def test_what_is_off_can_be_switched_on_and_the_other_way_round(limits: Range, off: float):
    places = np.linspace(0.0, 1.0, 41)
    is_above = off > limits.high
    from_off = [Axis("daily.x", limits, off).value(x) for x in places]
    assert from_off[0 if is_above else -1] == (limits.low if is_above else limits.high)
    assert from_off[20] == from_off[-1 if is_above else 0] == off
    from_on = [Axis("daily.x", limits, 2).value(x) for x in places]
    assert from_on[-1 if is_above else 0] == off
    assert from_on[20] == 2
    assert off not in from_on[10:31]
    for values in (from_off, from_on):
        assert values == sorted(values)
        assert all(limits.holds(value) for value in values)


def test_only_what_is_asked_for_is_searched():
    chosen = axes_of(shipped_rules(), ("daily", "waves"), ("fill",))
    assert [axis.name for axis in chosen] == ["daily.fill", "waves.fill"]
    with pytest.raises(GoliveError, match=r"'filll'.*did you mean fill"):
        axes_of(shipped_rules(), ("daily",), ("filll",))


@pytest.mark.parametrize(
    ("scenario", "used"),
    [("furniture", "daily"), ("techmold", "regulated"), ("global-electric", "waves")],
)
def test_the_sets_in_use_are_those_by_which_the_expert_manages(scenario: str, used: str):
    levels = [(load_scenario(scenario), range(2))]
    assert sets_in_use(levels) == (used,)
    wild = dataclasses.replace(getattr(shipped_rules(), used), rush_slack=0.9, ready_built=0.5)
    for name in ("daily", "regulated", "waves"):
        others = dataclasses.replace(shipped_rules(), **{name: wild})
        if name != used and isinstance(wild, type(getattr(shipped_rules(), name))):
            both = scores_of([shipped_rules(), others], levels, workers=1)
            assert both[0].tolist() == both[1].tolist()


def test_it_finds_a_threshold_that_pays_and_is_sure_of_it(tmp_path: Path, invented: list[int]):
    settings = dataclasses.replace(
        TINY, trials=60, episodes_per_finalist=100, only=("ready_built", "ready_trained")
    )
    found = _search(tmp_path / "j.json", settings)
    assert found.is_better
    assert found.rules.daily.ready_built == pytest.approx(0.4, abs=0.05)
    assert found.finalists[0].gain.low > 0.0
    assert found.finalists[0].changes["daily.ready_built"] == found.rules.daily.ready_built
    assert found.sets == ("daily",)


def test_the_worse_half_of_a_generation_stops_after_a_third(tmp_path: Path, invented: list[int]):
    _search(tmp_path / "j.json", dataclasses.replace(TINY, trials=8, episodes=6))
    generations = json.loads((tmp_path / "j.json").read_text(encoding="utf-8"))["generations"]
    for trials in generations:
        assert sorted(trial["episodes"] for trial in trials) == [2, 2, 6, 6]
    assert invented == [6, 8, 8, 8, 8, 20, 20, 20]


def test_without_a_gain_none_is_better(tmp_path: Path, invented: list[int]):
    found = _search(tmp_path / "j.json", dataclasses.replace(TINY, only=("ready_trained",)))
    assert not found.is_better
    assert found.finalists[0].gain.estimate == 0.0


def test_an_interrupted_search_goes_on_to_the_same_result(tmp_path: Path, invented: list[int]):
    whole = _search(tmp_path / "whole.json")
    journal = tmp_path / "parts.json"

    def interrupt(line: str) -> None:
        if line.startswith("8 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _search(journal, on_news=interrupt)
    before = len(invented)
    assert _search(journal, resume=True) == whole
    assert journal.read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert sum(invented[before:]) < sum(invented[:before])


def test_a_journal_of_another_search_is_refused(tmp_path: Path, invented: list[int]):
    journal = tmp_path / "j.json"
    _search(journal)
    with pytest.raises(GoliveError, match="cannot resume: seed: 1: expected 0"):
        _search(journal, dataclasses.replace(TINY, seed=1), resume=True)
    content = json.loads(journal.read_text(encoding="utf-8"))
    content["generations"][1][0]["values"]["daily.fill"] = 3
    journal.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(GoliveError, match="generation 2: cannot resume"):
        _search(journal, resume=True)
    journal.write_text("{}", encoding="utf-8")
    with pytest.raises(GoliveError, match="expected the journal of a search"):
        _search(journal, resume=True)


COMMAND = ["tune-expert", "furniture", "--trials", "4", "--episodes", "2", "--workers", "1"]


def _command(out: Path, *more: str) -> list[str]:
    return [*COMMAND, "--finalists", "2", "--episodes-per-finalist", "3", "--out", str(out), *more]


def test_the_command_plays_and_writes_nothing_that_only_seems_better(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "mine.yaml"
    assert run(_command(out, "--json")) == 1
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["sets"] == ["daily"]
    assert len(found["finalists"]) == 2
    assert found["out"] is None
    assert "None is better beyond luck" in printed.err
    assert not out.exists()
    assert run(_command(out)) == 2
    assert "or --resume" in capsys.readouterr().err
    assert run(_command(out, "--resume", "--quiet")) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_writes_what_is_better_with_its_command_and_its_gain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], invented: list[int]
):
    out = tmp_path / "mine.yaml"
    more = ["--episodes-per-finalist", "100", "--only", "ready_built", "--trials", "16"]
    assert run(_command(out, *more)) == 0
    text = out.read_text(encoding="utf-8")
    assert f"policy expert:{out}" in "".join(capsys.readouterr().out.split("\n"))
    assert "golive tune-expert furniture --trials 16 --episodes 2" in text
    assert "training seeds 0 to 1 for 16 trials, 2 to 101 for the judgement" in text
    before = shipped_rules().daily.ready_built
    assert f"# was {before}" in text
    rules = read_rules(out)
    assert rules.daily.ready_built < before
    assert rules == dataclasses.replace(
        shipped_rules(),
        daily=dataclasses.replace(shipped_rules().daily, ready_built=rules.daily.ready_built),
    )
    first = read_rules(out)
    again = ["--rules", str(out), "--out", str(tmp_path / "again.yaml")]
    assert run(_command(out, *more, *again)) in (0, 1)
    assert read_rules(out) == first


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--seeds", "test"], "--seeds: 'test': the expert is chosen on training seeds alone"),
        (["--seeds", "validation"], "expected train, or a range within 0:1000000"),
        (["--seeds", "999990:1000010"], "within 0:1000000 of furniture"),
        (["--seeds", "5:5"], "--seeds: '5:5'"),
        (["--seeds", "5:8"], "seeds: 5:8: 3 of furniture: expected at least 5"),
        (["--only", "readi_built"], "did you mean ready_built?"),
        (["--only", "days_per_wave"], "'days_per_wave': no threshold of set daily"),
        (["--rules", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["--resume"], "mine.journal.json: no search to resume"),
    ],
)
def test_wrong_input_is_one_line_and_2_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
):
    assert run(_command(tmp_path / "mine.yaml", *more)) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert len(printed.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_scenario_given_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    arguments = _command(tmp_path / "mine.yaml")
    assert run([*arguments[:2], "furniture", *arguments[2:]]) == 2
    assert "expected each only once" in capsys.readouterr().err
