"""The post between the roles of a team: messages cost, come late, get lost and are misread.

What becomes of a message depends on the episode's seed, its sender, its receiver and the day alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from ..sim.numbers import Feature, Transform
from ..sim.team import ROLE_FIELD, Heard, Team

_LOST = purpose("team/message lost")
_MISREAD = purpose("team/message misread")
_MISREAD_AS = purpose("team/message misread as")
_FRESH_DAYS = 5.0
_NEVER = -1


class MessageRules(BaseModel):
    """Rules of messages: what one costs, and what may happen to it on its way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cost: float = Field(0.01, ge=0.0, description="Pay that each message costs all, once.")
    delay_days: int = Field(1, ge=1, le=60, description="Days until it is read.")
    loss: float = Field(0.0, ge=0.0, le=1.0, description="Probability that a receiver misses it.")
    misunderstanding: float = Field(
        0.0, ge=0.0, le=1.0, description="Probability that it is read as another of its sender's."
    )


def message_rules(told: MessageRules | Mapping[str, object]) -> MessageRules:
    """The rules that a mapping means; what it leaves out is as usual.

    Raises:
        GoliveError: an unknown field or a bad value; the message names it.
    """
    try:
        return MessageRules.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("messages", *map(str, first["loc"])))
        raise GoliveError(f"{where}: {first['input']!r}: {first['msg']}") from None


class Post:
    """All messages of an episode.

    Args:
        team: whose.
        rules: what happens to messages.
        known: features by name and in order, in which messages' figures are.
    """

    def __init__(self, team: Team, rules: MessageRules, known: Mapping[str, Feature]) -> None:
        self.rules = rules
        self._roles = team.names
        figures = {message.name: message.figure for message in team.messages}
        # A slot for each message that each role may send; each role has a box with all of them.
        self.slots = tuple((n, said) for n, role in enumerate(team.roles) for said in role.says)
        self._first = [
            next((i for i, (sender, _) in enumerate(self.slots) if sender == n), len(self.slots))
            for n in range(len(team.roles))
        ]
        self._says = [role.says for role in team.roles]
        places = {name: place for place, name in enumerate(known)}
        self._figures = [
            places.get(figures[said].replace(ROLE_FIELD, self._roles[sender]), _NEVER)
            for sender, said in self.slots
        ]
        features = list(known.values())
        self._bounds = [
            (min(0.0, features[place].low), max(0.0, features[place].high))
            if place >= 0
            else (0.0, 1.0)
            for place in self._figures
        ]
        # Where a receiver has a slot, in values and ages of all boxes one after another.
        self._places: dict[tuple[int, int], int] = {}
        for receiver in range(len(self._roles)):
            for slot, (sender, _) in enumerate(self.slots):
                if sender != receiver:
                    self._places[receiver, slot] = len(self._places)
        self.begin(RandomStreams(0))

    def features(self) -> list[Feature]:
        """Features of the post in the observation: the values in all boxes, then their ages."""
        values, ages = [], []
        for number, slot in self._places:
            sender, said = self.slots[slot]
            place = f"inbox/{self._roles[number]}/{self._roles[sender]}_{said}"
            low, high = self._bounds[slot]
            text = f"its figure as {self._roles[number]} understood it, as observed"
            values.append(Feature(f"{place}_value", low, high, 1.0, Transform.LINEAR, text))
            text = "days since it was sent"
            ages.append(Feature(f"{place}_fresh", 0.0, 1.0, _FRESH_DAYS, Transform.FRESHNESS, text))
        return values + ages

    def begin(self, streams: RandomStreams) -> None:
        """Begin an episode with empty boxes."""
        self._streams = streams
        self._value = np.zeros(len(self._places))
        self._sent = np.full(len(self._places), -np.inf)
        self._under_way: list[tuple[int, int, int, int, float]] = []
        self.sent = [0] * len(self._roles)

    def send(self, role: int, said: int, day: int, observation: NDArray[np.float32]) -> None:
        """Send a role's message to all others.

        Args:
            role: place of the sender.
            said: place of the message among those that it may send.
            day: on which.
            observation: what the figure is taken from.
        """
        self.sent[role] += 1
        slot = self._first[role] + said
        figure = self._figures[slot]
        value = float(observation[figure]) if figure >= 0 else 1.0
        uniform, rules = self._streams.uniform, self.rules
        for receiver in range(len(self._roles)):
            if receiver == role:
                continue
            whom = slot * len(self._roles) + receiver
            if rules.loss and uniform(_LOST, whom, day) < rules.loss:
                continue
            read = slot
            mistaken = rules.misunderstanding
            if mistaken and uniform(_MISREAD, whom, day) < mistaken:
                another = int(uniform(_MISREAD_AS, whom, day) * (len(self._says[role]) - 1))
                read = self._first[role] + (another if another < said else another + 1)
            low, high = self._bounds[read]  # one that is misread is a figure of another kind
            figure_read = min(max(value, low), high)
            self._under_way.append((day + rules.delay_days, receiver, read, day, figure_read))

    def deliver(self, day: int) -> None:
        """Put into the boxes what has arrived by a day."""
        if not self._under_way:
            return
        due = [letter for letter in self._under_way if letter[0] <= day]
        self._under_way = [letter for letter in self._under_way if letter[0] > day]
        for _, receiver, slot, sent, value in sorted(due):
            place = self._places[receiver, slot]
            self._value[place], self._sent[place] = value, sent

    def observed(self, day: int) -> NDArray[np.float32]:
        """Values of ``features``."""
        fresh = 1.0 / (1.0 + (day - self._sent) / _FRESH_DAYS)  # 0 where nothing came
        return np.concatenate((self._value, fresh), dtype=np.float32, casting="same_kind")

    def inbox(self, role: int, day: int) -> dict[tuple[str, str], Heard]:
        """Messages that a role has got, by sender and kind: the last of each."""
        heard = {}
        for (receiver, slot), place in self._places.items():
            if receiver == role and self._sent[place] >= 0.0:
                sender, said = self.slots[slot]
                age = day - int(self._sent[place])
                heard[self._roles[sender], said] = Heard(float(self._value[place]), age)
        return heard
