"""Cross-play: teams beside partners that take one role, on the same customers.

A *pairing* is four roles of a team beside somebody else in the fifth. What a pairing can reach
depends on the partner, so beside its score stands its proximity to the partner's best response
(Wang et al. 2024, "ZSC-Eval", call it BR-Prox): the score over that of the best four roles, beside
the same partner, of a stated set. The set is the teams that are judged and ``RESPONSES``; more,
such as a planner's, can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.partners import partner as partner_of
from ...agents.team_spec import TEAM, TeamSpec, is_team
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.tables import Cell, Column, Table, figures, right
from .best_responses import RESPONSES, best_of, best_scores
from .intervals import DIFFERENCE_BOUNDS, SHARE_BOUNDS, ratio_interval, table_interval
from .plan import Entrant, make_entrants, policy_fingerprint
from .runner import evaluate_suite
from .statistics import FloatArray, Interval
from .tables import interval_cell
from .trainings import Tables, interval_of_trainings, of_difference, of_mean

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...scenarios.suite import Suite
    from ...sim.world_kind import WorldKind
    from .result import EvaluationResult

HELD_OUT, TRAIN, ALL = "held-out", "train", "all"
"""Stand for the kinds of partners that are kept from training, that are not, and for both."""
EVERY = "every"
"""Stands for all roles, or all partners, of which a figure is the mean."""
_WORST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Pairing:
    """Four roles of a team beside a partner in the fifth.

    Attributes:
        team: what it is called.
        role: that the partner plays; ``EVERY``: the mean over roles.
        partner: its kind or name; ``EVERY``: the mean over partners.
        score: mean over customers, and over trainings if there are several.
        difference: to the reference's four roles beside the same partner on the same customers;
            None of the reference.
        proximity: score over the best response's; None where that scores nothing.
        best: who of the set scores highest beside the partner; empty of a mean.
        worst_tenth: mean of the lowest tenth of the scores.
    """

    team: str
    role: str
    partner: str
    score: Interval
    difference: Interval | None
    proximity: Interval | None
    best: str
    worst_tenth: Interval


@dataclass(frozen=True, slots=True)
class CrossPlay:
    """All pairings, and how they were played.

    Attributes:
        title: what was played.
        teams: that are judged.
        roles: that partners play.
        partners: by what they are called.
        reference: team that the others are compared with.
        responses: teams of the set beside those that are judged.
        customers: of each scenario.
        pairings: per team, role and partner; then means.
        itself: score of each team without a partner.
        poisoned: episodes that could not be finished; their customers are left out.
    """

    title: str
    teams: tuple[str, ...]
    roles: tuple[str, ...]
    partners: tuple[str, ...]
    reference: str
    responses: tuple[str, ...]
    customers: int
    pairings: tuple[Pairing, ...]
    itself: Mapping[str, Interval]
    poisoned: tuple[str, ...] = ()

    def pairing(self, team: str, role: str = EVERY, partner: str = EVERY) -> Pairing:
        """One pairing, or a mean of some; raises KeyError if there is none."""
        for one in self.pairings:
            if (one.team, one.role, one.partner) == (team, role, partner):
                return one
        raise KeyError((team, role, partner))


@dataclass(frozen=True)
class Cast:
    """Teams, the partners beside them, and the set in which best responses are looked for.

    Args:
        kind: of the world.
        teams: names or paths of teams, ``name=path`` to name one, ``name=runs/*`` for several
            trainings of one.
        partners: kinds, trained teams' paths (``name=path``), or ``held-out``, ``train``, ``all``.
        roles: that partners play; empty: all.
        responses: further teams of the set of best responses; ``planner:BUDGET`` plans for all
            roles that the partner does not play.

    Raises:
        GoliveError: something of it does not exist, or stands there twice.
    """

    kind: WorldKind
    teams: Sequence[str]
    partners: Sequence[str] = (HELD_OUT,)
    roles: Sequence[str] = ()
    responses: Sequence[str] = RESPONSES

    def __post_init__(self) -> None:
        if self.kind.team is None:
            raise GoliveError(f"world {self.kind.name}: expected one that has a team")
        names = self.kind.team().names
        for role in self.roles:
            if role not in names:
                raise GoliveError(f"role: {role!r}: expected one of {', '.join(names)}")
        for team in self.entrants_of_teams:
            if not is_team(str(team.policy)):
                raise GoliveError(f"{team.label}: expected a team: {TEAM}KIND, or a trained one")
        for role in self.played:
            for player in self.players.values():
                partner_of(self.kind, role, player)

    @property
    def played(self) -> tuple[str, ...]:
        """Roles that partners play."""
        assert self.kind.team is not None
        return tuple(dict.fromkeys(self.roles)) or self.kind.team().names

    @property
    def players(self) -> dict[str, str]:
        """Partners by what they are called."""
        kinds = self.kind.partners()
        groups = {
            HELD_OUT: [name for name, one in kinds.items() if one.held_out],
            TRAIN: [name for name, one in kinds.items() if not one.held_out],
            ALL: list(kinds),
        }
        found: dict[str, str] = {}
        for told in self.partners:
            if told in groups:
                found |= {name: name for name in groups[told]}
            else:
                label, equals, player = told.partition("=")
                found[label] = player if equals else told
        return found

    @property
    def entrants_of_teams(self) -> list[Entrant]:
        """The teams that are judged, each training by itself."""
        return make_entrants(self.teams)

    @property
    def further(self) -> tuple[str, ...]:
        """The responses that are not among the teams that are judged."""
        teams = {str(one.policy) for one in self.entrants_of_teams}
        return tuple(name for name in self.responses if f"{TEAM}{name}" not in teams)

    @property
    def judged(self) -> tuple[str, ...]:
        """Names of the teams."""
        return tuple(dict.fromkeys(one.group or one.label for one in self.entrants_of_teams))

    def entrants(self) -> list[Entrant]:
        """All that is played: the teams as they are, and every pairing of them and the set."""
        teams = self.entrants_of_teams
        others = [Entrant(name, f"{TEAM}{name}") for name in self.further]
        found = {one.label: one for one in teams}
        for host in (*teams, *others):
            team = TeamSpec.parse(str(host.policy))
            for role in self.played:
                for label, player in self.players.items():
                    name = pairing_label(host.label, role, label)
                    spec = str(TeamSpec(team.first, {**team.others, role: player}))
                    group = pairing_label(host.group, role, label) if host.group else ""
                    found[name] = Entrant(name, spec, policy_fingerprint(spec), group)
        return list(found.values())


def pairing_label(team: str, role: str, partner: str) -> str:
    """Name of a pairing in an evaluation."""
    return f"{team} beside {partner} as {role}"


@checked
def cross_play(
    cast: Cast,
    suite: Suite,
    scenarios: Sequence[Scenario],
    *,
    reference: str = "",
    **options: Any,
) -> CrossPlay:
    """Play all pairings on the same customers.

    Args:
        cast: who plays.
        suite: whose customers they meet.
        scenarios: of the suite.
        reference: team that the others are compared with; empty: the first.
        options: of ``evaluate_suite``, such as ``split``, ``episodes``, ``directory``, ``cache``:
            rows are kept and gone on with as those of any evaluation.

    Raises:
        GoliveError: as of ``evaluate_suite``; also a reference that is not among the teams.
    """
    reference = reference or cast.judged[0]
    if reference not in cast.judged:
        raise GoliveError(f"reference: {reference!r}: expected one of {', '.join(cast.judged)}")
    result = evaluate_suite(cast.entrants(), suite, scenarios, raise_poisoned=False, **options)
    return judged(cast, result, reference)


def judged(cast: Cast, result: EvaluationResult, reference: str) -> CrossPlay:
    """The figures of all pairings that were played."""
    cells = [(role, partner) for role in cast.played for partner in cast.players]
    scores = {
        (team, *cell): result.tables(pairing_label(team, *cell), result.score)
        for team in (*cast.judged, *cast.further)
        for cell in cells
    }
    best: dict[tuple[str, str], tuple[str, list[FloatArray]]] = {}
    for cell in cells:
        candidates = {
            f"{team} {place + 1}" if len(scores[team, *cell][0]) > 1 else team: [
                table[place] for table in scores[team, *cell]
            ]
            for team in (*cast.judged, *cast.further)
            for place in range(len(scores[team, *cell][0]))
        }
        best[cell] = best_of(candidates), best_scores(list(candidates.values()))
    found = []
    for team in cast.judged:
        for over in _groups(cast):
            inside = [cell for cell in cells if _is_in(cell, over)]
            own = [scores[team, *cell] for cell in inside]
            found.append(
                _pairing(
                    team,
                    over,
                    own,
                    None if team == reference else [scores[reference, *c] for c in inside],
                    [best[cell][1] for cell in inside],
                    best[over][0] if over in best else "",
                )
            )
    plan = result.plan
    return CrossPlay(
        title=f"{', '.join(plan.scenarios)}: {plan.episodes} customers from seed {plan.first_seed}",
        teams=cast.judged,
        roles=cast.played,
        partners=tuple(cast.players),
        reference=reference,
        responses=cast.further,
        customers=plan.episodes,
        pairings=tuple(found),
        itself={team: _mean(result.tables(team, result.score)) for team in cast.judged},
        poisoned=tuple(map(str, result.poisoned)),
    )


def _groups(cast: Cast) -> list[tuple[str, str]]:
    """Pairings of a team: each, the mean of each role and of each partner, and of all."""
    roles = (*cast.played, EVERY) if len(cast.played) > 1 else cast.played
    partners = (*cast.players, EVERY) if len(cast.players) > 1 else tuple(cast.players)
    every = [(role, partner) for role in roles for partner in partners]
    return every if (EVERY, EVERY) in every else [*every, (EVERY, EVERY)]


def _is_in(cell: tuple[str, str], over: tuple[str, str]) -> bool:
    return all(asked in (EVERY, name) for name, asked in zip(cell, over, strict=True))


def _pairing(
    team: str,
    over: tuple[str, str],
    own: Sequence[Tables],
    reference: Sequence[Tables] | None,
    best: Sequence[Sequence[FloatArray]],
    name: str,
) -> Pairing:
    """The figures of a team's cells together; each customer's is its mean over them."""
    mine = _over_cells(own)
    difference = None
    if reference is not None:
        parts = of_difference(mine, _over_cells(reference))
        difference = interval_of_trainings(
            parts, support=DIFFERENCE_BOUNDS, bounds=DIFFERENCE_BOUNDS
        )
    means = [table.mean(axis=0) for table in mine]
    bests = [np.mean(strata, axis=0) for strata in zip(*best, strict=True)]
    # A row per customer: it is customers that are resampled, with all that was played with them.
    rows = np.concatenate(
        [np.concatenate(tables).T for tables in zip(*own, strict=True)]  # a stratum's cells
    )
    worst = table_interval(rows, _worst_tenth, f"worst tenth of {team}", bounds=SHARE_BOUNDS)
    proximity = ratio_interval(means, bests, most=1.0)
    return Pairing(team, *over, _mean(mine), difference, proximity, name, worst)


def _over_cells(cells: Sequence[Tables]) -> list[FloatArray]:
    return [np.mean(tables, axis=0) for tables in zip(*cells, strict=True)]


def _mean(tables: Tables) -> Interval:
    return interval_of_trainings(of_mean(tables), support=SHARE_BOUNDS, bounds=SHARE_BOUNDS)


def _worst_tenth(rows: FloatArray) -> float:
    """Mean of the lowest tenth of all entries, one at least."""
    values = np.sort(rows, axis=None)
    return float(values[: max(1, round(_WORST_SHARE * values.size))].mean())


# -- tables ----------------------------------------------------------------------------------


def matrix_table(found: CrossPlay) -> Table:
    """Teams by partners: scores, each the mean over the roles that the partner played."""
    partners = (*found.partners, EVERY) if len(found.partners) > 1 else found.partners
    role = EVERY if len(found.roles) > 1 else found.roles[0]
    rows = [
        (
            team,
            interval_cell(found.itself[team], _three),
            *(interval_cell(found.pairing(team, role, one).score, _three) for one in partners),
        )
        for team in found.teams
    ]
    roles = ", ".join(found.roles)
    notes = [f"Four roles of a team beside a partner as {roles}; beside itself: all five."]
    columns = figures("team", "beside itself", *partners)
    return Table(f"Cross-play on {found.title}", columns, rows, notes)


def pairing_table(found: CrossPlay, role: str) -> Table:
    """The pairings of one role, or their means over roles."""
    rows: list[tuple[object, ...]] = []
    for one in found.pairings:
        if one.role != role:
            continue
        difference: object = Cell("reference")
        if one.difference is not None:
            difference = interval_cell(one.difference, lambda value: f"{value:+.3f}")
        rows.append(
            (
                one.partner,
                one.team,
                interval_cell(one.score, _three),
                difference,
                interval_cell(one.proximity, lambda value: f"{100 * value:.1f} %"),
                _three(one.worst_tenth.estimate),
            )
        )
    rows.sort(key=lambda row: [*found.partners, EVERY].index(str(row[0])))
    columns = (
        Column("partner", wraps=False),
        Column("team", wraps=False),
        *map(right, ("score", "minus\nreference", "of the best\nresponse")),
        right("worst\ntenth"),
    )
    title = "Means over all roles" if role == EVERY else f"Beside a partner as {role}"
    return Table(title, columns, rows, [_set_note(found)])


def _set_note(found: CrossPlay) -> str:
    return (
        f"Best responses are of the teams here and of {', '.join(found.responses)}, each chosen on "
        "the other half of the customers. 95 % intervals over customers, and over trainings where "
        "a team has several; those of worst tenths, and who is best, are in the JSON."
    )


def _three(value: float) -> str:
    return f"{value:.3f}"
