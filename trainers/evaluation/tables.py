"""The tables of an evaluation, for a terminal and for a page, and its result in words.

On a page tables are ``wide``: they have what the eighty columns of a terminal have no room for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.tables import Cell, Column, Table, right
from ...scenarios.suite import Split
from ...sim.metrics import Better, Metric
from .intervals import SHARE_BOUNDS, mean_interval
from .plan import EvaluationPlan
from .reliability import PassPower
from .result import EvaluationResult
from .statistics import Interval
from .summary import EvaluationSummary

NOTHING = "-"
"""In a cell that has no value."""


def interval_cell(
    interval: Interval | None, form: Callable[[float], str], style: str = "", mark: str = ""
) -> Cell:
    """The estimate with its mark, and below it the ends of the interval; ``form`` prints units."""
    if interval is None:
        return Cell(NOTHING)
    low, high = form(interval.low), form(interval.high)
    unit = "".join(high.partition(" ")[1:])  # said once, at the end
    return Cell(form(interval.estimate) + mark, f"{low.removesuffix(unit)} to {high}", style)


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.0f} %"


def score_table(
    plan: EvaluationPlan, summary: EvaluationSummary, *, wide: bool = False, focus: str = ""
) -> Table:
    """Policies by score, with the paired difference to the reference."""
    score = summary.kind.metric(summary.score)
    against = ["minus\nreference", "better on\nsame", *(["better on\nrandom"] if wide else ())]
    rows: list[list[object]] = []
    for policy in summary.ranking():
        entry = summary.metric(policy)
        row = [interval_cell(i, score.format) for i in (entry.interquartile_mean, entry.mean)]
        if policy == plan.reference:
            row += [Cell("reference"), *[Cell("")] * (len(against) - 1)]
        elif plan.reference:
            found = summary.comparison(policy)
            row.append(_difference_cell(found.difference, score, marked=wide))
            row.append(interval_cell(found.probability_of_improvement, percent))
            row += [interval_cell(found.unpaired_probability, percent)] if wide else ()
        rows.append([policy, *row])
    note = (
        "Below each figure its 95 % interval. Minus reference: paired, on the same customers. "
        "Better: the share of them on which the policy scores higher than the reference; of pairs "
        "of two random ones."
    )
    headings = ["interquartile\nmean", "mean", *(against if plan.reference else ())]
    notes = [*([note] if wide else ()), *training_notes(summary)]
    return _of_policies(describe(plan), headings, rows, focus, notes)


def training_notes(summary: EvaluationSummary) -> list[str]:
    """Say what the intervals of policies that were trained are over: in a line, or two."""
    groups: dict[bool, list[str]] = {True: [], False: []}
    for policy in summary.ranking():
        trainings = summary.metric(policy).trainings
        if trainings:
            text = f"{policy}: {trainings} trainings" if trainings > 1 else policy
            groups[trainings > 1].append(text)
    notes = []
    if groups[True]:
        notes.append(f"{', '.join(groups[True])}; intervals are over trainings and customers.")
    if groups[False]:
        notes.append(
            f"{', '.join(groups[False])}: one training; intervals are over customers, and say "
            "nothing of what another training seed would give."
        )
    return notes


def training_table(result: EvaluationResult, summary: EvaluationSummary) -> Table:
    """The mean score of each training of the policies of several."""
    score = summary.kind.metric(summary.score)
    rows = []
    groups = {name: own for name, own in result.plan.trainings.items() if len(own) > 1}
    for policy in filter(groups.__contains__, summary.ranking()):
        strata = result.tables(policy, score.name)
        for place, label in enumerate(groups[policy]):
            own = mean_interval([table[place] for table in strata], bounds=SHARE_BOUNDS)
            rows.append((label, interval_cell(own, score.format)))
    title = f"Mean {summary.kind.score_label} of each training, over customers"
    return Table(title, (Column("training", wraps=False), right("mean")), rows)


def reliability_table(powers: Sequence[PassPower]) -> Table:
    """Policies by pass^k: for 1, 2, 4, 8 and so on, and for all attempts."""
    most = max(power.attempts for power in powers)
    shown = [k for k in (1 << place for place in range(most.bit_length())) if k < most] + [most]
    of = {(power.policy, power.attempts): power.share for power in powers}
    policies = sorted({power.policy for power in powers}, key=lambda one: -of[one, most].estimate)
    rows = [
        (policy, *(interval_cell(of[policy, tried], percent) for tried in shown))
        for policy in policies
    ]
    headings = [right(f"pass^{tried}") for tried in shown]
    note = "Chance that so many attempts at a customer, luck drawn anew for each, all succeed."
    return Table("Reliability", ("policy", *headings), rows, [note])


def metric_table(
    plan: EvaluationPlan, summary: EvaluationSummary, *, wide: bool = False, focus: str = ""
) -> Table:
    """Means of the headline metrics, policies by score."""
    shown = [m for m in plan.kind.metrics if m.headline and m.name != summary.score]
    headings = [m.label if wide else m.short.replace(" ", "\n") for m in shown]
    rows: list[list[object]] = []
    for policy in summary.ranking():
        cells = [_mean_cell(summary, policy, metric) for metric in shown]
        rows.append([policy, *(c if wide else c.text.replace(" ", "") for c in cells)])
    return _of_policies("Means of what happened", headings, rows, focus)


def scenario_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    """Mean score of each policy in each scenario, and its paired difference to the reference."""
    policies = summary.ranking()
    score = summary.kind.metric(summary.score)

    def cell(policy: str, scenario: str) -> Cell:
        shown = interval_cell(summary.metric(policy, scenario=scenario).mean, score.format)
        if not plan.reference or policy == plan.reference:
            return shown
        minus = _difference_cell(summary.comparison(policy, scenario=scenario).difference, score)
        return Cell(shown.text, f"{minus.text} ({minus.detail})" if minus.detail else minus.text)

    title = f"Mean {summary.kind.score_label} by scenario"
    return Table(
        f"{title}, minus {plan.reference}" if plan.reference else title,
        ["scenario", *(right(policy, wraps=True) for policy in policies)],
        [
            [scenario, *(cell(policy, scenario) for policy in policies)]
            for scenario in plan.scenarios
        ],
    )


def comparison_table(summary: EvaluationSummary, policy: str, reference: str) -> Table:
    """Every metric of a policy beside the reference's, with the paired difference."""
    rows = []
    for metric in _metrics(summary):
        difference = summary.comparison(policy, metric.name).difference
        means = [_mean_cell(summary, who, metric) for who in (policy, reference)]
        rows.append([metric.label, *means, _difference_cell(difference, metric, marked=True)])
    note = (
        "Coloured where the interval of the paired difference lies to one side of zero: "
        "▲ better, ▼ worse."
    )
    columns = ("Metric", right(policy), right(reference), right("Difference, paired"))
    return Table("Metric by metric", columns, rows, [note], focus=0)


def all_metrics_table(summary: EvaluationSummary) -> Table:
    """Means of every metric of every policy."""
    policies = summary.ranking()
    rows = [
        [metric.label, *(_mean_cell(summary, policy, metric).text for policy in policies)]
        for metric in _metrics(summary)
    ]
    return Table("All metrics of all policies", ["Mean of", *map(right, policies)], rows)


def describe(plan: EvaluationPlan) -> str:
    """One line: what was evaluated on what."""
    where = f"{plan.suite} {plan.split}".strip() or ", ".join(plan.scenarios)
    customers = f"{plan.episodes} customers" + (
        f" in each of {len(plan.scenarios)} scenarios" if len(plan.scenarios) > 1 else ""
    )
    customers += f", {plan.attempts} attempts each" if plan.attempts > 1 else ""
    score = plan.kind.metric(plan.kind.figures.score).label
    return f"{score} on {where}: {customers}, seeds {plan.seeds[0]} to {plan.seeds[-1]}"


def headline(plan: EvaluationPlan, summary: EvaluationSummary, policy: str) -> str:
    """The result of a policy against the reference in words, with the interval."""
    comparison = summary.comparison(policy)
    difference, better = comparison.difference, comparison.probability_of_improvement
    if difference is None or better is None:
        return f"{policy} and {plan.reference} have no episode in common."
    if difference.above(0.0):
        verdict = "scores higher than"
    elif difference.below(0.0):
        verdict = "scores lower than"
    else:
        verdict = "cannot be told apart from"
    held_out = "held-out " if plan.split in (Split.VALIDATION, Split.TEST) else ""
    levels = any("+" in scenario for scenario in plan.scenarios)
    met = "episodes" if levels else "customers"  # a customer meets every level of its scenario
    return (
        f"{policy} {verdict} {plan.reference} on {comparison.pairs} {held_out}{met}: "
        f"{difference.estimate:+.3f} on the {plan.kind.score_label} (95 % interval "
        f"{difference.low:+.3f} to {difference.high:+.3f}); it does better on "
        f"{percent(better.estimate)} of them.{_of_trainings(summary, policy)}"
    )


def _of_trainings(summary: EvaluationSummary, policy: str) -> str:
    """A sentence on how many trainings a policy is of, if it was trained."""
    match summary.metric(policy).trainings:
        case 0:
            return ""
        case 1:
            return " One training: another seed may give another result."
        case count:
            return f" {count} trainings: the interval is over their seeds as well."


def _of_policies(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    focus: str,
    notes: Sequence[str] = (),
) -> Table:
    """A table with a row per policy."""
    names = [row[0] for row in rows]
    columns = [Column("policy", wraps=False), *map(right, headings)]
    return Table(title, columns, rows, notes, names.index(focus) if focus in names else None)


def _metrics(summary: EvaluationSummary) -> list[Metric]:
    """The score, then the other metrics in the scorecard's order."""
    names = dict.fromkeys([summary.score, *(entry.metric for entry in summary.metrics)])
    return [summary.kind.metric(name) for name in names]


def _mean_cell(summary: EvaluationSummary, policy: str, metric: Metric) -> Cell:
    try:
        return interval_cell(summary.metric(policy, metric.name).mean, metric.format)
    except KeyError:  # the rows have no such metric
        return Cell(NOTHING)


def _difference_cell(interval: Interval | None, metric: Metric, *, marked: bool = False) -> Cell:
    """Coloured where zero is excluded and one way is better; marked for readers without colours."""
    style = mark = ""
    is_told_apart = interval is not None and (interval.above(0.0) or interval.below(0.0))
    if interval is not None and is_told_apart and metric.better is not Better.NEITHER:
        is_better = interval.above(0.0) == (metric.better is Better.HIGHER)
        style, mark = ("good", " ▲") if is_better else ("bad", " ▼")
    return interval_cell(interval, metric.format_difference, style, mark if marked else "")
