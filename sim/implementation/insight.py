"""Insight into the customer's latent traits: signs heard at kick-off, and readings bought.

A reading adds an observation with its own error, so that each one more of the same trait is worth
less; a trait of somebody who has left is not known any more. A profile and a review also do what
they are for: they bring errors and defects to light.
"""

from __future__ import annotations

import math

from ...scenarios.implementation.traits import TRAITS
from . import draws
from .context import Context
from .decision import READS, Move
from .defects import Defects
from .migration import Migration
from .money import Money
from .state import ReadingState

READING_ATTEMPT = 100_000
"""Reviews draw what they find by attempts from here on; cycles and checks have those below."""


class Insight:
    """Knowledge of traits, and its purchase."""

    def __init__(
        self, context: Context, money: Money, migration: Migration, defects: Defects
    ) -> None:
        self.context = context
        self.state = context.state
        self.money = money
        self.migration = migration
        self.defects = defects
        traits = context.customer.traits
        self._true = [float(getattr(traits, name)) for name in TRAITS]
        if not self.state.readings:
            self.state.readings.extend(self._sign(number) for number in range(len(TRAITS)))

    def _sign(self, number: int) -> ReadingState:
        """Hear of a trait at kick-off, with an error."""
        error = self.context.parameters.sign_error
        noise = self.context.tables.normal.at(
            self.context.streams.uniform(draws.TRAIT_SIGN, number)
        )
        precision = 1.0 / (error * error)
        return ReadingState(precision, precision * (self._true[number] + error * noise))

    def order(self, move: Move) -> None:
        """Order a reading; its report comes in some days."""
        p, state = self.context.parameters, self.state
        state.readings_bought += 1
        state.ordered_readings.append([int(move), state.day + int(p.reading_days)])
        self.money.spend(self.price_usd())

    def price_usd(self) -> float:
        """Price of a reading."""
        return self.context.parameters.reading_cost * self.state.budget_usd

    def start_day(self) -> None:
        """Take the reports that are due."""
        state = self.state
        if not state.ordered_readings:
            return
        due = [order for order in state.ordered_readings if order[1] <= state.day]
        state.ordered_readings[:] = [
            order for order in state.ordered_readings if order[1] > state.day
        ]
        for number, _ in due:
            self._report(Move(number))

    def _report(self, move: Move) -> None:
        p = self.context.parameters
        brought = 0.0
        if move is Move.PROFILE_DATA:
            brought = self.migration.profile(p.profile_reveals)
        elif move is Move.REVIEW_WORK:
            attempt = READING_ATTEMPT + self.state.readings_bought
            brought = float(self.defects.find(draws.DEFECT_IN_TEST, p.review_finds, attempt))
        told: dict[str, float] = {}
        for name in READS[move]:
            number = TRAITS.index(name)
            self._read(number)
            told[f"{name}_estimate"], told[f"{name}_error"] = self.estimate(number)
        self.context.note("reading", move.name.lower(), brought_to_light=brought, **told)

    def _read(self, number: int) -> None:
        reading = self.state.readings[number]
        error = self.context.parameters.reading_error
        draw = self.context.streams.uniform(draws.TRAIT_READING, number, reading.bought)
        observed = self._true[number] + error * self.context.tables.normal.at(draw)
        precision = 1.0 / (error * error)
        reading.precision += precision
        reading.weighted += precision * observed
        reading.day = self.state.day
        reading.bought += 1

    def estimate(self, number: int) -> tuple[float, float]:
        """Estimate of a trait, and its standard error, from its spread and all that was heard."""
        reading, prior = self.state.readings[number], self.context.parameters.trait_prior_error
        precision = reading.precision + 1.0 / (prior * prior)
        return reading.weighted / precision, 1.0 / math.sqrt(precision)
