"""The quality bar: a good world passes, and each way of being broken is caught by its check."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.sim.quality import REQUIREMENTS, Verdict
from golive.sim.words import Words
from golive.sim.worlds import WORLDS
from golive.trainers.quality import (
    judge_quality,
    quality_report,
    quality_table,
    read_quality_report,
    write_quality_report,
)

from .levers import KIND, LeversWorld, Reader, Won, rewards

EPISODES = 40
HERE = Path(__file__).parent
LEVERS = KIND.language.choices.factors[0].choices


@pytest.fixture(scope="module", autouse=True)
def levers() -> Iterator[None]:
    """The tiny world, as if its package were installed."""
    WORLDS.register("levers", KIND)
    yield
    WORLDS.unregister("levers")


@pytest.fixture(scope="module")
def good():
    return judge_quality(replace(KIND), episodes=EPISODES)


def failed(kind, episodes=EPISODES):
    """What the checks that a world fails have found, by id."""
    checks = judge_quality(kind, episodes=episodes).checks
    return {check.requirement.id: check.measured.found for check in checks if check.failed}


def with_world(world, **parts):
    """The world's record with another class of worlds."""
    return replace(
        KIND,
        build=lambda scenario, seed, record=False: world(scenario, seed),
        restore=world.restore,
        **parts,
    )


def test_a_good_world_passes_every_check(good):
    assert [check.requirement.id for check in good.checks] == list(REQUIREMENTS)
    assert {c.requirement.id: c.measured.found for c in good.checks if c.failed} == {}
    assert good.passed
    assert {check.measured.verdict for check in good.checks} == {Verdict.PASSED}


def test_statistical_figures_have_intervals_over_episodes(good):
    by_id = {check.requirement.id: check.measured for check in good.checks}
    gap = by_id["semantic.floor_gap"]
    assert gap.low < gap.estimate < gap.high
    assert gap.low >= 0.1
    reached = by_id["statistical.reward_reachability"]
    assert reached.estimate == 1.0
    assert reached.low == pytest.approx(0.025 ** (1 / EPISODES))


def test_a_seed_that_is_ignored_is_caught():
    class Deaf(LeversWorld):
        def __init__(self, scenario, seed, state=None):
            super().__init__(scenario, 1, state)
            self.seed = seed

    found = failed(with_world(Deaf))
    assert list(found) == ["runtime.seed_control"]
    assert found["runtime.seed_control"] == "1 of 12 seeds"


def test_luck_from_outside_the_seed_is_caught_and_what_rests_on_it_is_not_judged():
    episodes = iter(range(100_000))

    class Moody(LeversWorld):
        def __init__(self, scenario, seed, state=None):
            super().__init__(scenario, seed, state)
            if state is None:
                self.state.doubt += 1e-6 * next(episodes)

    checks = judge_quality(with_world(Moody), episodes=4).checks
    found = {check.requirement.id: check.measured for check in checks if check.failed}
    assert list(found) == ["runtime.episode_determinism"]
    unjudged = [c for c in checks if c.measured.verdict is Verdict.NOT_APPLICABLE]
    assert "rests on runtime.episode_determinism" in unjudged[0].measured.found
    assert {"semantic.replayability", "statistical.headroom"} <= {
        c.requirement.id for c in unjudged
    }


def test_episodes_that_touch_each_other_are_caught():
    class Shared(LeversWorld):
        going = 0

        def __init__(self, scenario, seed, state=None):
            super().__init__(scenario, seed, state)
            Shared.going = seed

        def put_up(self):
            super().put_up()
            if self.state.round:
                self.state.won += Shared.going != self.seed

    assert "runtime.episode_isolation" in failed(with_world(Shared), episodes=4)


class Indiscreet(LeversWorld):
    """Tells how often the sign is wrong, under another name."""

    def briefing(self):
        return replace(super().briefing(), mood=self.state.doubt)


def test_a_latent_value_under_another_name_is_caught():
    found = failed(with_world(Indiscreet))
    assert list(found) == ["semantic.no_solution_leakage"]
    assert "briefing.mood: shows state/doubt" in found["semantic.no_solution_leakage"]


@pytest.mark.parametrize(
    ("told", "leaked"),
    [
        (lambda told: f"mood {told.mood / 10:.1f} %", "mood # % [0]: shows state/doubt"),
        (lambda told: "doubt is high", "tells of doubt, which is latent"),
        (lambda told: f"advice: {LEVERS[told.sign]}", "advice: _ <0>: shows the expert's lever"),
        (lambda told: "try order lever=left", "spells out the expert's decision: order lever=left"),
    ],
)
def test_texts_that_tell_too_much_are_caught(told, leaked):
    class Talkative(Words):
        def heading(self, briefing):
            return told(briefing)

    class InWordsAlone(LeversWorld):
        def briefing(self):
            return replace(super().briefing(), mood=round(1000 * self.state.doubt))

    def words():
        return Talkative(KIND.language, KIND.neutral, KIND.title)

    found = failed(with_world(InWordsAlone, words=words))
    assert list(found) == ["semantic.no_solution_leakage"]
    assert leaked in found["semantic.no_solution_leakage"]


def test_pay_that_is_no_number_is_caught():
    class Broken(Won):
        def value(self, transition):
            return math.nan if transition.after.won == 3 else super().value(transition)

    found = failed(replace(KIND, rewards=lambda: rewards(Broken)))
    assert list(found) == ["runtime.reward_well_formed"]
    assert "won pays nan for won: expected finite" in found["runtime.reward_well_formed"]


def test_a_probe_that_beats_the_expert_is_caught():
    class Cheat(Reader):
        def attach(self, world):
            self.world = world

        def decide(self, briefing, legal):
            return type(super().decide(briefing, legal))(self.world.state.answer)

    kind = replace(KIND, policies={**KIND.policies, "stubborn": lambda: Cheat("stubborn")})
    found = failed(kind)
    assert list(found) == ["statistical.gameability_gap"]
    assert "nearest of 1 probes: stubborn, -0." in found["statistical.gameability_gap"]


def test_an_oracle_far_below_the_best_policy_is_caught():
    kind = replace(KIND, baselines=("idler",))
    assert "best of 5 others: reader" in failed(kind)["semantic.oracle_max"]


def test_the_planner_can_stand_for_the_maximum():
    result = judge_quality(KIND, episodes=4, oracle="planner:8:hindsight")
    by_id = {check.requirement.id: check.measured for check in result.checks}
    assert by_id["semantic.oracle_max"].details["oracle"] == 1.0  # it sees the right lever
    assert "reader leaves" in by_id["statistical.headroom"].found


def test_a_message_that_is_paid_for_nothing_is_caught():
    class Generous(Words):
        @property
        def neutral_plan(self):
            return (1,)

    def words():
        return Generous(KIND.language, KIND.neutral, KIND.title)

    found = failed(replace(KIND, words=words), episodes=4)
    assert "against doing nothing" in found["semantic.canary_floor"]


def test_a_single_order_that_wins_is_caught():
    class Easy(LeversWorld):
        def put_up(self):
            super().put_up()
            self.state.answer = 2
            self.state.sign = 2 if self.state.round % 8 else 1

    found = failed(with_world(Easy))
    assert "best of 3 orders: lever/middle" in found["statistical.adversarial_floor"]


def test_the_report_is_written_whole_and_read_back(good, tmp_path):
    report = quality_report(good, "golive check-world levers --quality")
    page = write_quality_report(report, tmp_path)
    text = page.read_text("utf-8")
    assert text.count("<tr>") == 3 + len(REQUIREMENTS)
    assert "23 of 23 checks passed" in text
    assert "http" not in text
    assert read_quality_report(tmp_path) == report
    assert len(quality_table(report).rows) == len(REQUIREMENTS)
    (tmp_path / "report.json").write_text('{"kind": "other"}')
    with pytest.raises(GoliveError, match="kind: expected 'golive quality report'"):
        read_quality_report(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--episodes", "5"], "--episodes: expected --quality with it"),
        (["--quality", "--seeds", "5"], "--seeds: is not of --quality"),
        (["--quality", "--episodes", "500"], "expected at most the 200 seeds of the split"),
        (["--quality", "--oracle", "nobody"], "policy: 'nobody'"),
    ],
)
def test_what_cannot_be_judged_is_one_line_and_code_2(arguments, message, tmp_path, capsys):
    out = tmp_path / "out"
    extra = ["--out", str(out)] if "--quality" in arguments else []
    assert run(["check-world", "levers", *arguments, *extra]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not out.exists()


HASHED = """
from dataclasses import replace
from levers import KIND as OTHER, LeversWorld

class Hashed(LeversWorld):
    def put_up(self):
        super().put_up()
        self.state.sign = 1 + hash(f"sign {self.seed} {self.state.round}") % 3

KIND = replace(
    OTHER,
    build=lambda scenario, seed, record=False: Hashed(scenario, seed),
    restore=Hashed.restore,
)
"""


def test_order_of_hashes_is_caught_in_another_process_by_the_command(tmp_path):
    (tmp_path / "hashed.py").write_text(HASHED)
    record = tmp_path / "hashed-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: hashed\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text("[golive.worlds]\nlevers = hashed:KIND\n")
    paths = os.pathsep.join([str(tmp_path), str(HERE)])
    command = ["check-world", "levers", "--quality", "--episodes", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "golive", *command, "--out", str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    wrong = {one["id"]: one["found"] for one in report["checks"] if one["verdict"] == "FAILED"}
    assert list(wrong) == ["runtime.episode_determinism"]
    assert "differs in another process, at decision" in wrong["runtime.episode_determinism"]
    assert json.loads((tmp_path / "out/report.json").read_text()) == report
    assert (tmp_path / "out/report.html").exists()
