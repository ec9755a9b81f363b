"""``golive simulate``: a policy plays episodes; what happened is printed and kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer
from typer import Argument

from ..core.errors import GoliveError
from ..sim.observer import Observer
from ..sim.protocol import AnyWorld
from . import completion
from .options import (
    LARGEST_SEED,
    MOST_EPISODES,
    AsJson,
    ParametersOption,
    expanded,
    given_options,
    option,
    option_fields,
    option_name,
    option_record,
    refuse,
    writable_file,
)
from .simulate_profile import ProfileOptions, print_profile_schema, run_profile
from .world_view import SimulationOptions, WorldView, under_parameters, view_of

if TYPE_CHECKING:
    from ..sim.policy import Policy
    from ..sim.protocol import Snapshot


@option_record
class PlayOptions:
    """Options of who plays what, and how fast."""

    policy: str | None = option(
        None,
        "Who decides: a name, the path of a trained policy or package.module:Class "
        "(default: the world's expert, or the profile's).",
        autocompletion=completion.policies,
    )
    with_: list[str] | None = option(
        None,
        "Add an edge case, such as corrupt_data:critical or network_failures; may repeat.",
        "--with",
        metavar="KIND[:SEVERITY][:AMOUNT|NAMES][@DAY]",
    )
    opponent: str | None = option(
        None,
        "Who breaks things: random:8, scripted:8, adaptive:8, or a plan's YAML file.",
        metavar="STRATEGY[:BUDGET]",
    )
    parameters: ParametersOption = None
    seed: int | None = option(
        None, "Seed of the first episode (default: 0, or the profile's).", min=0, max=LARGEST_SEED
    )
    episodes: int | None = option(
        None,
        "Episodes, on consecutive seeds (default: 1, or the profile's).",
        "--episodes",
        "--replicas",
        min=1,
        max=MOST_EPISODES,
    )
    acceleration: float | None = option(
        None, "Run so many times faster than the clock (default: at once)."
    )


@option_record
class SnapshotOptions:
    """Snapshots to write and to begin with."""

    snapshot_at: int | None = option(None, "Take a snapshot on this morning.", min=0, metavar="DAY")
    snapshot_out: Path | None = option(
        None, "Write the snapshot to this JSON file.", callback=writable_file
    )
    from_snapshot: Path | None = option(
        None, "Begin with the world of this snapshot (the policy begins afresh)."
    )


def simulate_command(views: Sequence[WorldView]) -> Callable[..., None]:
    """The command with the options of all worlds that are installed."""
    options: dict[str, tuple[str, Any, Any]] = {}
    for view in views:
        options = {**world_options(view), **options}
    merged = make_dataclass("WorldOptions", options.values(), frozen=True, kw_only=True)
    return expanded(simulate, {"of_world": merged})


def world_options(view: WorldView) -> dict[str, tuple[str, Any, Any]]:
    """A world's own options: by name, each as ``make_dataclass`` takes a field.

    Raises:
        GoliveError: one has a name that an option of every world has.
    """
    hints = get_type_hints(view.simulation, include_extras=True)
    own = {
        one.name: (one.name, hints[one.name], field(default=one.default, metadata=one.metadata))
        for one in option_fields(view.simulation)
    }
    common = (PlayOptions, SnapshotOptions, ProfileOptions)
    taken = {"scenario", "as_json", *(one.name for kind in common for one in option_fields(kind))}
    for name in taken & set(own):
        raise GoliveError(f"{option_name(name)}: is there already: expected another name")
    return own


def simulate(
    scenario: Annotated[
        str | None,
        Argument(
            help="Scenario by name or file (unless --from-snapshot or --profile).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    *,
    play: PlayOptions,
    of_world: Any,
    snapshots: SnapshotOptions,
    profile: ProfileOptions,
    as_json: AsJson = False,
) -> None:
    """Simulate implementations under a policy and print their scorecards."""
    if profile.profile_schema:
        print_profile_schema()
        return
    if profile.profile is not None:
        refuse(
            given_options(of_world) | given_options(snapshots),
            "a profile's replicas have none: expected no --profile beside it",
        )
        run_profile(scenario, play, profile, as_json=as_json)
        return
    refuse(given_options(profile), "only a profile has it: expected --profile NAME beside it")
    if (scenario is None) == (snapshots.from_snapshot is None):
        raise GoliveError("expected either a scenario or --from-snapshot")
    if play.acceleration is not None and not 0 < play.acceleration < math.inf:
        raise GoliveError(f"--acceleration: {play.acceleration}: expected a number above 0")
    if scenario is not None:
        _simulate(_Episodes.of_scenario(scenario, play, of_world), play, snapshots, as_json)
    else:
        _simulate(_Episodes.of_snapshot(play, of_world, snapshots), play, snapshots, as_json)


@dataclass(frozen=True)
class _Episodes:
    """Episodes to simulate: the worlds at their beginnings, and what is wanted of them."""

    view: WorldView
    options: SimulationOptions
    count: int
    worlds: Callable[[], Iterator[AnyWorld]]
    recorded: bool = True

    @classmethod
    def of_scenario(cls, name: str, play: PlayOptions, of_world: Any) -> _Episodes:
        from ..scenarios.loader import load_scenario
        from ..sim.worlds import kind_of

        loaded = load_scenario(name)
        mix = loaded.mix.of(play.with_ or (), play.opponent)
        [chosen] = under_parameters([mix.met(loaded)], play.parameters)
        kind = kind_of(chosen)
        view = view_of(kind)
        options = _chosen_options(view, of_world)
        first, count = play.seed or 0, play.episodes or 1
        if first + count - 1 > LARGEST_SEED:
            raise GoliveError(f"--episodes: {count} from seed {first}: expected seeds below 2**64")

        def worlds() -> Iterator[AnyWorld]:
            own = kind.parsed_options(options.episode_options())
            for seed in range(first, first + count):
                yield kind.build(chosen, seed, record=options.need_recording, **own)

        return cls(view, options, count, worlds)

    @classmethod
    def of_snapshot(cls, play: PlayOptions, of_world: Any, snapshots: SnapshotOptions) -> _Episodes:
        from ..sim.snapshot_files import read_snapshot
        from ..sim.worlds import world_kind

        own = {"--with": play.with_, "--opponent": play.opponent, "--parameters": play.parameters}
        refuse(own, "a snapshot has its own: give one or the other")
        if (play.episodes or 1) > 1:
            raise GoliveError(f"--episodes: {play.episodes}: a snapshot is one episode")
        path = snapshots.from_snapshot
        assert path is not None  # there is a scenario otherwise
        snapshot = read_snapshot(path)
        view = view_of(world_kind(snapshot.world))
        options = _chosen_options(view, of_world)

        def worlds() -> Iterator[AnyWorld]:
            yield restored(snapshot, path, record=options.need_recording)

        return cls(view, options, 1, worlds, recorded=False)


def restored(snapshot: Snapshot, path: Path, *, record: bool) -> AnyWorld:
    """The world of a snapshot that was read from a file.

    Raises:
        GoliveError: it is damaged, or of another version or world; the message names the file.
    """
    from ..sim.protocol import SnapshotError
    from ..sim.worlds import restore_world

    try:
        return restore_world(snapshot, record=record)
    except (SnapshotError, GoliveError) as error:
        raise GoliveError(f"{path}: {error}") from error


def _chosen_options(view: WorldView, of_world: Any) -> SimulationOptions:
    """Values of the world's own options; those of other worlds are refused."""
    names = [one.name for one in option_fields(view.simulation)]
    own = {option_name(name) for name in names}
    others = {name: value for name, value in given_options(of_world).items() if name not in own}
    refuse(others, f"world {view.kind.name} has no such option")
    return view.simulation(**{name: getattr(of_world, name) for name in names})


def _simulate(
    episodes: _Episodes, play: PlayOptions, snapshots: SnapshotOptions, as_json: bool
) -> None:
    from ..agents.registry import load_policy
    from .scorecards import Simulated, print_scorecards

    view = episodes.view
    if as_json:
        refuse(episodes.options.prints, "prints text: expected no --json beside it")
    episodes.options.check(episodes.count, recorded=episodes.recorded)
    if (snapshots.snapshot_at is None) != (snapshots.snapshot_out is None):
        raise GoliveError("--snapshot-at and --snapshot-out: expected both or neither")
    check_file_of_one(snapshots.snapshot_out, episodes.count)
    policy = load_policy(play.policy or view.kind.expert, view.kind)
    done = []
    for world in episodes.worlds():
        _play(world, policy, view, play.acceleration, snapshots)
        episodes.options.write(world)
        figures = world.scorecard().as_dict()
        done.append(Simulated(world.seed, world.subject, world.digest(), figures))
    episodes.options.write_all()
    print_scorecards(view.kind, done, policy.name, as_json=as_json)


def check_file_of_one(path: Path | None, episodes: int) -> None:
    """See that a file that holds one episode can be written.

    Raises:
        GoliveError: there are several, or its directory does not exist.
    """
    if path is not None and episodes > 1:
        raise GoliveError(f"{path}: holds one episode; expected --episodes 1")
    if path is not None and not path.parent.is_dir():
        raise GoliveError(f"{path}: cannot be written: its directory does not exist")


def _play(
    world: AnyWorld,
    policy: Policy,
    view: WorldView,
    acceleration: float | None,
    snapshots: SnapshotOptions,
) -> None:
    """Run the world to its end; in real time with a line to stderr for every decision point."""
    from ..sim.episodes import begin_episode, play
    from ..sim.observers import RealTime

    observers: list[Observer] = []
    if acceleration is not None:
        observers += [RealTime(acceleration), _StatusLines(view)]
    keeper = None
    if snapshots.snapshot_at is not None and snapshots.snapshot_out is not None:
        keeper = _SnapshotKeeper(view, snapshots.snapshot_at, snapshots.snapshot_out)
        observers.append(keeper)
    begin_episode(policy, world, observers)
    play(world, policy, observers)
    if keeper is not None and not keeper.taken:
        last = view.day(world)
        raise GoliveError(f"--snapshot-at: {keeper.day}: the episode ended on day {last}")


class _StatusLines(Observer):
    """Says on stderr where a world stands."""

    def __init__(self, view: WorldView) -> None:
        self._view = view

    def begun(self, world: AnyWorld) -> None:
        typer.echo(self._view.status(world), err=True)

    def advanced(self, world: AnyWorld) -> None:
        typer.echo(self._view.status(world), err=True)


class _SnapshotKeeper(Observer):
    """Writes a world as it is on a morning, or on the first decision's morning from then on."""

    def __init__(self, view: WorldView, day: int, path: Path) -> None:
        self.day, self.taken = day, False
        self._view, self._path = view, path

    def begun(self, world: AnyWorld) -> None:
        from ..sim.snapshot_files import write_snapshot

        if not self.taken and self._view.day(world) >= self.day:
            write_snapshot(world.snapshot(), self._path)
            self.taken = True

    def advanced(self, world: AnyWorld) -> None:
        self.begun(world)
