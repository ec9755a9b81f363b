"""Key users' hours: a pool for each department of a site, filled every morning."""

from __future__ import annotations

from .context import Context
from .people import People


class KeyUsers:
    """The pools of key users' hours, which work, workshops and checks draw on."""

    def __init__(self, context: Context, people: People) -> None:
        self.context = context
        self.state = context.state
        self.people = people

    def start_day(self) -> None:
        """Fill the pools; the tired have less to give."""
        loss = self.context.parameters.fatigue_speed_loss
        for pool in self.state.pools:
            tired = loss * self.people.key_user_fatigue(pool.site, pool.department)
            pool.hours_left = pool.hours_per_day * (1.0 - tired)
            pool.used_today = 0.0

    def end_day(self) -> None:
        """Take the day into the moving average of the load; who is overloaded resists."""
        p = self.context.parameters
        for pool in self.state.pools:
            today = min(1.0, pool.used_today / pool.hours_per_day)
            pool.load += p.load_smoothing * (today - pool.load)
            if pool.load > p.overload_load:
                self.people.overload(pool.site, pool.department, p.overload_resistance)
