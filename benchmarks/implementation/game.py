"""Measures whether skill pays in the implementation world: what decides how an episode ends.

A game is worth playing if what differs between two decent managers is more than luck, if the right
way depends on the customer, and if every move is right somewhere. ``ROWS`` are the measurements.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import golive
from benchmarks.command import CORES, show, write_report
from benchmarks.game_report import (
    MOVES,
    NOT_THERE,
    READERS_MOVES,
    Figure,
    Game,
    GameReport,
    Unit,
    console_parts,
    counted,
    needed_choices,
    page,
)
from benchmarks.game_variance import (
    chosen_gains,
    customer_share,
    gain,
    over_customers,
    paired_shares,
    rank_correlation,
)
from benchmarks.implementation.game_ground import Ground, Sizes
from benchmarks.implementation.game_play import Played, recorded_decisions
from benchmarks.implementation.game_policies import (
    EXPERT,
    PLANNERS,
    READERS,
    candidates,
    edited_expert,
    planner,
    policy_of,
    readers_removals,
    removals,
    shipped_edits,
    silly,
    trait_policies,
    trait_values,
)
from benchmarks.implementation.game_wrappers import Schedule
from golive.cli.options import words_of
from golive.core import files
from golive.core.errors import GoliveError
from golive.sim.world_kind import PolicyFactory
from golive.trainers.evaluation.progress import phase_bars
from golive.trainers.evaluation.statistics import FloatArray, Interval

DEFAULT_GAMES = ("furniture", "techmold", "global-electric", "industries")
CLEAR_GAIN_SD = 0.05
"""Edits that surely gain more than this show that the expert is not what it could be."""
PROBES = "probes and follies"
DECENT_SD = 1.0
"""Policies whose mean is so many standard deviations below the expert's are not compared."""
QUICK = Sizes(20, 4, 10, 2, 8, 10)
"""About 8,000 episodes and 8 of the planner, each of which takes hundreds of times as long."""
FULL = Sizes(100, 6, 40, 4, 24, 30)
"""About 60,000 episodes and 24 of the planner."""


# -- rows ------------------------------------------------------------------------------------


def variance_row(ground: Ground) -> list[Figure]:
    """The expert's variance: customer and luck."""
    share = customer_share(ground.expert_scores)
    families = len({case.scenario.name for case in ground.cases})
    note = f"of {families} families, whose differences are in it" if families > 1 else ""
    rest = Interval(1.0 - share.estimate, 1.0 - share.high, 1.0 - share.low, share.level)
    return [
        Figure("variance.customer", "expert's variance: customer", Unit.SHARE, share, note),
        Figure("variance.luck", "expert's variance: luck", Unit.SHARE, rest),
    ]


def paired_row(ground: Ground) -> list[Figure]:
    """Differences among decent policies: policy, policy x customer, policy x luck."""
    decent, dropped = _decent(ground)
    note = f"dropped {', '.join(dropped)}" if dropped else "all that were tried"
    policy, customer, luck = paired_shares(decent.scores)
    label = "paired differences: policy"
    return [
        Figure("paired.policy", label, Unit.SHARE, policy),
        Figure("paired.customer", f"{label} x customer", Unit.SHARE, customer),
        Figure("paired.luck", f"{label} x luck", Unit.SHARE, luck),
        Figure("paired.decent", "decent policies", Unit.COUNT, counted(len(decent.names)), note),
    ]


def _decent(ground: Ground) -> tuple[Played, list[str]]:
    """Policies that are not far below the expert, it among them; and those that are."""
    others = {name: made for name, made in candidates().items() if name != EXPERT}
    ground.compared("ways of managing", others)
    played = ground.with_expert(ground.played("ways of managing", others))
    means = played.scores.mean(axis=(1, 2))
    is_good = means >= means[0] - DECENT_SD * ground.sd
    is_good[1 + means[1:].argmax()] = True  # there must be two to compare
    good = np.flatnonzero(is_good)
    names = tuple(played.names[place] for place in good)
    decent = Played(names, played.scores[good], played.rewards[good], played.illegal[good])
    return decent, [name for name in played.names if name not in names]


def chosen_row(ground: Ground) -> list[Figure]:
    """The best policy for each customer minus the best single one, on luck that chose neither."""
    decent, _ = _decent(ground)
    label = "best policy per customer minus best single one"
    plain = over_customers(chosen_gains(decent.scores), ground.sd)
    shrunk = over_customers(chosen_gains(decent.scores, shrunk=True), ground.sd)
    return [
        Figure("chosen.gain", label, Unit.SD, plain),
        Figure("chosen.shrunk", f"{label}, chosen with shrinkage", Unit.SD, shrunk),
    ]


def traits_row(ground: Ground) -> list[Figure]:
    """Policies that read latent traits, right and wrong; what knowledge is worth at its price."""
    policies = trait_policies()
    if not policies:
        return [Figure("traits.reads every trait", "reads every trait", Unit.SD, None, NOT_THERE)]
    played = ground.played("traits", policies)
    ground.compared("traits", policies)
    found = []
    for name, scores in zip(played.names, played.scores, strict=True):
        found += [
            Figure(
                f"traits.{name}{sign}", f"{name}{sign}, minus expert", Unit.SD, _or_nothing(value)
            )
            for sign, value in _by_sign(ground, name, scores)
        ]
    return found


def _by_sign(ground: Ground, name: str, scores: FloatArray) -> list[tuple[str, Interval | None]]:
    """Gain on all customers, or on those of either sign of the trait that the name ends in."""
    values = [trait_values(case.customer) for case in ground.cases]
    trait = name.rpartition(": ")[2]
    if any(trait not in row for row in values):
        return [("", ground.gain(scores))]
    signs = np.sign([row[trait] for row in values])
    found = []
    for sign, word in ((1, " where it is high"), (-1, " where it is low")):
        rows = np.flatnonzero(signs == sign)
        if rows.size > 1:
            found.append((word, gain(scores[rows], ground.expert_scores[rows], ground.sd)))
    return found


def planner_row(ground: Ground) -> list[Figure]:
    """The planner minus the expert, with the snapshot as it is and without its traits."""
    found = []
    for which, spec in PLANNERS.items():
        made, label = planner(which), f"{PLANNERS['as it is']} {which}, minus expert"
        if made is None:
            found.append(Figure(f"planner.{which}", label, Unit.SD, None, NOT_THERE))
            continue
        customers = ground.sizes.planner_customers
        (row,) = ground.compared(f"planner {which}", {spec: made}, customers, 1)
        note = f"{customers} customers, one seed of luck each"
        found.append(Figure(f"planner.{which}", label, Unit.SD, _or_nothing(row.gain), note))
    return found


def edits_row(ground: Ground) -> list[Figure]:
    """Edits of one rule of the expert, on held-out customers."""
    edits = {edit.name: partial(edited_expert, edit) for edit in shipped_edits()}
    rows = ground.compared("one-rule edits", edits)
    gaining = [row.name for row in rows if row.gain and row.gain.above(CLEAR_GAIN_SD)]
    best = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    label = f"of {len(rows)} one-rule edits, gain by clearly more than {CLEAR_GAIN_SD} sd"
    largest = _or_nothing(best.gain)
    flattered = f"{best.name}; chosen on the customers it is judged on, which flatters it"
    return [
        Figure("edits.gaining", label, Unit.COUNT, counted(len(gaining)), ", ".join(gaining)),
        Figure("edits.largest", "largest gain of an edit", Unit.SD, largest, flattered),
    ]


def schedule_row(ground: Ground) -> list[Figure]:
    """The best recorded schedule, chosen on training customers, which looks at no briefing."""
    recorded = recorded_decisions(policy_of(EXPERT), ground.training)
    schedules = {
        f"schedule {number}": partial(Schedule, decisions)
        for number, decisions in enumerate(recorded, start=1)
    }
    tried = ground.played("schedules chosen", schedules, luck=1, cases=ground.training)
    # Each is judged on customers that it was not recorded on.
    others = ~np.eye(len(schedules), dtype=bool)
    means = (tried.scores[:, :, 0] * others).sum(axis=1) / others.sum(axis=1)
    best = tried.names[int(means.argmax())]
    (row,) = ground.compared("best schedule", {best: schedules[best]})
    note = f"{best} of {len(schedules)}, each the expert's decisions on one training customer"
    label = "best schedule without briefings, minus expert"
    return [Figure("schedule.best", label, Unit.SD, _or_nothing(row.gain), note)]


def moves_row(ground: Ground) -> list[Figure]:
    """The expert, and who reads traits, without each move and pace: removed by the legal mask."""
    rows = ground.compared(MOVES, removals())
    for name in READERS:
        whole, without = readers_removals(name)
        rows += ground.withheld(READERS_MOVES, whole, without)
    choices = needed_choices(rows)
    needed = [name for name, is_needed in choices.items() if is_needed]
    label = f"of {len(choices)} moves and paces, needed by the expert or a reader here"
    return [
        Figure("moves.needed", label, Unit.COUNT, counted(len(needed)), ", ".join(needed) or "none")
    ]


def reward_row(ground: Ground) -> list[Figure]:
    """Rank correlation of default reward and score, and the probes that the reward misleads."""
    sizes = ground.sizes
    _decent(ground)  # plays the ways of managing
    managing = ground.with_expert(ground.played("ways of managing", {}))
    probes = _probes(ground)
    both = [
        np.concatenate([table[:, : sizes.probe_customers, : sizes.probe_luck] for table in tables])
        for tables in ((managing.scores, probes.scores), (managing.rewards, probes.rewards))
    ]
    scores, rewards = (table.mean(axis=(1, 2)) for table in both)
    names = (*managing.names, *probes.names)
    misled = [names[n] for n in np.flatnonzero((rewards > rewards[0]) & (scores < scores[0]))]
    misled = [name for name in misled if name in probes.names]
    return [
        Figure(
            "reward.rank",
            f"Spearman of reward and score, {len(names)} policies",
            Unit.RANK,
            rank_correlation(*both),
        ),
        Figure(
            "reward.misled",
            "probes with more reward and less score than the expert",
            Unit.COUNT,
            counted(len(misled)),
            ", ".join(misled),
        ),
    ]


def probes_row(ground: Ground) -> list[Figure]:
    """Policies that must lose against the expert."""
    _probes(ground)
    rows = [row for row in ground.policies if row.block == PROBES]
    largest = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    above = [row.name for row in rows if row.gain and row.gain.estimate >= 0.0]
    note = f"{largest.name}; not below it: {', '.join(above) or 'none'}"
    label = f"best of {len(rows)} probes and follies, minus expert"
    return [Figure("probes.largest", label, Unit.SD, _or_nothing(largest.gain), note)]


def _probes(ground: Ground) -> Played:
    sizes, policies = ground.sizes, silly()
    ground.compared(PROBES, policies, sizes.probe_customers, sizes.probe_luck)
    return ground.played(PROBES, policies)


def _or_nothing(value: Interval | None) -> Interval:
    """A difference, which is 0 where nothing was decided differently."""
    return Interval(0.0, 0.0, 0.0) if value is None else value


Row = Callable[[Ground], list[Figure]]
ROWS: dict[str, Row] = {
    "variance": variance_row,
    "paired": paired_row,
    "chosen": chosen_row,
    "traits": traits_row,
    "planner": planner_row,
    "edits": edits_row,
    "schedule": schedule_row,
    "moves": moves_row,
    "reward": reward_row,
    "probes": probes_row,
}
"""Measurements by name."""

# -- command ---------------------------------------------------------------------------------


def command(
    *,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Scenario or suite; may be repeated.")
    ] = None,
    rows: Annotated[
        str | None, typer.Option(help=f"Of the table, comma-separated: {', '.join(ROWS)}.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few customers: minutes on two cores for a scenario.")
    ] = False,
    customers: Annotated[
        int | None, typer.Option(min=4, help=f"Held-out customers (default {FULL.customers}).")
    ] = None,
    luck: Annotated[
        int | None, typer.Option(min=2, help=f"Seeds for each (default {FULL.luck}).")
    ] = None,
    team: Annotated[
        bool, typer.Option("--team", help="Every policy is played by five, each from its part.")
    ] = False,
    learner: Annotated[
        list[str] | None, typer.Option(help="Path of a trained team, with --team; may be repeated.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes.")] = CORES,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="File for the report as JSON.")
    ] = None,
    page_file: Annotated[
        Path | None, typer.Option("--page", help="File for the report as a page in Markdown.")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing; files are written.")
    ] = False,
) -> None:
    """Measure whether skill pays: customers, luck, policies, moves, rewards, probes."""
    if learner and not team:
        raise GoliveError("--learner: expected --team, the game of trained teams")
    known: Mapping[str, Row] = ROWS
    split: Callable[[PolicyFactory], PolicyFactory] | None = None
    if team:
        from benchmarks.implementation.game_team import split_among_roles, team_rows

        known, split = team_rows(ROWS, learner or ()), split_among_roles
    chosen = _chosen_rows(rows, known)
    sizes = _sizes(QUICK if quick else FULL, customers, luck)
    for path in filter(None, (json_file, page_file)):
        files.check_writable_file(path)
    names = tuple(dict.fromkeys(scenario or (DEFAULT_GAMES[:1] if team else DEFAULT_GAMES)))
    with phase_bars() as tell:
        grounds = [Ground(name, sizes, processes, tell, split) for name in names]
        games = tuple(measured(ground, chosen) for ground in grounds)
    line = shlex.join(["python", "-m", "benchmarks.game", *sys.argv[1:]])
    report = GameReport(line, golive.__version__, sizes.customers, sizes.luck, games, team)
    write_report(report, json_file)
    if page_file is not None:
        files.write_text_atomically(page_file, page(report))
    if not quiet:
        show(report, console_parts(report), as_json=False)


def measured(ground: Ground, rows: Sequence[Row]) -> Game:
    """Measure rows of one game."""
    figures = tuple(figure for row in rows for figure in row(ground))
    mean = float(ground.expert_scores.mean())
    return Game(ground.name, mean, ground.sd, figures, ground.policies)


def _chosen_rows(text: str | None, known: Mapping[str, Row]) -> tuple[Row, ...]:
    if text is None:
        return tuple(known.values())
    asked = tuple(words_of(text))
    for name in asked:
        if name not in known:
            raise GoliveError(f"rows: {name!r}: expected some of {', '.join(known)}")
    return tuple(known[name] for name in asked)


def _sizes(sizes: Sizes, customers: int | None, luck: int | None) -> Sizes:
    """The sizes with those that were asked for; nobody meets more customers than there are."""
    customers, luck = customers or sizes.customers, luck or sizes.luck
    if luck % 2:
        raise GoliveError(f"luck: {luck}: expected an even number of seeds: halves judge halves")
    return Sizes(
        customers,
        luck,
        min(customers, sizes.probe_customers),
        min(luck, sizes.probe_luck),
        min(customers, sizes.planner_customers),
        min(customers, sizes.schedules),
    )
