"""The actions of a team's roles, and how their choices are joined into one decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from .numbers import Choices
from .team import SILENT, Team, TeamRole


@dataclass(frozen=True, slots=True)
class Joined:
    """The choices of all roles, joined.

    Attributes:
        action: the joint decision, a choice per factor.
        illegal: per role how many parts of its choice are not legal now.
        lost: per role the proposals of its that gave way to another one.
        carried: per role the legal proposals of its that stand in the joint decision.
    """

    action: list[int]
    illegal: list[int]
    lost: list[int]
    carried: list[int]


class RoleActions:
    """The actions of one role: one number for its choice in each of its parts.

    Args:
        role: whose.
        choices: of the joint decision.
        neutral: the joint decision that orders nothing.
        unowned: choices of shared factors that nobody owns; they are its own.
        messages: names of those that it may send, empty where there are none.

    Attributes:
        factors: places of its factors in the joint decision.
        parts: per factor of its own the places of its choices.
        sizes: numbers of choices per part, the message's last.
        count: of its actions.
        chosen: per action its choices, factor by factor.
        said: per action the place of the message among ``messages``; -1: none.
        in_mask: per factor and action where its choice lies in the flat mask.
        neutral: the action that orders and says nothing.
        names: of its actions.
    """

    def __init__(
        self,
        role: TeamRole,
        choices: Choices,
        neutral: Sequence[int],
        unowned: Mapping[str, tuple[str, ...]],
        messages: tuple[str, ...],
    ) -> None:
        named = [factor.name for factor in choices.factors]
        for factor in role.owns:
            if factor not in named:
                raise GoliveError(
                    f"role {role.name}: {factor!r}: expected one of {', '.join(named)}"
                )
        self.name = role.name
        self.messages = messages
        self.factors = tuple(place for place, name in enumerate(named) if name in role.owns)
        self.parts: tuple[tuple[int, ...], ...] = tuple(
            self._places(role, choices, place, neutral[place], unowned) for place in self.factors
        )
        self.sizes = (*map(len, self.parts), 1 + len(messages))
        self.count = int(np.prod(self.sizes))
        grid = np.unravel_index(np.arange(self.count), self.sizes)
        columns = [np.array(part)[place] for part, place in zip(self.parts, grid[:-1], strict=True)]
        self.chosen: list[tuple[int, ...]] = list(zip(*(c.tolist() for c in columns), strict=True))
        self.said: list[int] = (grid[-1] - 1).tolist()
        self.in_mask = [
            choices.starts[factor] + column
            for factor, column in zip(self.factors, columns, strict=True)
        ]
        self._neutral = tuple(neutral)
        self.neutral = self.number({f: neutral[f] for f in self.factors}, SILENT)
        self.names = tuple(
            " ".join(
                (
                    *(
                        f"{named[factor]}={choices.factors[factor].choices[choice]}"
                        for factor, choice in zip(self.factors, row, strict=True)
                    ),
                    *((f"says={messages[said]}",) if said >= 0 else ()),
                )
            )
            for row, said in zip(self.chosen, self.said, strict=True)
        )

    @staticmethod
    def _places(
        role: TeamRole,
        choices: Choices,
        factor: int,
        neutral: int,
        unowned: Mapping[str, tuple[str, ...]],
    ) -> tuple[int, ...]:
        known = choices.factors[factor]
        named = role.owns[known.name]
        if named is None:
            return tuple(range(len(known.choices)))
        for name in named:
            if name not in known.choices:
                raise GoliveError(
                    f"role {role.name}: {known.name}: {name!r}: "
                    f"expected one of {', '.join(known.choices)}"
                )
        own = (*named, *unowned.get(known.name, ()))
        places = sorted(known.choices.index(name) for name in own)
        return (neutral, *(place for place in places if place != neutral))

    def number(self, chosen: Mapping[int, int], message: str = SILENT) -> int:
        """The action with these choices by factor; a choice that is not its own is neutral."""
        places = [
            part.index(chosen[factor]) if chosen.get(factor) in part else 0
            for factor, part in zip(self.factors, self.parts, strict=True)
        ]
        said = 0 if message == SILENT else 1 + self.messages.index(message)
        return int(np.ravel_multi_index((*places, said), self.sizes))

    @cached_property
    def pass_only(self) -> NDArray[np.bool_]:
        """The mask of a role that is away: it can only pass."""
        mask = np.zeros(self.count, dtype=np.bool_)
        mask[self.neutral] = True
        return mask

    @cached_property
    def first_only(self) -> NDArray[np.bool_]:
        """Actions of a role that takes over: it works, and proposes and says nothing yet."""
        rest = [self._neutral[factor] for factor in self.factors[1:]]
        return np.array(
            [
                said < 0 and list(row[1:]) == rest
                for row, said in zip(self.chosen, self.said, strict=True)
            ]
        )


class TeamActions:
    """The actions of all roles, and how they are joined.

    Args:
        team: of a world.
        choices: of its joint decision.
        neutral: the joint decision that orders nothing.
        talk: its roles may send messages.

    Attributes:
        roles: actions per role, in order.

    Raises:
        GoliveError: the table names what is not there, or leaves a factor to nobody.
    """

    def __init__(
        self, team: Team, choices: Choices, neutral: Sequence[int], *, talk: bool = False
    ) -> None:
        self.choices = choices
        self.neutral = [int(choice) for choice in neutral]
        owners: dict[str, list[TeamRole]] = {factor.name: [] for factor in choices.factors}
        for role in team.roles:
            for name in role.owns:
                owners.setdefault(name, []).append(role)
        unowned: dict[str, tuple[str, ...]] = {}
        self._shared: dict[int, dict[int, int]] = {}
        for place, factor in enumerate(choices.factors):
            having = owners[factor.name]
            if not having:
                raise GoliveError(f"team: {factor.name}: expected a role that decides it")
            lists = [role.owns[factor.name] for role in having]
            if len(having) == 1 and lists[0] is None:
                continue
            owned = [name for names in lists for name in names or factor.choices]
            if len(set(owned)) < len(owned):
                raise GoliveError(f"team: {factor.name}: expected one role for each choice")
            rest = set(factor.choices) - set(owned) - {factor.choices[self.neutral[place]]}
            unowned[factor.name] = tuple(name for name in factor.choices if name in rest)
            ranked = [*team.precedence.get(factor.name, ())]
            ranked += [name for name in factor.choices if name not in ranked]
            self._shared[place] = {factor.choices.index(n): r for r, n in enumerate(ranked)}
        self.roles = tuple(
            RoleActions(
                role,
                choices,
                self.neutral,
                unowned if number == 0 else {},
                role.says if talk else (),
            )
            for number, role in enumerate(team.roles)
        )
        most = max(len(role.factors) for role in self.roles)
        # One look-up for all roles at once: a role of fewer factors has its first one again.
        self._in_mask = np.concatenate(
            [
                np.array([*role.in_mask, *role.in_mask[:1] * (most - len(role.in_mask))])
                for role in self.roles
            ],
            axis=1,
        )
        ends = np.cumsum([role.count for role in self.roles]).tolist()
        self._own = tuple(map(slice, [0, *ends[:-1]], ends))

    def masks(self, legal: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
        """Per role the actions all of whose parts are legal, from the flat mask of the decision."""
        whole = legal[self._in_mask].all(axis=0)
        return [whole[own] for own in self._own]

    def join(self, actions: Sequence[int], legal: Sequence[bool]) -> Joined:
        """Join the roles' actions into one decision.

        Of several proposals for one factor the legal one that comes first by precedence stands. One
        that is not legal stands only where there is no other, so that the world counts it.

        Args:
            actions: one per role, in order.
            legal: the flat mask of the joint decision, as plain values.
        """
        starts, neutral = self.choices.starts, self.neutral
        joint = neutral.copy()
        count = len(actions)
        illegal, lost, carried = [0] * count, [0] * count, [0] * count
        proposed: dict[int, list[tuple[bool, int, int, int]]] = {}
        for number, (role, action) in enumerate(zip(self.roles, actions, strict=True)):
            for factor, choice in zip(role.factors, role.chosen[action], strict=True):
                allowed = legal[starts[factor] + choice]
                if not allowed:
                    illegal[number] += 1
                ranks = self._shared.get(factor)
                if ranks is None:
                    joint[factor] = choice
                elif choice != neutral[factor]:
                    proposed.setdefault(factor, []).append(
                        (not allowed, ranks[choice], choice, number)
                    )
        for factor, wishes in proposed.items():
            wishes.sort()
            forbidden, _, joint[factor], number = wishes[0]
            carried[number] += not forbidden
            for _, _, _, loser in wishes[1:]:
                lost[loser] += 1
        return Joined(joint, illegal, lost, carried)

    def split(self, joint: Sequence[int]) -> list[int]:
        """Each role's part of a joint decision."""
        chosen = dict(enumerate(int(choice) for choice in joint))
        return [role.number(chosen) for role in self.roles]
