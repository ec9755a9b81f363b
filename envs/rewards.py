"""Rewards as named terms whose weights are data.

A term has one job: a value in the field's own unit. A configuration only weighs the values, and
the reward is their weighted sum. Training may change rewards freely; policies are judged by the
scorecard. A world has a language of rewards: its terms, the model of its configurations, and
presets; other packages add terms as entry points ``golive.<world>.terms``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel, Field, ValidationError, create_model

from ..core.errors import GoliveError
from ..core.registry import Registry


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of an episode: all that a term may look at.

    Attributes:
        before: briefing at the decision.
        after: briefing at the next decision point.
        scorecard: what happened, once the episode is over; None before.
        scenario: what is simulated.
    """

    before: Any
    after: Any
    scorecard: Any
    scenario: Any


class RewardTerm(Protocol):
    """One named signal."""

    name: str

    def value(self, transition: Transition) -> float:
        """The unweighted value of this step."""
        ...


@runtime_checkable
class Reward(Protocol):
    """Pays a learner for a step.

    It keeps nothing between steps, so an episode restored from a snapshot pays what the
    original would have paid.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its terms."""
        ...

    def terms(self, transition: Transition) -> dict[str, float]:
        """The pay of each term for this step; the reward is their sum."""
        ...


class WeightedTerms:
    """The weighted sum of terms; a weight of 0 pays 0 and is not computed.

    Attributes:
        config: the weights, and what terms need beside them.
        names: of the terms.
    """

    def __init__(self, config: BaseModel, terms: Sequence[RewardTerm]) -> None:
        self.config = config
        self._weighted = [(term, float(getattr(config, term.name))) for term in terms]
        self.names: tuple[str, ...] = tuple(term.name for term in terms)

    def terms(self, transition: Transition) -> dict[str, float]:
        """The pay of each term for this step: weight times value."""
        return {
            term.name: weight * term.value(transition) if weight else 0.0
            for term, weight in self._weighted
        }


class RewardLanguage:
    """The terms, weights and presets that a world's rewards are made of.

    Args:
        world: its name.
        config: model of its configurations: a weight per term, and what terms need beside it.
        presets: configurations by name; the first is the default.
        terms: the world's own terms for a configuration.
        discounted: a configuration for learners with this discount; None: no term asks for it.
        recorded: the preset that recordings have unless something is asked for; None: the first.
        bounds: least and most that an episode can pay, by preset; those without have none.
    """

    def __init__(
        self,
        world: str,
        config: type[BaseModel],
        presets: Mapping[str, BaseModel],
        terms: Callable[[Any], Sequence[RewardTerm]],
        discounted: Callable[[Any, float], BaseModel] | None = None,
        recorded: str | None = None,
        bounds: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        self.others: Registry[Callable[[], RewardTerm]] = Registry(
            f"golive.{world}.terms", "reward term"
        )
        self._own_config = config
        self._models: dict[tuple[str, ...], type[BaseModel]] = {(): config}
        self._own_presets = presets
        self._own_terms = terms
        self._discounted = discounted
        self.recorded = recorded or next(iter(presets))
        self.bounds = bounds or {}

    @property
    def default(self) -> str:
        """Name of the preset that holds unless something else is asked for."""
        return next(iter(self._own_presets))

    @property
    def config_model(self) -> type[BaseModel]:
        """Model of configurations: the world's, with a weight for each further term."""
        names = self.others.names()
        if names not in self._models:  # terms may be registered at any time
            self._models[names] = self._model_with(names)
        return self._models[names]

    def _model_with(self, names: Sequence[str]) -> type[BaseModel]:
        further: dict[str, Any] = {}
        for name in names:
            if name in self._own_config.model_fields:
                raise GoliveError(f"reward term {name!r} of {self.others.origin(name)}: is taken")
            further[name] = (float, Field(default=0.0, description=_first_line(self.others[name])))
        return create_model(self._own_config.__name__, __base__=self._own_config, **further)

    @property
    def presets(self) -> Mapping[str, BaseModel]:
        """Configurations by name."""
        if self.config_model is self._own_config:
            return self._own_presets
        plain = {name: preset.model_dump() for name, preset in self._own_presets.items()}
        return {name: self.config_model.model_validate(row) for name, row in plain.items()}

    def config(self, reward: str | BaseModel | Mapping[str, object]) -> BaseModel:
        """The configuration that a name, a mapping or a configuration means.

        Raises:
            GoliveError: no such preset, an unknown field or a bad value; the message names it.
        """
        if isinstance(reward, self._own_config):
            return reward
        if isinstance(reward, str):
            if reward not in self._own_presets:
                known = ", ".join(self._own_presets)
                raise GoliveError(f"reward: {reward!r}: expected one of {known}")
            return self.presets[reward]
        if not isinstance(reward, Mapping):
            raise GoliveError(
                f"reward: {reward!r}: expected a name, a mapping of weights, "
                f"a {self._own_config.__name__} or an object with names and terms(transition)"
            )
        try:
            return self.config_model.model_validate(dict(reward))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(("reward", *(str(part) for part in first["loc"])))
            raise GoliveError(f"{where}: {first['input']!r}: {first['msg']}") from None

    def with_discount(self, config: BaseModel, gamma: float) -> BaseModel:
        """The configuration for a learner with this discount per decision."""
        return config if self._discounted is None else self._discounted(config, gamma)

    def reward(self, reward: str | BaseModel | Mapping[str, object] | Reward) -> Reward:
        """The reward that a name, a mapping, a configuration or a reward itself means.

        Raises:
            GoliveError: as ``config``.
        """
        if isinstance(reward, Reward) and not isinstance(reward, BaseModel):
            return reward
        config = self.config(reward)
        if not isinstance(config, self.config_model):  # made before further terms were registered
            config = self.config_model.model_validate(config.model_dump())
        further = [self.others[name]() for name in self.others]
        return WeightedTerms(config, (*self._own_terms(config), *further))


def described(reward: Reward) -> object:
    """Data that tells one reward from another (for saved states)."""
    if isinstance(reward, WeightedTerms):
        return reward.config.model_dump()
    return f"{type(reward).__module__}.{type(reward).__qualname__}"


def _first_line(thing: object) -> str:
    return (getattr(thing, "__doc__", None) or "").strip().partition("\n")[0]
