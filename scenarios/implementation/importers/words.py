"""Words in a project file that mean a workstream, a department or a role.

The first row of a table with a word in the text wins. A word stands at the beginning of a word of
the text: ``config`` means configuration and configure, ``sit`` not website.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from ..vocabulary import Department, Role, Workstream

AFTERWARDS = (
    "hypercare", "stabilisation", "stabilization", "post-production", "post-go-live",
    "post go-live", "aftercare", "warranty",
)  # fmt: skip
"""Work after the go-live: the world's own, and no part of the weeks until then."""
WORLD_OWN = (
    "cutover", "cut-over", "go-live", "go live", "golive", "switch over", "switchover",
    "production load", "final load", "final migration",
)  # fmt: skip
"""The cutover: the world's own, ordered by a move."""
WORLD_RUNS = (
    "mock", "trial load", "trial migration", "test load", "test migration", "dry run", "cleans",
    "deduplic", "data quality", "test cycle", "sit", "system integration test", "integration test",
    "end-to-end test", "uat", "user acceptance", "acceptance test", "regression test", "end user",
    "end-user", "training session", "deliver training", "train users", "classroom",
)  # fmt: skip
"""Mock loads, cleansing, test cycles, checks, training waves: the world's own, unless prepared."""
PREPARING = (
    "prepar", "script", "case", "material", "manual", "document", "design", "write", "plan",
)  # fmt: skip
"""Words that turn one of those into work that a plan can hold."""
MANAGEMENT = (
    "project management", "programme management", "program management", "steering", "status",
    "kick-off", "kickoff", "kick off", "governance", "reporting to", "pmo", "risk review",
)  # fmt: skip
"""Management of the project: the crew's overhead, no work of the world."""

WORKSTREAMS: tuple[tuple[Workstream, tuple[str, ...]], ...] = (
    (Workstream.TRAINING, ("train", "user manual", "e-learning", "change management")),
    (Workstream.TESTING, ("test", "uat", "sit", "quality assurance", "acceptance", "validat")),
    (Workstream.DATA, ("data", "migrat", "extract", "etl", "master record", "opening balance")),
    (Workstream.INTEGRATION, (
        "integrat", "interface", "edi", "api", "middleware", "connector", "web shop", "webshop")),
    (Workstream.CUSTOMISATION, (
        "custom", "develop", "report", "form", "enhancement", "extension", "workflow", "program")),
    (Workstream.CONFIGURATION, (
        "config", "set up", "setup", "set-up", "parameter", "install", "prototype", "build",
        "implement", "roles and authori", "authoris", "authoriz", "chart of accounts")),
    (Workstream.DISCOVERY, (
        "discover", "workshop", "analys", "requirement", "blueprint", "design", "fit-gap",
        "fit gap", "fit/gap", "process map", "as-is", "to-be", "scop", "interview", "concept")),
)  # fmt: skip
"""Words of each workstream, in the order in which they are looked for."""

DEPARTMENTS: tuple[tuple[Department, tuple[str, ...]], ...] = (
    (Department.FINANCE, ("financ", "account", "ledger", "controlling", "tax", "asset", "payroll")),
    (Department.PURCHASING, ("purchas", "procure", "vendor", "supplier", "sourcing")),
    (Department.PRODUCTION, (
        "production", "manufactur", "bom", "bill of material", "routing", "mrp", "shop floor")),
    (Department.WAREHOUSE, ("warehous", "inventor", "stock", "logistic", "shipping", "picking")),
    (Department.SALES, ("sales", "order to cash", "quot", "pricing", "customer service", "crm")),
)  # fmt: skip
"""Words of each department."""

CUSTOMER_PEOPLE = ("key user", "key-user", "customer", "client", "business user", "end user")
"""Words of resources that are the customer's own people."""
ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.PROJECT_MANAGER, (
        "project_manager", "project manager", "programme manager", "program manager", "pm", "pmo",
        "project lead")),
    (Role.DATA_MIGRATION, ("data_migration", "data", "migration", "etl", "dba", "database")),
    (Role.INDUSTRY_EXPERT, (
        "industry_expert", "industry", "business analyst", "analyst", "process", "subject matter",
        "expert", "trainer", "tester", "test", "change manager")),
    (Role.ORCHESTRATOR, ("orchestrator", "architect", "solution", "lead", "delivery manager")),
    (Role.CONFIGURATION, (
        "configuration", "config", "functional", "consultant", "develop", "technical", "program",
        "engineer", "integration", "basis", "abap")),
)  # fmt: skip
"""Words of resources that are the crew's, in the order in which they are looked for."""

NATURAL_WORKSTREAM: dict[Role, Workstream] = {
    Role.ORCHESTRATOR: Workstream.INTEGRATION,
    Role.PROJECT_MANAGER: Workstream.TRAINING,
    Role.DATA_MIGRATION: Workstream.DATA,
    Role.CONFIGURATION: Workstream.CONFIGURATION,
    Role.INDUSTRY_EXPERT: Workstream.DISCOVERY,
}
"""Workstream of a task whose name says nothing, by who works on it."""
NATURAL_ROLE: dict[Workstream, Role] = {
    Workstream.DISCOVERY: Role.INDUSTRY_EXPERT,
    Workstream.DATA: Role.DATA_MIGRATION,
    Workstream.CONFIGURATION: Role.CONFIGURATION,
    Workstream.CUSTOMISATION: Role.CONFIGURATION,
    Workstream.INTEGRATION: Role.CONFIGURATION,
    Workstream.TESTING: Role.INDUSTRY_EXPERT,
    Workstream.TRAINING: Role.INDUSTRY_EXPERT,
}
"""Role that does a workstream, where a resource's name says nothing (its highest skill)."""

KeyT = TypeVar("KeyT")


def has_word(text: str, words: Sequence[str]) -> bool:
    """True when one of the words begins a word of the text, whatever the case."""
    return _pattern(tuple(words)).search(text) is not None


def first_match(text: str, table: Sequence[tuple[KeyT, tuple[str, ...]]]) -> KeyT | None:
    """The first row of a table with a word in the text; None: there is none."""
    return next((key for key, words in table if has_word(text, words)), None)


def first_of(texts: Sequence[str], table: Sequence[tuple[KeyT, tuple[str, ...]]]) -> KeyT | None:
    """The first row of a table with a word in the first text that has any; None: there is none."""
    found = (first_match(text, table) for text in texts)
    return next((key for key in found if key is not None), None)


def all_matches(text: str, table: Sequence[tuple[KeyT, tuple[str, ...]]]) -> tuple[KeyT, ...]:
    """Every row of a table with a word in the text, in the table's order."""
    return tuple(key for key, words in table if has_word(text, words))


def is_alongside(name: str) -> bool:
    """True when a task goes along with the project or comes after its go-live."""
    return has_word(name, MANAGEMENT) or has_word(name, AFTERWARDS)


def is_world_own(name: str) -> bool:
    """True when a task is what the world does of itself: its cutover, its runs, its management."""
    if has_word(name, WORLD_OWN) or is_alongside(name):
        return True
    return has_word(name, WORLD_RUNS) and not has_word(name, PREPARING)


_WHOLE_WORDS = frozenset(
    {"sit", "uat", "pm", "edi", "api", "etl", "dba", "bom", "crm", "mrp", "form"}
)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [
        rf"{re.escape(word)}s?(?![a-z0-9])" if word in _WHOLE_WORDS else re.escape(word)
        for word in words
    ]
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(parts)})", re.IGNORECASE)
