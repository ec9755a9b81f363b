"""Learned credit of a team's roles beside exact credit, which the world can tell.

Exact: every coalition of roles plays the same customer with the same luck
(``golive.agents.team.credit``). Learned: a central critic of state and joint action is fitted to
recorded episodes of random coalitions on other customers, as COMA's and difference rewards' are
(Foerster et al. 2018, "Counterfactual Multi-Agent Policy Gradients"; Wolpert and Tumer 2001,
"Optimal Payoff Functions for Members of Collectives"), and asked what a role's actions added:

- *difference rewards*: the critic's value of what was done, less that with the action of the
  default in the role's place, added up over the episode;
- *counterfactual advantage*: the same, less the mean value over all legal actions of the role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import JsonOption, ScenarioOption, show, span, start
from golive.agents.partners import partners_of
from golive.agents.team import RolePolicy, TeamObserver, credit, play_team
from golive.agents.team_policy import choice_table
from golive.scenarios.loader import load_scenario, load_suite, suite_name_of
from golive.scenarios.suite import Split
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.intervals import mean_interval, table_interval
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.tables import interval_cell

if TYPE_CHECKING:
    import torch

    from golive.envs.team import TeamEnv
    from golive.trainers.evaluation.statistics import FloatArray, Interval

DIFFERENCE, ADVANTAGE = "difference rewards", "counterfactual advantage"
_HELD_BACK = 0.2
"""Share of the recorded episodes by which the critic's fit is stopped and told."""
_HIDDEN = (128, 128)
_EPOCHS, _PATIENCE, _BATCH, _RATE, _DECAY = 60, 6, 512, 1e-3, 1e-4


@dataclass(frozen=True, slots=True)
class Correlation:
    """A learned credit beside an exact one, over customers and roles.

    Attributes:
        learned: how it was learned.
        exact: which exact credit.
        all: correlation over all pairs of customer and role.
        within_role: the same with each role's mean removed: whether it knows on which customers a
            role mattered.
    """

    learned: str
    exact: str
    all: Interval
    within_role: Interval


@dataclass(frozen=True, slots=True)
class RoleCredit:
    """A role's credit, mean over customers: exact, and as it was learned in its own units."""

    role: str
    difference: Interval
    shapley: Interval
    learned: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class CreditReport:
    """Learned beside exact credit.

    Attributes:
        episodes: recorded to fit the critic.
        customers: on whom credit was told.
        explained: share of the variance of scores that the critic explains in episodes held back.
        largest_gap: of any customer's Shapley values from what they must add up to.
    """

    episodes: int
    customers: int
    explained: float
    largest_gap: float
    roles: tuple[RoleCredit, ...]
    correlations: tuple[Correlation, ...]


@dataclass
class Recorder(TeamObserver):
    """Keeps states, joint actions and what the default would have done."""

    default: Mapping[str, RolePolicy]
    states: list[NDArray[np.float32]] = field(default_factory=list)
    actions: list[list[int]] = field(default_factory=list)
    defaults: list[list[int]] = field(default_factory=list)
    masks: list[list[NDArray[np.int8]]] = field(default_factory=list)

    def begun(self, environment: TeamEnv) -> None:
        """Ready the default's players, who watch and are not asked."""
        for player in self.default.values():
            player.reset(environment, environment.world_env.world.seed)

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        """Keep a decision point."""
        roles = environment.possible_agents
        self.states.append(environment.state())
        self.actions.append([actions[role] for role in roles])
        self.defaults.append([self.default[role].act(environment) for role in roles])
        self.masks.append([environment.action_mask(role) for role in roles])


class Critic:
    """Value of a state and a joint action, fitted to the scores in which episodes ended.

    Args:
        environment: of the team.
        seed: of first weights and shuffling.
    """

    def __init__(self, environment: TeamEnv, seed: int) -> None:
        import torch

        self._tables = [torch.as_tensor(choice_table(r).T) for r in environment.actions.roles]
        inputs = len(environment.state_features) + sum(table.shape[1] for table in self._tables)
        torch.manual_seed(seed)
        sizes = (inputs, *_HIDDEN, 1)
        layers: list[torch.nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
        self._network = torch.nn.Sequential(*layers[:-1])
        self._generator = np.random.default_rng(seed)

    def inputs(self, states: NDArray[np.float32], actions: NDArray[np.int64]) -> torch.Tensor:
        """Rows that it is shown of states and joint actions (samples, roles)."""
        import torch

        chosen = [table[actions[:, place]] for place, table in enumerate(self._tables)]
        return torch.cat([torch.as_tensor(states), *chosen], dim=1)

    def values(self, states: NDArray[np.float32], actions: NDArray[np.int64]) -> FloatArray:
        """Scores that it expects: float64 (samples,)."""
        import torch

        with torch.no_grad():
            found: torch.Tensor = self._network(self.inputs(states, actions))
        return found.squeeze(1).numpy().astype(np.float64)

    def fit(self, recorded: Sequence[Recorder], scores: Sequence[float]) -> float:
        """Fit it, until it does no better on episodes held back; tells the variance explained."""
        import torch

        count = max(1, round(_HELD_BACK * len(recorded)))
        rows = [self.inputs(*_arrays(one)) for one in recorded]
        targets = [
            torch.full((len(one), 1), score) for one, score in zip(rows, scores, strict=True)
        ]
        judged = torch.cat(rows[:count]), torch.cat(targets[:count])
        shown, wanted = torch.cat(rows[count:]), torch.cat(targets[count:])
        optimiser = torch.optim.AdamW(self._network.parameters(), lr=_RATE, weight_decay=_DECAY)
        best, kept, since = np.inf, self._network.state_dict(), 0
        for _ in range(_EPOCHS):
            order = self._generator.permutation(len(shown))
            for first in range(0, len(order), _BATCH):
                batch = torch.as_tensor(order[first : first + _BATCH])
                optimiser.zero_grad()
                error = torch.nn.functional.mse_loss(self._network(shown[batch]), wanted[batch])
                error.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
            with torch.no_grad():
                loss = float(torch.nn.functional.mse_loss(self._network(judged[0]), judged[1]))
            since += 1
            if loss < best:
                best, since = loss, 0
                kept = {name: value.clone() for name, value in self._network.state_dict().items()}
            if since > _PATIENCE:
                break
        self._network.load_state_dict(kept)
        spread = float(judged[1].var(correction=0))
        return 1.0 - best / spread if spread > 0.0 else 0.0

    def credit(self, recorded: Recorder) -> dict[str, list[float]]:
        """Credit of each role in an episode, in both ways."""
        states, actions = _arrays(recorded)
        own = self.values(states, actions)
        defaults = np.array(recorded.defaults)
        found: dict[str, list[float]] = {DIFFERENCE: [], ADVANTAGE: []}
        for place in range(actions.shape[1]):
            instead = actions.copy()
            instead[:, place] = defaults[:, place]
            found[DIFFERENCE].append(float((own - self.values(states, instead)).sum()))
            found[ADVANTAGE].append(
                float((own - self._mean_value(states, actions, recorded, place)).sum())
            )
        return found

    def _mean_value(
        self,
        states: NDArray[np.float32],
        actions: NDArray[np.int64],
        recorded: Recorder,
        place: int,
    ) -> FloatArray:
        """Per decision the mean value over the legal actions of a role."""
        legal = [np.flatnonzero(masks[place]) for masks in recorded.masks]
        rows = np.repeat(np.arange(len(legal)), [len(one) for one in legal])
        tried = actions[rows]
        tried[:, place] = np.concatenate(legal)
        values = self.values(states[rows], tried)
        return np.bincount(rows, values) / np.bincount(rows)


def command(
    *,
    scenario: ScenarioOption = "furniture",
    team: Annotated[str, typer.Option(help="Whose credit: a kind, or a trained team.")] = "expert",
    default: Annotated[str, typer.Option(help="Kind in a role's place.")] = "by_the_book",
    episodes: Annotated[int, typer.Option(min=10, help="Recorded to fit the critic.")] = 1_000,
    customers: Annotated[int, typer.Option(min=2, help="Whose exact credit is told.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Of coalitions and critic.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Hold learned credit against exact credit, with 95 % intervals over customers."""
    report = compared(scenario, team, default, episodes, customers, seed)
    show(report, _tables(report, scenario, team, default), as_json)


def compared(
    scenario: str, team: str, default: str, episodes: int, customers: int, seed: int
) -> CreditReport:
    """Fit a critic on training customers, and hold its credit against the exact one on others."""
    import torch

    from golive.envs.team import TeamEnv

    torch.set_num_threads(1)
    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    splits = load_suite(suite_name_of(chosen.name) or chosen.name).splits
    environment = TeamEnv(chosen, world=kind)
    roles = environment.possible_agents
    players, default_players, watching = (
        partners_of(kind, roles, {}, name) for name in (team, default, default)
    )
    drawn = np.random.default_rng(seed).random((episodes, len(roles))) < 0.5
    recorded, scores = [], []
    with counting_bar("Recording") as progress:
        for number, is_in in enumerate(drawn):
            mixed = {
                role: (players if own else default_players)[role]
                for role, own in zip(roles, is_in, strict=True)
            }
            watch = Recorder(watching)
            scores.append(
                play_team(environment, mixed, splits[Split.TRAIN].start + number, [watch])
            )
            recorded.append(watch)
            progress(number + 1, episodes)
    critic = Critic(environment, seed)
    explained = critic.fit(recorded, scores)
    exact: dict[str, list[list[float]]] = {"difference": [], "shapley": []}
    learned: dict[str, list[list[float]]] = {DIFFERENCE: [], ADVANTAGE: []}
    gaps = [0.0]
    with counting_bar("Exact credit") as progress:
        for number in range(customers):
            customer = splits[Split.TEST].start + number
            told = credit(environment, players, default_players, customer)
            whole = told.scores[tuple(range(len(roles)))] - told.scores[()]
            gaps.append(abs(float(np.add.reduce(list(told.shapley.values()))) - whole))
            exact["difference"].append([told.difference[role] for role in roles])
            exact["shapley"].append([told.shapley[role] for role in roles])
            watch = Recorder(watching)
            play_team(environment, players, customer, [watch])
            for way, values in critic.credit(watch).items():
                learned[way].append(values)
            progress(number + 1, customers)
    tables: Mapping[str, Any] = {n: np.array(v) for n, v in (exact | learned).items()}
    return CreditReport(
        episodes,
        customers,
        explained,
        max(gaps),
        tuple(
            RoleCredit(
                role,
                mean_interval([tables["difference"][:, place]], bounds=(-1.0, 1.0)),
                mean_interval([tables["shapley"][:, place]], bounds=(-1.0, 1.0)),
                {way: mean_interval([tables[way][:, place]]) for way in learned},
            )
            for place, role in enumerate(roles)
        ),
        tuple(
            correlation(way, tables[way], which, tables[which])
            for way in learned
            for which in exact
        ),
    )


def correlation(way: str, learned: FloatArray, which: str, exact: FloatArray) -> Correlation:
    """Correlation of two tables (customers, roles), customers resampled."""
    rows = np.stack([learned, exact], axis=1)

    def over_all(some: FloatArray) -> float:
        return _correlation(some[:, 0].ravel(), some[:, 1].ravel())

    def within_role(some: FloatArray) -> float:
        return over_all(some - some.mean(axis=0))

    bounds = (-1.0, 1.0)
    return Correlation(
        way,
        which,
        table_interval(rows, over_all, f"{way} {which}", bounds=bounds),
        table_interval(rows, within_role, f"{way} {which} in role", bounds=bounds),
    )


def _correlation(one: FloatArray, other: FloatArray) -> float:
    """Pearson's; 0 without any spread."""
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0


def _arrays(recorded: Recorder) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    return np.array(recorded.states), np.array(recorded.actions)


def _tables(report: CreditReport, scenario: str, team: str, default: str) -> list[Any]:
    from golive.core.tables import Column, Table, figures, right

    ways = tuple(report.roles[0].learned)
    title = f"Credit of {team} beside {default} on {scenario}, {report.customers} customers"
    heads = ("difference", "Shapley value", *ways)
    columns = (Column("role", wraps=False), *map(right, heads))
    roles = [
        (
            one.role,
            interval_cell(one.difference, "{:+.3f}".format),
            interval_cell(one.shapley, "{:+.3f}".format),
            *(interval_cell(one.learned[way], "{:+.2f}".format) for way in ways),
        )
        for one in report.roles
    ]
    notes = [
        f"The critic, fitted to {report.episodes} episodes of random coalitions, explains "
        f"{100 * report.explained:.0f} % of the variance of scores in those held back. Shapley "
        f"values add up to the team's gain within {report.largest_gap:.1e}."
    ]
    rows = [
        (one.learned, one.exact, span(one.all, "+.2f"), span(one.within_role, "+.2f"))
        for one in report.correlations
    ]
    return [
        Table(title, columns, roles, notes),
        Table(
            "Correlation of learned with exact credit",
            figures("learned", "exact", "over customers and roles", "roles' means removed"),
            rows,
        ),
    ]


if __name__ == "__main__":
    start("benchmarks.team_credit")
