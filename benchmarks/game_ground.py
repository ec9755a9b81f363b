"""The customers of one game, on whom policies are compared with the expert."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from benchmarks.game_kind import EXPERT, GameKind, Sizes
from benchmarks.game_play import Case, Played, cases_of, play
from benchmarks.game_report import PolicyRow
from benchmarks.game_variance import gain
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_suite, suite_name_of
from golive.scenarios.suite import Split
from golive.sim.world_kind import PolicyFactory
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.progress import Phase
from golive.trainers.evaluation.statistics import FloatArray, Interval


@dataclass(slots=True)
class _Kept:
    """Results kept, so that nothing is played twice."""

    blocks: dict[str, Played] = field(default_factory=dict)
    rows: list[PolicyRow] = field(default_factory=list)


class Ground:
    """The customers of one game, on whom policies are compared with the expert.

    Args:
        game: what the world brings.
        name: of a scenario or a suite.
        sizes: how much is played.
        workers: processes.
        tell: told (what is played, episodes done, in all).
        split: makes of a policy the one that is played, such as a team that splits its decisions;
            None: it is played as it is.

    Raises:
        GoliveError: there is no such scenario or suite.
    """

    def __init__(
        self,
        game: GameKind,
        name: str,
        sizes: Sizes,
        workers: int,
        tell: Phase,
        split: Callable[[PolicyFactory], PolicyFactory] | None = None,
    ) -> None:
        self.game, self.name, self.sizes, self.split = game, name, sizes, split
        suite = load_suite(suite_name_of(name) or name)
        if name in suite.scenarios:  # the others of its suite are other games
            suite = suite.model_copy(update={"scenarios": (name,)})
        self._suite = suite
        self._workers, self._tell = workers, tell
        self._kept = _Kept()

    def policy_of(self, spec: str) -> PolicyFactory:
        """Makes a policy of the world by its name."""
        return partial(load_policy, spec, world_kind(self.game.world))

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Held-out customers."""
        return cases_of(self._suite, Split.TEST, self.sizes.customers, self.game.case)

    @cached_property
    def training(self) -> tuple[Case, ...]:
        """Customers on whom schedules are recorded and chosen."""
        return cases_of(self._suite, Split.TRAIN, self.sizes.schedules, self.game.case)

    @cached_property
    def expert(self) -> Played:
        """The expert on all customers."""
        return self.played("the expert", {EXPERT: self.policy_of(EXPERT)})

    @cached_property
    def expert_scores(self) -> FloatArray:
        """Scores of the expert (customers, luck)."""
        scores: FloatArray = self.expert.scores[0]
        return scores

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the expert's scores, the unit of differences."""
        return float(self.expert_scores.std(ddof=1)) or 1.0

    @property
    def policies(self) -> tuple[PolicyRow, ...]:
        """All that were compared so far."""
        return tuple(self._kept.rows)

    def played(
        self,
        block: str,
        policies: Mapping[str, PolicyFactory],
        customers: int | None = None,
        luck: int | None = None,
        cases: Sequence[Case] | None = None,
        whole: bool = False,
    ) -> Played:
        """Play policies, once for each block, on the first customers and seeds of luck.

        Those that are ``whole`` are never split.
        """
        if block not in self._kept.blocks:
            if self.split is not None and not whole:
                policies = {name: self.split(made) for name, made in policies.items()}
            cases = self.cases if cases is None else cases
            phase = f"{self.name}: {block}"
            self._kept.blocks[block] = play(
                self.game.world,
                policies,
                cases[: customers or len(cases)],
                luck or self.sizes.luck,
                workers=self._workers,
                progress=partial(self._tell, phase),
            )
        return self._kept.blocks[block]

    def compared(
        self,
        block: str,
        policies: Mapping[str, PolicyFactory],
        customers: int | None = None,
        luck: int | None = None,
        whole: bool = False,
    ) -> list[PolicyRow]:
        """Play policies and compare each with the expert on the same customers and luck."""
        played = self.played(block, policies, customers, luck, whole=whole)
        rows = [self._row(block, played, place) for place in range(len(played.names))]
        self._kept.rows += [row for row in rows if row not in self._kept.rows]
        return rows

    def gain(self, scores: FloatArray) -> Interval | None:
        """Scores (customers, luck) minus the expert's there, in its standard deviations."""
        customers, luck = scores.shape
        return gain(scores, self.expert_scores[:customers, :luck], self.sd)

    def withheld(
        self, block: str, whole: PolicyFactory, policies: Mapping[str, PolicyFactory]
    ) -> list[PolicyRow]:
        """Play a policy and versions of it, and compare each with the whole one."""
        played = self.played(block, {"": whole, **policies})
        full = played.scores[0]
        rows = [
            replace(self._row(block, played, place), gain=gain(played.scores[place], full, self.sd))
            for place in range(1, len(played.names))
        ]
        self._kept.rows += [row for row in rows if row not in self._kept.rows]
        return rows

    def with_expert(self, played: Played) -> Played:
        """The same with the expert in front."""
        _, customers, luck = played.scores.shape
        parts = (self.expert, played)
        return Played(
            (EXPERT, *played.names),
            np.concatenate([part.scores[:, :customers, :luck] for part in parts]),
            np.concatenate([part.rewards[:, :customers, :luck] for part in parts]),
            np.concatenate([part.illegal[:, :customers, :luck] for part in parts]),
        )

    def _row(self, block: str, played: Played, place: int) -> PolicyRow:
        return PolicyRow(
            block,
            played.names[place],
            float(played.scores[place].mean()),
            float(played.rewards[place].mean()),
            self.gain(played.scores[place]),
            int(played.illegal[place].sum()),
        )
