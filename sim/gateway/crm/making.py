"""Makes a company's CRM database from a seed, and the truth behind it, which is not in it.

A lead converts and a deal closes by laws over what the rows tell and over what nobody writes down.
Base rates are published medians: of qualified leads .26 become worth a salesman's time, of
opportunities .22 are won; everything else is an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from ....core.arithmetic import power
from ....core.distributions import normal_table
from ....core.errors import GoliveError
from ....core.random_streams import RandomStreams, purpose
from ..laws import logistic
from .database import COLUMNS, TODAY, CrmDatabase, Row

CONTACTS, LEADS, DEALS, PROJECTS = 80, 120, 90, 24
_FIRST = ("Ada", "Boris", "Chiara", "Dmitri", "Elif", "Farah", "Goran", "Hana", "Ines", "Jonas",
          "Keiko", "Luis", "Mara", "Noor", "Oskar", "Priya")  # fmt: skip
_LAST = ("Abbott", "Berg", "Costa", "Dalton", "Eriksen", "Fontaine", "Gruber", "Hale", "Ivanov",
         "Jensen", "Kowal", "Lindgren", "Moreau", "Novak", "Okafor", "Pereira")  # fmt: skip
_STEMS = ("Alder", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Iris",
          "Juniper", "Kestrel", "Lumen", "Maple", "Nimbus", "Orchard", "Pine")  # fmt: skip
_TRADES = ("Foods", "Logistics", "Machines", "Textiles", "Clinics", "Energy", "Retail", "Labs")
ROLES = ("assistant", "specialist", "manager", "head of department", "director", "owner")
"""From the least to the most that somebody can decide."""
SOURCES = ("cold call", "web form", "trade fair", "partner", "referral")
"""From the least to the most that a lead of it is worth."""
_NEEDS = (
    "wants a price list", "compares three systems", "reports that month-end closing takes ten days",
    "must replace a system whose support ends", "has stock in four places that never agrees",
)  # fmt: skip
"""From the least to the most pressing."""
STAGES = ("discovery", "proposal", "negotiation", "won", "lost")
_OUTCOMES = ("no answer", "negative", "neutral", "positive")
_PAINS = ("late deliveries", "stock differences", "manual invoices", "two systems that disagree")


@dataclass(frozen=True, slots=True)
class CrmTruth:
    """The truth behind a database, which no agent may see.

    Attributes:
        lead_converts: by lead: whether it becomes worth a salesman's time.
        lead_chance: the chance of it that all there is to know would give.
        deal_wins: by open deal: whether it will be won.
        deal_chance: likewise.
    """

    lead_converts: Mapping[int, bool] = field(default_factory=dict)
    lead_chance: Mapping[int, float] = field(default_factory=dict)
    deal_wins: Mapping[int, bool] = field(default_factory=dict)
    deal_chance: Mapping[int, float] = field(default_factory=dict)


class _Draws:
    def __init__(self, seed: int) -> None:
        self._streams, self._normal = RandomStreams(seed), normal_table()

    def u(self, what: str, whom: int, attempt: int = 0) -> float:
        return self._streams.uniform(purpose(f"gateway/crm {what}"), whom, attempt)

    def normal(self, what: str, whom: int) -> float:
        return self._normal.at(self.u(what, whom))

    def pick(self, options: Sequence[str], what: str, whom: int, attempt: int = 0) -> str:
        return options[int(self.u(what, whom, attempt) * len(options))]

    def whole(self, low: int, high: int, what: str, whom: int, attempt: int = 0) -> int:
        return low + int(self.u(what, whom, attempt) * (high - low + 1))


def day(before_today: int) -> str:
    """A day so many days before the database's, after it if negative."""
    return (date.fromisoformat(TODAY) - timedelta(days=before_today)).isoformat()


def make_crm(seed: int, path: str = ":memory:") -> tuple[CrmDatabase, CrmTruth]:
    """Make a database and its truth.

    Args:
        seed: in ``[0, 2**64)``; equal ones give equal rows.
        path: of a new file, or memory.

    Raises:
        GoliveError: the file is there already, or cannot be written.
    """
    draws = _Draws(seed)
    contacts = [_contact(draws, number) for number in range(1, CONTACTS + 1)]
    leads, converts, lead_chance = [], {}, {}
    activities: list[Row] = []
    for number in range(1, LEADS + 1):
        contact = contacts[draws.whole(0, CONTACTS - 1, "lead's contact", number)]
        row, known = _lead(draws, number, contact)
        warmth = _activities(draws, activities, number, None)
        chance = logistic(-1.5 + known + 0.9 * warmth + 0.8 * draws.normal("lead's luck", number))
        leads.append(row)
        if row["status"] == "new":
            lead_chance[number] = chance
            converts[number] = draws.u("lead converts", number) < chance
    deals, wins, deal_chance = [], {}, {}
    for number in range(1, DEALS + 1):
        contact = contacts[draws.whole(0, CONTACTS - 1, "deal's contact", number)]
        row, known = _deal(draws, number, contact)
        warmth = _activities(draws, activities, None, number)
        chance = logistic(-1.1 + known + 1.1 * warmth + 0.8 * draws.normal("deal's luck", number))
        deals.append(row)
        if row["stage"] not in ("won", "lost"):
            deal_chance[number] = chance
            wins[number] = draws.u("deal wins", number) < chance
    won = [row for row in deals if row["stage"] == "won"]
    projects = [_project(draws, number, row) for number, row in enumerate(won[:PROJECTS], 1)]
    companies = sorted({row["company"] for row in contacts})
    documents = [
        _document(draws, 2 * place + kind + 1, company, confidential=kind == 1)
        for place, company in enumerate(companies)
        for kind in range(2)
    ]
    if path != ":memory:" and Path(path).exists():
        raise GoliveError(f"{path}: is there already")
    database = CrmDatabase(path)
    try:
        _fill(database, contacts, leads, deals, activities, projects, documents)
    except BaseException:  # interrupted: half a database would look like a whole one
        database.close()
        if path != ":memory:":
            Path(path).unlink(missing_ok=True)
        raise
    return database, CrmTruth(converts, lead_chance, wins, deal_chance)


def _fill(database: CrmDatabase, *tables: Sequence[Row]) -> None:
    with database.changes():
        for entity, rows in zip(COLUMNS, tables, strict=True):
            database.fill(entity, rows)


def _contact(draws: _Draws, number: int) -> Row:
    first, last = draws.pick(_FIRST, "first", number), draws.pick(_LAST, "last", number)
    company = f"{draws.pick(_STEMS, 'stem', number)} {draws.pick(_TRADES, 'trade', number)}"
    confidential = draws.u("confidential contact", number) < 0.15
    notes = "prefers mail" if draws.u("notes", number) < 0.5 else "prefers to be called"
    return {
        "id": number,
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{number}@{company.replace(' ', '-')}.example".lower(),
        "company": company,
        "role": draws.pick(ROLES, "role", number),
        "notes": f"{notes}; on sick leave until autumn" if confidential else notes,
        "confidential": int(confidential),
    }


def _lead(draws: _Draws, number: int, contact: Row) -> tuple[Row, float]:
    """A lead, and the part of its log odds that can be read."""
    source = draws.whole(0, len(SOURCES) - 1, "source", number)
    need = draws.whole(0, len(_NEEDS) - 1, "need", number)
    employees = int(12 * power(2.0, 6.0 * draws.u("employees", number)))
    knows_budget = draws.u("budget is known", number) < 0.7
    budget = 1_000 * draws.whole(2, 90, "budget", number)
    horizon = draws.whole(10, 300, "horizon", number)
    role = ROLES.index(contact["role"])
    known = 0.35 * (source - 2) + 0.45 * (need - 2) + 0.3 * (role - 2)
    known += 0.8 * (budget / 45_000 - 1.0) * knows_budget - 0.9 * (horizon / 150 - 1.0)
    age = draws.whole(1, 120, "lead's age", number)
    row = {
        "id": number,
        "contact_id": contact["id"],
        "company": contact["company"],
        "source": SOURCES[source],
        "employees": employees,
        "budget_in_usd": budget if knows_budget else None,
        "horizon_days": horizon,
        "requirements": f"{contact['company']} {_NEEDS[need]}",
        "status": "new" if draws.u("lead is new", number) < 0.7 else "contacted",
        "created_on": day(age),
    }
    return row, known


def _deal(draws: _Draws, number: int, contact: Row) -> tuple[Row, float]:
    u = draws.u("stage", number)
    stage = STAGES[min(int(u * 6.0), 4)]
    often = draws.u("times moved", number)
    moved = min(4, int(5.0 * often * often))
    competitor = draws.pick(("", "", "Norden Suite", "Quarry ERP"), "competitor", number)
    champion = draws.u("champion", number) < 0.5
    value = 1_000 * draws.whole(5, 160, "value", number)
    pain = draws.pick(_PAINS, "pain", number)
    said = "our contact pushes for it inside" if champion else "nobody inside asks for it"
    lost = stage not in ("won", "lost") and draws.u("says no", number) < 0.12
    if lost:
        said = "they have signed with somebody else"
    known = 0.5 * STAGES[:3].index(stage) if stage in STAGES[:3] else 0.0
    known += 1.2 * (champion - 0.5) - 0.5 * moved - 0.7 * bool(competitor)
    known -= 0.3 * (value / 80_000 - 1.0) + 4.0 * lost
    row = {
        "id": number,
        "contact_id": contact["id"],
        "name": f"{contact['company']}: {pain}",
        "description": f"ERP for {contact['company']}",
        "requirements": f"an end to {pain}",
        "notes": said,
        "stage": stage,
        "worth_in_usd": value,
        "created_on": day(draws.whole(20, 260, "deal's age", number)),
        "expected_close_on": day(-draws.whole(-20, 120, "closes", number)),
        "times_moved": moved,
        "competitor": competitor or None,
    }
    return row, known


def _activities(draws: _Draws, rows: list[Row], lead: int | None, deal: int | None) -> float:
    """Add what was done about a lead or a deal; how warm the last of it was, about -1 to 1."""
    whom = 1_000 + (lead or 0) if lead else 5_000 + (deal or 0)
    count = draws.whole(0, 5, "activities", whom)
    last = draws.whole(1, 60, "last activity", whom)
    warmth = 0.0
    for place in range(count):
        outcome = draws.whole(0, len(_OUTCOMES) - 1, "outcome", whom, place)
        warmth = 0.4 * warmth + 0.6 * (outcome - 1.5) / 1.5
        rows.append(
            {
                "id": len(rows) + 1,
                "lead_id": lead,
                "deal_id": deal,
                "type": draws.pick(("call", "mail", "meeting"), "type", whom, place),
                "happened_on": day(last + 14 * (count - 1 - place)),
                "notes": "asked for a reference" if outcome == 3 else "spoke of the budget",
                "outcome": _OUTCOMES[outcome],
                "follow_up_on": None,
            }
        )
    return warmth


def _project(draws: _Draws, number: int, deal: Row) -> Row:
    progress = draws.whole(0, 100, "progress", number)
    late = draws.u("project is late", number) < 0.3
    return {
        "id": number,
        "deal_id": deal["id"],
        "name": f"Go-live of {deal['name'].partition(':')[0]}",
        "status": "late" if late else "on time",
        "budget_in_usd": deal["worth_in_usd"],
        "due_on": day(-draws.whole(5, 150, "project is due", number)),
        "progress": progress,
    }


def _document(draws: _Draws, number: int, company: str, *, confidential: bool) -> Row:
    staff = draws.whole(20, 900, "staff", (number - 1) // 2)
    growth = draws.whole(-8, 25, "growth", (number - 1) // 2)
    rival = draws.pick(("Norden Suite", "Quarry ERP", "Tidewater One"), "rival", (number - 1) // 2)
    pain = draws.pick(_PAINS, "company's pain", (number - 1) // 2)
    told = f"{company} has {staff} people and grew by {growth} % last year. It suffers from {pain}."
    secret = f"{company} talks of selling the firm; terms with {rival} end this year."
    return {
        "id": number,
        "company": company,
        "title": f"{'Board minutes' if confidential else 'Profile'} of {company}",
        "content": secret if confidential else f"{told} Today it works with {rival}.",
        "summary": None,
        "confidential": int(confidential),
    }
