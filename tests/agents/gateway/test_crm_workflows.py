"""Workflows of the CRM agents: solved by their right way and by no other, and told in full."""

from __future__ import annotations

import json
import sqlite3

import pytest
from scripted_endpoint import serving

from golive.agents.gateway.crm.model import by_model
from golive.agents.gateway.crm.results import RESULTS
from golive.agents.gateway.crm.rules import by_rules, facts_of
from golive.agents.gateway.crm.runner import run_workflow
from golive.agents.gateway.crm.shortcuts import shortcuts
from golive.cli.app import run as run_command
from golive.core.errors import GoliveError
from golive.core.records import json_schema
from golive.scenarios.gateway.workflow import (
    LIBRARY,
    CrmAgent,
    Entity,
    Workflow,
    read_workflow,
)
from golive.sim.gateway.crm.database import CrmDatabase, Reader
from golive.sim.gateway.crm.making import make_crm
from golive.sim.gateway.crm.tasks import KINDS, judge_task, make_task


def made(*steps, **fields):
    return Workflow.model_validate({"name": "made", "steps": list(steps), **fields})


@pytest.mark.parametrize("seed", range(40))
def test_every_task_is_solved_by_its_workflow_and_by_no_shortcut(seed):
    """Two hundred tasks: five kinds on forty databases."""
    for kind in KINDS:
        workflow = read_workflow(kind)
        ways = {"right": workflow} | (shortcuts(workflow) if seed < 3 else {})
        for way, tried in ways.items():
            crm, _ = make_crm(seed)
            before = crm.content()
            task = make_task(kind, seed, before)
            run = run_workflow(crm, tried, task.told)
            verdict = judge_task(task, before, crm, run.number)
            assert verdict.solved == (way == "right"), (kind, way, verdict.problems)
            assert bool(verdict.problems) == (way != "right")


def test_equal_seeds_are_equal_databases_and_tell_no_truth():
    (one, truth), (two, again) = make_crm(5), make_crm(5)
    assert one.content() == two.content()
    assert truth == again
    assert one.content() != make_crm(6)[0].content()
    names = {name for table in one.content().values() for row in table for name in row}
    assert not names & {"converts", "wins", "chance", "lead_converts", "deal_wins"}


def test_a_quality_score_and_a_win_probability_say_something():
    yes, no, said, wins = [], [], [], []
    for seed in range(6):
        crm, truth = make_crm(seed)
        for lead, converts in truth.lead_converts.items():
            found = by_rules(
                CrmAgent.LEAD_QUALIFICATION,
                facts_of(CrmAgent.LEAD_QUALIFICATION, {"lead": lead}, crm, Reader()),
            ).model_dump()
            (yes if converts else no).append(found["quality_score"])
        for deal, won in truth.deal_wins.items():
            found = by_rules(
                CrmAgent.DEAL_ANALYSIS,
                facts_of(CrmAgent.DEAL_ANALYSIS, {"deal": deal}, crm, Reader()),
            ).model_dump()
            said.append(found["win_probability"])
            wins.append(won)
    assert sum(yes) / len(yes) > sum(no) / len(no) + 8.0
    base = sum(wins) / len(wins)
    brier = sum((p - w) ** 2 for p, w in zip(said, wins, strict=True)) / len(wins)
    assert brier < base * (1.0 - base)


def test_every_agent_answers_with_its_own_fields():
    crm, _ = make_crm(2)
    lead, deal = 1, 1
    company = crm.content()["contacts"][0]["company"]
    analysed = run_workflow(
        crm,
        made(
            {"name": "lead", "agent": "lead_qualification", "input": {"lead": lead}},
            {"name": "deal", "agent": "deal_analysis", "input": {"deal": deal}},
            {"name": "insights", "agent": "customer_insights", "input": {"company": company}},
            {"name": "background", "agent": "research", "input": {"company": company}},
            {"name": "choice", "agent": "decision", "input": {"a": "$deal", "b": "$lead"}},
            {"name": "actions", "agent": "recommendation"},
            {"name": "short", "agent": "summary"},
        ),
    )
    assert analysed.done
    names = dict(zip(RESULTS.values(), RESULTS, strict=True))
    assert len(names) == 7
    for step, outcome in zip(analysed.steps, analysed.results.values(), strict=True):
        assert set(outcome) == set(RESULTS[CrmAgent(step.does)].model_fields)
    # Input null takes the results before it.
    told = crm.history(analysed.number)[-1]["input"]
    assert set(told) == {"lead", "deal", "insights", "background", "choice", "actions"}


def test_errors_travel_unless_there_is_a_fallback():
    crm, _ = make_crm(1)
    steps = [
        {"name": "lost", "agent": "deal_analysis", "input": {"deal": 99_999}, "retries": 2},
        {"name": "next", "agent": "decision", "input": {"deals": "$lost"}},
        {"name": "apart", "select": {"entity": "leads"}},
    ]
    run = run_workflow(crm, made(*steps))
    assert not run.done
    assert [step.status for step in run.steps] == ["failed", "skipped", "done"]
    assert run.steps[0].attempts == 3
    assert "no such row" in run.steps[0].error
    assert crm.history()[-1]["status"] == "failed"
    steps[0]["fallback"] = {"deal": 1, "win_probability": 0.5}
    run = run_workflow(crm, made(*steps))
    assert run.done
    assert [step.status for step in run.steps] == ["fallback", "done", "done"]


def test_a_refused_change_changes_nothing_and_a_failing_one_neither():
    crm, _ = make_crm(1)
    before = crm.content()
    change = {"entity": "leads", "ids": [1, 2], "set": {"status": "qualified"}}
    run = run_workflow(crm, made({"name": "mark", "change": change}), confirm=lambda *_: False)
    assert run.steps[0].status == "refused"
    half = {**change, "ids": [1, 99_999]}
    assert run_workflow(crm, made({"name": "mark", "change": half})).steps[0].status == "failed"
    assert crm.content() == before


SELECT = {"name": "some", "select": {"entity": "leads"}}
DEAL = {"name": "deal", "agent": "deal_analysis", "input": {"deal": 1}}


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([{"name": "a", "select": {"entity": "leads", "where": [{"field": "mood"}]}}], "mood"),
        ([{"name": "a", "change": {"entity": "leads", "ids": [1], "set": {"mood": 1}}}], "mood"),
        ([{"name": "a", "change": {"entity": "leads", "ids": [1], "set": {"id": 7}}}], "leads.id"),
        ([{"name": "a", "agent": "deal_analysis", "input": {"deal": "$input.gone"}}], "gone"),
        ([DEAL, {"name": "b", "agent": "summary", "input": {"x": "$deal.mood"}}], "deal.mood"),
        ([DEAL, {"name": "b", "agent": "summary", "input": {"x": "$deal.0.mood"}}], "deal.mood"),
        ([SELECT, {"name": "b", "agent": "summary", "input": {"x": "$some.names"}}], "some.names"),
        ([SELECT, {"name": "b", "agent": "summary", "input": {"x": "$some.rows.0.mood"}}], "mood"),
        ([{"name": "a", "agent": "summary", "input": {"x": "$each"}}], "each"),
    ],
)
def test_what_would_fail_on_any_database_is_refused_before_it_runs(steps, problem):
    crm, _ = make_crm(1)
    with pytest.raises(GoliveError, match=problem):
        run_workflow(crm, made(*steps))
    assert not crm.history()


def test_a_fallback_that_leads_nowhere_is_a_failure():
    crm, _ = make_crm(1)
    none = {"name": "none", "select": {"entity": "leads", "where": [{"field": "id", "equals": 0}]}}
    lost = {**DEAL, "input": {"deal": 99_999}, "fallback": {"lead": "$none.ids.0"}}
    run = run_workflow(crm, made(none, lost))
    assert [step.status for step in run.steps] == ["done", "failed"]
    assert "no such row" in run.steps[1].error
    assert "$none.ids.0" in run.steps[1].error
    with pytest.raises(ValueError, match="gone"):
        made({**DEAL, "fallback": {"lead": "$gone.ids"}})


def test_what_a_confidential_step_found_stays_confidential():
    papers = {"name": "papers", "select": {"entity": "documents"}, "confidential": True}
    told = {"company": "$papers.rows.0.company", "title": "Copy"}
    copy = {"name": "copy", "create": {"entity": "documents", "set": told}}
    for step in (copy, {"name": "short", "agent": "summary"}):
        with pytest.raises(ValueError, match="takes what papers found"):
            made(papers, step)
    later = {"name": "later", "after": ["papers"], "select": {"entity": "leads"}}
    assert made(papers, later)
    crm, _ = make_crm(1)
    assert run_workflow(crm, made(papers, {**copy, "confidential": True})).done
    assert crm.content()["documents"][-1]["confidential"] == 1


def test_rows_that_say_less_than_usual_can_be_read_and_others_fail_the_step():
    """Calls that are planned have not happened; anybody may write nonsense into a field."""
    crm, _ = make_crm(0)
    told = {"least_value_usd": 20_000, "follow_up_on": "2026-07-05"}
    assert run_workflow(crm, read_workflow("follow_up"), told).done
    assert run_workflow(crm, read_workflow("next_deal")).done
    still_open = next(row for row in crm.content()["deals"] if row["stage"] == "proposal")
    crm.change(Entity.DEALS, still_open["id"], {"expected_close_on": "soon"}, Reader())
    run = run_workflow(crm, made({**DEAL, "input": {"deal": still_open["id"]}}))
    assert run.steps[0].status == "failed"
    assert "soon" in run.steps[0].error
    assert run_workflow(crm, made({**DEAL, "input": {"deal": 10**30}})).steps[0].status == "failed"


def test_there_is_no_task_where_doing_nothing_is_right():
    crm, _ = make_crm(166)
    with pytest.raises(GoliveError, match="nothing to do"):
        make_task("close_lost", 166, crm.content())


def test_a_database_is_not_made_over_a_file(tmp_path):
    path = tmp_path / "crm.db"
    make_crm(1, str(path))[0].close()
    before = path.read_bytes()
    with pytest.raises(GoliveError, match="already"):
        make_crm(2, str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", [["run", "close_lost", "--database"], ["history"]])
def test_a_damaged_or_empty_database_is_one_line(command, tmp_path, capsys):
    path = tmp_path / "crm.db"
    make_crm(1, str(path))[0].close()
    content = path.read_bytes()
    broken = content[:4096] + b"\xa5" * (len(content) - 4096)
    for wrong in (broken, b""):
        path.write_bytes(wrong)
        assert run_command(["gateway", *command, str(path)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert path.read_bytes() == wrong


def test_an_interrupted_run_says_so_in_the_history():
    crm, _ = make_crm(1)
    before = crm.content()

    def interrupted(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_workflow(crm, read_workflow("close_lost"), confirm=interrupted)
    assert crm.history()[-1]["status"] == "interrupted"
    assert crm.content() == before


def test_confidential_rows_are_hidden_from_who_may_not_see_them():
    crm, _ = make_crm(3)
    all_of_them = crm.rows(Entity.DOCUMENTS, Reader())
    seen = crm.rows(Entity.DOCUMENTS, Reader(confidential=False))
    assert 0 < len(seen) < len(all_of_them)
    assert not any(row["confidential"] for row in seen)
    hidden = next(row["id"] for row in all_of_them if row["confidential"])
    with pytest.raises(GoliveError, match="not for this reader"):
        crm.row(Entity.DOCUMENTS, hidden, Reader(confidential=False))


@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.yaml")), ids=lambda file: file.stem)
def test_shipped_workflows_fit_the_schema(file):
    import jsonschema
    import yaml

    jsonschema.validate(yaml.safe_load(file.read_text("utf-8")), json_schema(Workflow))
    assert read_workflow(file).name == file.stem


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([{"name": "a", "agent": "summary", "input": {"x": "$b"}},
          {"name": "b", "agent": "summary", "input": {"x": "$a"}}], "circle"),
        ([{"name": "a", "agent": "poet"}], "poet|lead_qualification"),
        ([{"name": "a", "agent": "summary", "input": {"x": "$gone"}}], "gone"),
        ([{"name": "a"}], "one of agent"),
        ([{"name": "a", "agent": "summary", "select": {"entity": "leads"}}], "one of agent"),
        ([{"name": "a", "select": {"entity": "leads"}}] * 2, "twice"),
        ([{"name": "a", "agent": "summary", "mood": 1}], "mood"),
        ([], "at least 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused(steps, problem):
    with pytest.raises(ValueError, match=problem):
        made(*steps)


def test_a_language_model_may_answer_and_its_nonsense_is_an_error():
    crm, _ = make_crm(1)
    answer = {
        "deal": 1,
        "win_probability": 0.25,
        "risk_factors": ["none"],
        "success_factors": [],
        "strategies": ["wait"],
        "timeline_assessment": "soon",
    }
    replies = [json.dumps({**answer, "win_probability": 7}), f"Here: {json.dumps(answer)}"]
    one = made({"name": "deal", "agent": "deal_analysis", "input": {"deal": 1}, "retries": 1})
    with serving(lambda body: {"content": replies.pop(0)}) as server:
        run = run_workflow(crm, one, answer=by_model(f"llm:tiny@{server.url}"))
        assert run.results["deal"]["win_probability"] == 0.25
        assert run.steps[0].attempts == 2
        asked = server.heard[0]
        assert "tools" not in asked
        assert "deal_analysis" in asked["messages"][0]["content"]
        assert json.loads(asked["messages"][1]["content"])["deal"]["id"] == 1


def test_the_command_runs_judges_and_remembers(tmp_path, capsys):
    base = tmp_path / "crm.db"
    told = ["gateway", "run", "close_lost", "--database", str(base)]
    assert run_command([*told, "--json"]) == 1  # nobody is there to confirm
    assert json.loads(capsys.readouterr().out)["steps"][1]["status"] == "refused"
    assert run_command([*told, "--yes"]) == 0
    capsys.readouterr()
    assert run_command(["gateway", "history", str(base), "--json"]) == 0
    assert [row["status"] for row in json.loads(capsys.readouterr().out)] == ["failed", "done"]
    assert run_command(["gateway", "history", str(base), "--run", "2"]) == 0
    assert "close_lost" not in capsys.readouterr().err
    task = ["gateway", "run", "--task", "open_project", "--seed", "3", "--json"]
    assert run_command([*task, "--yes"]) == 0
    assert json.loads(capsys.readouterr().out)["task"]["solved"] is True
    assert run_command(["gateway", "agents", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["pool"]) >= 59
    assert len(told["crm"]) == 7


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "no-such-workflow"],
        ["run", "qualify_leads", "--database", "new.db"],
        ["run", "close_lost", "--input", "x=1", "--database", "new.db"],
        ["run", "close_lost", "--input", "x", "--database", "new.db"],
        ["run", "next_deal", "--model", "nobody", "--database", "new.db"],
        ["run", "next_deal", "--database", "text.db"],
        ["run", "columns.yaml", "--database", "new.db"],
        ["run", "--task", "next_deal", "--database", "new.db"],
        ["run", "next_deal", "--database", "other.db"],
        ["history", "new.db"],
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "columns.yaml").write_text(
        "name: a\nsteps:\n- {name: a, select: {entity: leads, where: [{field: mood}]}}\n"
    )
    (tmp_path / "text.db").write_text("no database at all, but a text that is long enough\n" * 9)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE something (id INTEGER)")
    assert run_command(["gateway", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "new.db").exists()


def test_a_database_of_another_version_is_refused(tmp_path):
    make_crm(1, str(tmp_path / "crm.db"))[0].close()
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(GoliveError, match="version"):
        CrmDatabase(tmp_path / "crm.db")
