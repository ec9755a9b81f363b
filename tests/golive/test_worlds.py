"""``golive worlds`` and ``check-world``, and what worlds of other packages do to the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

import golive
from golive.cli.app import run
from golive.cli.options import expanded, given_options
from golive.cli.simulate import simulate_command, world_options
from golive.cli.world_view import SimulationOptions, WorldView, view_of
from golive.core.errors import GoliveError
from golive.sim.check_world import Finding
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")


def test_every_installed_world_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["worlds", "--json"]) == 0
    rows = {row["world"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(golive.world_names())
    row = rows["implementation"]
    assert row["environment"] == "golive/Implementation-v1"
    assert row["package"] == "golive"
    assert "furniture" in row["scenarios"]
    assert row["policies"][0] == "expert"
    assert run(["worlds"]) == 0
    assert "golive/Implementation-v1" in capsys.readouterr().out


def test_a_world_that_holds_is_told_with_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check-world", "implementation", "--seeds", "1", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert all(finding["passed"] for finding in findings)


def test_a_finding_that_fails_gives_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = (Finding("it ends", True, "yes"), Finding("it is equal", False, "day 3 differs"))
    monkeypatch.setattr("golive.sim.check_world.check_world", lambda *_, **__: findings)
    assert run(["check-world", "implementation", "--scenario", "techmold"]) == 1
    printed = capsys.readouterr().out
    assert "1 of 2 checks passed" in printed
    assert "FAILED" in printed
    assert "day 3 differs" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chess"], "world: 'chess': no such world: expected one of implementation"),
        (["implementation", "--scenario", "nowhere"], "no such scenario"),
        (["implementation", "--seeds", "0"], "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check-world", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def installed(folder: Path, name: str, entry_point: str, module: str = "") -> dict[str, str]:
    """The environment of a process in which a package brings a world."""
    (folder / f"{name}.py").write_text(module)
    record = folder / f"{name}-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text(f"[golive.worlds]\n{name} = {entry_point}\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


def golive_in(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "golive", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_broken_world_of_another_package_takes_nothing_else_away(tmp_path: Path) -> None:
    broken = installed(tmp_path, "broken", "broken:KIND", "raise RuntimeError('no luck')")
    warning = "warning: world 'broken' is left out: GoliveError: world: 'broken': broken cannot"
    for arguments, said in (
        (["--help"], "simulate"),
        (["simulate", "furniture", "--policy", "do_nothing"], "Go-live score"),
        (["scenario", "list", "--json"], "furniture"),
    ):
        done = golive_in(broken, *arguments)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
        # Importing golive has warned as well, for who does not come by the command line.
        [line] = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
        assert line.startswith(warning)
        assert "no luck" in line


COMMANDS_OF_CHESS = """
from dataclasses import replace
from golive.agents.implementation.kind import KIND as OTHER

KIND = replace(
    OTHER, name="chess", environment="golive/Chess-v0", commands="chess:add_commands", view=""
)

def add_commands(app):
    @app.command()
    def castle():
        print("castled")
"""


def test_a_world_adds_commands_of_its_own(tmp_path: Path) -> None:
    chess = installed(tmp_path, "chess", "chess:KIND", COMMANDS_OF_CHESS)
    done = golive_in(chess, "castle")
    assert (done.returncode, done.stdout, done.stderr) == (0, "castled\n", "")
    done = golive_in(chess, "worlds", "--json")
    packages = [row["package"] for row in json.loads(done.stdout)]
    assert packages[-1] == "chess"
    assert set(packages[:-1]) == {"golive"}


@dataclass(frozen=True, kw_only=True)
class Castling(SimulationOptions):
    """One option of its own, and one that another world has too."""

    side: Annotated[str, typer.Option(help="Of the board.")] = "king"
    picture: Annotated[Path | None, typer.Option(help="Write the board.")] = None


class ChessView(WorldView):
    """A world with options of its own."""

    simulation = Castling


def test_the_options_of_all_worlds_stand_side_by_side_each_once() -> None:
    app = typer.Typer()
    app.command()(simulate_command([view_of(KIND), ChessView(KIND)]))
    command: Any = typer.main.get_command(app)
    names = [parameter.name for parameter in command.params]
    assert names.count("picture") == names.count("side") == names.count("customer") == 1


def test_a_worlds_option_may_not_take_the_place_of_a_common_one() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Greedy(SimulationOptions):
        policy: Annotated[str, typer.Option()] = ""

    Greedy.__annotations__["policy"] = Annotated[str, typer.Option()]
    view = WorldView(KIND)
    view.simulation = Greedy
    with pytest.raises(GoliveError, match="--policy: is there already"):
        world_options(view)


def test_a_world_without_a_view_refuses_what_it_does_not_have() -> None:
    view = WorldView(KIND)
    scenario = golive.load_scenario("furniture")
    for refused in (
        lambda: view.drawn(scenario, 1),
        lambda: view.parameter_values(Path("x.yaml")),
        lambda: view.schema("customer"),
    ):
        with pytest.raises(GoliveError):
            refused()
    assert view.schema("scenario")["title"] == "ImplementationScenario"
    assert str(next(view.scenario_page(scenario))).endswith("(furniture)")
    assert view.status(golive.build_world(scenario, 0)) == (
        "day   0:   0% of the longest time that it may take"
    )


def test_a_record_of_options_is_read_field_by_field() -> None:
    seen = []

    def command(name: str, *, castling: Castling) -> None:
        seen.append((name, castling))

    app = typer.Typer()
    app.command()(expanded(command))
    made: Any = typer.main.get_command(app)
    with made.make_context("x", ["me", "--side", "queen"]) as context:
        made.invoke(context)
    assert seen == [("me", Castling(side="queen"))]
    assert given_options(seen[0][1]) == {"--side": "queen"}
    assert given_options(Castling()) == {}


def test_worlds_offer_names_of_their_own() -> None:
    from golive.sim.implementation.world import ImplementationWorld

    assert golive.ImplementationWorld is ImplementationWorld
    scenario = golive.load_scenario("techmold")
    episode = golive.run(KIND, golive.load_policy("do_nothing"), scenario, 0)
    assert KIND.score_of(episode.scorecard) == 0.0
