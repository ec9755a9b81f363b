"""Speed beside a bare SimPy loop, other environments and an older commit, in turns in one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import JsonOption, ScenarioOption, show, start, write_report
from benchmarks.speed_report import SpeedBenchmark, report_of, speed_lines, speed_tables
from golive.core.arguments import one_of
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation.progress import counting_bar

REPOSITORY = Path(__file__).resolve().parent.parent
LANES = ("one", "many", "sb3", "lean", "cartpole", "job_shop", "grid", "highway")
"""Lanes that are measured beside the engine; ``STEPS`` says what each is."""
PEERS = ("cartpole", "job_shop", "grid", "highway")
ROOMS = ("core", "scenarios", "sim", "envs", "agents", "trainers")
_YARDSTICK = ("core/garbage.py", "trainers/regression/replay.py", "trainers/regression/speed.py")
"""Files that an older commit is measured with, in place of its own."""


@dataclass(frozen=True, slots=True)
class Size:
    """Size of what a turn measures.

    Attributes:
        episodes: of the world and its environment.
        steps: of the environments in one process, at least.
        peer_steps: in units of each peer.
        training: environments and steps of a rollout.
    """

    episodes: int
    steps: int
    peer_steps: int
    training: tuple[int, int]


FULL = Size(episodes=8, steps=2_000, peer_steps=100, training=(64, 32))
QUICK = Size(episodes=2, steps=8, peer_steps=4, training=(4, 8))


def command(
    *,
    scenario: ScenarioOption = "furniture",
    repetitions: Annotated[int, typer.Option(min=2, help="Turns of everything.")] = 20,
    environments: Annotated[int, typer.Option(min=2, help="In one process.")] = 1_000,
    against: Annotated[str | None, typer.Option(help="An older commit to compare with.")] = None,
    peers: Annotated[
        Path, typer.Option(help="Python in which peers are installed (default: this one).")
    ] = Path(sys.executable),
    only: Annotated[
        str | None, typer.Option(help=f"Of {', '.join(LANES)}: engine and these (default: all).")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Short turns, to try it.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the report to this JSON file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what steps, resets and trainings cost beside a bare SimPy loop and other worlds."""
    chosen = load_scenario(scenario)
    wanted = LANES if only is None else tuple(filter(None, only.split(",")))
    for name in wanted:
        one_of("--only", name, LANES)
    report = measure(
        scenario,
        chosen.name,
        wanted,
        repetitions=repetitions,
        environments=environments,
        against=against,
        peers=peers,
        size=QUICK if quick else FULL,
    )
    write_report(report, out)
    show(report, [report.setting, *speed_tables(report), *speed_lines(report)], as_json)


def measure(
    scenario: str,
    name: str,
    wanted: Sequence[str],
    *,
    repetitions: int,
    environments: int,
    against: str | None,
    peers: Path,
    size: Size,
) -> SpeedBenchmark:
    """Let everything take its turns, one after another, so that other load meets all alike.

    Args:
        scenario: by name or file.
        name: of it, for the report.
        wanted: of ``LANES``.
        repetitions: turns of everything.
        environments: of the many in one process.
        against: an older commit; None: none.
        peers: the Python that has them.
        size: of a turn.

    Raises:
        GoliveError: no such commit, or a process ended.
    """
    here = Path(sys.executable)
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        # Benchmarks alone: in the repository `golive` would be the front door, and never compiled.
        (place / "benchmarks").symlink_to(REPOSITORY / "benchmarks")
        shape = [scenario, str(size.steps), str(size.episodes)]
        training = [scenario, *map(str, size.training)]
        asked = {
            "engine": ("engine", scenario, str(size.episodes)),
            "one": ("batch", scenario, "1", *shape[1:]),
            "many": ("batch", scenario, str(environments), *shape[1:]),
            "sb3": ("training", "sb3", *training),
            "lean": ("training", "lean", *training),
            **{peer: (peer, str(size.peer_steps)) for peer in PEERS},
        }
        lanes = {
            key: stack.enter_context(_lane(asked[key], [place], peers if key in PEERS else here))
            for key in ("engine", *wanted)
        }
        if against is not None:
            rooms = stack.enter_context(_checkout(against, place))
            lanes["old"] = stack.enter_context(_lane(asked["engine"], [rooms, place], here))
        facts = {key: lane.hear() for key, lane in lanes.items()}
        missing = {key: told["missing"] for key, told in facts.items() if "missing" in told}
        speeds: dict[str, list[float]] = defaultdict(list)
        with counting_bar("Turns") as progress:
            for turn in range(repetitions):
                for key, lane in lanes.items():
                    if key not in missing:
                        _keep(speeds, key, lane.take_turn())
                progress(turn + 1, repetitions)
    digests = facts["engine"]["digests"]
    return report_of(
        {key: np.array(values) for key, values in speeds.items()},
        scenario=name,
        compiled=facts["engine"]["compiled"],
        environments=environments,
        megabytes_each=facts.get("many", {}).get("megabytes_each"),
        missing=list(missing.values()),
        against=against,
        same_episodes=None if against is None else digests == facts["old"]["digests"],
    )


def _keep(speeds: dict[str, list[float]], key: str, measured: Mapping[str, float]) -> None:
    for name, value in measured.items():
        if key == "old":
            speeds[f"old {name}"].append(value)
        else:
            speeds[key if name == "steps" else name].append(value)


class _Lane:
    """A process that waits for its turn."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self._name = name
        self._process = process

    def hear(self) -> dict[str, Any]:
        """Next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise GoliveError(f"{self._name}: the process ended; what it printed says why")
        told: dict[str, Any] = json.loads(line)
        return told

    def take_turn(self) -> dict[str, Any]:
        """Let it measure once."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.hear()


@contextmanager
def _lane(words: tuple[str, ...], places: list[Path], python: Path) -> Iterator[_Lane]:
    """A lane (``benchmarks.speed_lanes``) for as long as the block lasts."""
    inherited = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([*map(str, places), *filter(None, [inherited])])
    process = subprocess.Popen(
        [str(python), "-P", "-W", "ignore", "-m", "benchmarks.speed_lanes", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A peer's warnings are not the reader's concern.
        stderr=subprocess.DEVNULL if words[0] in PEERS else None,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )
    try:
        yield _Lane(" ".join(words), process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _checkout(commit: str, place: Path) -> Iterator[Path]:
    """An older golive under its installed names, measured with this one's yardstick.

    Raises:
        GoliveError: there is no such commit.
    """
    tree, rooms = place / "old", place / "old-rooms"
    _git("worktree", "add", "--detach", str(tree), commit, what=f"--against: {commit!r}")
    try:
        for name in _YARDSTICK:
            shutil.copy(REPOSITORY / name, tree / name)
        (rooms / "golive").mkdir(parents=True)
        for child in [*(tree / "golive").iterdir(), *(tree / room for room in ROOMS)]:
            if child.exists():
                (rooms / "golive" / child.name).symlink_to(child)
        yield rooms
    finally:
        _git("worktree", "remove", "--force", str(tree), what="worktree")


def _git(*words: str, what: str) -> None:
    done = subprocess.run(
        ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        raise GoliveError(f"{what}: expected a commit of this repository: {reason[-1:]}")


if __name__ == "__main__":
    start("benchmarks.speed")
