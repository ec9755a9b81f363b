"""Every number of the dynamics is a row: with unit, range, source; read somewhere; with effect."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest
from world_helpers import (
    decider,
    furniture,
    load_scenario,
    play,
    two_sites,
    with_customer,
    with_parameters,
)

import golive.sim.implementation.parameters as table
from golive.core.errors import GoliveError
from golive.scenarios.implementation.disruption import Disruption
from golive.scenarios.implementation.edge_case_table import EDGE_CASE_TABLE
from golive.scenarios.implementation.edge_cases import EDGE_CASES, parse_edge_case, with_edge_cases
from golive.scenarios.implementation.parameter_file import Confidence
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.parameter_files import load_world_parameters
from golive.sim.implementation.parameters import (
    CALIBRATION_FILE,
    PARAMETERS,
    PRIOR,
    Parameter,
    Parameters,
    parameters_with,
)
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED

NAMES = [row.name for row in PARAMETERS]
CALIBRATED = load_world_parameters(CALIBRATION_FILE).parameters


@pytest.mark.parametrize("row", PRIOR, ids=NAMES)
def test_every_row_says_what_it_is_and_where_it_comes_from(row: Parameter):
    assert row.low < row.high
    assert row.low <= row.value <= row.high
    assert row.unit
    assert row.confidence in (PUBLISHED, LITERATURE, ESTIMATE)
    assert row.source
    assert row.description[0].isupper()
    assert row.description.endswith((".", ")."))
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", row.name)
    if row.source == OURS:
        assert row.confidence == ESTIMATE, "what is ours is an estimate"


def test_the_table_holds_every_field_once():
    assert len(set(NAMES)) == len(NAMES)
    assert [field.name for field in dataclasses.fields(Parameters)] == NAMES
    assert all(getattr(Parameters(), row.name) == row.value for row in PRIOR)
    assert all(getattr(parameters_with({}), row.name) == row.value for row in PARAMETERS)


def test_a_calibrated_row_says_so_and_where_it_started():
    for prior, row in zip(PRIOR, PARAMETERS, strict=True):
        if row.name not in CALIBRATED:
            assert row == prior
            continue
        assert row.low <= row.value <= row.high
        assert (row.value, row.confidence) == (CALIBRATED[row.name].value, Confidence.CALIBRATED)
        assert row.source == f"{prior.source}; {prior.value:g} before calibration"


def test_shares_that_make_up_a_whole_do():
    p = parameters_with({})
    severities = p.severity_critical + p.severity_major
    assert 0.0 < severities < 1.0
    assert p.split_workshop + p.split_fit_gap < 1.0
    assert p.split_cutover_extract + p.split_cutover_load + p.split_cutover_reconcile < 1.0
    employees = [row.value for row in PARAMETERS if row.name.startswith("employees_")]
    heads = sum(employees) - p.employees_per_key_user
    assert heads == pytest.approx(1.0)
    order = [p.live_surface_days_critical, p.live_surface_days_major, p.live_surface_days_minor]
    assert order == sorted(order)
    fixes = [p.fix_factor_sit, p.fix_factor_uat, p.fix_factor_live]
    assert fixes == sorted(fixes)


def test_overrides_replace_rows_and_nothing_else():
    changed = parameters_with({"bass_p": 0.05})
    assert changed.bass_p == 0.05
    assert dataclasses.replace(changed, bass_p=parameters_with({}).bass_p) == parameters_with({})


@pytest.mark.parametrize("row", PARAMETERS[::7], ids=NAMES[::7])
def test_a_value_outside_the_range_is_refused_with_name_value_and_range(row: Parameter):
    for value in (row.low - 1.0, row.high + 1.0, float("nan")):
        with pytest.raises(GoliveError) as caught:
            parameters_with({row.name: value})
        message = str(caught.value)
        assert f"parameters.{row.name}: {value!r}" in message
        assert f"{row.low:g}..{row.high:g}" in message
        assert "\n" not in message
    parameters_with({row.name: row.low})
    parameters_with({row.name: row.high})


def test_a_name_that_is_no_parameter_is_refused_with_the_nearest():
    with pytest.raises(GoliveError, match=r"parameters.bas_p: 0.1: no such parameter.*'bass_p'"):
        parameters_with({"bas_p": 0.1})
    with pytest.raises(GoliveError, match="no such parameter"):
        ImplementationWorld(with_parameters(furniture(), moon_phase=1.0), 0)


def test_parameters_cannot_be_changed_by_a_world():
    with pytest.raises(dataclasses.FrozenInstanceError):
        parameters_with({}).bass_p = 0.1  # type: ignore[misc]


def test_every_parameter_is_read_by_some_mechanism():
    folder = Path(table.__file__).parent
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if not path.name.startswith("parameter")
    )
    by_prefix = re.findall(r'f"(\w+?_)\{', source)
    for name in NAMES:
        direct = re.search(rf"\.{name}\b", source)
        prefixed = any(name.startswith(prefix) for prefix in by_prefix)
        assert direct or prefixed or read_by_its_edge_case(name, folder), name


def edge_case_of(name: str) -> DisruptionKind | None:
    """The edge case whose row it is."""
    return next((kind for kind in EDGE_CASES if name.startswith(f"{kind.value}_")), None)


def read_by_its_edge_case(name: str, folder: Path) -> bool:
    """Whether the edge case's own file asks for the row by what comes after its kind."""
    kind = edge_case_of(name)
    if kind is None:
        return False
    what = name.removeprefix(f"{kind.value}_")
    for severity in Severity:
        what = what.removesuffix(f"_{severity.value}")
    kind_file = "register" if what in ("onset_latest", "notice_days") else kind.value
    source = (folder / "disruptions" / f"{kind_file}.py").read_text(encoding="utf-8")
    return f'"{what}"' in source


# -- effects -------------------------------------------------------------------------------

EPISODES = (
    ("furniture", "expert", 1),
    ("furniture-conventional", "expert", 0),
    ("electrical-equipment", "random", 3),
    ("bare", "random", 1),
    ("bare", "expert", 2),
    ("furniture", "do_nothing", 0),
    ("furniture-conventional", "random", 4),
    ("electrical-equipment", "intervene_every_day", 5),
    ("techmold", "expert", 1),
    ("global-electric", "expert", 1),
    ("regulatory_compliance:brutal@5", "do_nothing", 0),
    *(
        (scenario, policy, seed)
        for seed in range(100, 114)
        for scenario in ("furniture", "electrical-equipment", "furniture-conventional")
        for policy in ("plan_follower", "random", "typical_practice")
    ),
)
"""The first few show nearly all parameters; the rest is for what happens seldom."""


def scenario_of(name: str) -> ImplementationScenario:
    """A scenario of the library; ``bare``: an outage of each severity, and little else is usual."""
    if name == "regulated":
        return with_customer(furniture(), standards=("FDA", "ISO 13485"))
    if name in tuple(EDGE_CASES):
        return with_edge_cases(furniture(), edge_case_rows(DisruptionKind(name)))
    if ":" in name:
        return with_edge_cases(furniture(), [parse_edge_case(name)])
    if name == "two_languages":
        row = Disruption(kind=DisruptionKind.MULTILINGUAL_REQUIREMENTS, names=("fr",))
        return with_edge_cases(two_sites(furniture()), [row])
    if name == "long_hypercare":
        hypercare = {"hypercare_weeks": 1, "hypercare_extension_weeks": 26}
        plan = furniture().plan.model_copy(update=hypercare)
        return furniture().model_copy(update={"plan": plan})
    if name != "bare":
        return load_scenario(name)
    kind = DisruptionKind.ENVIRONMENT_OUTAGE
    rows = tuple(Disruption(kind=kind, severity=severity) for severity in Severity)
    product = furniture().customer.product.model_copy(update={"stock_locations": 6})
    scenario = with_customer(furniture(), challenges=(), trust=0.2, product=product)
    return scenario.model_copy(update={"disruptions": rows})


def edge_case_rows(kind: DisruptionKind) -> list[Disruption]:
    """The edge case at every severity, and with what only its names and amounts bring about."""
    case = EDGE_CASE_TABLE[kind]
    rows = [Disruption(kind=kind, severity=severity) for severity in Severity]
    if case.names:
        rows.append(Disruption(kind=kind, names=("Oracle",)))
    if kind is DisruptionKind.MISSING_REQUIREMENTS:
        rows.append(Disruption(kind=kind, amount=0.1))
    return rows


def episodes_for(row: Parameter) -> tuple[tuple[str, str, int], ...]:
    """Where the row should show: edge cases under theirs, validation at a regulated customer."""
    if row.name == "hypercare_release_loss":
        return tuple(("long_hypercare", "expert", seed) for seed in range(5))
    if row.name in ("untranslated_training", "dip_localisation"):
        policies = ("typical_practice", "plan_follower", "critical_path")
        return tuple(("global-electric", policy, seed) for seed in range(2) for policy in policies)
    kind = edge_case_of(row.name)
    name = kind.value if kind else "regulated" if row.name.startswith("validation_") else None
    if name is None:
        return EPISODES
    if row.name == "multilingual_requirements_native_share":
        name = "two_languages"
    policies = ("expert", "plan_follower", "random", "typical_practice")
    several = tuple((name, policy, seed) for seed in range(3) for policy in policies)
    if kind is None:
        return several
    hard = row.name.rpartition("_")[2]
    hard = hard if hard in tuple(Severity) else "brutal"
    days = (5, 20, 30, 40)
    alone = [(f"{kind}:{hard}@{day}", "expert", seed) for day in days for seed in (0, 106)]
    return (*several, *alone)


def ending(scenario: ImplementationScenario, policy: str, seed: int) -> tuple[object, ...]:
    """Everything that an episode begins and ends in, its parameters apart."""
    world = ImplementationWorld(scenario, seed)
    known = world.briefing().insights
    play(world, decider(policy, seed))
    return known, world.snapshot().payload["state"], world.scorecard()


@cache
def plain_ending(name: str, policy: str, seed: int) -> tuple[object, ...]:
    return ending(scenario_of(name), policy, seed)


@pytest.mark.slow
@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_every_parameter_has_an_effect_on_some_episode(row: Parameter):
    for name, policy, seed in episodes_for(row):
        for value in (row.low, row.high):
            scenario = with_parameters(scenario_of(name), **{row.name: value})
            if ending(scenario, policy, seed) != plain_ending(name, policy, seed):
                return
    pytest.fail(f"{row.name}: no episode changes from {row.low} over {row.value} to {row.high}")
