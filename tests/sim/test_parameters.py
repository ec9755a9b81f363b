"""Every number of the dynamics is a row: with unit, range, source; read somewhere; with effect."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest
from world_helpers import decider, furniture, load_scenario, play, with_customer, with_parameters

import golive.sim.implementation.parameters as table
from golive.scenarios import Disruption, Scenario
from golive.scenarios.errors import GoliveError
from golive.scenarios.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED
from golive.sim.implementation.parameters import PARAMETERS, Parameter, Parameters, parameters_with
from golive.sim.implementation.world import ImplementationWorld

NAMES = [row.name for row in PARAMETERS]


@pytest.mark.parametrize("row", PARAMETERS, ids=NAMES)
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
    assert all(getattr(Parameters(), row.name) == row.value for row in PARAMETERS)


def test_shares_that_make_up_a_whole_do():
    p = Parameters()
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
    assert dataclasses.replace(changed, bass_p=Parameters().bass_p) == Parameters()
    assert parameters_with({}) == Parameters()


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
        Parameters().bass_p = 0.1  # type: ignore[misc]


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
        assert direct or any(name.startswith(prefix) for prefix in by_prefix), name


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
    *(
        (scenario, policy, seed)
        for seed in range(100, 114)
        for scenario in ("furniture", "electrical-equipment", "furniture-conventional")
        for policy in ("plan_follower", "random", "go_live_on_day_one")
    ),
)
"""The first few show nearly all parameters; the rest is for what happens seldom."""


def scenario_of(name: str) -> Scenario:
    """A scenario of the library; ``bare``: an outage of each severity, and little else is usual."""
    if name != "bare":
        return load_scenario(name)
    kind = DisruptionKind.ENVIRONMENT_OUTAGE
    rows = tuple(Disruption(kind=kind, severity=severity) for severity in Severity)
    product = furniture().customer.product.model_copy(update={"stock_locations": 6})
    scenario = with_customer(furniture(), challenges=(), trust=0.2, product=product)
    return scenario.model_copy(update={"disruptions": rows})


def ending(scenario: Scenario, policy: str, seed: int) -> tuple[object, ...]:
    """Everything that an episode ends in, its parameters apart."""
    world = ImplementationWorld(scenario, seed)
    play(world, decider(policy, seed))
    return world.snapshot().payload["state"], world.scorecard()


@cache
def plain_ending(episode: int) -> tuple[object, ...]:
    name, policy, seed = EPISODES[episode]
    return ending(scenario_of(name), policy, seed)


@pytest.mark.slow
@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_every_parameter_has_an_effect_on_some_episode(row: Parameter):
    for episode, (name, policy, seed) in enumerate(EPISODES):
        for value in (row.low, row.high):
            scenario = with_parameters(scenario_of(name), **{row.name: value})
            if ending(scenario, policy, seed) != plain_ending(episode):
                return
    pytest.fail(f"{row.name}: no episode changes from {row.low} over {row.value} to {row.high}")
