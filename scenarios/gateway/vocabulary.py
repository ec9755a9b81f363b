"""The gateway's terms: families of tasks, groups of agents, traits of a company."""

from __future__ import annotations

from enum import StrEnum


class TaskFamily(StrEnum):
    """Kinds of work that tasks ask for; a task is one of them, or two mixed."""

    PROGRAMMING = "programming"
    FRONTEND = "frontend"
    ARCHITECTURE = "architecture"
    INFRASTRUCTURE = "infrastructure"
    DATA = "data"
    MACHINE_LEARNING = "machine_learning"
    QUALITY = "quality"
    SECURITY = "security"
    DOCUMENTATION = "documentation"
    BUSINESS = "business"
    CUSTOMERS = "customers"
    INTEGRATION = "integration"


FAMILIES = tuple(TaskFamily)
"""All families, in the order in which vectors of skill have them."""


class AgentGroup(StrEnum):
    """Groups in which a company lists its agents."""

    PROGRAMMING_LANGUAGES = "programming_languages"
    FRONTEND_AND_MOBILE = "frontend_and_mobile"
    ARCHITECTURE_AND_BACKEND = "architecture_and_backend"
    INFRASTRUCTURE = "infrastructure"
    DATA_AND_AI = "data_and_ai"
    QUALITY_AND_SECURITY = "quality_and_security"
    DOCUMENTATION = "documentation"
    BUSINESS = "business"
    SPECIALISED = "specialised"
    GATEWAY = "gateway"


class Department(StrEnum):
    """Departments whose people send tasks."""

    ENGINEERING = "engineering"
    OPERATIONS = "operations"
    ANALYTICS = "analytics"
    SALES = "sales"
    SUPPORT = "support"
    MANAGEMENT = "management"


class CompanyTrait(StrEnum):
    """Traits of a company that nobody tells; each flips a rule of routing.

    A trait lies in [-1, 1]; the docstrings say what is true where it is high.
    """

    LABELS = "labels"
    """The category that a requester gives is right, so it may be followed against the text."""
    CANDOUR = "candour"
    """Agents are as confident as they are good, so the most confident one may be taken."""
    HASTE = "haste"
    """An answer loses its worth within hours, so the shortest queue beats the best agent."""
    VAGUENESS = "vagueness"
    """What a vague task leaves out decides, so asking pays."""
    JOINTS = "joints"
    """Parts fit together again, so splitting a large task pays."""
    HARM = "harm"
    """A wrong answer that nobody notices costs a multiple, so a person pays."""
    PRICE = "price"
    """Dear agents are good, so the price is a sign of skill."""
    SPECIALISATION = "specialisation"
    """Agents are good at their trade only, so a family's record counts, not the whole one."""


TRAITS = tuple(CompanyTrait)
PRIORITIES = (1, 2, 3, 4)
"""Priorities, the most urgent first, as service desks number them."""


class Wordings(StrEnum):
    """The wordings that tasks are written in; what learns is judged on those that are held out."""

    USUAL = "usual"
    HELD_OUT = "held_out"


class Adversity(StrEnum):
    """Kinds of trouble on top of everyday life."""

    OUTAGE = "outage"
    """All agents of one group are away for hours."""
    FLOOD = "flood"
    """An incident brings related tasks, as many as on a day."""
    PRICE_SHOCK = "price_shock"
    """Prices of one group of agents double or more."""
    BAD_VERSION = "bad_version"
    """The largest agents get a version that is worse, without notice."""
    GRADUAL_DECAY = "gradual_decay"
    """The largest agents get worse a little every day for three weeks, without notice."""
    RETRAINED = "retrained"
    """The agents of one group come back from training far better than their records."""
    TOPIC_SEASON = "topic_season"
    """Every other week, other families of work are asked for."""
    OVERCLAIMING = "overclaiming"
    """Some agents are sure of whatever they are asked, and their failures look like success."""
    POISONED_RATINGS = "poisoned_ratings"
    """Somebody rates against the truth."""


class Unit(StrEnum):
    """Units of an experiment: what is assigned to one of its routers as a whole."""

    TASK = "task"
    REQUESTER_DAY = "requester-day"
    """All tasks that somebody sends on a day: nobody meets two routers on one day."""


class Measure(StrEnum):
    """Measures of an experiment: a task's outcome as a share of its worth, between -1 and 1."""

    NET = "net"
    """Worth less costs and harm, as it truly is: what only a simulation can tell."""
    KNOWN = "known"
    """The same as the company can know it: what nobody complains about is right."""
