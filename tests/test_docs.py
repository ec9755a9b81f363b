"""What the pages in docs/ show is true: code and files run, links lead somewhere, options exist."""

from __future__ import annotations

import re
import shlex
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
import yaml

from benchmarks.command import run as run_script
from golive.agents.registry import load_policy
from golive.cli.app import run as run_golive
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.implementation.scenario import Scenario
from golive.scenarios.loader import load_scenario, load_suite
from golive.sim.episodes import run_episode
from golive.sim.implementation.world import ImplementationWorld
from tools.pages import scenarios
from tools.pages.__main__ import app

REPOSITORY = Path(__file__).parents[1]
PAGES = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
    for path in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")))
}
SCENARIOS = PAGES["docs/scenarios.md"]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def oak(tmp_path, monkeypatch) -> Path:
    """The page's scenario and suite as files in the working directory."""
    monkeypatch.chdir(tmp_path)
    scenario, suite = (
        next(text for text in blocks("docs/scenarios.md", "yaml") if part in text)
        for part in ("customer:", "splits:")
    )
    (tmp_path / "oak.yaml").write_text(scenario, "utf-8")
    (tmp_path / "oak.suite.yaml").write_text(suite, "utf-8")
    return tmp_path


EXAMPLES = [
    pytest.param(page, code, id=f"{page}-{number}")
    for page in (
        "docs/scenarios.md",
        "docs/policies.md",
        "docs/rewards.md",
        "docs/laws.md",
        "docs/cache.md",
        "docs/datasets.md",
        "docs/scaling.md",
        "docs/words.md",
        "docs/faces.md",
        "docs/migration.md",
    )
    for number, code in enumerate(blocks(page, "python"))
]


@pytest.mark.parametrize(("page", "code"), EXAMPLES)
def test_the_python_examples_run(page, code, oak, capsys):
    exec(compile(code, page, "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert printed
    if "checklist minus random" in printed:
        low = re.search(r"checklist minus random: \S+ \[(\S+),", printed)
        assert low is not None
        assert float(low[1]) > 0.0


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    here = (REPOSITORY / page).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(PAGES[page])):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = here / path if path else REPOSITORY / page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in anchors, target


def _commands(text: str) -> set[str]:
    shown = re.findall(r"^\$ (golive .*)$", text, re.MULTILINE)
    inline = re.findall(r"`(golive [^`]+)`", text.replace("\n", " "))
    return {command.split("  ")[0].split(" > ")[0].split(" #")[0] for command in shown + inline}


@cache
def _options(*path: str) -> set[str]:
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as printed:
        patch.setenv("COLUMNS", "200")  # long names are cut off in narrow terminals
        assert run_golive([*path, "--help"]) == 0, path
    return set(re.findall(r"--[a-z-]+", printed.getvalue()))


@pytest.mark.parametrize("page", PAGES)
def test_commands_have_the_options_that_are_shown(page):
    for command in _commands(PAGES[page]):
        words = [word for word in shlex.split(command)[1:] if word != "..."]
        if not words or words[0] in ("--help", "--version", "COMMAND"):
            continue
        grouped = words[0] in (
            "cache",
            "dataset",
            "scenario",
            "log",
            "openenv",
            "plan",
            "gateway",
            "migration",
            "gateway",
        )
        known = _options(*words[: 2 if grouped else 1])
        assert {word for word in words if word.startswith("--")} <= known, command


SCRIPTS = [
    pytest.param(command, id=command)
    for text in PAGES.values()
    for command in sorted(set(re.findall(r"python -m ((?:benchmarks|tools)\.[^`\n]*)", text)))
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_have_the_options_that_are_shown(script):
    module, *words = shlex.split(script)
    is_filler = module == "tools.pages"
    command = app if is_filler else import_module(module).command
    path = words[:1] if is_filler else []
    with redirect_stdout(StringIO()) as printed:
        assert run_script(command, [*path, "--help"]) == 0
    known = set(re.findall(r"--[a-z-]+", printed.getvalue()))
    assert {word for word in words if word.startswith("--")} <= known


def test_the_example_scenario_and_suite_are_valid(oak, capsys):
    assert run_golive(["scenario", "validate", "oak.yaml", "oak.suite.yaml"]) == 0
    assert load_scenario("oak.yaml").customer.name == "Oak & Nail"
    assert load_suite("oak.suite.yaml").scenarios == (str(oak / "oak.yaml"),)


def test_the_example_scenario_is_the_smallest_but_for_its_data(oak):
    scenario = load_scenario("oak.yaml")
    content = yaml.safe_load((oak / "oak.yaml").read_text("utf-8"))
    optional = {name for name, field in Scenario.model_fields.items() if not field.is_required()}
    assert not optional & set(content)
    records = (scenario.customer, scenario.plan)
    for record, shown in zip(records, (content["customer"], content["plan"]), strict=True):
        required = {name for name, f in type(record).model_fields.items() if f.is_required()}
        assert set(shown) - {"data_objects"} == required


def test_the_error_messages_are_those_shown(oak, capsys):
    text = (oak / "oak.yaml").read_text("utf-8")
    for right, wrong in (("quality: 0.8", "quality: 80"), ("300", "lots"), ("masked_", "maskd_")):
        assert right in text
        text = text.replace(right, wrong)
    (oak / "bad.yaml").write_text(text, "utf-8")
    assert run_golive(["scenario", "validate", "bad.yaml"]) == 1
    said = capsys.readouterr().err.replace("error: ", "").splitlines()
    shown = re.findall(r"^bad\.yaml:.*$", SCENARIOS, re.MULTILINE)
    assert shown == said


def test_the_parameter_shown_exists():
    shown = [text for text in blocks("docs/scenarios.md", "yaml") if "parameters:" in text]
    assert len(shown) == 1
    scenario = load_scenario("furniture")
    ImplementationWorld(changed(scenario, **yaml.safe_load(shown[0])), 0)


def test_the_field_tables_are_in_step_with_the_code():
    assert scenarios.updated(SCENARIOS) == SCENARIOS, "run: python -m tools.pages scenarios"


def test_a_page_that_lacks_a_record_is_refused():
    with pytest.raises(GoliveError, match="Wave"):
        scenarios.updated(SCENARIOS.replace("<!-- Wave:begin -->", ""))


def outcome(customer):
    scenario = load_scenario("furniture")
    return run_episode(load_policy("expert"), scenario, 3, customer=customer).scorecard


def test_fields_that_are_said_to_do_nothing_do_nothing():
    """When this fails because a mechanism now reads them: mend the page's list, be glad."""
    own = load_scenario("furniture").customer
    other = changed(
        own,
        product=changed(own.product, skus=9_000),
        challenges=tuple(
            changed(c, week=1) if c.effect == "data_errors" else c for c in own.challenges
        ),
        sites=tuple(changed(s, address=None) for s in own.sites),
    )
    assert outcome(own) == outcome(other)


@pytest.mark.parametrize(
    "field",
    [
        {"bom_depth_max": 12},
        {"bom_lines_mean": 90.0},
        {"custom_order_share": 0.1},
        {"stock_locations": 20},
        {"machines": 200},
        {"history_years": 30.0},
        {"clean_history_share": 0.9},
    ],
    ids=lambda field: next(iter(field)),
)
def test_each_fact_of_the_product_profile_makes_a_difference(field):
    own = load_scenario("furniture").customer
    assert outcome(own) != outcome(changed(own, product=changed(own.product, **field)))


def test_old_systems_weeks_of_challenges_and_failed_projects_make_a_difference():
    own = load_scenario("furniture").customer
    systems = tuple(changed(s, age_years=40.0) for s in own.legacy_systems)
    papers = tuple(changed(s, documentation=1.0) for s in own.legacy_systems)
    weeks = tuple(changed(c, week=1) for c in own.challenges)
    for other in (
        changed(own, legacy_systems=systems),
        changed(own, legacy_systems=papers),
        changed(own, challenges=weeks),
        changed(own, previous_failed_projects=3),
    ):
        assert outcome(own) != outcome(other)
