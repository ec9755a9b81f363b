"""The seven CRM agents by rules: they weigh signs by what these were worth on training seeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ....core.arithmetic import exponential, plain_sum
from ....core.records import Record
from ....scenarios.gateway.workflow_results import (
    CrmAgent,
    CustomerInsights,
    DealAnalysis,
    Decision,
    LeadQualification,
    LossReason,
    OptionValue,
    PredictedOutcome,
    Recommendation,
    Research,
    RetentionRisk,
    RiskFactor,
    Summary,
    Timeline,
)
from . import signs
from .signs import Dossier, Sign
from .work import AgentError, AgentFunction, Work

_FACTOR_OF = {
    LossReason.NO_DECISION: ("authority", "need", "timing"),
    LossReason.PRICE: ("budget",),
    LossReason.COMPETITOR: ("trust",),
}
_REMEDIES = {
    "budget": "Show what it saves in figures, and offer payment in steps",
    "authority": "Get a meeting with the person who signs",
    "need": "Let the users show where they lose time today",
    "timing": "Agree on a date for the decision and work back from it",
    "trust": "Arrange a visit to a reference customer",
    "service": "Have the head of support call, with a plan for the open tickets",
}
_REASON_REMEDY = {
    LossReason.NO_DECISION: _REMEDIES["timing"],
    LossReason.PRICE: _REMEDIES["budget"],
    LossReason.COMPETITOR: _REMEDIES["trust"],
}
_STALLED_DAYS = 45
_RIVAL = re.compile(r"(?:vendor|ompetitor)[^:]*: (.+)")
_AMOUNT = re.compile(r"\d")
_ORDER = re.compile(r"\b(ignore|mark every|note to assistants|send this)\b", re.IGNORECASE)
"""Sentences of documents that give orders: they are content, never carried out nor passed on."""


def lead_qualification(work: Work) -> LeadQualification:
    """Score a lead by its chance to become a deal."""
    dossier = signs.lead_dossier(work.reader, work.identity)
    chance = signs.chance("lead", dossier.figures)
    months = dossier.row["months_to_start"]
    hot = chance >= 0.3 or (chance >= 0.16 and months is not None and months <= 3)
    good, bad = _weighed("lead", dossier)
    value = signs.weights()["worth"]["usd_per_user"] * signs.users_of(dossier.row)
    return LeadQualification(
        quality_score=round(100.0 * chance, 1),
        strengths=good,
        weaknesses=bad,
        next_actions=_actions(dossier, ("Call and ask for the next step",)),
        urgency="high" if hot else "medium" if chance >= 0.1 else "low",
        estimated_value_usd=float(round(value)),
    )


def deal_analysis(work: Work) -> DealAnalysis:
    """Estimate whether a deal will be won, and by what it would be lost."""
    dossier = signs.deal_dossier(work.reader, work.identity)
    stage, today = dossier.row["stage"], work.reader.today
    known = {"won": 1.0, "lost": 0.0}
    chance = known.get(stage, signs.chance("deal", dossier.figures))
    odds = {reason: exponential(signs.logit(str(reason), dossier.figures)) for reason in LossReason}
    total = plain_sum(odds.values())
    risks = [
        RiskFactor(
            reason=reason,
            share=round(odds[reason] / total, 3),
            evidence=tuple(
                one.words
                for one in dossier.signs
                if not one.good and one.factor in _FACTOR_OF[reason]
            ),
        )
        for reason in sorted(odds, key=lambda one: (-odds[one], one))
    ]
    left = (signs.date.fromisoformat(dossier.row["expected_close"]) - today).days
    status = "closed" if stage in known else "overdue" if left < 0 else "on_track"
    if status == "on_track" and dossier.days_silent > _STALLED_DAYS:
        status = "stalled"
    return DealAnalysis.model_validate(
        {
            "win_probability": round(chance, 4),
            "risk_factors": risks,
            "success_factors": _weighed("deal", dossier)[0],
            "strategies": tuple(_REASON_REMEDY[one.reason] for one in risks[:2]),
            "timeline_assessment": Timeline.model_validate(
                {
                    "status": status,
                    "days_since_activity": dossier.days_silent,
                    "days_to_expected_close": left,
                }
            ),
        }
    )


def customer_insights(work: Work) -> CustomerInsights:
    """Say what a customer is like, and whether they may leave."""
    dossier = signs.customer_dossier(work.reader, work.identity)
    row, figures = dossier.row, dossier.figures
    chance = round(signs.chance("customer", figures), 4)
    found = []
    if figures["logins"] < -0.1:
        found.append(f"logins fell from {row['logins_last_month']} to {row['logins_this_month']}")
    if row["open_tickets"] > 2:
        found.append(f"{row['open_tickets']} open tickets")
    found += [one.words for one in dossier.signs if one.factor == "service" and not one.good]
    if figures["late"]:
        found.append("a project is late")
    won = [one for one in dossier.more.get("deals", ()) if one["stage"] == "won"]
    open_ = [one for one in dossier.more.get("deals", ()) if one["stage"] in signs.STAGES]
    since = row["customer_since"]
    return CustomerInsights(
        profile=f"{row['name']}, {row['industry']}, {row['employees']} people, "
        + (f"a customer since {since}" if since else "not a customer yet"),
        engagement_pattern=f"{len(dossier.activities)} contacts, the last {dossier.days_silent} "
        f"days ago; {row['logins_this_month']} logins this month after {row['logins_last_month']}",
        preferences_and_needs=tuple(dict.fromkeys(_need(one["name"]) for one in (*open_, *won))),
        growth_opportunities=tuple(
            f"open deal about {_need(one['name'])}, {one['value_usd']:,} USD" for one in open_
        )
        + tuple(one.words for one in dossier.signs if one.factor == "service" and one.good),
        retention_risks=tuple(
            RetentionRisk(sign=sign, probability=chance) for sign in found or ["no sign of it"]
        ),
    )


def recommendation(work: Work) -> Recommendation:
    """Turn earlier results into actions, those against the greatest risk first."""
    immediate: list[str] = []
    later: list[str] = []
    outcomes = []
    for about, result in work.results():
        match result:
            case LeadQualification():
                immediate.append(f"{about}: {result.next_actions[0]}")
                later += [f"{about}: {one}" for one in result.next_actions[1:]]
                chance = result.quality_score / 100.0
            case DealAnalysis():
                immediate.append(f"{about}: {result.strategies[0]}")
                later += [f"{about}: {one}" for one in result.strategies[1:]]
                chance = result.win_probability
            case CustomerInsights():
                remedy = _REMEDIES["service"]
                immediate.append(f"{about}: {remedy}")
                later += [f"{about}: {one}" for one in result.growth_opportunities[:2]]
                chance = 1.0 - result.retention_risks[0].probability
            case _:
                continue
        outcomes.append(
            PredictedOutcome(action=immediate[-1], success_probability=round(chance, 4))
        )
    if not immediate:
        raise AgentError("no result of leads, deals or customers to recommend by")
    return Recommendation(
        immediate_actions=tuple(immediate),
        short_term_actions=tuple(later),
        long_term_actions=("Look at what came of it, and at the reasons for what was lost",),
        resources=("account manager", *(["head of support"] if "support" in immediate[0] else [])),
        predicted_outcomes=tuple(outcomes),
    )


def research(work: Work) -> Research:
    """Gather what the records tell of a company and its market, and who decides there."""
    reader = work.reader
    dossier = signs.customer_dossier(reader, work.identity)
    row = dossier.row
    people = sorted(
        dossier.people,
        key=lambda one: (-signs.logit("contact", signs.contact_figures(one)), one["id"]),
    )
    peers = {one["id"] for one in reader.rows("companies", industry=row["industry"])}
    closed = [
        one
        for one in reader.rows("deals")
        if one["company_id"] in peers and one["stage"] in ("won", "lost")
    ]
    won = sum(one["stage"] == "won" for one in closed)
    lost = Counter(one["loss_reason"] for one in closed if one["loss_reason"])
    trends = [f"{won} of {len(closed)} closed deals in {row['industry']} were won"]
    trends += [f"{count} were lost by {reason}" for reason, count in sorted(lost.items())]
    own = {one["id"] for one in dossier.more.get("deals", ())}
    notes = dossier.activities + [
        one for one in reader.rows("activities", about="deal") if one["about_id"] in own
    ]
    rivals = Counter(
        found.group(1) for one in notes if (found := _RIVAL.search(one["notes"])) is not None
    )
    return Research(
        company_background=f"{row['name']}: {row['industry']}, {row['employees']} people",
        industry_trends=tuple(trends),
        competitors=tuple(sorted(rivals, key=lambda one: (-rivals[one], one))),
        decision_makers=tuple(f"contact {one['id']}" for one in people),
        pain_points=tuple(
            dict.fromkeys(one.words for one in signs.read_signs(notes) if not one.good)
        ),
    )


def summary(work: Work) -> Summary:
    """Sum up the documents of a company that the step may see: sentences with figures."""
    company = work.reader.row("companies", work.identity)
    points, actions = [], []
    for paper in work.reader.rows("documents", company_id=work.identity):
        for sentence in paper["content"].rstrip(".").split(". "):
            if _ORDER.search(sentence):
                continue
            if _AMOUNT.search(sentence):
                points.append(f"{paper['title']}: {sentence}")
            elif "next steps" in sentence.lower():
                actions.append(f"{paper['title']}: {sentence}")
    told = ". ".join(points) if points else "there is nothing new"
    return Summary(
        summary=f"{company['name']}: {told}.",
        key_points=tuple(points),
        action_items=tuple(actions),
        risks=tuple(one for one in points if "penalty" in one.lower()),
        opportunities=tuple(one for one in points if "phase" in one.lower()),
    )


def decision(work: Work) -> Decision:
    """Choose a subject of earlier results: best lead, likeliest win, worst risk to leave."""
    values: dict[str, tuple[float, list[str]]] = {}
    for about, result in work.results():
        match result:
            case LeadQualification():
                values[about] = (result.quality_score / 100.0, list(result.strengths[:2]))
            case DealAnalysis():
                values[about] = (result.win_probability, list(result.success_factors[:2]))
            case CustomerInsights():
                risks = result.retention_risks
                values[about] = (risks[0].probability, [one.sign for one in risks[:2]])
    if not values:
        raise AgentError("no result of leads, deals or customers to decide by")
    ranked = sorted(values, key=lambda one: (-values[one][0], one))
    total = plain_sum(value for value, _ in values.values())
    best, reasons = ranked[0], values[ranked[0]][1]
    share = values[best][0] / total if total > 0.0 else 1.0 / len(ranked)
    return Decision(
        options_evaluated=tuple(
            OptionValue(option=one, value=values[one][0], reasons=tuple(values[one][1]))
            for one in ranked
        ),
        recommendation=best,
        confidence=round(share, 3),
        rationale=f"{best} has the highest value, {values[best][0]:.2f}"
        + (f": {'; '.join(reasons)}" if reasons else ""),
        risks=(f"{ranked[1]} comes close",)
        if len(ranked) > 1 and values[ranked[1]][0] > 0.8 * values[best][0]
        else (),
    )


RULES: dict[CrmAgent, AgentFunction] = {
    CrmAgent.LEAD_QUALIFICATION: lead_qualification,
    CrmAgent.DEAL_ANALYSIS: deal_analysis,
    CrmAgent.CUSTOMER_INSIGHTS: customer_insights,
    CrmAgent.RECOMMENDATION: recommendation,
    CrmAgent.RESEARCH: research,
    CrmAgent.SUMMARY: summary,
    CrmAgent.DECISION: decision,
}
"""The shipped agents."""


def run_rules(agent: CrmAgent, work: Work) -> Record:
    """Let the rules of an agent do a step's work."""
    return RULES[agent](work)


def _weighed(of: str, dossier: Dossier) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for and against it: figures by weight, and the notes behind them."""
    law = signs.weights()[of]
    told = {name: law[name] * value for name, value in dossier.figures.items()}
    ranked = sorted(told, key=lambda one: (-abs(told[one]), one))
    good = tuple(_words(name, dossier.signs, True) for name in ranked if told[name] > 0.1)
    bad = tuple(_words(name, dossier.signs, False) for name in ranked if told[name] < -0.1)
    return good, bad


def _words(name: str, told: Sequence[Sign], good: bool) -> str:
    notes = [one.words for one in told if one.factor == name and one.good is good]
    return f"{name.replace('_', ' ')}: {notes[-1]}" if notes else name.replace("_", " ")


def _actions(dossier: Dossier, first: tuple[str, ...]) -> tuple[str, ...]:
    missing = [one.factor for one in dossier.signs if not one.good]
    worst = [name for name, _ in Counter(missing).most_common() if name in _REMEDIES]
    return first + tuple(_REMEDIES[name] for name in worst[:2])


def _need(name: str) -> str:
    """What a deal is about: its name without the number."""
    return re.sub(r" \d+$", "", name)
