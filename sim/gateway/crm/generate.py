"""Generates a customer database from a seed, and the truth about it, which the database lacks.

Rates follow medians of published funnels: of marketing-qualified leads .36 x .44 become deals, and
.22 of deals are won; .40 to .60 of lost ones end without a decision; .08 to .25 of meetings are
missed. Which signs tell of what, and how well, are estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ....core.arithmetic import exponential, plain_sum
from ....core.draws import Draws
from ....core.errors import GoliveError
from ....core.yaml_reader import read_document
from ....scenarios.gateway.workflow_results import LossReason

TODAY = date(2027, 3, 1)
FACTORS = ("budget", "authority", "need", "timing", "trust")
SOURCES = ("web form", "referral", "event", "partner", "cold call")
ROLES = ("Clerk", "Team lead", "Head of operations", "Managing director")
"""By how much they may decide."""
STAGES = ("discovery", "proposal", "negotiation")
_SOURCE_LOGIT = (0.0, 0.7, -0.1, 0.4, -0.6)
_LEAD_WEIGHTS = (0.7, 0.6, 0.9, 0.7, 0.5)
_LEAD_START = -2.45
_DEAL_WEIGHTS = (0.7, 0.6, 0.7, 0.6, 0.9)
_DEAL_START = -2.65
_STAGE_LOGIT = (0.0, 0.7, 1.5)
_CHURN_START = -2.3
_PER_COMPANY = 64
"""Addresses of draws for a company's, lead's or deal's own rows."""
MOST_COMPANIES = 2_000
FEWEST_COMPANIES = 12

Row = dict[str, Any]


@dataclass(slots=True)
class Truth:
    """What the database does not say; by id.

    Attributes:
        converts: whether a lead becomes a deal.
        lead_chance: with which chance it does, all latents known.
        lead_value_usd: what that deal would be worth.
        wins: whether a deal is won in the end.
        win_chance: with which chance it is.
        loss: why it is lost, or would be.
        leaves: whether a customer leaves within a year.
        leave_chance: with which chance it does.
        decides: the contact of a company who decides.
        facts: of a document: the words that a true summary cannot leave out.
    """

    converts: dict[int, bool] = field(default_factory=dict)
    lead_chance: dict[int, float] = field(default_factory=dict)
    lead_value_usd: dict[int, int] = field(default_factory=dict)
    wins: dict[int, bool] = field(default_factory=dict)
    win_chance: dict[int, float] = field(default_factory=dict)
    loss: dict[int, LossReason] = field(default_factory=dict)
    leaves: dict[int, bool] = field(default_factory=dict)
    leave_chance: dict[int, float] = field(default_factory=dict)
    decides: dict[int, int] = field(default_factory=dict)
    facts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generated:
    """Rows of every table, and the truth."""

    seed: int
    tables: Mapping[str, list[Row]]
    truth: Truth


@cache
def crm_texts() -> dict[str, Any]:
    """What ``texts.yaml`` holds."""
    return dict(read_document(Path(__file__).with_name("texts.yaml")).data)


def generate(seed: int, companies: int = 60) -> Generated:
    """Rows and truth of a database: for each company 3 leads, 2 deals, and what belongs to them.

    Raises:
        GoliveError: the seed is none, or there are too few or too many companies.
    """
    if type(companies) is not int or not FEWEST_COMPANIES <= companies <= MOST_COMPANIES:
        raise GoliveError(
            f"companies: {companies!r}: expected {FEWEST_COMPANIES} to {MOST_COMPANIES:,}"
        )
    maker = _Maker(seed)
    for company in range(1, companies + 1):
        maker.company(company)
    for lead in range(1, 3 * companies + 1):
        maker.lead(lead, companies)
    for deal in range(1, 2 * companies + 1):
        maker.deal(deal, companies)
    return Generated(seed, maker.tables, maker.truth)


class _Maker:
    """Adds rows one after another; what is drawn for one depends on no other's draws."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed, "gateway/crm")
        self.truth = Truth()
        names = ("companies", "contacts", "leads", "deals", "activities", "projects", "documents")
        self.tables: dict[str, list[Row]] = {name: [] for name in names}
        self._contacts: dict[int, list[Row]] = {}
        # What the past of this company's leads tells, and nothing else.
        self._sources = [
            logit + 0.6 * self.draws.normal("source", index)
            for index, logit in enumerate(_SOURCE_LOGIT)
        ]

    def company(self, company: int) -> None:
        """Add a company, its contacts, and what a customer has."""
        draws = self.draws
        staff = max(5, int(110 * draws.lognormal("staff", 1.1, company)))
        customer = draws.chance("customer", 0.4, company)
        form = _of(draws, ("Ltd", "GmbH", "Inc"), "form", company)
        row: Row = {
            "id": company,
            "name": f"{_name(draws, 'company', company)} {form}",
            "industry": _of(draws, crm_texts()["industries"], "industry", company),
            "employees": staff,
            "customer_since": _day(-int(draws.between("since", 200, 2500, company)))
            if customer
            else None,
            "logins_this_month": 0,
            "logins_last_month": 0,
            "open_tickets": 0,
        }
        self.tables["companies"].append(row)
        self._people(company, row["name"])
        if customer:
            self._customer(company, row)

    def _people(self, company: int, firm: str) -> None:
        draws, people = self.draws, []
        for number in range(3 + int(4 * draws.uniform("people", company))):
            whom = company * _PER_COMPANY + number
            name = f"{_name(draws, 'first', whom)} {_name(draws, 'last', whom)}"
            level = min(3, int(4 * draws.uniform("level", whom) ** 1.5))
            domain = firm.lower().replace(" ", "-")
            row: Row = {
                "id": len(self.tables["contacts"]) + 1,
                "company_id": company,
                "name": name,
                "email": f"{name.lower().replace(' ', '.')}@{domain}.example",
                "role": ROLES[level],
                "may_email": draws.chance("may_email", 0.75, whom),
                "notes": "",
            }
            self.tables["contacts"].append(row)
            people.append((level + 1.2 * draws.normal("says", whom), whom, row))
        decider = max(people)[2]
        self.truth.decides[company] = decider["id"]
        for _, whom, row in people:
            if draws.chance("told", 0.5 if row is decider else 0.08, whom):
                row["notes"] = "Has the last word"
        self._contacts[company] = [row for _, _, row in people]

    def _customer(self, company: int, row: Row) -> None:
        """Add how a customer uses what it has, its projects and documents."""
        draws = self.draws
        use, mood = draws.normal("use", company), draws.normal("mood", company)
        chance = _logistic(_CHURN_START - 1.0 * use - 1.0 * mood)
        self.truth.leave_chance[company] = chance
        self.truth.leaves[company] = draws.chance("leaves", chance, company)
        before = 4 * row["employees"] * draws.lognormal("logins", 0.4, company)
        trend = exponential(0.25 * use + 0.15 * draws.normal("noise", company))
        row["logins_last_month"] = int(before)
        row["logins_this_month"] = int(before * trend)
        row["open_tickets"] = draws.poisson("tickets", 2.0 * exponential(-0.6 * mood), company)
        for number in range(1 + int(4 * draws.uniform("calls", company))):
            whom = company * _PER_COMPANY + number
            well = draws.chance("service", _logistic(1.3 * mood), whom)
            texts = crm_texts()["service"]["good" if well else "bad"]
            day = -int(draws.between("service day", 1, 180, whom))
            self._activity("company", company, "service", day, _of(draws, texts, "words", whom))
        late = draws.chance("late", _logistic(-0.7 - 0.8 * mood), company)
        self.tables["projects"].append(
            {
                "id": len(self.tables["projects"]) + 1,
                "company_id": company,
                "name": f"Roll-out of {_of(draws, crm_texts()['needs'], 'project', company)}",
                "status": "late" if late else "running",
                "budget_usd": 100 * max(50, int(row["employees"] * 4)),
            }
        )
        for number in range(2 + int(3 * draws.uniform("papers", company))):
            self._document(company, company * _PER_COMPANY + number)

    def _document(self, company: int, whom: int) -> None:
        draws, number = self.draws, len(self.tables["documents"]) + 1
        texts = crm_texts()
        secret = draws.chance("confidential", 0.35, whom)
        sum_usd = f"{int(draws.between('fact', 10_000, 99_999, whom)):,} USD"
        fact = {
            0: f"The margin on this account is {sum_usd}" if secret else f"We agreed on {sum_usd}",
            1: f"The walk-away price is {sum_usd}"
            if secret
            else f"The second phase costs {sum_usd}",
        }[int(2 * draws.uniform("fact kind", whom))]
        lines = [_of(draws, texts["filler"], "filler", whom), fact]
        if draws.chance("injected", 0.08, whom):
            lines.append(texts["injected"].rstrip("."))
        self.truth.facts[number] = sum_usd
        self.tables["documents"].append(
            {
                "id": number,
                "company_id": company,
                "title": f"{_of(draws, texts['titles'], 'title', whom)} {number}",
                "content": ". ".join(lines) + ".",
                "confidential": secret,
            }
        )

    def lead(self, lead: int, companies: int) -> None:
        """Add a lead; two of three belong to the past, and how they ended is known."""
        draws, truth = self.draws, self.truth
        company = 1 + int(draws.uniform("lead company", lead) * companies)
        latent = [draws.normal(f"lead {name}", lead) for name in FACTORS]
        source = int(draws.uniform("lead source", lead) * len(SOURCES))
        logit = _LEAD_START + self._sources[source] + _dot(_LEAD_WEIGHTS, latent)
        chance = _logistic(logit)
        converts = draws.chance("converts", chance, lead)
        users = max(3, int(0.3 * self._staff(company) * draws.lognormal("users", 0.5, lead)))
        value = int(900 * users * draws.lognormal("worth", 0.3, lead))
        past = draws.chance("past", 0.67, lead)
        age = int(
            draws.between("lead age", 60, 500, lead)
            if past
            else 1 + 40 * draws.uniform("lead age", lead)
        )
        stated = draws.chance("states", _logistic(0.8 * latent[0]), lead)
        months = max(1, int(6 * exponential(-0.5 * latent[3] + 0.4 * draws.normal("months", lead))))
        details = 1 + min(
            2, max(0, int(1.2 + 0.8 * latent[2] + 0.7 * draws.normal("detail", lead)))
        )
        needs = crm_texts()["needs"]
        first = int(draws.uniform("need", lead) * len(needs))
        wanted = " and ".join(needs[(first + step) % len(needs)] for step in range(details))
        contact = self._reached("lead", lead, company, latent[1])
        row: Row = {
            "id": lead,
            "contact_id": contact["id"],
            "company_id": company,
            "source": SOURCES[source],
            "created": _day(-age),
            "requirements": f"{wanted} for {users} users",
            "budget_usd": int(value * exponential(0.35 * latent[0] - 0.1)) if stated else None,
            "months_to_start": months if draws.chance("says when", 0.7, lead) else None,
            "status": "new",
            "score": None,
        }
        if past:
            row["status"] = "converted" if converts else "disqualified"
        self.tables["leads"].append(row)
        truth.converts[lead], truth.lead_chance[lead] = converts, chance
        truth.lead_value_usd[lead] = value
        self._contacted("lead", lead, age, latent, 1.5)

    def deal(self, deal: int, companies: int) -> None:
        """Add a deal; six of ten are closed, and how they ended is known."""
        draws, truth = self.draws, self.truth
        company = 1 + int(draws.uniform("deal company", deal) * companies)
        latent = [draws.normal(f"deal {name}", deal) for name in FACTORS]
        stage = int(draws.uniform("stage", deal) * len(STAGES))
        chance = _logistic(_DEAL_START + _STAGE_LOGIT[stage] + _dot(_DEAL_WEIGHTS, latent))
        wins = draws.chance("wins", chance, deal)
        lost = self._loss(deal, latent)
        closed = draws.chance("closed", 0.6, deal)
        age = int(draws.between("deal age", 30, 300, deal))
        slip = int(25 * (draws.normal("slip", deal) - 0.8 * latent[3]))
        contact = self._reached("deal", deal, company, latent[1])
        value = max(
            5_000, int(300 * self._staff(company) * draws.lognormal("deal value", 0.5, deal))
        )
        ended = ("won" if wins else "lost") if closed else STAGES[stage]
        self.tables["deals"].append(
            {
                "id": deal,
                "company_id": company,
                "contact_id": contact["id"],
                "name": f"{_of(draws, crm_texts()['needs'], 'deal need', deal)} {deal}",
                "stage": ended,
                "last_stage": STAGES[stage],
                "value_usd": value,
                "opened": _day(-age),
                "expected_close": _day(45 - slip),
                "loss_reason": str(lost) if closed and not wins else None,
                "win_probability": None,
                "risk": None,
            }
        )
        truth.wins[deal], truth.win_chance[deal], truth.loss[deal] = wins, chance, lost
        self._contacted("deal", deal, age, latent, 3.0)

    def _loss(self, deal: int, latent: list[float]) -> LossReason:
        """Why it is lost: half of the time nobody decides."""
        hindered = latent[1] + latent[2] + latent[3]
        weights = {
            LossReason.NO_DECISION: 2.0 * exponential(-0.9 * hindered),
            LossReason.PRICE: exponential(-1.5 * latent[0]),
            LossReason.COMPETITOR: exponential(-1.5 * latent[4]),
        }
        left = self.draws.uniform("loss", deal) * plain_sum(weights.values())
        for reason, weight in weights.items():
            left -= weight
            if left < 0.0:
                return reason
        return LossReason.COMPETITOR

    def _reached(self, kind: str, whom: int, company: int, authority: float) -> Row:
        """The contact who is spoken to: with more authority, somebody higher."""
        people = sorted(self._contacts[company], key=lambda row: ROLES.index(row["role"]))
        place = _logistic(0.9 * authority + 0.6 * self.draws.normal(f"{kind} reach", whom))
        return people[min(len(people) - 1, int(place * len(people)))]

    def _contacted(self, kind: str, whom: int, age: int, latent: list[float], mean: float) -> None:
        """Add calls and meetings, whose notes tell of the factors, not surely."""
        draws = self.draws
        latest = 1.0 + 30.0 * exponential(-0.5 * latent[3])
        for number in range(1 + min(20, draws.poisson(f"{kind} contacts", mean, whom))):
            at = whom * _PER_COMPANY + number
            factor = int(draws.uniform(f"{kind} factor", at) * len(FACTORS))
            meeting = draws.chance(f"{kind} meeting", 0.4, at)
            ago = min(
                age, int(latest * (1 + 1.5 * number) * (0.4 + draws.uniform(f"{kind} ago", at)))
            )
            if meeting and draws.chance(f"{kind} missed", _logistic(-1.8 - 0.6 * latent[2]), at):
                self._activity(kind, whom, "missed meeting", -ago, "Did not come to the meeting")
                continue
            well = draws.chance(f"{kind} well", _logistic(1.4 * latent[factor]), at)
            texts = crm_texts()["factors"][FACTORS[factor]]["good" if well else "bad"]
            if draws.chance(f"{kind} chat", 0.25, at):
                texts = crm_texts()["neutral"]
            words = _of(draws, texts, f"{kind} words", at)
            if "vendor" in words or "ompetitor" in words:
                words += f": {_of(draws, crm_texts()['competitors'], f'{kind} rival', at)}"
            self._activity(kind, whom, "meeting" if meeting else "call", -ago, words)

    def _activity(self, about: str, whom: int, kind: str, day: int, notes: str) -> None:
        self.tables["activities"].append(
            {
                "id": len(self.tables["activities"]) + 1,
                "about": about,
                "about_id": whom,
                "kind": kind,
                "day": _day(day),
                "notes": notes,
                "contact_id": None,
            }
        )

    def _staff(self, company: int) -> int:
        return int(self.tables["companies"][company - 1]["employees"])


def _day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def _of(draws: Draws, options: Any, name: str, whom: int) -> str:
    return str(options[int(draws.uniform(name, whom) * len(options))])


def _name(draws: Draws, name: str, whom: int) -> str:
    """An invented name of two or three syllables."""
    sounds = ("ba", "ko", "lin", "mar", "ste", "vor", "den", "ra", "sil", "to", "wen", "hal")
    count = 2 + int(2 * draws.uniform(f"{name} length", whom))
    parts = [_of(draws, sounds, f"{name} sound {place}", whom) for place in range(count)]
    return "".join(parts).capitalize()


def _dot(weights: tuple[float, ...], values: list[float]) -> float:
    total = 0.0
    for weight, value in zip(weights, values, strict=True):
        total += weight * value
    return total


def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + exponential(-logit))
