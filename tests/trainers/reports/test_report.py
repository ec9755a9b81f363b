"""The report: complete, self-contained, safe, the same for the same result."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from golive.core.errors import GoliveError
from golive.trainers.evaluation import evaluate, summarise
from golive.trainers.reports import LearningCurve, Report, render_report, write_report
from golive.trainers.reports.markup import Markup, tag

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

from synthetic import SyntheticPolicy, SyntheticScenario, run_synthetic

EVIL = '<script>alert("x")</script>&amp;'
VOID = {"meta", "link", "br", "img", "wbr"}


@pytest.fixture(scope="module")
def result():
    policies = [
        SyntheticPolicy("runs/first", 0.2),
        SyntheticPolicy("expert", 0.1),
        SyntheticPolicy(EVIL, 0.0),
    ]
    scenarios = [SyntheticScenario("one"), SyntheticScenario("two", 0.1)]
    return evaluate(
        policies,
        scenarios,
        first_seed=0,
        episodes=20,
        reference="expert",
        backend="serial",
        run=run_synthetic,
    )


@pytest.fixture(scope="module")
def report(result):
    curve = LearningCurve(np.arange(5.0), np.linspace(0.1, 0.5, 5), "expert", 0.4)
    summary = summarise(result)
    return Report(result, summary, "golive demo <now>", focus="runs/first", curve=curve)


@pytest.fixture(scope="module")
def page(report):
    return render_report(report)


class Balance(HTMLParser):
    """Collects unbalanced tags."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.seen = [], [], []

    def handle_starttag(self, name, attributes):
        self.seen.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.seen.append((name, dict(attributes)))

    def handle_endtag(self, name):
        if not self.open or self.open.pop() != name:
            self.wrong.append(name)


@pytest.fixture(scope="module")
def parsed(page):
    parser = Balance()
    parser.feed(page)
    return parser


def test_every_tag_is_closed(parsed):
    assert parsed.wrong == []
    assert parsed.open == []


def test_nothing_is_loaded_from_elsewhere(parsed, page):
    names = {name for name, _ in parsed.seen}
    assert names.isdisjoint({"script", "link", "iframe", "object", "embed"})
    for name, attributes in parsed.seen:
        for key in ("src", "href", "xlink:href"):
            target = attributes.get(key, "#")
            assert target.startswith(("#", "data:")), (name, target)
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page


def test_text_from_outside_is_escaped(page):
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "golive demo &lt;now&gt;" in page


def test_the_headline_states_the_result_with_its_interval(report, page):
    difference = report.summary.comparison("runs/first").difference
    assert "runs/first scores higher than expert" in page
    assert f"{difference.low:+.3f} to {difference.high:+.3f}" in page


def test_every_section_is_there(page):
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == [
        "Who scores what",
        "What happened",
        "How it learned",
        "How the scores are spread",
        "Customer by customer against expert",
        "Scenario by scenario",
        "Performance profile",
        "Metric by metric",
        "All metrics of all policies",
        "How to make it again",
    ]
    assert page.count("<svg") == 4


def test_tables_hold_the_numbers_of_the_summary(report, page):
    for policy in ("runs/first", "expert"):
        assert f"{report.summary.metric(policy).mean.estimate:.3f}" in page
    assert f"{100 * report.summary.metric('expert', 'success').mean.estimate:.1f} %" in page


def test_seeds_versions_and_command_are_there_to_make_it_again(page):
    assert "Seeds 0 to 19" in page
    assert "numpy 2" in page


def test_ink_follows_the_page(page):
    assert "currentColor" in page
    assert "#010203" not in page


def test_the_same_result_gives_the_same_page(report, page):
    assert render_report(report) == page


def test_pictures_leave_matplotlibs_settings_alone(report):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    render_report(report)
    assert dict(mpl.rcParams) == before


def test_without_reference_and_curve_the_page_is_shorter(result):
    from dataclasses import replace

    from golive.trainers.evaluation import EvaluationResult

    alone = EvaluationResult(replace(result.plan, reference=""), result.rows)
    page = render_report(Report(alone, summarise(alone), "x"))
    assert "How it learned" not in page
    assert "Metric by metric" not in page
    assert "Performance profile" in page


def test_one_policy_alone_makes_a_page():
    alone = evaluate(
        [SyntheticPolicy("expert", 0.0)],
        [SyntheticScenario()],
        first_seed=0,
        episodes=1,
        reference="expert",
        backend="serial",
        run=run_synthetic,
    )
    assert "expert" in render_report(Report(alone, summarise(alone), "x"))


def test_an_unknown_focus_is_refused(result):
    report = Report(result, summarise(result), "x", focus="nobody")
    with pytest.raises(GoliveError, match="focus: 'nobody'"):
        render_report(report)


def test_a_report_is_written_whole(report, page, tmp_path):
    assert write_report(report, tmp_path / "r.html").read_text(encoding="utf-8") == page
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_markup_escapes_text_and_attributes_but_not_itself():
    assert tag("p", "a<b", Markup("<i>c</i>"), title='"') == (
        '<p title="&quot;">a&lt;b<i>c</i></p>'
    )
