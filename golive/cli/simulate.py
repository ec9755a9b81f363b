"""``golive simulate``: a policy runs implementations; what happened is printed and kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError
from ..core.execution import Backend
from .implementation.parameter_option import ParametersOption, with_parameters
from .simulate_profile import ProfileOptions, print_profile_schema, refuse, run_profile

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..sim.implementation.briefing import Briefing
    from ..sim.implementation.world import ImplementationWorld
    from ..sim.policy import Policy
    from .simulation_outputs import SimulationOutputs


DEFAULT_POLICY = "expert"


class CustomerChoice(StrEnum):
    """Whose implementation is simulated."""

    DRAWN = "drawn"
    """Drawn from the scenario's family by the seed."""
    REFERENCE = "reference"
    """The scenario's own customer, whatever the seed."""


def simulate(
    scenario: Annotated[
        str | None,
        typer.Argument(help="Scenario by name or file (unless --from-snapshot or --profile)."),
    ] = None,
    *,
    policy: Annotated[
        str | None,
        typer.Option(
            help="Who decides: a baseline's name or the path of a trained policy "
            "(default: expert, or the profile's)."
        ),
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="KIND[:SEVERITY][:AMOUNT|NAMES][@DAY]",
            help="Add an edge case, such as corrupt_data:critical or network_failures; may repeat.",
        ),
    ] = None,
    opponent: Annotated[
        str | None,
        typer.Option(
            metavar="STRATEGY[:BUDGET]",
            help="Who breaks things: random:8, scripted:8, adaptive:8, or a plan's YAML file.",
        ),
    ] = None,
    parameters: ParametersOption = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Seed of the first episode (default: 0, or the profile's)."),
    ] = None,
    episodes: Annotated[
        int | None,
        typer.Option(
            "--episodes",
            "--replicas",
            min=1,
            help="Episodes, on consecutive seeds (default: 1, or the profile's).",
        ),
    ] = None,
    customer: Annotated[
        CustomerChoice, typer.Option(help="A customer drawn by the seed, or the scenario's own.")
    ] = CustomerChoice.DRAWN,
    events: Annotated[
        Path | None, typer.Option(help="Write what happened to this Parquet file.")
    ] = None,
    event_log: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write all episodes as one event log: .xes, or .json, .jsonocel, .ocel "
            "(OCEL 2.0); may repeat.",
        ),
    ] = None,
    kick_off: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="First working day of the event log's calendar, such as 2026-01-05.",
        ),
    ] = None,
    gantt: Annotated[
        Path | None, typer.Option(help="Write what each crew member did to this Parquet file.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Write the dashboard to this .png, .svg or .pdf file.")
    ] = None,
    acceleration: Annotated[
        float | None,
        typer.Option(help="Run so many times faster than the clock (default: at once)."),
    ] = None,
    snapshot_at: Annotated[
        int | None, typer.Option(min=0, metavar="DAY", help="Take a snapshot on this morning.")
    ] = None,
    snapshot_out: Annotated[
        Path | None, typer.Option(help="Write the snapshot to this JSON file.")
    ] = None,
    from_snapshot: Annotated[
        Path | None,
        typer.Option(help="Begin with the world of this snapshot (the policy begins afresh)."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="Simulation environment, all episodes at once: sandbox, staging, simulation, "
            "or a profile's file."
        ),
    ] = None,
    backend: Annotated[
        Backend | None, typer.Option(help="Of a profile: where its replicas live.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Of a profile: processes its replicas are divided among."),
    ] = None,
    ray_address: Annotated[
        str | None,
        typer.Option(
            help="Of a profile: Ray cluster to run on, instead of --backend: auto, host:6379 or "
            "ray://host:10001."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Of a profile: directory for results and metrics.")
    ] = None,
    profile_schema: Annotated[
        bool, typer.Option("--profile-schema", help="Print the JSON Schema of profiles and end.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Simulate implementations under a policy and print their scorecards."""
    if profile_schema:
        print_profile_schema()
        return
    if profile is not None:
        of_one_episode = {
            "--events": events,
            "--event-log": event_log or None,
            "--kick-off": kick_off,
            "--gantt": gantt,
            "--picture": picture,
            "--snapshot-at": snapshot_at,
            "--snapshot-out": snapshot_out,
            "--from-snapshot": from_snapshot,
            "--customer": customer is CustomerChoice.REFERENCE,
        }
        refuse(of_one_episode, "a profile's replicas have none: expected no --profile beside it")
        options = ProfileOptions(
            scenario=scenario,
            policy=policy,
            edge_cases=tuple(with_ or ()),
            opponent=opponent,
            parameters=parameters,
            first_seed=seed,
            replicas=episodes,
            acceleration=acceleration,
            backend=backend,
            workers=workers,
            ray_address=ray_address,
            out=out,
            as_json=as_json,
        )
        run_profile(profile, options)
        return
    of_a_profile = {
        "--backend": backend,
        "--workers": workers,
        "--ray-address": ray_address,
        "--out": out,
    }
    refuse(of_a_profile, "only a profile has it: expected --profile NAME beside it")
    from ..agents.registry import load_policy
    from .scorecards import Simulated, print_scorecards
    from .simulation_outputs import SimulationOutputs

    if (scenario is None) == (from_snapshot is None):
        raise GoliveError("expected either a scenario or --from-snapshot")
    if from_snapshot is not None and with_:
        raise GoliveError("--with: a snapshot's disruptions are its own: give one or the other")
    if from_snapshot is not None and opponent is not None:
        raise GoliveError("--opponent: a snapshot's opponent is its own: give one or the other")
    if from_snapshot is not None and parameters is not None:
        raise GoliveError(
            "--parameters: a snapshot's parameters are its own: give one or the other"
        )
    episodes = 1 if episodes is None else episodes
    seed = 0 if seed is None else seed
    if from_snapshot is not None and episodes > 1:
        raise GoliveError(f"--episodes: {episodes}: a snapshot is one episode")
    if acceleration is not None and not 0 < acceleration < math.inf:
        raise GoliveError(f"--acceleration: {acceleration}: expected a number above 0")
    if from_snapshot is not None and event_log:
        raise GoliveError("--event-log: a snapshot's past is not recorded: expected a scenario")
    outputs = SimulationOutputs(
        events, gantt, picture, snapshot_at, snapshot_out, tuple(event_log or ()), kick_off
    )
    outputs.check(episodes)
    decider = load_policy(policy or DEFAULT_POLICY)
    if from_snapshot is not None:
        worlds = _snapshot_world(from_snapshot, outputs.need_recording)
    else:
        seeds = range(seed, seed + episodes)
        [chosen] = with_parameters([_scenario(str(scenario), with_ or [], opponent)], parameters)
        worlds = _new_worlds(chosen, seeds, customer, outputs.need_recording)
    done = []
    for world in worlds:
        _run(world, decider, acceleration, outputs)
        outputs.write(world)
        done.append(Simulated(world.seed, world.customer.name, world.digest(), world.scorecard()))
    outputs.write_event_logs()
    print_scorecards(done, decider.name, as_json=as_json)


def _scenario(name: str, edge_cases: list[str], opponent: str | None) -> Scenario:
    from ..core.records import changed
    from ..scenarios.implementation.edge_cases import parse_edge_case, with_edge_cases
    from ..scenarios.implementation.opponents import parse_opponent
    from ..scenarios.loader import load_scenario

    scenario = with_edge_cases(load_scenario(name), [parse_edge_case(text) for text in edge_cases])
    return scenario if opponent is None else changed(scenario, opponent=parse_opponent(opponent))


def _new_worlds(
    scenario: Scenario, seeds: range, customer: CustomerChoice, record: bool
) -> Iterator[ImplementationWorld]:
    from ..sim.implementation.world import ImplementationWorld

    own = scenario.customer if customer is CustomerChoice.REFERENCE else None
    for seed in seeds:
        yield ImplementationWorld(scenario, seed, customer=own, record=record)


def _snapshot_world(path: Path, record: bool) -> Iterator[ImplementationWorld]:
    from .snapshot_files import restore_world

    yield restore_world(path, record=record)


def _run(
    world: ImplementationWorld,
    policy: Policy,
    acceleration: float | None,
    outputs: SimulationOutputs,
) -> None:
    """Run the world to its end; in real time with a line to stderr for every decision point."""
    from ..sim.episodes import begin_episode
    from ..sim.realtime import run_in_real_time

    begin_episode(policy, world)
    mornings = run_in_real_time(
        world, policy.decide, acceleration=acceleration, hours_per_decision=_hours_per_decision
    )
    for briefing in mornings:
        outputs.look_at(world)
        if acceleration is not None:
            typer.echo(_status(briefing), err=True)


def _hours_per_decision(briefing: Briefing) -> float:
    return briefing.calendar.hours_per_day * briefing.calendar.days_per_decision


def _status(briefing: Briefing) -> str:
    """Where the implementation stands, on one line."""
    calendar, money = briefing.calendar, briefing.money
    done = sum(row.done_hours for row in briefing.workstreams)
    known = done + sum(row.remaining_hours for row in briefing.workstreams)
    live = sum(site.present and site.days_live >= 0 for site in briefing.sites)
    return (
        f"day {calendar.day:>3}: {done / known if known else 1.0:4.0%} of the known work done, "
        f"{sum(briefing.defects.open_by_severity)} defects open, "
        f"{briefing.questions.pending} questions pending, "
        f"{live} of {briefing.customer.sites} sites live, "
        f"{money.spent_usd / money.budget_usd:.0%} of the budget spent"
    )
