"""``golive simulate``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import polars
import pytest

from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.observers import RealTime


def simulate(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    """Run the command and read the JSON it prints."""
    code = run(["simulate", *arguments, "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    episodes: list[dict[str, object]] = json.loads(printed.out)
    return episodes


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The line that a run with bad input ends with."""
    assert run(["simulate", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    return printed.err


def test_the_scorecard_is_that_of_the_world_under_the_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (episode,) = simulate(capsys, "furniture", "--policy", "plan_follower", "--seed", "7")
    world = ImplementationWorld(load_scenario("furniture"), 7)
    policy = load_policy("plan_follower")
    policy.reset(7)
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
    assert episode["digest"] == world.digest()
    assert {name: episode[name] for name in world.scorecard().as_dict()} == (
        world.scorecard().as_dict()
    )


def test_episodes_have_consecutive_seeds_and_customers_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    episodes = simulate(
        capsys, "furniture", "--policy", "do_nothing", "--seed", "3", "--episodes", "3"
    )
    assert [episode["seed"] for episode in episodes] == [3, 4, 5]
    assert len({episode["customer"] for episode in episodes}) == 3


def test_the_reference_customer_is_the_scenarios_own_on_every_seed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    episodes = simulate(
        capsys,
        *("furniture", "--policy", "do_nothing", "--episodes", "2", "--customer", "reference"),
    )
    own = load_scenario("furniture").customer.name
    assert [episode["customer"] for episode in episodes] == [own, own]
    assert episodes[0]["digest"] != episodes[1]["digest"]


def test_a_snapshot_ends_as_the_episode_it_was_taken_from(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    snapshot = str(tmp_path / "day10.json")
    (whole,) = simulate(
        capsys,
        *("furniture", "--policy", "do_nothing", "--snapshot-at", "10", "--snapshot-out", snapshot),
    )
    (rest,) = simulate(capsys, "--from-snapshot", snapshot, "--policy", "do_nothing")
    assert rest == whole


def test_events_gantt_and_picture_are_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    events, gantt, picture = (tmp_path / name for name in ("e.parquet", "g.parquet", "p.png"))
    simulate(
        capsys,
        *("furniture", "--policy", "plan_follower"),
        *("--events", str(events), "--gantt", str(gantt), "--picture", str(picture)),
    )
    assert polars.read_parquet(events).height > 0
    assert {"start_hour", "end_hour", "role", "package"} <= set(polars.read_parquet(gantt).columns)
    assert polars.read_parquet(gantt).height > 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert {path.name for path in tmp_path.iterdir()} == {"e.parquet", "g.parquet", "p.png"}


def test_the_table_has_the_score_on_top_and_averages_over_episodes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["simulate", "furniture", "--policy", "do_nothing"]
    assert run(arguments) == 0
    one = capsys.readouterr().out
    assert one.splitlines()[0].startswith("do_nothing at MidWest Custom Furniture")
    assert "Go-live score" in one.splitlines()[4]
    assert run([*arguments, "--episodes", "2"]) == 0
    several = capsys.readouterr().out
    assert several.splitlines()[0] == "do_nothing at 2 customers, seeds 0 to 1"
    assert "mean" in several


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], ["nowhere", "furniture"]),
        (["furniture", "--policy", "exprt"], ["exprt", "expert"]),
        (["furniture", "--picture", "x.txt"], ["--picture", "x.txt", ".png"]),
        (["furniture", "--events", "no/such/e.parquet"], ["no/such/e.parquet", "directory"]),
        (["furniture", "--events", "e.parquet", "--episodes", "2"], ["e.parquet", "--episodes 1"]),
        (["furniture", "--snapshot-at", "3"], ["--snapshot-out"]),
        (["furniture", "--from-snapshot", "x"], ["either a scenario or --from-snapshot"]),
        (["--from-snapshot", "missing.json"], ["missing.json", "there is no such file"]),
        (["furniture", "--acceleration", "0"], ["--acceleration", "0"]),
        (["furniture", "--acceleration", "nan"], ["--acceleration", "nan"]),
    ],
)
def test_bad_input_is_one_line_that_names_it(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    line = error_of(capsys, *arguments)
    for word in words:
        assert word in line


def test_an_episode_that_ends_before_the_snapshot_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "late.json"
    line = error_of(
        capsys,
        *("furniture", "--policy", "do_nothing"),
        *("--snapshot-at", "9999", "--snapshot-out", str(out)),
    )
    assert "--snapshot-at: 9999: the episode ended on day" in line
    assert not out.exists()


def test_an_output_that_is_a_directory_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = error_of(capsys, "furniture", "--policy", "do_nothing", "--gantt", str(tmp_path))
    assert str(tmp_path) in line


def test_real_time_takes_its_time_and_says_where_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    defaults = RealTime.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "clock", lambda: now[0])
    monkeypatch.setitem(defaults, "sleep", sleep)
    arguments = ["simulate", "furniture", "--policy", "do_nothing", "--json"]
    assert run([*arguments, "--acceleration", "3600"]) == 0
    printed = capsys.readouterr()
    (timed,) = json.loads(printed.out)
    assert run(arguments) == 0
    assert json.loads(capsys.readouterr().out) == [timed]
    # An hour a second: eight seconds for every day, and a line for every morning.
    assert sum(slept) == pytest.approx(8.0 * timed["days"])
    lines = printed.err.splitlines()
    assert len(lines) == timed["days"] + 1
    assert lines[0].startswith("day   0:   0% of the known work done, 0 defects open")


@pytest.mark.slow
def test_ctrl_c_ends_a_simulation_with_130_and_nothing_half_written(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "golive", "simulate", "furniture", "--acceleration", "1"]
    with subprocess.Popen(
        [*command, "--gantt", str(tmp_path / "g.parquet")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert first.startswith("day   0:")
    assert (process.returncode, out, error) == (130, "", "interrupted\n")
    assert list(tmp_path.iterdir()) == []
