"""What the rules see in the rows about a lead, a deal or a customer: signs, and figures of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import log
from pathlib import Path
from typing import Any

from ....core.arithmetic import exponential
from ....core.yaml_reader import read_document
from ....sim.gateway.crm.generate import ROLES, STAGES
from ....sim.gateway.crm.session import Reader

Row = dict[str, Any]
Figures = dict[str, float]
FACTORS = ("budget", "authority", "need", "timing", "trust")
_USERS = re.compile(r"for (\d+) users")
_LAST_WORD = re.compile(r"last word|decides|signs off", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sign:
    """A note that tells something."""

    factor: str
    good: bool
    words: str


@dataclass(slots=True)
class Dossier:
    """All that a step has read about its subject.

    Attributes:
        row: the subject's.
        company: whose it is.
        people: the company's contacts, or the one that is spoken to.
        activities: about it, oldest first.
        more: rows of other tables by name.
        signs: that the activities' notes give.
        figures: by which the rules weigh it.
        days_silent: since the last activity that is not in the future.
    """

    row: Row
    company: Row
    people: list[Row]
    activities: list[Row]
    more: dict[str, Any] = field(default_factory=dict)
    signs: list[Sign] = field(default_factory=list)
    figures: Figures = field(default_factory=dict)
    days_silent: int = 0


@cache
def weights() -> dict[str, Figures]:
    """Weights of the rules by what they are of, as ``python -m benchmarks.gateway.crm`` fits."""
    content: Any = read_document(Path(__file__).with_name("weights.yaml")).data
    return dict(content)


def logit(of: str, figures: Figures) -> float:
    """Sum of figures by the weights of a rule."""
    known = weights()[of]
    total = known["start"]
    for name, value in figures.items():
        total += known[name] * value
    return total


def chance(of: str, figures: Figures) -> float:
    """Probability by the weights of a rule."""
    return 1.0 / (1.0 + exponential(-logit(of, figures)))


@cache
def _lexicon() -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    content: Any = read_document(Path(__file__).with_name("signs.yaml")).data
    return tuple(
        (factor, how == "good", tuple(words))
        for factor, both in content.items()
        for how, words in both.items()
    )


@cache
def read_note(notes: str) -> tuple[str, bool] | None:
    """What a note tells of and whether well; None if it tells nothing that the rules know."""
    low = notes.lower()
    for factor, good, words in _lexicon():
        if any(word in low for word in words):
            return factor, good
    return None


def read_signs(activities: Sequence[Row]) -> list[Sign]:
    """The signs in notes."""
    found = []
    for one in activities:
        told = read_note(one["notes"])
        if told is not None:
            found.append(Sign(*told, one["notes"]))
    return found


def lead_dossier(reader: Reader, lead: int) -> Dossier:
    """A lead with the company's past with leads of its source."""
    row = reader.row("leads", lead)
    dossier = _dossier(reader, "lead", row)
    past = [one for one in reader.rows("leads") if one["status"] in ("converted", "disqualified")]
    dossier.figures = lead_figures(dossier, past)
    return dossier


def lead_figures(dossier: Dossier, past: Sequence[Row]) -> Figures:
    """Figures of a lead; unknown ones are 0."""
    row = dossier.row
    alike = [one["status"] == "converted" for one in past if one["source"] == row["source"]]
    share = (sum(alike) + 2.0 * 0.16) / (len(alike) + 2.0)
    users = users_of(row)
    budget, months = row["budget_usd"], row["months_to_start"]
    return {
        "source": log(share / (1.0 - share)) - log(0.16 / 0.84),
        "role": _level(dossier.people),
        "states_budget": float(budget is not None),
        "budget_share": max(-1.5, min(1.5, log(budget / (900.0 * users))))
        if budget and users
        else 0.0,
        "months": log(months / 6.0) if months else 0.0,
        "details": row["requirements"].count(" and "),
        "missed": _missed(dossier),
        **_counted(dossier.signs),
    }


def deal_dossier(reader: Reader, deal: int) -> Dossier:
    """A deal with what was said about it."""
    dossier = _dossier(reader, "deal", reader.row("deals", deal))
    dossier.figures = deal_figures(dossier, reader.today)
    return dossier


def deal_figures(dossier: Dossier, today: date) -> Figures:
    """Figures of a deal."""
    row = dossier.row
    return {
        "stage": float(STAGES.index(row["last_stage"])),
        "role": _level(dossier.people),
        "silent": log(1.0 + dossier.days_silent) - 3.0,
        "late": (date.fromisoformat(row["expected_close"]) - today).days / 45.0 - 1.0,
        "missed": _missed(dossier),
        **_counted(dossier.signs),
    }


def customer_dossier(reader: Reader, company: int) -> Dossier:
    """A company with its contacts, deals and projects."""
    row = reader.row("companies", company)
    dossier = _dossier(reader, "company", {**row, "company_id": company})
    dossier.people = reader.rows("contacts", company_id=company)
    for table in ("deals", "projects"):
        if table in reader.tables:
            dossier.more[table] = reader.rows(table, company_id=company)
    dossier.figures = customer_figures(dossier)
    return dossier


def customer_figures(dossier: Dossier) -> Figures:
    """Figures of a customer."""
    row = dossier.row
    service = [1.0 if one.good else -1.0 for one in dossier.signs if one.factor == "service"]
    return {
        "logins": log((row["logins_this_month"] + 10.0) / (row["logins_last_month"] + 10.0)),
        "tickets": min(8.0, row["open_tickets"]) / 2.0,
        "service": float(sum(service)),
        "late": float(any(one["status"] == "late" for one in dossier.more.get("projects", ()))),
    }


def contact_figures(contact: Row) -> Figures:
    """Figures of a person: do they decide?"""
    return {
        "role": ROLES.index(contact["role"]) - 1.5 if contact["role"] in ROLES else 0.0,
        "said": float(bool(_LAST_WORD.search(contact["notes"]))),
    }


def users_of(lead: Row) -> int:
    """How many users a lead speaks of; 0 if it does not."""
    found = _USERS.search(lead["requirements"])
    return int(found.group(1)) if found else 0


def _dossier(reader: Reader, about: str, row: Row) -> Dossier:
    company = reader.row("companies", row["company_id"])
    people = reader.rows("contacts", id=row["contact_id"]) if "contact_id" in row else []
    activities = reader.rows("activities", about=about, about_id=row["id"])
    activities.sort(key=lambda one: (one["day"], one["id"]))
    return dossier_of(row, company, people, activities, reader.today)


def dossier_of(
    row: Row, company: Row, people: list[Row], activities: list[Row], today: date
) -> Dossier:
    """A dossier of rows that have been read."""
    ago = [(today - date.fromisoformat(one["day"])).days for one in activities]
    silent = min((days for days in ago if days >= 0), default=365)
    return Dossier(
        row, company, people, activities, signs=read_signs(activities), days_silent=silent
    )


def _counted(signs: Sequence[Sign]) -> Figures:
    found = dict.fromkeys(FACTORS, 0.0)
    for one in signs:
        if one.factor in found:
            found[one.factor] += 1.0 if one.good else -1.0
    return found


def _missed(dossier: Dossier) -> float:
    return float(sum(one["kind"] == "missed meeting" for one in dossier.activities))


def _level(people: Sequence[Row]) -> float:
    levels = [ROLES.index(one["role"]) - 1.5 for one in people if one["role"] in ROLES]
    return max(levels, default=0.0)
