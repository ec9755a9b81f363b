"""The tables of a gate, for a terminal and for a page; made from the report's JSON alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...core.tables import Cell, Column, Table, figures, right
from .statistics import Interval
from .tables import NOTHING, interval_cell

Report = Mapping[str, Any]
_STYLES = {"holds": "good", "fails": "bad", "undecided": "doubtful"}


def verdict_line(report: Report) -> str:
    """The verdict in a few words, and how many criteria hold."""
    held = sum(criterion["verdict"] == "holds" for criterion in report["criteria"])
    word = "not passed"
    if report["signed_off"]:
        word = "passed and signed off"
    elif report["quick"]:
        word = "a quick look, which signs nothing off"
    elif report["passed"]:
        word = "passed as a bound, which is not signed off"
    return f"{word}: {held} of {len(report['criteria'])} criteria hold."


def gate_tables(report: Report) -> list[Table]:
    """All tables of a report that have something in them, in order."""
    tables = [
        criteria_table(report),
        profile_table(report, wide=True),
        _robustness(report),
        _milestones(report),
        _hours(report),
        _best_responses(report),
        _adaptation(report),
        _training(report),
        _tests(report),
    ]
    return [table for table in tables if table.rows]


def criteria_table(report: Report) -> Table:
    """Each criterion with its interval, what is required, and the verdict."""
    policy, latency = report["policy"]["name"], report["metrics"]["speed"]["latency"]
    notes = [
        f"Below each estimate its {100 * report['gate']['level']:g} % interval. A criterion holds "
        "if the bound that is worse for the policy is beyond what is required, and fails if the "
        "better one is not."
    ]
    notes += [f"{c['title']}: {c['note']}." for c in report["criteria"] if c["note"]]
    notes.append(
        f"A decision takes {latency['median_ms']:.2f} ms (median), {latency['p95_ms']:.2f} ms at "
        f"the 95th percentile and {latency['most_ms']:.1f} ms at most, over "
        f"{latency['decisions']:,} decisions on the machine of this report."
    )
    if report["policy"]["sees_world"]:
        notes.append(f"{policy} decides from the world itself: a bound, not a policy to deploy.")
    rows = []
    for criterion in report["criteria"]:
        words, style = criterion["words"], _STYLES[criterion["verdict"]]
        estimate = Cell(words["estimate"])
        if words["estimate"] != NOTHING:
            span = f"{words['low']} to {words['high']}"
            estimate = Cell(words["estimate"], span, markup=_strip(criterion, style))
        verdict = Cell(criterion["verdict"], style=style)
        rows.append((criterion["title"], estimate, words["requirement"], verdict))
    columns = (Column("criterion", wraps=False), right("estimate"), right("required"), "verdict")
    title = f"{policy} before the gate {report['gate']['name']}: {verdict_line(report)}"
    return Table(title, columns, rows, notes)


def profile_table(report: Report, *, wide: bool = False) -> Table:
    """The policy's profile, scenario by scenario; on a page, which is wide, with intervals."""
    efficiency = list(report["profiles"][0]["efficiency"])
    rows: list[tuple[object, ...]] = []
    for row in report["profiles"]:
        cells = (
            _figure(row["score"], 3),
            _share(row["success"]),
            _share(row["accuracy"]),
            *(_figure(row["efficiency"][name], 2) for name in efficiency),
            _share(row["robustness"]["overall"]),
        )
        rows.append((row["scenario"], *(cells if wide else [cell.text for cell in cells])))
    words = [report["labels"][name].replace(" ", "\n") for name in efficiency]
    columns = figures("scenario", "score", "success", "decision\naccuracy", *words, "edge\ncases")
    episodes = ", ".join(f"{row['episodes']} in {row['scenario']}" for row in report["profiles"])
    notes = [
        "Performance, accuracy, efficiency and adaptability (the score under edge cases, relative "
        f"to none), scenario by scenario. Episodes without an added edge case: {episodes}."
    ]
    return Table("Profile", columns, rows, notes)


def _robustness(report: Report) -> Table:
    found = report["metrics"]["robustness"]
    rows = [
        (row["edge_case"], row["episodes"], _share(row["ratio"]), _share(row["success"]))
        for row in found["edge_cases"]
    ]
    notes = ["Mean score with the edge case over mean score without it, on the same customers."]
    if found["overall"]:
        worst = f" The worst is {found['worst']}." if found["worst"] else ""
        notes.append(f"All together: {_percent(found['overall']['estimate'])}.{worst}")
    columns = figures("edge case", "episodes", "score relative\nto none", "successful")
    return Table("Robustness", columns, rows, notes)


def _milestones(report: Report) -> Table:
    rows = [
        (row["name"], _share(row["reached"]), _figure(row["mean_days"], 1))
        for row in report["metrics"]["speed"]["milestones"]
    ]
    columns = figures("milestone", "reached", "working days\nfrom the beginning")
    return Table("Speed", columns, rows)


def _hours(report: Report) -> Table:
    found = report["metrics"]["collaboration"]
    rows = [
        (part["label"], f"{part['hours']:,.0f}", _percent(part["share"]))
        for part in (found["parts"] if found else ())
    ]
    notes = ["Hours of crew members on duty, all episodes without an added edge case together."]
    return Table("Collaboration", figures("hours", "hours", "share"), rows, notes)


def _best_responses(report: Report) -> Table:
    found = report["metrics"].get("best_responses")
    if found is None:
        return Table("Best responses", (), ())
    rows = [(row["role"], row["best"], _figure(row["gain"], 3)) for row in found["roles"]]
    notes = [
        f"Of who plays the role, {' and '.join(found['tried'])}, who scores highest beside the "
        f"team's other roles; {found['customers']} customers of each scenario. Gains are of who is "
        "best on the other half of the customers."
    ]
    columns = ("role", "best response", right("gain over\nwho plays it"))
    return Table("Best responses", columns, rows, notes)


def _adaptation(report: Report) -> Table:
    found = report["metrics"]["adaptation"]
    if found is None:
        return Table("Adaptation", (), ())
    notes = [
        f"Score on {found['scenario']} relative to {report['gate']['adaptation']['reference']} "
        f"on the same customers; adapted at {_percent(found['level'])}."
    ]
    if found["learns"]:
        steps = f"{found['iteration_steps']:,}"
        notes.append(f"An iteration is a rollout of {steps} steps and its update.")
    else:
        notes.append(
            "The policy does not learn: adaptation is 0 if it reaches the level as it is, and "
            "retention is 100 % by definition."
        )
    rows = [(iteration, _share(ratio)) for iteration, ratio in enumerate(found["curve"])]
    return Table("Adaptation", figures("after iterations", "relative score"), rows, notes)


def _training(report: Report) -> Table:
    found = report["metrics"]["learning"]
    if found is None:
        return Table("Learning rate", (), ())
    points = zip(found["steps"], found["scores"], strict=True)
    notes = [
        f"Training, from its log: it gained {found['gain']:+.3f}; 90 % of that was there after "
        f"{found['nearly_steps']:,} steps, the best at {found['best_steps']:,}."
    ]
    rows = [(f"{steps:,}", f"{score:.3f}") for steps, score in points]
    return Table("Learning rate", (right("steps"), right("validation score")), rows, notes)


def _tests(report: Report) -> Table:
    rows = [
        (
            row["scenario"],
            row["edge_case"] or "as it is",
            row["episodes"],
            _share(row["success"]),
            Cell(row["verdict"], style=_STYLES[row["verdict"]]),
        )
        for row in report["test_scenarios"]
    ]
    limit = _percent(report["gate"]["thresholds"]["test_scenario"])
    notes = [f"Passed if the whole interval of the successful share is above {limit}."]
    columns = ("scenario", "edge case", right("episodes"), right("successful"), "verdict")
    return Table("Test scenarios", columns, rows, notes)


def _strip(criterion: Report, style: str) -> str:
    """A criterion's picture; what is infinite lies at the edge."""
    most = 1.0 if criterion["unit"] == "share" else 2.0 * criterion["threshold"]
    ends = (criterion[name] for name in ("low", "estimate", "high", "threshold"))
    low, dot, high, limit = (1.0 if end is None else end / most for end in ends)
    return interval_strip(low, dot, high, limit, style)


def interval_strip(
    low: float, estimate: float, high: float, limit: float, style: str, least: float = 0.0
) -> str:
    """Interval, estimate and threshold on a line from ``least`` to 1, as SVG."""

    def place(value: float) -> str:
        return f"{4 + 192 * (min(1.0, value) - least) / (1.0 - least):.1f}"

    x = {"limit": place(limit), "low": place(low), "high": place(high), "dot": place(estimate)}
    return (
        f'<svg class="strip {style}" viewBox="0 0 200 20" preserveAspectRatio="none" role="img">'
        '<line class="axis" x1="4" x2="196" y1="10" y2="10"/>'
        f'<line class="limit" x1="{x["limit"]}" x2="{x["limit"]}" y1="2" y2="18"/>'
        f'<line class="span" x1="{x["low"]}" x2="{x["high"]}" y1="10" y2="10"/>'
        f'<circle class="dot" cx="{x["dot"]}" cy="10" r="4"/></svg>'
    )


def _share(interval: Report | None) -> Cell:
    return interval_cell(_interval(interval), _percent)


def _figure(interval: Report | None, decimals: int) -> Cell:
    return interval_cell(_interval(interval), lambda value: _or_nothing(value, f".{decimals}f"))


def _interval(found: Report | None) -> Interval | None:
    """An interval from JSON, which has null for what is infinite."""
    if found is None:
        return None
    return Interval(*(math.nan if end is None else end for end in found.values()))


def _percent(share: float) -> str:
    return _or_nothing(share, ".1%").replace("%", " %")


def _or_nothing(value: float, form: str) -> str:
    return NOTHING if math.isnan(value) else f"{value:{form}}"
