"""Measurements of a game that every world has: variance, ways of playing, edits, reward, probes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.game_ground import Ground
from benchmarks.game_kind import EXPERT
from benchmarks.game_play import Played
from benchmarks.game_report import Figure, Unit, counted
from benchmarks.game_variance import (
    chosen_gains,
    customer_share,
    over_customers,
    paired_shares,
    rank_correlation,
)
from golive.trainers.evaluation.statistics import Interval

CLEAR_GAIN_SD = 0.05
"""Edits that surely gain more than this show that the expert is not what it could be."""
PROBES = "probes and follies"
DECENT_SD = 1.0
"""Policies whose mean is so many standard deviations below the expert's are not compared."""
Row = Callable[[Ground], list[Figure]]


def variance_row(ground: Ground) -> list[Figure]:
    """The expert's variance: customer and luck."""
    share = customer_share(ground.expert_scores)
    families = len({case.scenario.name for case in ground.cases})
    note = f"of {families} families, whose differences are in it" if families > 1 else ""
    label = "expert's variance"
    rest = Interval(1.0 - share.estimate, 1.0 - share.high, 1.0 - share.low, share.level)
    return [
        Figure(
            "variance.customer",
            f"expert's variance: {ground.game.subject}",
            Unit.SHARE,
            share,
            note,
        ),
        Figure("variance.luck", f"{label}: luck", Unit.SHARE, rest),
    ]


def paired_row(ground: Ground) -> list[Figure]:
    """Differences among decent policies: policy, policy x customer, policy x luck."""
    decent, dropped = _decent(ground)
    note = f"dropped {', '.join(dropped)}" if dropped else "all that were tried"
    policy, customer, luck = paired_shares(decent.scores)
    label = "paired differences: policy"
    return [
        Figure("paired.policy", label, Unit.SHARE, policy),
        Figure("paired.customer", f"{label} x {ground.game.subject}", Unit.SHARE, customer),
        Figure("paired.luck", f"{label} x luck", Unit.SHARE, luck),
        Figure("paired.decent", "decent policies", Unit.COUNT, counted(len(decent.names)), note),
    ]


def _decent(ground: Ground) -> tuple[Played, list[str]]:
    """Policies that are not far below the expert, it among them; and those that are."""
    others = {name: made for name, made in ground.game.ways().items() if name != EXPERT}
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
    label = f"best policy per {ground.game.subject} minus best single one"
    plain = over_customers(chosen_gains(decent.scores), ground.sd)
    shrunk = over_customers(chosen_gains(decent.scores, shrunk=True), ground.sd)
    return [
        Figure("chosen.gain", label, Unit.SD, plain),
        Figure("chosen.shrunk", f"{label}, chosen with shrinkage", Unit.SD, shrunk),
    ]


def edits_row(ground: Ground) -> list[Figure]:
    """Edits of one rule of the expert, on held-out customers."""
    rows = ground.compared("one-rule edits", ground.game.edits())
    gaining = [row.name for row in rows if row.gain and row.gain.above(CLEAR_GAIN_SD)]
    best = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    label = f"of {len(rows)} one-rule edits, gain by clearly more than {CLEAR_GAIN_SD} sd"
    largest = or_nothing(best.gain)
    flattered = f"{best.name}; chosen on those it is judged on, which flatters it"
    return [
        Figure("edits.gaining", label, Unit.COUNT, counted(len(gaining)), ", ".join(gaining)),
        Figure("edits.largest", "largest gain of an edit", Unit.SD, largest, flattered),
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
    return [Figure("probes.largest", label, Unit.SD, or_nothing(largest.gain), note)]


def _probes(ground: Ground) -> Played:
    sizes, policies = ground.sizes, ground.game.follies()
    ground.compared(PROBES, policies, sizes.probe_customers, sizes.probe_luck)
    return ground.played(PROBES, policies)


def or_nothing(value: Interval | None) -> Interval:
    """A difference, which is 0 where nothing was decided differently."""
    return Interval(0.0, 0.0, 0.0) if value is None else value


COMMON_ROWS: dict[str, Row] = {
    "variance": variance_row,
    "paired": paired_row,
    "chosen": chosen_row,
    "edits": edits_row,
    "reward": reward_row,
    "probes": probes_row,
}
"""Measurements by name."""
