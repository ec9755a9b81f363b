"""The context that mechanisms share: scenario, parameters, state, luck, skill in arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...core.arithmetic import power
from ...core.distributions import gamma_table, normal_table
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.gateway.scenario import GatewayScenario
from ...scenarios.gateway.vocabulary import CompanyTrait
from .company import trait_of
from .laws import logistic_all, whole_ticks
from .ledger import Ledger
from .parameters import Parameters
from .state import NOBODY, State, Task

SLOTS = 128
"""Addresses of draws that concern a task and an agent: more than a pool has."""
PAIR, CONFIDENCE, NATURE = (purpose(f"gateway/{name}") for name in ("pair", "confidence", "nature"))
NATURES = RandomStreams(0)
"""Draws of what tasks are: addressed by the task's nature, which its seed decided."""


@dataclass(slots=True)
class Law:
    """Numbers that the company's traits decide, made once.

    Attributes:
        vague_penalty: logits.
        joint: share of split tasks whose parts fit.
        harm: of a wrong answer that nobody notices, against its worth.
        half_life_hours: of an answer's worth.
        candour: share of an agent's confidence that is knowledge, 0 to 1.
    """

    vague_penalty: float
    joint: float
    harm: float
    half_life_hours: float
    candour: float


@dataclass(slots=True)
class Context:
    """Scenario, parameters, state and luck.

    Attributes:
        scenario: what is simulated.
        parameters: of the model.
        state: all that the future depends on.
        streams: the luck.
        ledger: of a recorded episode, else None.
        law: what the traits decide.
        horizon: the agents' horizons as float64 (agents, families); made anew when one changes.
    """

    scenario: GatewayScenario
    parameters: Parameters
    state: State
    streams: RandomStreams
    ledger: Ledger | None = None
    law: Law = field(init=False)
    horizon: NDArray[np.float64] = field(init=False)
    boast: NDArray[np.float64] = field(init=False)
    _slots: NDArray[np.uint64] = field(init=False)

    def __post_init__(self) -> None:
        state, p = self.state, self.parameters

        def doubled(trait: CompanyTrait, doublings: float) -> float:
            return power(2.0, doublings * trait_of(state, trait))

        self.law = Law(
            vague_penalty=p.vague_penalty * doubled(CompanyTrait.VAGUENESS, p.vagueness_doublings),
            joint=p.joint_middle + p.joint_swing * trait_of(state, CompanyTrait.JOINTS),
            harm=p.harm * doubled(CompanyTrait.HARM, p.harm_doublings),
            half_life_hours=p.half_life_hours * doubled(CompanyTrait.HASTE, -p.haste_doublings),
            candour=0.5 + 0.5 * trait_of(state, CompanyTrait.CANDOUR),
        )
        self._slots = np.arange(len(state.agents), dtype=np.uint64)
        self.boast = np.array([agent.boast for agent in state.agents])
        self.note_skills()

    def note_skills(self) -> None:
        """Take over the agents' horizons, after one has changed."""
        self.horizon = np.array([agent.horizon for agent in self.state.agents])

    def book(self, task: Task, account: str, usd: float) -> None:
        """Add an amount to a total, by its name, and to the task's account where one is kept."""
        totals = self.state.totals
        setattr(totals, account, getattr(totals, account) + usd)
        if self.ledger is not None:
            self.ledger.book(task, self.state.now, account, usd)

    @staticmethod
    def pair(task: int, slot: int) -> int:
        """Address of draws about a task and an agent that are luck."""
        return task * SLOTS + slot

    def nature_of(self, task: int) -> int:
        """Address of draws about what a task is, for a task that comes now."""
        return int(self.streams.uniform(NATURE, task) * 2**40) * SLOTS

    def pair_residual(self, task: Task, slot: int) -> float:
        """Latent: what makes a task harder or easier for one agent, in logits."""
        draw = normal_table().at(NATURES.uniform(PAIR, task.nature + slot))
        return draw * self.parameters.pair_residual

    def logits(self, task: Task, *, complete: bool = False) -> NDArray[np.float64]:
        """Latent: logits of success by agent, float64 (agents,).

        Args:
            task: that they would do.
            complete: as if nothing were missing in it.
        """
        p = self.parameters
        skill = self.horizon[:, task.main]
        if task.second != NOBODY:
            share = task.second_share
            skill = skill * (1.0 - share) + self.horizon[:, task.second] * share
        whom = self._slots + np.uint64(task.nature)
        residual = normal_table().at_all(NATURES.uniforms(PAIR, whom)) * p.pair_residual
        level = task.residual - p.slope * task.log2_hours
        if task.missing and not complete:
            level -= self.law.vague_penalty
        found: NDArray[np.float64] = skill * p.slope + residual + level
        return found

    def success(self, task: Task, *, complete: bool = False) -> NDArray[np.float64]:
        """Latent: probability of success by agent, float64 (agents,)."""
        return logistic_all(self.logits(task, complete=complete))

    def confidence(self, task: Task) -> NDArray[np.float64]:
        """Confidence that each agent states in a task, float64 (agents,) in [0, 1]."""
        whom = self._slots + np.uint64(task.nature)
        noise = normal_table().at_all(NATURES.uniforms(CONFIDENCE, whom))
        candour = self.law.candour
        known = self.logits(task) * candour + self.boast * (1.0 - candour)
        return logistic_all(known + 0.5 * noise)

    def chance(self, purpose_key: int, probability: float, whom: int, attempt: int = 0) -> bool:
        """True with the probability, whatever else was drawn."""
        return self.streams.uniform(purpose_key, whom, attempt) < probability

    def memoryless_hours(self, purpose_key: int, mean: float, whom: int, attempt: int = 0) -> float:
        """A memoryless time, at least a tick."""
        hours = mean * gamma_table(1.0).at(self.streams.uniform(purpose_key, whom, attempt))
        return max(whole_ticks(hours), whole_ticks(1e-6))
