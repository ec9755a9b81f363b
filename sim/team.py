"""A team: the roles that decide together, what each of them decides, and what each of them sees.

A world with one decision maker becomes a team's by a table: every factor of its decision belongs to
a role, or is shared out choice by choice; every feature of its observation is seen by one role at
least. Nothing of the world changes: what the roles choose is joined into one decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError

ROLE_FIELD = "{role}"
"""Stands for a role's own name in names of features."""
SILENT = "none"
"""The choice of a message that says nothing."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The last message of a kind that a role has got from another.

    Attributes:
        value: its figure as it was understood, as observed; 1 where it has none.
        age_days: since it was sent.
    """

    value: float
    age_days: int


Inbox = Mapping[tuple[str, str], Heard]
"""Messages that a role has got, by sender and kind: the last of each."""


@dataclass(frozen=True, slots=True)
class Message:
    """A kind of message.

    Attributes:
        name: unique.
        meaning: what it says, in a sentence.
        figure: feature of the sender's observation whose value it carries; empty: it is a claim
            that carries none.
        denies: message that it takes back; empty: none.
    """

    name: str
    meaning: str
    figure: str = ""
    denies: str = ""


@dataclass(frozen=True, slots=True)
class TeamRole:
    """One role of a team.

    Attributes:
        name: unique.
        does: what it answers for, in a sentence.
        owns: factors of the joint decision, each with the names of the choices that are its own;
            None: all of them. The neutral choice is everybody's.
        sees: names of features that it observes; ``*`` stands for anything, ``{role}`` for itself.
        says: names of the messages that it may send.
    """

    name: str
    does: str
    owns: Mapping[str, tuple[str, ...] | None]
    sees: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Insistence:
    """A choice that a partner makes wherever it is legal.

    Attributes:
        factor: of the joint decision; ``{role}`` stands for the role.
        choice: its name.
        where: feature that must not be 0, as the role observes it; empty: always.
    """

    factor: str
    choice: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class PartnerKind:
    """A kind of partner: a policy's share in a decision, bent.

    Attributes:
        does: what it is like, in a sentence.
        held_out: is kept from training, to be judged beside.
        policy: whose decisions it splits, a name as ``load_policy`` takes it.
        sees_all: decides from everything that any role knows: a reference, not to train with.
        own_moves: its policy is shown only the choices that the role may make, and so finds the
            best of them; otherwise its part of the policy's decision is taken, maybe nothing.
        cloned: draws its choices as often as the policy made them in recorded episodes.
        speaks: ``due`` what holds and was not said lately, ``never``, or ``daily`` something.
        claims: messages that it sends every few days, whether they hold or not.
        noise: share of days on which it does any legal thing.
        idle: share of days on which it stands down.
        every_days: it decides anew only after so many days.
        behind_days: it knows what was known so many days ago.
        avoids: choices that it never makes.
        eager: choices that it proposes as soon as they are legal, the first that is.
        insists: choices that it makes wherever they are legal.
        budget_days: days on which it insists and is eager; afterwards it is as its policy. 0: all.
    """

    does: str = ""
    held_out: bool = False
    policy: str = "expert"
    sees_all: bool = False
    own_moves: bool = True
    cloned: bool = False
    speaks: Literal["due", "never", "daily"] = "due"
    claims: tuple[str, ...] = ()
    noise: float = 0.0
    idle: float = 0.0
    every_days: int = 1
    behind_days: int = 0
    avoids: tuple[str, ...] = ()
    eager: tuple[str, ...] = ()
    insists: tuple[Insistence, ...] = ()
    budget_days: int = 0


def _sees_all(briefing: Any, _role: str, _inbox: Inbox) -> Any:
    return briefing


def _allows_all(legal: Any, _role: str) -> Any:
    return legal


def _has_nothing_to_say(_briefing: Any, _role: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Team:
    """The team of a world.

    Attributes:
        roles: in order; the first one has what the table gives to nobody, such as moves and
            features of other packages.
        shared: names of features that all observe, as ``TeamRole.sees``.
        precedence: of factors that are shared out, the choices from the one that is carried out
            first to the last, where more than one is proposed; those left out come last.
        messages: that there are.
        own_terms: features that a role may be paid for by itself, by the term's name; ``{role}``
            stands for it.
        seen: the briefing as a role knows it: ``seen(briefing, role, inbox)``, what others know
            replaced by what is usual or was heard; for policies that decide from briefings.
        tells: names of the messages that hold now, what matters most first: ``tells(briefing,
            role)``, of the briefing as the role knows it.
        allowed: legal decisions of which a role's own choices are left: ``allowed(legal, role)``.
    """

    roles: tuple[TeamRole, ...]
    shared: tuple[str, ...] = ()
    precedence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    own_terms: Mapping[str, str] = field(default_factory=dict)
    seen: Callable[[Any, str, Inbox], Any] = _sees_all
    tells: Callable[[Any, str], tuple[str, ...]] = _has_nothing_to_say
    allowed: Callable[[Any, str], Any] = _allows_all

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the roles, in order."""
        return tuple(role.name for role in self.roles)

    def place(self, role: str) -> int:
        """A role's place in the order.

        Raises:
            GoliveError: there is no such role.
        """
        if role not in self.names:
            raise GoliveError(f"role: {role!r}: expected one of {', '.join(self.names)}")
        return self.names.index(role)

    def sight(self, features: Sequence[str]) -> tuple[NDArray[np.intp], ...]:
        """Per role the places of the features that it sees; what nobody does, the first one does.

        Args:
            features: names of all.
        """
        rows = []
        for role in self.roles:
            patterns = [p.replace(ROLE_FIELD, role.name) for p in (*self.shared, *role.sees)]
            rows.append([any(fnmatchcase(name, p) for p in patterns) for name in features])
        seen = np.array(rows, dtype=np.bool_).reshape(len(self.roles), len(features))
        seen[0] |= ~seen.any(axis=0)
        return tuple(np.flatnonzero(row) for row in seen)
