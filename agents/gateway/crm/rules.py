"""The seven CRM agents by rules: what somebody who knows the trade reads in the rows.

Weights are a salesman's, not those of the law by which leads convert, which nobody is told
(``sim/gateway/crm/making.py``); ``python -m benchmarks.gateway.crm`` says how well they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ....core.arithmetic import power, whole_sum
from ....core.errors import GoliveError
from ....core.records import Record
from ....scenarios.gateway.workflow import CrmAgent, Entity
from ....sim.gateway.crm.database import TODAY, CrmDatabase, Reader, Row
from . import results as r

Given = Mapping[str, Any]
_ROLE_POINTS = {
    "assistant": 0, "specialist": 4, "manager": 10, "head of department": 15, "director": 18,
    "owner": 20,
}  # fmt: skip
_SOURCE_POINTS = {
    "cold call": 0, "web form": 4, "trade fair": 8, "partner": 12, "referral": 15,
}  # fmt: skip
_NEED_WORDS = {"support ends": 14, "never agrees": 18, "ten days": 10, "compares": 5}
_OUTCOME_POINTS = {"no answer": -2, "negative": -8, "neutral": 2, "positive": 8}


def facts_of(agent: CrmAgent, given: Given, crm: CrmDatabase, reader: Reader) -> dict[str, Any]:
    """Rows that an agent looks at, by what it is given; a language model is told the same.

    Args:
        agent: that looks.
        given: ``lead``, ``deal`` or ``company``; results of steps before are passed on.
        crm: the database.
        reader: who reads.

    Raises:
        GoliveError: what it needs is not given, or there is no such row.
    """
    if agent is CrmAgent.LEAD_QUALIFICATION:
        lead = crm.row(Entity.LEADS, _asked(given, "lead"), reader)
        contact = crm.rows(Entity.CONTACTS, reader, id=lead["contact_id"])
        return {
            "lead": lead,
            "role": contact[0]["role"] if contact else None,
            "activities": crm.rows(Entity.ACTIVITIES, reader, lead_id=lead["id"]),
        }
    if agent is CrmAgent.DEAL_ANALYSIS:
        deal = crm.row(Entity.DEALS, _asked(given, "deal"), reader)
        return {
            "deal": deal,
            "activities": crm.rows(Entity.ACTIVITIES, reader, deal_id=deal["id"]),
        }
    if agent in (CrmAgent.CUSTOMER_INSIGHTS, CrmAgent.RESEARCH):
        company = str(_asked(given, "company"))
        contacts = crm.rows(Entity.CONTACTS, reader, company=company)
        deals = [row for one in contacts
                 for row in crm.rows(Entity.DEALS, reader, contact_id=one["id"])]  # fmt: skip
        found = {
            "company": company,
            "contacts": contacts,
            "deals": deals,
            "documents": crm.rows(Entity.DOCUMENTS, reader, company=company),
        }
        if agent is CrmAgent.CUSTOMER_INSIGHTS:
            found["activities"] = [
                row
                for deal in deals
                for row in crm.rows(Entity.ACTIVITIES, reader, deal_id=deal["id"])
            ]
        if not contacts and not found["documents"]:
            raise GoliveError(f"company: {company!r}: nothing is known of it")
        return found
    return {"given": dict(given)}


def by_rules(agent: CrmAgent, facts: Mapping[str, Any]) -> Record:
    """The result of an agent, by rules.

    Raises:
        GoliveError: the facts are not enough.
    """
    try:
        return _AGENTS[agent](facts)
    except (TypeError, ValueError, LookupError, AttributeError) as error:  # rows are anybody's
        told = " ".join(str(error).split())[:200]
        raise GoliveError(f"{agent.value}: cannot read what it is given: {told}") from error


def _asked(given: Given, name: str) -> Any:
    if given.get(name) is None:
        raise GoliveError(f"input: {name}: expected one")
    return given[name]


def days_since(day: str | None) -> int:
    """Days from a day to the database's; a large number for none."""
    return 9_999 if not day else (date.fromisoformat(TODAY) - date.fromisoformat(day)).days


def _warmth(activities: Sequence[Row]) -> int:
    happened = [row for row in activities if row["happened_on"]]  # others are planned
    recent = sorted(happened, key=lambda row: str(row["happened_on"]))[-3:]
    return whole_sum(_OUTCOME_POINTS.get(row["outcome"], 0) for row in recent)


def _lead(facts: Mapping[str, Any]) -> r.LeadQualification:
    lead, role = facts["lead"], facts["role"]
    wish = lead["requirements"] or ""
    need = max([points for words, points in _NEED_WORDS.items() if words in wish], default=0)
    budget = lead["budget_in_usd"]
    points = {
        "somebody who can decide": _ROLE_POINTS.get(role or "", 8) - 10,
        "a good source": _SOURCE_POINTS.get(lead["source"], 4) - 7,
        "a pressing need": need - 9,
        "a budget": 0 if budget is None else min(int(budget / 3_000), 25) - 14,
        "a near horizon": 12 - int(lead["horizon_days"] / 12),
        "a warm conversation": _warmth(facts["activities"]),
    }
    score = float(min(100, max(0, 40 + whole_sum(points.values()))))
    strong = [name for name, value in points.items() if value >= 4]
    weak = [f"no sign of {name}" for name, value in points.items() if value <= -4]
    urgency: r.Urgency = "high" if score >= 65 and lead["horizon_days"] <= 90 else "medium"
    if score < 35:
        urgency = "low"
    actions = ["ask for the budget"] if budget is None else []
    actions.append("call within two days" if urgency == "high" else "send a case of the trade")
    if points["somebody who can decide"] < 0:
        actions.append("find out who decides")
    value = budget if budget is not None else 250 * lead["employees"]
    return r.LeadQualification(
        lead=lead["id"],
        quality_score=score,
        strengths=tuple(strong),
        weaknesses=tuple(weak),
        next_actions=tuple(actions),
        urgency=urgency,
        estimated_value_usd=float(value),
    )


def _deal(facts: Mapping[str, Any]) -> r.DealAnalysis:
    deal, activities = facts["deal"], facts["activities"]
    if deal["stage"] in ("won", "lost"):
        chance = 1.0 if deal["stage"] == "won" else 0.0
        return r.DealAnalysis(
            deal=deal["id"],
            win_probability=chance,
            risk_factors=(),
            success_factors=(),
            strategies=("nothing is open",),
            timeline_assessment="it is over",
        )
    warm = _warmth(activities)
    champion = "pushes for it" in (deal["notes"] or "")
    signed = "signed with somebody else" in (deal["notes"] or "")
    log_odds = -1.3 + {"proposal": 0.4, "negotiation": 0.9}.get(deal["stage"], 0.0)
    log_odds += (0.6 if champion else -0.5) - 0.45 * deal["times_moved"]
    log_odds += 0.07 * warm - (0.6 if deal["competitor"] else 0.0) - (4.0 if signed else 0.0)
    odds = power(2.718281828459045, log_odds)
    late = days_since(deal["expected_close_on"])
    risks = [
        text
        for text, there in (
            ("they have signed with somebody else", signed),
            (f"{deal['competitor']} competes", bool(deal["competitor"])),
            (f"its close was moved {deal['times_moved']} times", deal["times_moved"] > 1),
            ("nobody inside asks for it", not champion and not signed),
            ("the last talks went badly", warm < -4),
            ("nothing has happened yet", not any(row["happened_on"] for row in activities)),
        )
        if there
    ]
    fine = [
        text
        for text, there in (
            ("somebody inside pushes for it", champion),
            ("the last talks went well", warm > 4),
            ("it is being negotiated", deal["stage"] == "negotiation"),
        )
        if there
    ]
    plans = ["show what the other one cannot do"] if deal["competitor"] else []
    plans.append("have the champion meet the owner" if champion else "find a champion")
    if signed:
        plans = ["close it as lost"]
    when = "its close has passed" if late > 0 else f"it closes in {-late} days"
    return r.DealAnalysis(
        deal=deal["id"],
        win_probability=round(odds / (1.0 + odds), 3),
        risk_factors=tuple(risks),
        success_factors=tuple(fine),
        strategies=tuple(plans),
        timeline_assessment=when,
    )


def _insights(facts: Mapping[str, Any]) -> r.CustomerInsights:
    deals = facts["deals"]
    activities = [row for row in facts["activities"] if row["happened_on"]]
    open_deals = [row for row in deals if row["stage"] not in ("won", "lost")]
    won = [row for row in deals if row["stage"] == "won"]
    last = min([days_since(row["happened_on"]) for row in activities], default=9_999)
    kinds = Counter(row["type"] for row in activities).most_common(1)
    pattern = (
        f"{len(activities)} activities, the last {last} days ago, mostly {kinds[0][0]}"
        if kinds
        else "no activities"
    )
    needs = sorted({row["requirements"] for row in deals})
    risks = ["nobody has spoken to them for two months"] if last > 60 else []
    risks += [f"{row['competitor']} is in {row['name']}" for row in open_deals if row["competitor"]]
    grow = [f"{row['name']} is open ({row['worth_in_usd']} USD)" for row in open_deals]
    people = ", ".join(f"{row['name']} ({row['role']})" for row in facts["contacts"][:5])
    return r.CustomerInsights(
        profile=f"{facts['company']}: {people or 'no contacts'}; {len(won)} deals won",
        engagement_pattern=pattern,
        preferences_and_needs=tuple(needs[:20]),
        growth_opportunities=tuple(grow[:20]),
        retention_risks=tuple(risks[:20]),
    )


def _research(facts: Mapping[str, Any]) -> r.Research:
    texts = [row["content"] for row in facts["documents"]]
    told = " ".join(texts)
    rivals = [name for name in ("Norden Suite", "Quarry ERP", "Tidewater One") if name in told]
    rivals += [row["competitor"] for row in facts["deals"] if row["competitor"]]
    pains = [row["requirements"].removeprefix("an end to ") for row in facts["deals"]]
    pains += [told.split("suffers from ")[1].split(".")[0]] if "suffers from " in told else []
    who = [row for row in facts["contacts"] if row["role"] in ("director", "owner")]
    return r.Research(
        company_background=(texts[0] if texts else f"{facts['company']}: no document")[:400],
        industry_trends=("systems of one vendor replace several",),
        competitors=tuple(dict.fromkeys(rivals)),
        decision_makers=tuple(f"{row['name']} ({row['role']})" for row in who[:20]),
        pain_points=tuple(dict.fromkeys(pains)),
    )


def _lines(found: Any, *names: str) -> list[str]:
    """Texts under some names, anywhere in what steps before have found."""
    lines: list[str] = []
    if isinstance(found, Mapping):
        for name, value in found.items():
            if name in names:
                lines += [value] if isinstance(value, str) else [str(one) for one in value]
            else:
                lines += _lines(value, *names)
    elif isinstance(found, list | tuple):
        for one in found:
            lines += _lines(one, *names)
    return [line[:400] for line in dict.fromkeys(lines)]


def _recommendation(facts: Mapping[str, Any]) -> r.Recommendation:
    given = facts["given"]
    now = _lines(given, "next_actions", "strategies")
    risks = _lines(given, "weaknesses", "risk_factors", "retention_risks")
    grow = _lines(given, "growth_opportunities", "pain_points")
    if not (now or risks or grow):
        raise GoliveError("input: expected results of steps before")
    return r.Recommendation(
        immediate=tuple(now[:5] or ["call them"]),
        short_term=tuple(f"answer to: {risk}"[:400] for risk in risks[:5]),
        long_term=tuple(f"build on: {one}"[:400] for one in grow[:5]),
        resources=("a salesman",) if len(now) < 3 else ("a salesman", "somebody of the trade"),
        predicted_outcomes=("fewer open risks",) if risks else ("a next meeting",),
    )


def _summary(facts: Mapping[str, Any]) -> r.Summary:
    given = facts["given"]
    points = _lines(given, "profile", "company_background", "engagement_pattern",
                    "timeline_assessment", "rationale", "strengths", "success_factors")  # fmt: skip
    actions = _lines(given, "next_actions", "strategies", "immediate", "recommendation")
    risks = _lines(given, "risk_factors", "weaknesses", "retention_risks", "risks")
    chances = _lines(given, "growth_opportunities", "pain_points", "success_factors")
    if not (points or actions or risks or chances):
        raise GoliveError("input: expected results of steps before")
    text = ". ".join((points or actions or risks or chances)[:4])
    return r.Summary(
        summary=text[:2_000],
        key_points=tuple(points[:10]),
        action_items=tuple(actions[:10]),
        risks=tuple(risks[:10]),
        opportunities=tuple(chances[:10]),
    )


def _decision(facts: Mapping[str, Any]) -> r.DecisionResult:
    """The best of ``options`` (option and score), or of deals and leads that were analysed."""
    given = facts["given"]
    found: list[tuple[str, float]] = [
        (str(one["option"]), float(one["score"]))
        for one in given.get("options") or ()
        if isinstance(one, Mapping) and {"option", "score"} <= one.keys()
    ]
    for result in given.values():
        for one in result if isinstance(result, list) else [result]:
            if isinstance(one, Mapping) and "win_probability" in one:
                found.append((f"deal {one['deal']}", float(one["win_probability"])))
            elif isinstance(one, Mapping) and "quality_score" in one:
                found.append((f"lead {one['lead']}", float(one["quality_score"]) / 100.0))
    if not found:
        raise GoliveError("input: expected options with scores, or analysed deals or leads")
    found.sort(key=lambda one: (-one[1], one[0]))
    best, runner_up = found[0], found[1] if len(found) > 1 else (None, 0.0)
    lead = best[1] - runner_up[1]
    return r.DecisionResult(
        options_evaluated=tuple(
            r.EvaluatedOption(option=name[:400], score=value) for name, value in found[:50]
        ),
        recommendation=best[0][:400],
        confidence=min(1.0, max(0.0, 0.5 + lead)),
        rationale=f"{best[0]} has {best[1]:.2f}, {lead:.2f} more than the next"[:400],
        risks=tuple(_lines(given, "risk_factors", "weaknesses")[:10]),
    )


_AGENTS: dict[CrmAgent, Callable[[Mapping[str, Any]], Record]] = {
    CrmAgent.LEAD_QUALIFICATION: _lead,
    CrmAgent.DEAL_ANALYSIS: _deal,
    CrmAgent.CUSTOMER_INSIGHTS: _insights,
    CrmAgent.RECOMMENDATION: _recommendation,
    CrmAgent.RESEARCH: _research,
    CrmAgent.SUMMARY: _summary,
    CrmAgent.DECISION: _decision,
}
