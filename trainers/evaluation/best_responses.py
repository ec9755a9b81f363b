"""Best responses in a team: the best of a stated set in a role, beside those who play the others.

Nobody knows the best response to somebody; what is known is the best of those that were tried.
Who is best is chosen on every other customer and judged on those between, both ways round, so that
luck which chose it does not flatter it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...agents.partners import ALL_SEEING
from ...agents.team_spec import TeamSpec
from .cells import shifted
from .intervals import DIFFERENCE_BOUNDS, paired_difference_interval, ratio_interval
from .plan import Entrant, policy_fingerprint
from .runner import Progress, evaluate
from .statistics import FloatArray, Interval, Strata

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...sim.world_kind import WorldKind

RESPONSES = ("expert", ALL_SEEING)
"""Players that are tried in a role beside whoever plays it: an expert of what the role sees, and
one who sees all that any role knows, a reference."""
_ITSELF = "itself"


@dataclass(frozen=True, slots=True)
class Response:
    """The best of the set in one role.

    Attributes:
        role: its name.
        best: who scores highest there, on all customers; ``itself``: who plays it.
        gain: score with the best in the role less the team's own, chosen on other customers.
    """

    role: str
    best: str
    gain: Interval


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Collaboration efficiency: a team's score over the mean of its roles' best responses'.

    Attributes:
        ratio: None where the best responses score nothing.
        tried: who was tried in each role.
        roles: best responses, role by role.
        customers: that each met.
    """

    ratio: Interval | None
    tried: tuple[str, ...]
    roles: tuple[Response, ...]
    customers: int


def best_scores(candidates: Sequence[Strata]) -> list[FloatArray]:
    """Scores of the candidate that is best on the other half of the customers.

    Args:
        candidates: scores per stratum of each, on the same customers.

    Returns:
        Per stratum float64 (customers,).
    """
    found = [np.empty_like(values, dtype=np.float64) for values in candidates[0]]
    for half in (0, 1):
        others = [np.concatenate([v[1 - half :: 2] for v in one]) for one in candidates]
        means = [float(values.mean()) if values.size else 0.0 for values in others]
        best = candidates[int(np.argmax(means))]
        for into, values in zip(found, best, strict=True):
            into[half::2] = values[half::2]
    return found


def best_of(candidates: Mapping[str, Strata]) -> str:
    """The candidate with the highest mean score over all customers; the first of equals."""
    return max(candidates, key=lambda name: float(np.concatenate(candidates[name]).mean()))


def measure_efficiency(
    entrant: Entrant,
    kind: WorldKind,
    scenarios: Sequence[tuple[Scenario, range]],
    *,
    responses: Sequence[str] = RESPONSES,
    level: float,
    workers: int = 1,
    progress: Progress | None = None,
) -> Efficiency:
    """A team, and each of its roles replaced by others, on the same customers.

    Args:
        entrant: the team, by a name or path that means one.
        kind: of the world.
        scenarios: with the seeds of their customers, as many in each.
        responses: players that are tried in each role beside the team's own.
        level: of the intervals.
        workers: processes.
        progress: told how far it is.

    Raises:
        GoliveError: a player that does not exist.
        PoisonedEpisodesError: an episode failed.
    """
    assert kind.team is not None
    team, roles = TeamSpec.parse(str(entrant.policy)), kind.team().names
    entrants = [Entrant(_ITSELF, entrant.policy, entrant.fingerprint)]
    for role in roles:
        for player in responses:
            if team.player(role) != player:
                spec = str(team.with_player(role, player))
                entrants.append(Entrant(f"{role}={player}", spec, policy_fingerprint(spec)))
    scores: dict[str, list[FloatArray]] = {one.label: [] for one in entrants}
    total = len(entrants) * sum(len(seeds) for _, seeds in scenarios)
    done = 0
    for scenario, seeds in scenarios:
        result = evaluate(
            entrants,
            [scenario],
            first_seed=seeds.start,
            episodes=len(seeds),
            workers=workers,
            progress=progress and shifted(progress, done, total),
        )
        done += len(entrants) * len(seeds)
        for label in scores:
            scores[label] += result.scores(label, result.score)
    own, best, found = scores[_ITSELF], [], []
    for role in roles:
        candidates: dict[str, Strata] = {_ITSELF: own}
        candidates |= {p: scores[f"{role}={p}"] for p in responses if f"{role}={p}" in scores}
        best.append(best_scores(list(candidates.values())))
        gain = paired_difference_interval(best[-1], own, level=level, bounds=DIFFERENCE_BOUNDS)
        found.append(Response(role, best_of(candidates), gain))
    means = [np.mean(strata, axis=0) for strata in zip(*best, strict=True)]
    ratio = ratio_interval(own, means, level=level, most=1.0)
    return Efficiency(ratio, tuple(responses), tuple(found), len(scenarios[0][1]))
