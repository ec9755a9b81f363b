"""Getting on with a new partner: a team that finds out in a few episodes who plays a role.

It watches the stranger's choices, holds them against what each kind that it knows would have
chosen in its place, and before each episode picks, of several teams, the one that did best beside
such kinds (Barrett et al. 2017, "Making friends on the fly", whose PLASTIC-Policy does so). Nothing
is trained while it adapts; what it believes is kept from episode to episode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..sim.world_kind import WorldKind
from .partners import partner
from .team import RolePolicy
from .team_spec import TeamSpec

if TYPE_CHECKING:
    from ..envs.team import TeamEnv
    from .team_policy import TeamPolicy

_SURPRISE = 0.1
"""Probability that somebody of a kind chooses otherwise in a part of its action than that kind does
here; shared among the other choices."""


class PartnerBelief:
    """Probabilities of the kinds that a partner may be of, by what it was seen to choose.

    Args:
        world: that is played.
        role: that the partner plays.
        kinds: that it may be of, all alike likely at first.

    Raises:
        GoliveError: no kind, or one that the world does not have.
    """

    def __init__(self, world: WorldKind, role: str, kinds: Sequence[str]) -> None:
        if not kinds:
            raise GoliveError("kinds: none given: expected those that a partner may be of")
        self.kinds = tuple(kinds)
        self._role = role
        self._shadows = [partner(world, role, name) for name in kinds]
        self._logs: NDArray[np.float64] = np.zeros(len(kinds))

    def forget(self) -> None:
        """Think all kinds alike likely again."""
        self._logs = np.zeros(len(self.kinds))

    def begin(self, environment: TeamEnv, seed: int) -> None:
        """Begin an episode; what is believed is kept."""
        for shadow in self._shadows:
            shadow.reset(environment, seed)

    def observe(self, environment: TeamEnv, action: int) -> None:
        """Take in what the partner has chosen, before the world goes on."""
        actions = environment.actions.roles[environment.team.place(self._role)]
        seen = np.unravel_index(action, actions.sizes)
        for place, shadow in enumerate(self._shadows):
            expected = np.unravel_index(shadow.act(environment), actions.sizes)
            for mine, other, size in zip(seen, expected, actions.sizes, strict=True):
                if size > 1:
                    likely = 1.0 - _SURPRISE if mine == other else _SURPRISE / (size - 1)
                    self._logs[place] += np.log(likely)  # same bits: far apart

    def probabilities(self) -> dict[str, float]:
        """Probability of each kind."""
        likely = np.exp(self._logs - self._logs.max())  # same bits: as above
        return dict(zip(self.kinds, (likely / likely.sum()).tolist(), strict=True))


class _Watched:
    """A partner whose choices are taken in. Satisfies ``RolePolicy``."""

    def __init__(self, inner: RolePolicy, belief: PartnerBelief) -> None:
        self._inner, self._belief = inner, belief
        self.role, self.name = inner.role, inner.name

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Begin an episode."""
        self._inner.reset(environment, seed)
        self._belief.begin(environment, seed)

    def act(self, environment: TeamEnv) -> int:
        """Its action now."""
        action = self._inner.act(environment)
        self._belief.observe(environment, action)
        return action


class AdaptiveTeam:
    """Several teams of which one plays, beside a partner of whom more is known by the episode.

    Satisfies ``Policy``; unlike others it remembers earlier episodes, until ``forget``.

    Args:
        world: that is played.
        role: that the partner plays.
        player: the partner, a kind or a trained team's path.
        scores: per team (as ``load_policy`` takes it) its mean score beside each kind in that role,
            on customers that nobody is judged on.

    Raises:
        GoliveError: no team, teams that know different kinds, or somebody who does not exist.
    """

    def __init__(
        self, world: WorldKind, role: str, player: str, scores: Mapping[str, Mapping[str, float]]
    ) -> None:
        from .team_policy import team_policy

        if not scores:
            raise GoliveError("scores: none given: expected teams to choose from")
        kinds = tuple(next(iter(scores.values())))
        for team, beside in scores.items():
            if tuple(beside) != kinds:
                raise GoliveError(f"scores: {team}: expected the kinds {', '.join(kinds)}")
        self.name = f"adaptive beside {player} as {role}"
        self.belief = PartnerBelief(world, role, kinds)
        self._scores = scores
        self._teams: dict[str, TeamPolicy] = {}
        for team in scores:
            spec = TeamSpec.parse(team).with_player(role, player)
            watched = _Watched(partner(world, role, player), self.belief)
            self._teams[team] = team_policy(str(spec), world, instead=watched)
        self._playing = self._teams[self.choice()]

    def choice(self) -> str:
        """The team that is expected to do best beside the partner by what is believed now."""
        likely = self.belief.probabilities()

        def expected(team: str) -> float:
            beside = self._scores[team]
            return float(np.dot([likely[kind] for kind in beside], list(beside.values())))

        return max(self._scores, key=expected)

    def forget(self) -> None:
        """Know nothing of the partner any more."""
        self.belief.forget()

    def reset(self, seed: int) -> None:
        """Begin an episode, with the team that is best by what is believed."""
        self._playing = self._teams[self.choice()]
        self._playing.reset(seed)

    def meet(self, scenario: Any) -> None:
        """Decide in this scenario from now on."""
        for team in self._teams.values():
            team.meet(scenario)

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The joint decision for the time until the next decision point."""
        return self._playing.decide(briefing, legal)
