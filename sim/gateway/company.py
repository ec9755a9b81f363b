"""The company of an episode: what it is like, its agents and its people, drawn from the seed."""

from __future__ import annotations

from ...core.arithmetic import binary_logarithm, power
from ...core.distributions import lognormal_table, poisson_count
from ...core.draws import Draws
from ...scenarios.gateway.agents import AgentRow, named_agents
from ...scenarios.gateway.scenario import GatewayScenario
from ...scenarios.gateway.vocabulary import (
    FAMILIES,
    TRAITS,
    Adversity,
    AgentGroup,
    CompanyTrait,
    Department,
    TaskFamily,
)
from .laws import logistic
from .parameters import Parameters
from .state import Agent, Requester, State

AT_HOME: dict[Department, tuple[TaskFamily, ...]] = {
    Department.ENGINEERING: (
        *(TaskFamily.PROGRAMMING, TaskFamily.FRONTEND, TaskFamily.ARCHITECTURE, TaskFamily.QUALITY),
    ),
    Department.OPERATIONS: (
        *(TaskFamily.INFRASTRUCTURE, TaskFamily.SECURITY, TaskFamily.INTEGRATION),
    ),
    Department.ANALYTICS: (TaskFamily.DATA, TaskFamily.MACHINE_LEARNING),
    Department.SALES: (TaskFamily.CUSTOMERS, TaskFamily.BUSINESS),
    Department.SUPPORT: (TaskFamily.CUSTOMERS, TaskFamily.DOCUMENTATION, TaskFamily.QUALITY),
    Department.MANAGEMENT: (TaskFamily.BUSINESS, TaskFamily.DOCUMENTATION, TaskFamily.ARCHITECTURE),
}
"""Families that a department mostly asks for, and can judge."""
DEPARTMENTS = tuple(Department)
LABEL, READ = 0, 1
"""Records are kept by the family that the label names and by the one that the text is read as."""
_COUNT = len(FAMILIES)


def trait_of(state: State, trait: CompanyTrait) -> float:
    """A latent trait, in [-1, 1]."""
    return state.traits[TRAITS.index(trait)]


def draw_state(scenario: GatewayScenario, parameters: Parameters, seed: int) -> State:
    """The company at midnight before its first Monday."""
    draws = Draws(seed, "gateway/company")
    traits = [_trait(scenario, draws, number) for number in range(len(TRAITS))]
    agents = _agents(scenario, parameters, draws, traits)
    families = _families(parameters, draws)
    requesters = _requesters(scenario, parameters, draws, agents)
    state = State(0.0, traits, agents, requesters, families)
    _meet_boasters(scenario, state)
    return state


def _trait(scenario: GatewayScenario, draws: Draws, number: int) -> float:
    """At least half of the way to one side: a company in the middle teaches nothing."""
    given = scenario.traits.get(TRAITS[number])
    if given is not None:
        return given
    size = draws.between("trait size", 0.5, 1.0, number)
    return size if draws.chance("trait side", 0.5, number) else -size


def _families(parameters: Parameters, draws: Draws) -> list[float]:
    order = sorted(range(_COUNT), key=lambda family: draws.uniform("family rank", family))
    weights = [0.0] * _COUNT
    for rank, family in enumerate(order, start=1):
        weights[family] = power(float(rank), -parameters.family_decline)
    return weights


def _rows(scenario: GatewayScenario, draws: Draws) -> tuple[AgentRow, ...]:
    pool = scenario.pool
    if not pool.generated:
        return pool.rows()
    size = pool.fewest + int(draws.uniform("pool size") * (pool.most - pool.fewest + 1))
    return tuple(_generated_row(scenario, draws, number) for number in range(size))


def _generated_row(scenario: GatewayScenario, draws: Draws, number: int) -> AgentRow:
    """A row like the named ones: a trade, its neighbours, a price and a pace of its kind."""
    named = named_agents()
    model = named[int(draws.uniform("row model", number) * len(named))]
    families = [*model.home]
    # Every family has somebody: the first agents of a pool are made for one each.
    if number < _COUNT:
        families = [FAMILIES[number], *families]
    elif draws.chance("row turned", 0.5, number):
        families = [FAMILIES[int(draws.uniform("row family", number) * _COUNT)], *families]
    home: dict[TaskFamily, float] = {}
    for place, family in enumerate(families[:3]):
        edge = 1.4 if place == 0 else 0.6
        home.setdefault(family, edge * draws.between("row edge", 0.7, 1.3, number * 8 + place))
    return AgentRow(
        name=f"agent-{number + 1:02d}",
        group=model.group if number >= _COUNT else AgentGroup.SPECIALISED,
        home=home,
        usd_per_hour=model.usd_per_hour * draws.lognormal("row price", 0.3, number),
        pace=model.pace * draws.lognormal("row pace", 0.3, number),
        capacity=1 + int(draws.uniform("row capacity", number) * 6),
        cleared=not draws.chance("row cleared", scenario.pool.uncleared_share, number),
        longest_task_hours=8.0 * draws.lognormal("row longest", 0.7, number),
    )


def _agents(
    scenario: GatewayScenario, parameters: Parameters, draws: Draws, traits: list[float]
) -> list[Agent]:
    p = parameters
    special = traits[TRAITS.index(CompanyTrait.SPECIALISATION)] * p.specialisation_swing
    dear = traits[TRAITS.index(CompanyTrait.PRICE)] * p.price_doublings
    agents = []
    for number, row in enumerate(_rows(scenario, draws)):
        level = draws.normal("level", number)
        own = binary_logarithm(p.median_horizon_hours) + level * p.level_sigma
        home = [float(row.home.get(family, 0.0)) for family in FAMILIES]
        horizon = []
        for family, listed in enumerate(home):
            edge = listed * p.home_edge if listed else -p.away_loss
            residual = draws.normal("own strength", number * _COUNT + family) * p.family_sigma
            horizon.append(own + (1.0 + special) * edge + residual)
        price = row.usd_per_hour * draws.lognormal("price", p.price_sigma, number)
        agent = Agent(
            name=row.name,
            group=row.group.value,
            home=home,
            usd_per_hour=price * power(2.0, dear * level),
            pace=row.pace,
            capacity=row.capacity,
            cleared=row.cleared,
            longest_task_hours=row.longest_task_hours,
            horizon=horizon,
            silent_share=draws.between("silent", p.silent_low, p.silent_high, number),
            boast=p.boast_high
            * (0.5 * draws.uniform("boast", number) + 0.5 * logistic(-2.0 * level)),
        )
        _give_record(scenario, parameters, draws, agent, number)
        agents.append(agent)
    return agents


def _give_record(
    scenario: GatewayScenario, parameters: Parameters, draws: Draws, agent: Agent, number: int
) -> None:
    """What is known of an agent at the beginning, unless nobody has tried it yet."""
    p = parameters
    agent.placed = [[0] * _COUNT, [0] * _COUNT]
    agent.failed = [[0] * _COUNT, [0] * _COUNT]
    if draws.chance("new", scenario.pool.new_share, number):
        return
    hours = lognormal_table(p.task_hours_sigma)
    noticed = 1.0 - agent.silent_share * 0.5
    for family in range(_COUNT):
        mean = p.record_tasks if agent.home[family] else p.record_tasks_elsewhere
        whom = number * _COUNT + family
        tasks = min(60, poisson_count(mean, draws.uniform("record size", whom)))
        failed = 0
        for task in range(tasks):
            place = whom * 64 + task
            doublings = binary_logarithm(hours.at(draws.uniform("record hours", place)))
            residual = draws.normal("record residual", place) * p.task_residual
            length = doublings + binary_logarithm(scenario.median_task_hours)
            logits = p.slope * (agent.horizon[family] - length) + residual
            if draws.uniform("record outcome", place) >= logistic(logits):
                failed += draws.chance("record noticed", noticed, place)
        for kept in (LABEL, READ):
            agent.placed[kept][family] = tasks
            agent.failed[kept][family] = failed
        agent.finished += tasks
        agent.hours += tasks * agent.pace


def _requesters(
    scenario: GatewayScenario, parameters: Parameters, draws: Draws, agents: list[Agent]
) -> list[Requester]:
    count = scenario.requesters
    requesters = []
    for number in range(count):
        department = number % len(DEPARTMENTS)
        home = AT_HOME[DEPARTMENTS[department]]
        able = draws.between("able", 0.35, 0.95, number)
        expertise = [able if family in home else 0.3 * able for family in FAMILIES]
        family = FAMILIES.index(home[int(draws.uniform("trade", number) * len(home))])
        known = [slot for slot, agent in enumerate(agents) if agent.home[family] > 0.0]
        known = known or list(range(len(agents)))
        favourite = known[int(draws.uniform("favourite", number) * len(known))]
        far = int(draws.uniform("friend", number) * count)
        around = {(number - 1) % count, (number + 1) % count, far} - {number}
        trust = parameters.trust_start + 0.15 * (2.0 * draws.uniform("trust", number) - 1.0)
        habit = draws.uniform("habit", number)
        requesters.append(Requester(department, trust, habit, expertise, favourite, sorted(around)))
    return requesters


def _meet_boasters(scenario: GatewayScenario, state: State) -> None:
    """Over-claiming agents are so from the beginning, every third of them at full severity."""
    for trouble in scenario.troubles:
        if trouble.kind is Adversity.OVERCLAIMING:
            every = max(3, round(3.0 / trouble.severity))
            for agent in state.agents[::every]:
                agent.boast, agent.silent_share = 6.0, 0.95
