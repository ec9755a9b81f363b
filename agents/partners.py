"""Partners: they play one role of a team each, in a few lines of data per kind.

A partner decides from what its role sees and hears. It takes a policy's decisions apart, keeps the
part that is its own, and bends it as its kind says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from ..sim.policy import Policy
from ..sim.team import ROLE_FIELD, SILENT, PartnerKind
from ..sim.team_actions import RoleActions
from ..sim.world_kind import WorldKind
from .language_model import language_model
from .probabilities import certain
from .registry import LLM, load_policy, noisy_parts
from .team import RolePolicy
from .team_chances import NoisyRole, role_numbers
from .team_language import SpeakingRole
from .team_spec import NOISY, is_path

if TYPE_CHECKING:
    from ..envs.team import TeamEnv

ALL_SEEING = "all_seeing"
"""A reference beside a world's own kinds: the expert's part of the expert's decision on all that is
known. Five of them are the expert."""
REPEATED_AFTER_DAYS = 5
"""Days after which what still holds is said again."""
_NOISE = purpose("team/partner does anything")
_ANY = purpose("team/partner does what")
_IDLE = purpose("team/partner stands down")
_DRAW = purpose("team/partner draws as recorded")


@dataclass(frozen=True, slots=True)
class RoleView:
    """A decision point as a role has it before it.

    Attributes:
        day: of the decision point.
        briefing: as the role knows it, or all that is known.
        legal: what may be ordered; for policies that decide from briefings.
        mask: legal actions of the role.
        features: of what the role observes, by name, that its kind looks at.
        due: messages that hold, what matters most first.
    """

    day: int
    briefing: Any
    legal: Any
    mask: NDArray[np.int8]
    features: Mapping[str, float]
    due: tuple[str, ...]


def view_of(environment: TeamEnv, role: str, kind: PartnerKind) -> RoleView:
    """The present decision point as a partner of a kind has it before it."""
    team, legal = environment.team, environment.world_env.legal()
    known = environment.briefing_of(role)
    looked_at = {one.where for one in kind.insists if one.where}
    features: dict[str, float] = {}
    if looked_at:
        state = environment.state()
        names = {f.name: n for n, f in enumerate(environment.state_features) if f.name in looked_at}
        seen = environment.sight[team.place(role)]
        features = {name: float(state[n]) for name, n in names.items() if n in seen}
    return RoleView(
        day=environment.day,
        briefing=environment.briefing if kind.sees_all else known,
        legal=team.allowed(legal, role) if kind.own_moves and not kind.sees_all else legal,
        mask=environment.action_mask(role),
        features=features,
        due=team.tells(known, role),
    )


class Partner:
    """A partner of a kind in a role.

    Args:
        world: that is played.
        role: its name.
        kind: what it is like.
        name: of the kind.
        policy: whose decisions it splits; None: its kind's.
    """

    def __init__(
        self,
        world: WorldKind,
        role: str,
        kind: PartnerKind,
        name: str,
        policy: Policy | None = None,
    ) -> None:
        self.name, self.role, self.kind = name, role, kind
        self._world = world
        self._policy: Policy = load_policy(kind.policy, world) if policy is None else policy
        self._streams = RandomStreams(0)
        self._insists = tuple(
            replace(one, factor=one.factor.replace(ROLE_FIELD, role)) for one in kind.insists
        )

    @property
    def draws_lots(self) -> bool:
        """True if its kind does some things by chance."""
        return self.kind.noise > 0.0 or self.kind.idle > 0.0 or self.kind.cloned

    def chances(self, environment: TeamEnv, action: int | None = None) -> NDArray[np.float64]:
        """Probability of each choice now; NaN if its kind draws lots, which it does not tell.

        Args:
            environment: at the decision point.
            action: what it has answered here; None: it is asked now.
        """
        numbers = role_numbers(environment, self.role)
        if self.draws_lots:
            return np.full(numbers.choices.count, np.nan)
        return certain(numbers, self.act(environment) if action is None else action)

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode; lots are drawn from this seed."""
        self._actions: RoleActions = environment.actions.roles[environment.team.place(self.role)]
        self._whom = environment.team.place(self.role)
        self._policy.reset(seed)
        self._streams = RandomStreams(seed)
        self._views: list[RoleView] = []
        self._chosen: dict[int, int] | None = None
        self._decided_on = 0
        self._said: dict[str, int] = {}
        messages = environment.team.messages
        self._denied = {message.name: message.denies for message in messages if message.denies}
        self._deniers = {
            name: tuple(m.name for m in messages if m.denies == name)
            for name in self._denied.values()
        }
        self._told = 0
        self._bent_days = 0
        self._recorded = recorded_choices(environment, self.kind.policy) if self.kind.cloned else {}

    def act(self, environment: TeamEnv) -> int:
        """Its action now."""
        view = view_of(environment, self.role, self.kind)
        self._views.append(view)
        if self._streams.uniform(_NOISE, self._whom, view.day) < self.kind.noise:
            legal = np.flatnonzero(view.mask)
            drawn = self._streams.uniform(_ANY, self._whom, view.day)
            return int(legal[int(drawn * len(legal))])
        factors = environment.actions.choices.factors
        neutral = environment.actions.neutral
        names = [factor.name for factor in factors]
        chosen = dict(self._decision(view))
        if self._is_bent():
            bent = self._bend(view, names, [factor.choices for factor in factors], chosen)
            self._bent_days += bent
        for place in self._actions.factors:
            if factors[place].choices[chosen[place]] in self.kind.avoids:
                chosen[place] = neutral[place]
        if self._streams.uniform(_IDLE, self._whom, view.day) < self.kind.idle:
            chosen = dict(enumerate(neutral))
        return self._legal(view, chosen, self._message(view), neutral)

    def _decision(self, view: RoleView) -> dict[int, int]:
        """The policy's choice for each factor, or what it was lately."""
        if self._chosen is None or view.day - self._decided_on >= self.kind.every_days:
            self._decided_on = view.day
            if self.kind.cloned:
                self._chosen = self._drawn(view)
            else:
                then = self._views[0]
                for earlier in self._views:
                    if earlier.day <= view.day - self.kind.behind_days:
                        then = earlier
                decision = self._policy.decide(then.briefing, view.legal)
                action = self._world.language.action(decision).tolist()
                self._chosen = dict(enumerate(action))
        return self._chosen

    def _drawn(self, view: RoleView) -> dict[int, int]:
        """Choices as they were recorded at such a time, of those that were."""
        chosen = {}
        for place in self._actions.factors:
            counts = self._recorded[place][_part_of(len(self._views) - 1)]
            reached = self._streams.uniform(_DRAW, self._whom * 100 + place, view.day)
            total = np.cumsum(counts) / counts.sum()
            chosen[place] = int(np.searchsorted(total, reached, side="right"))
        return chosen

    def _is_bent(self) -> bool:
        return self.kind.budget_days == 0 or self._bent_days < self.kind.budget_days

    def _bend(
        self,
        view: RoleView,
        names: Sequence[str],
        choices: Sequence[Sequence[str]],
        chosen: dict[int, int],
    ) -> bool:
        """Make the choices that its kind insists on and is eager for; True if it could make any."""
        neutral = self._actions.chosen[self._actions.neutral]
        base = dict(zip(self._actions.factors, neutral, strict=True))
        bent = False

        def take(place: int, name: str) -> bool:
            wanted = choices[place].index(name)
            alone = self._actions.number({**base, place: wanted})
            own = place in self._actions.factors and wanted in self._part(place)
            if own and view.mask[alone]:
                chosen[place] = wanted
                return True
            return False

        for one in self._insists:
            if one.factor in names and (not one.where or view.features.get(one.where)):
                bent |= take(names.index(one.factor), one.choice)
        for name in self.kind.eager:
            places = [p for p in self._actions.factors if name in choices[p]]
            if any(take(place, name) for place in places):
                return True
        return bent

    def _part(self, place: int) -> tuple[int, ...]:
        return self._actions.parts[self._actions.factors.index(place)]

    def _message(self, view: RoleView) -> str:
        """The message of today."""
        known = self._actions.messages
        if not known or self.kind.speaks == "never":
            return SILENT
        if self.kind.speaks == "daily":
            self._told += 1
            return known[self._told % len(known)]
        claims = tuple(name for name in self.kind.claims if name in known)
        for name in (*claims, *view.due):
            takes_back = self._denied.get(name, "")
            if name not in known or takes_back in claims:
                continue
            last = self._said.get(name)
            is_news = not takes_back or takes_back in self._said
            if is_news and (last is None or view.day - last >= REPEATED_AFTER_DAYS):
                self._said[name] = view.day
                for other in (takes_back, *self._deniers.get(name, ())):
                    self._said.pop(other, None)
                return name
        return SILENT

    def _legal(
        self, view: RoleView, chosen: Mapping[int, int], message: str, neutral: Sequence[int]
    ) -> int:
        """The action of these choices; what is not legal of it is left out."""
        for said in dict.fromkeys((message, SILENT)):
            kept = {place: neutral[place] for place in self._actions.factors}
            for place in self._actions.factors:
                tried = self._actions.number({**kept, place: chosen[place]}, said)
                if view.mask[tried]:
                    kept[place] = chosen[place]
            action = self._actions.number(kept, said)
            if view.mask[action]:
                return action
        return self._actions.neutral


_DECISIONS_PER_PART = 5
_PARTS = 20
_RECORDED_EPISODES = 6


def _part_of(decisions: int) -> int:
    """Part of an episode in which a decision lies, by how many came before it."""
    return min(decisions // _DECISIONS_PER_PART, _PARTS - 1)


_RECORDED: dict[tuple[str, str, str], dict[int, NDArray[np.float64]]] = {}


def recorded_choices(environment: TeamEnv, policy: str) -> dict[int, NDArray[np.float64]]:
    """Counts of what a policy chose, by factor and part of the episode, in episodes of it.

    They are the scenario's training customers of the first seeds, recorded once per process.

    Returns:
        float64 (parts of the episode, choices) per factor; no row is empty.
    """
    kind, scenario = environment.kind, environment.world_env.scenario
    key = (kind.name, scenario.name, policy)
    if key not in _RECORDED:
        numbers = kind.language
        neutral = numbers.action(kind.neutral()).tolist()
        counts = {p: np.zeros((_PARTS, n)) for p, n in enumerate(numbers.choices.sizes)}
        recorded = load_policy(policy, kind)
        for seed in range(_RECORDED_EPISODES):
            world = kind.build(scenario, seed)
            recorded.reset(seed)
            decisions = 0
            while not world.finished:
                decision = recorded.decide(world.briefing(), world.legal())
                for place, choice in enumerate(numbers.action(decision).tolist()):
                    counts[place][_part_of(decisions), choice] += 1.0
                world.advance(decision)
                decisions += 1
        for place, rows in counts.items():
            rows[rows.sum(axis=1) == 0.0, neutral[place]] = 1.0
        _RECORDED[key] = counts
    return _RECORDED[key]


def partner(world: WorldKind, role: str, name: str) -> RolePolicy:
    """A partner by the name of its kind, a trained team's role, or a language model.

    Args:
        world: that is played.
        role: its name.
        name: of a kind, a trained team's path, ``noisy:PLAYER:EPSILON`` (each part of its action
            replaced by any legal choice with this probability), ``llm:MODEL@URL`` or ``llm:FILE``.

    Raises:
        GoliveError: the world has no such kind, the team is of another world or was not trained
            in this role, or the language model's spec is wrong.
    """
    if name.startswith(f"{LLM}:"):
        return SpeakingRole(role, language_model(name, world))
    if name.startswith(NOISY):
        inner, epsilon = noisy_parts(name)
        return NoisyRole(partner(world, role, inner), epsilon, name)
    kinds = {**world.partners(), ALL_SEEING: PartnerKind(policy=world.expert, sees_all=True)}
    if name in kinds:
        return Partner(world, role, kinds[name], name)
    if is_path(name):
        from .team_policy import learned_role

        return learned_role(name, world, role)
    raise GoliveError(
        f"partner: {name!r}: expected one of {', '.join(kinds)}, or a trained team's path"
    )


def partners_of(
    world: WorldKind, roles: Sequence[str], told: Mapping[str, str], usual: str = "expert"
) -> dict[str, RolePolicy]:
    """A partner for each role, by the names of kinds; the usual one where none is told.

    Raises:
        GoliveError: no such role or kind.
    """
    for role in told:
        if role not in roles:
            raise GoliveError(f"partner: {role!r}: expected a role, one of {', '.join(roles)}")
    return {role: partner(world, role, told.get(role, usual)) for role in roles}
