"""Effects of disruptions under way on the day's work, collected for the other mechanisms.

Made anew every morning from the disruptions' state, so that it never has to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Strain:
    """Neutral values are those of a day without disruptions; the lists have one entry per site."""

    live_loss: list[float]
    """Productivity lost in production over and above everything else, 0..1."""
    training_gain: list[float]
    """Factor on what a training wave achieves."""
    latency: list[float]
    """Factor on the time until the customer answers."""
    load_hours: float = 1.0
    """Factor on the effort of mock loads and test cycles."""
    peak_load_failing: float = 0.0
    """Further share of the peak load check's cases that fail."""
    user_failing: float = 0.0
    """Further share of the user acceptance check's cases that fail."""
    wrong_assumption: float = 0.0
    """Added to the probability that an assumption is wrong."""
    interface_failure: float = 1.0
    """Factor on the daily rate at which interfaces fail in production."""
    crew_speed: float = 1.0
    """Factor on the crew's speed."""
    unmet: float = 0.0
    """Share of the requirements that are missing beside those of the scope."""
    cost_usd: float = 0.0
    """Cost of the day."""

    @staticmethod
    def none(sites: int) -> Strain:
        """No strain."""
        return Strain([0.0] * sites, [1.0] * sites, [1.0] * sites)
