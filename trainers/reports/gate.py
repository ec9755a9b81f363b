"""The report of a gate as one HTML page, made from the report's JSON alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .markup import Markup, join, tag
from .style import STYLE

_STYLE = """
.verdict { font-weight: 600; }
.holds { color: var(--better); } .fails { color: var(--worse); } .undecided { color: var(--quiet); }
td.words { text-align: left; white-space: normal; min-width: 16rem; }
svg.strip { width: 11rem; height: 1.1rem; display: block; }
svg.strip .axis { stroke: var(--rule); stroke-width: 1; }
svg.strip .limit { stroke: var(--ink); stroke-width: 1.5; }
svg.strip .span { stroke: currentColor; stroke-width: 3; }
svg.strip .dot { fill: currentColor; }
"""
_NOTHING = "\N{EN DASH}"


def render_gate_report(report: Mapping[str, Any]) -> str:
    """The page as text."""
    title = f"Gate {report['gate']['name']}: {report['policy']['name']}"
    body = join(
        [
            *_opening(report, title),
            *_criteria(report),
            *_profiles(report),
            *_robustness(report),
            *_speed(report),
            *_collaboration(report),
            *_learning(report),
            *_tests(report),
            *_closing(report),
        ]
    )
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", title),
            tag("style", Markup(STYLE + _STYLE)),
        ]
    )
    page = tag("html", tag("head", head), tag("body", tag("main", body)), lang="en")
    return f"<!doctype html>\n{page}\n"


def _opening(report: Mapping[str, Any], title: str) -> list[Markup]:
    policy = report["policy"]
    held = sum(c["verdict"] == "holds" for c in report["criteria"])
    count = f"{held} of {len(report['criteria'])} criteria hold"
    if report["signed_off"]:
        line = f"Passed and signed off: {count}."
    elif report["quick"]:
        line = f"A quick look, which signs nothing off: {count}."
    elif report["passed"]:
        line = f"Passed as a bound, which is not signed off: {count}."
    else:
        line = f"Not passed: {count}."
    parts = [tag("h1", title), tag("p", f"{report['gate']['title']}.", class_="quiet")]
    parts.append(tag("p", line, class_="headline"))
    if policy["sees_world"]:
        parts.append(
            tag("p", "This policy decides from the world itself: a bound, not one to deploy.")
        )
    return parts


def _criteria(report: Mapping[str, Any]) -> list[Markup]:
    rows = []
    for criterion in report["criteria"]:
        words, verdict = criterion["words"], criterion["verdict"]
        span = tag("small", f"{words['low']} to {words['high']}")
        rows.append(
            tag(
                "tr",
                tag("td", criterion["title"]),
                tag("td", words["estimate"], span),
                tag("td", words["requirement"]),
                tag("td", _strip(criterion), class_=verdict),
                tag("td", verdict, class_=f"verdict {verdict}"),
                tag("td", criterion["note"], class_="words"),
            )
        )
    level = f"{100 * report['gate']['level']:g} %"
    caption = (
        f"Below each estimate its {level} interval. A criterion holds if the bound that is worse "
        "for the policy is beyond what is required, and fails if the better one is not."
    )
    headings = ("Criterion", "Estimate", "Required", "", "Verdict", "")
    return [tag("h2", "The criteria"), _table(headings, rows, caption)]


def _strip(criterion: Mapping[str, Any]) -> Markup:
    """Interval, estimate and threshold on a line; what is infinite lies at the edge."""
    if criterion["words"]["estimate"] == "-":
        return Markup("")
    most = 1.0 if criterion["unit"] == "share" else 2.0 * criterion["threshold"]

    def place(value: float | None) -> str:
        return f"{4 + 192 * (1.0 if value is None else min(1.0, value / most)):.1f}"

    low, high = place(criterion["low"]), place(criterion["high"])
    limit, dot = place(criterion["threshold"]), place(criterion["estimate"])
    return Markup(
        '<svg class="strip" viewBox="0 0 200 20" preserveAspectRatio="none" role="img">'
        '<line class="axis" x1="4" x2="196" y1="10" y2="10"/>'
        f'<line class="limit" x1="{limit}" x2="{limit}" y1="2" y2="18"/>'
        f'<line class="span" x1="{low}" x2="{high}" y1="10" y2="10"/>'
        f'<circle class="dot" cx="{dot}" cy="10" r="4"/></svg>'
    )


def _profiles(report: Mapping[str, Any]) -> list[Markup]:
    efficiency = list(report["profiles"][0]["efficiency"])
    rows = [
        tag(
            "tr",
            tag("td", row["scenario"]),
            tag("td", str(row["episodes"])),
            _cell(row["score"], 3),
            _share(row["success"]),
            _share(row["accuracy"]),
            *(_cell(row["efficiency"][name], 2) for name in efficiency),
            _share(row["robustness"]["overall"]),
        )
        for row in report["profiles"]
    ]
    headings = (
        "Scenario",
        "Episodes",
        "Score",
        "Successful",
        "Decision accuracy",
        *(report["labels"][name] for name in efficiency),
        "Score under edge cases",
    )
    caption = "Performance, accuracy, efficiency and adaptability, scenario by scenario."
    return [tag("h2", "Profile"), _table(headings, rows, caption)]


def _robustness(report: Mapping[str, Any]) -> list[Markup]:
    found = report["metrics"]["robustness"]
    if not found["edge_cases"]:
        return []
    rows = [
        tag(
            "tr",
            tag("td", row["edge_case"]),
            tag("td", str(row["episodes"])),
            _share(row["ratio"]),
            _share(row["success"]),
        )
        for row in found["edge_cases"]
    ]
    worst = f" The worst is {found['worst']}." if found["worst"] else ""
    overall = found["overall"]
    mean = f"All together: {_percent(overall['estimate'])}.{worst}" if overall else ""
    headings = ("Edge case", "Episodes", "Score relative to none", "Successful")
    caption = "Mean score with the edge case over mean score without it, on the same customers."
    return [
        tag("h2", "Robustness"),
        tag("p", mean),
        _table(headings, rows, caption),
    ]


def _speed(report: Mapping[str, Any]) -> list[Markup]:
    speed = report["metrics"]["speed"]
    latency = speed["latency"]
    words = (
        f"A decision takes {latency['median_ms']:.2f} ms (median), {latency['p95_ms']:.2f} ms at "
        f"the 95th percentile and {latency['most_ms']:.1f} ms at most, over "
        f"{latency['decisions']:,} decisions on the machine of this report."
    )
    rows = [
        tag(
            "tr",
            tag("td", row["name"]),
            _share(row["reached"]),
            _cell(row["mean_days"], 1),
        )
        for row in speed["milestones"]
    ]
    headings = ("Milestone", "Reached", "Working days from the beginning")
    table = [_table(headings, rows, "")] if rows else []
    return [tag("h2", "Speed"), tag("p", words), *table]


def _collaboration(report: Mapping[str, Any]) -> list[Markup]:
    found = report["metrics"]["collaboration"]
    if found is None:
        return []
    rows = [
        tag(
            "tr",
            tag("td", part["label"]),
            tag("td", f"{part['hours']:,.0f}"),
            tag("td", _percent(part["share"])),
        )
        for part in found["parts"]
    ]
    caption = "Hours of crew members on duty, all episodes without an added edge case together."
    return [
        tag("h2", "Collaboration"),
        _table(("Hours", "Hours", "Share"), rows, caption),
    ]


def _learning(report: Mapping[str, Any]) -> list[Markup]:
    metrics = report["metrics"]
    parts = _adaptation(report, metrics["adaptation"]) if metrics["adaptation"] else []
    parts += _training(metrics["learning"]) if metrics["learning"] else []
    return [tag("h2", "Learning rate"), *parts] if parts else []


def _adaptation(report: Mapping[str, Any], adaptation: Mapping[str, Any]) -> list[Markup]:
    parts = []
    if not adaptation["learns"]:
        words = (
            "The policy does not learn: adaptation is 0 if it reaches the level as it is, and "
            "retention is 100 % by definition."
        )
        parts.append(tag("p", words))
    rows = [
        tag("tr", tag("td", str(iteration)), _share(ratio))
        for iteration, ratio in enumerate(adaptation["curve"])
    ]
    words = (
        f"Score on {adaptation['scenario']} relative to "
        f"{report['gate']['adaptation']['reference']} on the same customers; adapted at "
        f"{_percent(adaptation['level'])}."
    )
    if adaptation["learns"]:
        words += (
            f" An iteration is a rollout of {adaptation['iteration_steps']:,} steps and its update."
        )
    parts.append(tag("p", words, class_="quiet"))
    return [*parts, _table(("After iterations", "Relative score"), rows, "")]


def _training(learning: Mapping[str, Any]) -> list[Markup]:
    rows = [
        tag("tr", tag("td", f"{steps:,}"), tag("td", f"{score:.3f}"))
        for steps, score in zip(learning["steps"], learning["scores"], strict=True)
    ]
    words = (
        f"In training it gained {learning['gain']:+.3f}; 90 % of that was there after "
        f"{learning['nearly_steps']:,} steps, the best at {learning['best_steps']:,}."
    )
    return [
        tag("p", words),
        _table(("Steps", "Validation score"), rows, "Training, from its log."),
    ]


def _tests(report: Mapping[str, Any]) -> list[Markup]:
    rows = [
        tag(
            "tr",
            tag("td", row["scenario"]),
            tag("td", row["edge_case"] or "as it is"),
            tag("td", str(row["episodes"])),
            _share(row["success"]),
            tag("td", row["verdict"], class_=f"verdict {row['verdict']}"),
        )
        for row in report["test_scenarios"]
    ]
    limit = _percent(report["gate"]["thresholds"]["test_scenario"])
    caption = f"Passed if the whole interval of the successful share is above {limit}."
    headings = ("Scenario", "Edge case", "Episodes", "Successful", "Verdict")
    return [tag("h2", "Test scenarios"), _table(headings, rows, caption)]


def _closing(report: Mapping[str, Any]) -> list[Markup]:
    policy = report["policy"]
    seeds: dict[str, Mapping[str, int]] = {}
    for cell in report["cells"]:
        seeds.setdefault(cell["scenario"], cell["seeds"])
    where = "; ".join(
        f"{name} seeds {span['start']} to {span['stop'] - 1}" for name, span in seeds.items()
    )
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    file = f"SHA-256 of its file {policy['sha256']}" if policy["sha256"] else "comes with golive"
    return [
        tag("h2", "How to make it again"),
        tag("pre", report["command"] or f"golive gate --policy {policy['spec']}"),
        tag(
            "p",
            f"Policy {policy['name']} ({policy['spec']}): {file}. Gate {report['gate']['name']}, "
            f"SHA-256 {report['gate_sha256']}. {where}. {versions}. Made {report['made_at']}.",
            class_="quiet",
        ),
        tag("p", f"Seal of report.json: {report['seal']}", class_="quiet"),
    ]


def _table(headings: Sequence[str], rows: Sequence[Markup], caption: str) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", heading, scope="col") for heading in headings)))
    parts = [tag("caption", caption)] if caption else []
    return tag("div", tag("table", *parts, head, tag("tbody", *rows)), class_="scroll")


def _cell(interval: Mapping[str, Any] | None, decimals: int) -> Markup:
    if interval is None:
        return tag("td", _NOTHING)
    ends = [interval["low"], interval["high"]]
    low, high = (_NOTHING if end is None else f"{end:.{decimals}f}" for end in ends)
    return tag("td", f"{interval['estimate']:.{decimals}f}", tag("small", f"{low} to {high}"))


def _share(interval: Mapping[str, Any] | None) -> Markup:
    if interval is None:
        return tag("td", _NOTHING)
    low, high = (
        _NOTHING if end is None else _percent(end) for end in (interval["low"], interval["high"])
    )
    return tag("td", _percent(interval["estimate"]), tag("small", f"{low} to {high}"))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
