"""Linear contextual bandits: a Gaussian law of the reward over features, which each lesson moves.

The reward per worth is taken for linear in features of a task with an agent. A chance of success
by the usual law of signs comes first, then the directions in which companies differ from it (its
slope in each sign), price and time. The law begins as training companies have it, in the mean and
with how much they differ (``benchmarks.gateway.bandit --fit``), so that a new company is learned
in a few dozen tasks instead of thousands; with ``law=flat_law()`` it begins at nothing.

LinUCB: Li, Chu, Langford and Schapire (2010), "A contextual-bandit approach to personalized news
article recommendation". Thompson sampling: Agrawal and Goyal (2013), "Thompson sampling for
contextual bandits with linear payoffs".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...core.distributions import normal_table
from ...core.random_streams import RandomStreams, purpose
from ...core.yaml_reader import read_document
from ...sim.gateway.bandit import BanditStream
from ...sim.gateway.laws import logistic_all
from .adaptive import FEATURES as SIGN_FEATURES
from .adaptive import features_of_signs, shipped_law, size_of
from .cases import PERSON, Case, Lesson, signs_of_stream
from .signs import Signs, Values

SHIPPED_FILE = Path(__file__).with_name("linear.yaml")
"""The law that training companies have."""
FEATURES = (
    *("one", "chance"),
    *(f"slope_{name}" for name in SIGN_FEATURES),
    *("fee", "wait", "late", "person", "person_fee", "person_size"),
)
_OF_AGENT = 2 + len(SIGN_FEATURES) + 3
_LARGEST_FEE = 3.0  # times the worth: what is dearer is out of the question anyway
_DRAW = purpose("agents/gateway linear draw")


@dataclass(frozen=True, eq=False)
class Law:
    """A Gaussian law of coefficients, and the spread of rewards around it.

    Attributes:
        mean: float64 (features,).
        covariance: float64 (features, features).
        noise: variance of a reward per worth that the features do not tell.
    """

    mean: Values
    covariance: Values
    noise: float


@cache
def shipped_coefficients() -> Law:
    """The law of training companies."""
    content: dict[str, Any] = dict(read_document(SHIPPED_FILE).data)
    return Law(np.array(content["mean"]), np.array(content["covariance"]), float(content["noise"]))


def flat_law() -> Law:
    """A law that knows nothing: as LinUCB is usually begun."""
    return Law(np.zeros(len(FEATURES)), np.eye(len(FEATURES)), 0.25)


def features_of_case(case: Case) -> Values:
    """Features of each agent, and of a person in the last row; float64 (choices, features)."""
    size = size_of(case.estimate_hours)
    return _features(
        case.signs, size, case.vague, case.worth_usd, case.due_in_hours, case.person_usd
    )


def features_of_stream(stream: BanditStream) -> Values:
    """The same of all tasks, records as at the beginning; float64 (tasks, choices, features)."""
    tasks = stream.tasks
    return _features(
        signs_of_stream(stream),
        np.array([size_of(hours) for hours in tasks.estimate_hours.tolist()])[:, None],
        tasks.vague[:, None].astype(np.float64),
        tasks.worth_usd[:, None],
        tasks.due_in_hours[:, None],
        tasks.estimate_hours[:, None] * stream.person_usd_per_hour,
    )


def _features(
    signs: Signs,
    size: float | Values,
    vague: bool | Values,
    worth_usd: float | Values,
    due_in_hours: float | Values,
    person_usd: float | Values,
) -> Values:
    *tasks, count = signs.good.shape
    rows = np.zeros((*tasks, count + 1, len(FEATURES)))
    of_signs = features_of_signs(size, vague, signs)
    chance = logistic_all(of_signs @ shipped_law()[0])
    agents, person, end = rows[..., :-1, :], rows[..., -1:, :], 2 + len(SIGN_FEATURES)
    agents[..., 0] = 1.0
    agents[..., 1] = chance
    agents[..., 2:end] = (chance * (1.0 - chance))[..., None] * of_signs
    agents[..., end] = np.minimum(signs.fee_usd / worth_usd, _LARGEST_FEE)
    agents[..., end + 1] = np.minimum(signs.wait_hours / 24.0, 2.0)
    agents[..., end + 2] = signs.wait_hours > due_in_hours
    person[..., _OF_AGENT] = 1.0
    person[..., _OF_AGENT + 1] = np.minimum(person_usd / worth_usd, _LARGEST_FEE)
    person[..., _OF_AGENT + 2] = 0.25 * size
    return rows


class LinearRouter:
    """Places a task where the reward may be highest, as far as the law knows.

    Args:
        name: of the router.
        law: that a company begins with; None: the shipped one.
        optimism: standard deviations that are added to the mean (LinUCB); 0: none.
        sampled: whether coefficients are drawn for each task instead (Thompson sampling).
        learns_from: ``reward``, or ``pleased``: a router that goes for what requesters like.
    """

    def __init__(
        self,
        name: str,
        law: Law | None = None,
        *,
        optimism: float = 0.0,
        sampled: bool = False,
        learns_from: str = "reward",
    ) -> None:
        self.name = name
        self._law = law or shipped_coefficients()
        self._optimism, self._sampled, self._learns_from = optimism, sampled, learns_from
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Take the company for any one again."""
        self.mean, self.covariance = self._law.mean.copy(), self._law.covariance.copy()
        self._luck = RandomStreams(seed)
        self._last: tuple[Case, Values] | None = None

    def values(self, case: Case, rows: Values) -> Values:
        """Reward per worth that each choice may bring, float64 (choices,)."""
        if self._sampled:
            whom = np.arange(len(self.mean), dtype=np.uint64)
            normal = normal_table().at_all(self._luck.uniforms(_DRAW, whom, case.number))
            root = np.linalg.cholesky(self.covariance + 1e-9 * np.eye(len(whom)))
            drawn: Values = rows @ (self.mean + root @ normal)
            return drawn
        found: Values = rows @ self.mean
        if self._optimism:
            spread = np.einsum("ij,jk,ik->i", rows, self.covariance, rows)
            found = found + self._optimism * np.sqrt(np.maximum(spread, 0.0))
        return found

    def choose(self, case: Case) -> int:
        """The legal choice of the highest value."""
        rows = features_of_case(case)
        values = self.values(case, rows)
        values[:-1][~case.signs.legal] = -np.inf
        self._last = case, rows
        best = int(np.argmax(values))
        return best if best < len(values) - 1 else PERSON

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Move the law (Kalman's filter: Bayes' rule for Gaussian laws)."""
        known = self._last is not None and self._last[0] is case
        rows = self._last[1] if known and self._last is not None else features_of_case(case)
        row = rows[choice]
        heard = lesson.reward if self._learns_from == "reward" else lesson.pleased
        heard = min(max(heard, -3.0), 1.5)
        gain = self.covariance @ row
        scale = self._law.noise / lesson.weight + float(row @ gain)
        self.mean += gain * ((heard - float(row @ self.mean)) / scale)
        self.covariance -= np.outer(gain, gain) / scale


def lin_ucb() -> LinearRouter:
    """LinUCB over the shipped law; how optimistic it is was chosen on validation companies."""
    return LinearRouter("lin_ucb", optimism=0.1)


def lin_ucb_flat() -> LinearRouter:
    """LinUCB as it is usually begun, at nothing."""
    return LinearRouter("lin_ucb_flat", flat_law(), optimism=1.0)


def pleasing() -> LinearRouter:
    """Probe: the same, but for what it learns from: that requesters are pleased."""
    return LinearRouter("pleasing", flat_law(), optimism=1.0, learns_from="pleased")


def thompson() -> LinearRouter:
    """Thompson sampling over the shipped law."""
    return LinearRouter("thompson", sampled=True)
