"""``golive team``: five roles play one implementation, week by week, and what each contributes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...core.errors import GoliveError
from ...core.tables import Column, Table, figures, right
from .. import completion
from ..options import LARGEST_SEED, AsJson
from ..output import show, show_json

if TYPE_CHECKING:
    from ...agents.implementation.team_weeks import RoleWeek, TeamWeek
    from ...agents.team import Credit

_TASKS_SHOWN = 2


def team(
    scenario: Annotated[
        str, typer.Argument(help="Scenario by name or file.", autocompletion=completion.scenarios)
    ] = "furniture",
    *,
    partners: Annotated[
        str, typer.Option(help="Who plays what: ROLE=KIND,... (the others: --others).")
    ] = "",
    others: Annotated[str, typer.Option(help="Kind of partner that plays all other roles.")] = (
        "expert"
    ),
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Of the episode.")] = 0,
    silent: Annotated[bool, typer.Option("--silent", help="Nobody can say anything.")] = False,
    absence: Annotated[
        str | None, typer.Option(help="Absences, a preset: usual or heavy (default: none).")
    ] = None,
    credit: Annotated[
        bool, typer.Option("--credit", help="What each role contributes, by all 32 coalitions.")
    ] = False,
    default: Annotated[
        str, typer.Option(help="Kind that takes a role's place to tell what it contributes.")
    ] = "by_the_book",
    as_json: AsJson = False,
) -> None:
    """Let five agents play one implementation: their weeks, and how they worked together."""
    from ...agents.implementation.team_weeks import TeamWeeks
    from ...agents.partners import partners_of
    from ...agents.team import credit as credit_of
    from ...agents.team import play_team
    from ...envs.team import TeamEnv
    from ...sim.worlds import world_kind

    kind = world_kind("implementation")
    options: dict[str, Any] = {
        "world": kind,
        "messages": None if silent else {},
        "absence": absence,
    }
    # Only a world that may be drawn is recorded, and the weeks' tasks come from its records.
    environment = TeamEnv(scenario, render_mode="rgb_array", **options)
    roles = environment.team.names
    players = partners_of(kind, roles, _told(partners), others)
    stand_ins = partners_of(kind, roles, {}, default)
    watch = TeamWeeks()
    score = play_team(environment, players, seed, [watch])
    weeks = watch.weeks(environment)
    shares = credit_of(TeamEnv(scenario, **options), players, stand_ins, seed) if credit else None
    named = {role: player.name for role, player in players.items()}
    if as_json:
        card = environment.world_env.world.scorecard().as_dict()
        show_json(
            {
                "scenario": environment.world_env.scenario.name,
                "seed": seed,
                "partners": named,
                "weeks": [asdict(week) for week in weeks],
                "score": score,
                "scorecard": card,
                **({} if shares is None else {"credit": _credit_content(shares, default)}),
            }
        )
        return
    show(*(_week_table(week) for week in weeks))
    show(f"{environment.world_env.scenario.name}, seed {seed}: {kind.score_label} {score:.4f}")
    if shares is not None:
        show(_credit_table(shares, named, default))


def _told(text: str) -> dict[str, str]:
    """Kinds by role."""
    told: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        role, equals, name = part.partition("=")
        if not equals or not role or not name or role in told:
            raise GoliveError(f"--partners: {part!r}: expected ROLE=KIND, each role once")
        told[role] = name
    return told


def _week_table(week: TeamWeek) -> Table:
    planned = ", ".join(week.planned) or "nothing more"
    notes = [
        f"useful {100 * week.collaboration:.0f} % of the hours with work, "
        f"waited for others {100 * week.waited_for_others:.0f} %, "
        f"rework {100 * week.rework:.0f} %, {week.messages} messages",
        *_hand_over_note(week),
    ]
    columns: tuple[Column | str, ...] = (
        "role",
        "tasks (hours)",
        *map(right, ("done", "useful h", "rework h", "waiting h")),
        "moves and messages",
    )
    return Table(
        f"Week {week.number}, planned: {planned}",
        columns,
        [_role_row(role) for role in week.roles],
        notes,
    )


def _role_row(role: RoleWeek) -> tuple[object, ...]:
    tasks = [f"{name} ({hours:.0f})" for name, hours in role.tasks.items()]
    more = len(tasks) - _TASKS_SHOWN
    shown = [*tasks[:_TASKS_SHOWN], *([f"{more} more"] if more > 0 else [])]
    said = [
        *role.moves,
        *([f"{role.lost} lost"] if role.lost else []),
        *([f"says {', '.join(dict.fromkeys(role.messages))}"] if role.messages else []),
        *([f"{role.days_away} days away"] if role.days_away else []),
    ]
    return (
        role.role,
        "; ".join(shown),
        len(role.done),
        f"{role.useful_hours:.0f}",
        f"{role.rework_hours:.0f}",
        f"{role.waiting_hours:.0f}",
        "; ".join(said),
    )


def _hand_over_note(week: TeamWeek) -> list[str]:
    if not week.hand_overs:
        return []
    first = [f"{h.package} ({h.giver} to {h.taker})" for h in week.hand_overs[:_TASKS_SHOWN]]
    more = len(week.hand_overs) - len(first)
    told = "; ".join([*first, *([f"{more} more"] if more > 0 else [])])
    return [f"{len(week.hand_overs)} packages handed over: {told}"]


def _credit_content(shares: Credit, default: str) -> dict[str, Any]:
    roles = list(shares.shapley)
    return {
        "default": default,
        "difference": dict(shares.difference),
        "shapley": dict(shares.shapley),
        "scores": {
            "+".join(roles[place] for place in coalition) or "nobody": score
            for coalition, score in shares.scores.items()
        },
    }


def _credit_table(shares: Credit, named: dict[str, str], default: str) -> Table:
    whole = shares.scores[tuple(range(len(named)))]
    nobody = shares.scores[()]
    rows: list[tuple[object, ...]] = [
        (role, named[role], f"{shares.difference[role]:+.4f}", f"{shares.shapley[role]:+.4f}")
        for role in named
    ]
    return Table(
        f"What each role contributes beside {default} in its place, on this customer",
        ("role", *figures("played by", "with it less without", "Shapley value")),
        rows,
        [f"all shares add up to {whole:.4f} - {nobody:.4f} = {whole - nobody:+.4f}"],
    )
