"""Mechanism 11: the customer's people on a network, a Mesa agent for those of each site.

A sponsor, per site and department a head, its key users and a cohort of end users. They
influence one another along the network (DeGroot 1974), remember what happened to them, learn
and forget, and adopt the system at a hazard that depends on usefulness and ease (King & He
2006) and on those who already have (Bass 1969). The agents hold behaviour; what people are
stands in ``PeopleState``, so that the world can be snapshotted.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import mesa

from ...core.arithmetic import plain_sum
from .context import Context
from .state import Package, PeopleState

FULL_GAIN_GAP = 0.5
"""Trust gains are stated for people half-way to full trust, and shrink with the gap."""


class PersonKind(IntEnum):
    """Kinds of people that an entry of the people's state stands for."""

    SPONSOR = 0
    HEAD = 1
    KEY_USER = 2
    COHORT = 3


class SitePeople(mesa.Agent):  # type: ignore[misc]
    """The people of one site (the sponsor sits at the first), by their indices in the state.

    One agent steps all of them: one for each person would make most of the day's calls.
    """

    model: CustomerPeople

    def __init__(self, model: CustomerPeople, site: int) -> None:
        super().__init__(model)
        people = model.people
        self.site = site
        self._everybody = [i for i, place in enumerate(people.site) if place == site]
        self._users = [i for i in self._everybody if people.kind[i] >= PersonKind.KEY_USER]

    def step(self) -> None:
        """Live one day: drift home, listen to the neighbours, rest; users learn and adopt."""
        model = self.model
        people = model.people
        before = model.trust_before
        influence, recovery, rest = model.influence_rate, model.trust_recovery, model.fatigue_rest
        trusts, starts, fatigues = people.trust, people.trust_start, people.fatigue
        neighbours_of = people.neighbours
        for index in self._everybody:
            neighbours = neighbours_of[index]
            trust = before[index]
            if neighbours:
                opinion = 0.0
                for other in neighbours:
                    opinion += before[other]
                trust += influence * (opinion / len(neighbours) - trust)
            trusts[index] = trust + recovery * (starts[index] - trust)
            fatigue = fatigues[index]
            if fatigue > 0.0:
                fatigues[index] = max(0.0, fatigue - rest)
        if model.site_live[self.site]:
            self._use()
        else:
            self._forget()

    def _forget(self) -> None:
        """Forget what was trained, as long as it is not used."""
        model = self.model
        start, decay = model.proficiency_start, model.training_decay
        proficiency = model.people.proficiency
        for index in self._users:
            now = proficiency[index]
            if now > start:
                proficiency[index] = now - decay * (now - start)

    def _use(self) -> None:
        """Users learn by use, and adopt at a hazard what they find useful and easy."""
        model = self.model
        people = model.people
        by_use, floor = model.proficiency_by_use, model.adoption_trust_floor
        usefulness = model.usefulness[self.site]
        for index in self._users:
            ease = people.proficiency[index]
            ease += by_use * (1.0 - ease)
            people.proficiency[index] = ease
            intention = model.intention(usefulness, ease)
            willing = intention * (floor + (1.0 - floor) * people.trust[index])
            reach = min(1.0, willing * (1.0 - people.resistance[index]) * model.adoption_reach)
            adopted = people.adoption[index]
            if reach > adopted:
                rate = (model.bass_p + model.bass_q * adopted) * model.adoption_speed
                people.adoption[index] = adopted + rate * (reach - adopted)


class CustomerPeople(mesa.Model):  # type: ignore[misc]
    """All agents of one customer; steps once a day."""

    def __init__(self, context: Context) -> None:
        super().__init__(rng=0)  # no agent draws from it: every draw is addressed
        p = context.parameters
        self.people: PeopleState = context.state.people
        self.trust_before: list[float] = []
        self.influence_rate = p.influence_rate
        self.trust_recovery = p.trust_recovery
        self.fatigue_rest = p.fatigue_recovery * p.fatigue_per_rush_day
        self.training_decay = p.training_decay_per_day
        self.proficiency_start = p.proficiency_start
        self.proficiency_by_use = p.proficiency_by_use * context.by_delivery(
            1.0, p.proficiency_by_use_conventional
        )
        self.bass_p = p.bass_p / context.days_per_week
        self.bass_q = p.bass_q / context.days_per_week
        self.adoption_speed = context.by_delivery(
            p.adoption_compression_agentic, 1.0 - p.parallel_operation
        )
        self.adoption_trust_floor = p.adoption_trust_floor
        self.adoption_reach = p.adoption_reach
        self.ease_neutral = p.ease_neutral
        self._paths = (p.usefulness_to_intention, p.ease_to_intention, p.ease_to_usefulness)
        self.site_live: list[bool] = []
        self.usefulness: list[float] = []
        for site in range(len(context.customer.sites)):
            SitePeople(self, site)
        # Mesa counts agents per model in a table of the class, which would keep every world alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._steps: list[Callable[[], None]] = [agent.step for agent in self.agents]

    def intention(self, usefulness: float, ease: float) -> float:
        """Intention to use, 0..1, by the meta-analytic paths (normalised to their sum)."""
        useful, easy, through = self._paths
        seen = usefulness + through * (ease - self.ease_neutral)
        seen = 0.0 if seen < 0.0 else 1.0 if seen > 1.0 else seen
        return (useful * seen + easy * ease) / (useful + easy)

    def step(self) -> None:
        """Live one day of everybody; opinions are those of the evening before."""
        self.trust_before = self.people.trust[:]  # else those asked first would lead the others
        for step in self._steps:
            step()


class People:
    """The people as other mechanisms ask them and act on them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.people = context.state.people
        self.model = CustomerPeople(context)
        kinds, sites = self.people.kind, self.people.site
        count = range(len(kinds))
        self._heads = {
            (sites[i], self.people.department[i]): i for i in count if kinds[i] == PersonKind.HEAD
        }
        self._key_users = {
            (sites[i], self.people.department[i]): i
            for i in count
            if kinds[i] == PersonKind.KEY_USER
        }
        self._users = [i for i in count if kinds[i] >= PersonKind.KEY_USER]

    def end_day(self, site_live: list[bool], usefulness: list[float]) -> None:
        """Live one day of everybody.

        Args:
            site_live: per site whether it works with the new system.
            usefulness: per site how much of the promised process works, 0..1.
        """
        self.model.site_live = site_live
        self.model.usefulness = usefulness
        self.model.step()

    def head_trust(self, package: Package) -> float:
        """Trust of the head who answers for a package."""
        index = self._heads.get((package.site, package.department), 0)
        return self.people.trust[index]

    def shift_trust(self, change: float, kinds: tuple[PersonKind, ...] | None = None) -> None:
        """Let everybody (of these kinds) gain or lose trust; gains shrink near full trust."""
        trust = self.people.trust
        for index, kind in enumerate(self.people.kind):
            if kinds is None or kind in kinds:
                now = trust[index]
                now += change * (1.0 - now) / FULL_GAIN_GAP if change > 0.0 else change
                trust[index] = 0.0 if now < 0.0 else 1.0 if now > 1.0 else now

    def replace_sponsor(self, share: float) -> None:
        """Replace the sponsor: trust begins at a share of what the predecessor began with."""
        self.people.trust[0] = self.people.trust_start[0] = share * self.people.trust_start[0]

    def department_trust(self, department: int) -> float:
        """Least trust among a department's heads."""
        trust = self.people.trust
        return min(trust[index] for (_, of), index in self._heads.items() if of == department)

    def shift_department_trust(self, department: int, change: float) -> None:
        """Let the heads of a department lose trust (or gain it, up to full trust)."""
        trust = self.people.trust
        for (_, of), index in self._heads.items():
            if of == department:
                trust[index] = max(0.0, min(1.0, trust[index] + change))

    def workshop(self, strength: float) -> None:
        """Hold a stakeholder workshop: trust up, resistance down."""
        self.shift_trust(strength)
        resistance = self.people.resistance
        for index in range(len(resistance)):
            resistance[index] = max(0.0, resistance[index] - strength)

    def quick_win(self, department: int, gain: float) -> None:
        """Show that something works: a department gains trust and resists less, others less so.

        Those who trust least are moved most. Some of the trust stays, whatever comes.
        """
        p, people = self.context.parameters, self.people
        for index, trust in enumerate(people.trust):
            near = people.department[index] == department
            moved = gain * (1.0 if near else p.quick_win_others)
            moved *= (1.0 - trust) / FULL_GAIN_GAP
            people.trust[index] = min(1.0, trust + moved)
            start = people.trust_start[index]
            people.trust_start[index] = min(1.0, start + p.quick_win_lasting * moved)
            people.resistance[index] = max(0.0, people.resistance[index] - moved)

    def train(self, site: int, gain: float) -> None:
        """Close a share of everybody's gap by a training wave at a site."""
        people, forgone = self.people, self.context.parameters.training_resistance
        for index in self._users:
            if people.site[index] == site:
                gap = 1.0 - people.proficiency[index]
                effect = gain * (1.0 - forgone * people.resistance[index])
                people.proficiency[index] += effect * gap

    def rush_day(self) -> None:
        """Drive key users hard for a day."""
        fatigue = self.context.parameters.fatigue_per_rush_day
        for index in self._key_users.values():
            self.people.fatigue[index] = min(1.0, self.people.fatigue[index] + fatigue)

    def key_user_fatigue(self, site: int, department: int) -> float:
        """Fatigue of a department's key users."""
        return self.people.fatigue[self._key_users[site, department]]

    def overload(self, site: int, department: int, amount: float) -> None:
        """Ask key users for more than they have: resistance grows, trust falls."""
        index = self._key_users[site, department]
        people, p = self.people, self.context.parameters
        people.resistance[index] = min(1.0, people.resistance[index] + amount)
        people.trust[index] = max(0.0, people.trust[index] - p.overload_trust * amount)
        head = self._heads[site, department]
        more = p.overload_head_resistance * amount
        people.resistance[head] = min(1.0, people.resistance[head] + more)

    def mean_trust(self) -> float:
        """Mean trust over all agents."""
        trust = self.people.trust
        return plain_sum(trust) / len(trust)

    def support(self) -> float:
        """Support for the project: the sponsor's trust and the heads', weighted."""
        trust, weight = self.people.trust, self.context.parameters.support_sponsor_weight
        heads = [trust[index] for index in self._heads.values()]
        return (weight * trust[0] + plain_sum(heads) / len(heads)) / (weight + 1.0)

    def mean_resistance(self) -> float:
        """Mean resistance over all agents."""
        return plain_sum(self.people.resistance) / len(self.people.resistance)

    def readiness(self, *sites: int) -> float:
        """Mean proficiency of users by head count, at some sites or (none named) all."""
        return self._mean_of_users(self.people.proficiency, sites)

    def adoption(self, *sites: int) -> float:
        """Share of users who have adopted, by head count."""
        return self._mean_of_users(self.people.adoption, sites)

    def _mean_of_users(self, values: list[float], sites: tuple[int, ...]) -> float:
        size = self.people.size
        place = self.people.site
        share = total = 0.0
        for index in self._users:
            if not sites or place[index] in sites:
                share += values[index] * size[index]
                total += size[index]
        return share / total
