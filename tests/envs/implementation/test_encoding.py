from __future__ import annotations

import math
from enum import Enum
from typing import Any

import numpy as np
import pytest

from golive.envs.implementation.encoding import (
    ENCODER,
    GROUP_SHAPES,
    GROUP_SLICES,
    encode_flat,
    raw_values,
)
from golive.envs.implementation.features import (
    FEATURES,
    GROUPS,
    MAY_BE_WRONG,
    MAY_STOP,
    OBSERVATION_NAMES,
    OBSERVATION_SIZE,
)
from golive.sim.implementation.briefing import (
    DEPARTMENTS,
    NEVER,
    Briefing,
    SiteStatus,
    SystemEnvironment,
)
from golive.sim.implementation.decision import NO_FOCUS, WORKSTREAMS
from golive.sim.numbers import Transform


def value_of(briefing: Briefing, name: str) -> float:
    return float(encode_flat(briefing)[OBSERVATION_NAMES.index(name)])


def test_every_index_has_a_unique_name_a_description_and_finite_bounds() -> None:
    assert len(set(OBSERVATION_NAMES)) == len(FEATURES) == OBSERVATION_SIZE
    for feature in FEATURES:
        assert feature.description
        assert -4.0 <= feature.low < feature.high <= 4.0
        assert feature.scale > 0.0


def test_the_flat_observation_is_a_new_float32_vector_within_bounds(briefing: Briefing) -> None:
    first, second = encode_flat(briefing), encode_flat(briefing)
    assert first.dtype == np.float32
    assert first.shape == (OBSERVATION_SIZE,)
    assert ENCODER.space("flat").contains(first)
    assert not np.shares_memory(first, second)


def test_one_raw_value_is_gathered_per_feature(briefing: Briefing) -> None:
    assert len(raw_values(briefing)) == OBSERVATION_SIZE


def test_dict_and_flat_observation_hold_the_same_numbers(briefing: Briefing) -> None:
    flat = encode_flat(briefing)
    groups = ENCODER.by_group(flat)
    assert ENCODER.space("dict").contains(groups)
    assert list(groups) == [group.name for group in GROUPS]
    np.testing.assert_array_equal(np.concatenate(list(groups.values())), flat)
    for name, values in groups.items():
        rows, columns = GROUP_SHAPES[name]
        assert values.shape == (rows * columns,)
        assert not np.shares_memory(values, flat)


def test_rows_of_a_group_are_the_things_of_that_name(briefing: Briefing) -> None:
    changed = briefing._replace(
        workstreams=(
            *briefing.workstreams[:5],
            briefing.workstreams[5]._replace(slack_days=7.0),
            *briefing.workstreams[6:],
        ),
    )
    difference = np.flatnonzero(encode_flat(changed) != encode_flat(briefing))
    assert [OBSERVATION_NAMES[i] for i in difference] == ["workstreams/testing/slack"]
    table = encode_flat(changed)[GROUP_SLICES["workstreams"]].reshape(GROUP_SHAPES["workstreams"])
    assert table[5, -1] == pytest.approx(7 / 20)


def test_an_absent_object_and_an_absent_site_are_all_zero(briefing: Briefing) -> None:
    objects = briefing.migration.objects
    absent = (objects[0], objects[1]._replace(present=False), *objects[2:])
    changed = briefing._replace(migration=briefing.migration._replace(objects=absent))
    table = encode_flat(changed)[GROUP_SLICES["data_objects"]].reshape(GROUP_SHAPES["data_objects"])
    assert not table[1].any()
    assert table[0].all()
    assert not encode_flat(briefing)[GROUP_SLICES["further_sites"]].any()


def test_prices_and_knowledge_follow_the_documented_formulas(briefing: Briefing) -> None:
    assert value_of(briefing, "money/reading_price") == pytest.approx(20 / 270)
    assert value_of(briefing, "money/benefit_day") == pytest.approx(3_200 * 30 / 400_000)
    assert value_of(briefing, "insights/data_rot/value") == pytest.approx(-0.3)
    assert value_of(briefing, "insights/data_rot/standard_error") == pytest.approx(1.2)
    assert value_of(briefing, "insights/data_rot/last_reading") == pytest.approx(1 / (1 + 12 / 5))
    assert value_of(briefing, "calendar/days_to_window") == pytest.approx(3 / 5)
    assert value_of(briefing, "calendar/agreed_slip") == pytest.approx(3 / 30)
    assert value_of(briefing, "management/awaited_profile_data") == 1.0
    spent = briefing.money._replace(spent_usd=500_000.0)
    assert value_of(briefing._replace(money=spent), "money/reading_price") == 1.0


def test_a_check_that_nobody_asks_for_counts_as_passed(briefing: Briefing) -> None:
    assert value_of(briefing, "tests/passed_validation") == 0.0
    tests = briefing.tests._replace(checks_required=(True, True, True, True, False))
    assert value_of(briefing._replace(tests=tests), "tests/passed_validation") == 1.0


def test_values_follow_the_documented_formulas(briefing: Briefing) -> None:
    assert value_of(briefing, "calendar/days_to_target") == 1.0  # 23 days / 10, clipped
    assert value_of(briefing, "calendar/time_to_target") == pytest.approx(23 / 30)
    assert value_of(briefing, "defects/found") == pytest.approx(math.log1p(20) / 4.0)
    assert value_of(briefing, "tests/last_cycle") == pytest.approx(1 / (1 + 4 / 5))
    assert value_of(briefing, "money/spent") == pytest.approx(130 / 400)
    assert value_of(briefing, "roles/orchestrator/useful") == pytest.approx(6.0 / 12.0)
    assert value_of(briefing, "disruptions/severity_environment_outage") == 0.75
    assert value_of(briefing, "disruptions/days") == pytest.approx(0.2)


def test_the_formula_of_each_transform_is_what_is_computed(briefing: Briefing) -> None:
    raw, observed = raw_values(briefing), encode_flat(briefing)
    for feature, x, y in zip(FEATURES, raw, observed, strict=True):
        if feature.transform is Transform.LINEAR:
            expected = x / feature.scale
        elif feature.transform is Transform.LOGARITHM:
            expected = math.log(1 + x) / feature.scale
        else:
            expected = 0.0 if x == NEVER else 1 / (1 + x / feature.scale)
        assert y == pytest.approx(min(max(expected, feature.low), feature.high), abs=1e-6)


def test_never_is_not_just_long_ago(briefing: Briefing) -> None:
    assert briefing.management.days_since_escalation == NEVER
    assert value_of(briefing, "management/last_escalation") == 0.0
    long_ago = briefing._replace(management=briefing.management._replace(days_since_escalation=500))
    assert value_of(long_ago, "management/last_escalation") > 0.0


def test_a_focus_is_one_hot_and_standing_down_too(briefing: Briefing) -> None:
    roles = (briefing.roles[0]._replace(focus=NO_FOCUS), *briefing.roles[1:])
    changed = briefing._replace(roles=roles)
    names = [name for name in OBSERVATION_NAMES if name.startswith("roles/orchestrator/focus_")]
    assert [value_of(changed, name) for name in names] == [0.0] * 8 + [1.0]
    assert [value_of(briefing, name) for name in names] == [1.0] + [0.0] * 8


def test_absent_sites_are_all_zero_and_status_is_one_hot(briefing: Briefing) -> None:
    table = encode_flat(briefing)[GROUP_SLICES["sites"]].reshape(GROUP_SHAPES["sites"])
    assert not table[1:].any()
    live = briefing.sites[0]._replace(status=SiteStatus.LIVE, days_live=4)
    changed = briefing._replace(sites=(live, *briefing.sites[1:]))
    assert value_of(changed, "sites/site_1/live") == 1.0
    assert value_of(changed, "sites/site_1/planned") == 0.0
    assert value_of(changed, "sites/site_1/days_live") == pytest.approx(0.2)


def _is_record(value: object) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _pushed(record: Any, number: float) -> Any:
    """The record with every number in it replaced, as far as its type allows."""
    changes: dict[str, object] = {}
    for name, value in zip(record._fields, record, strict=True):
        if _is_record(value):
            changes[name] = _pushed(value, number)
        elif isinstance(value, tuple) and value and _is_record(value[0]):
            changes[name] = tuple(_pushed(item, number) for item in value)
        elif type(value) is float:
            changes[name] = float(number)
        elif type(value) is int and name not in ("focus", "industry"):
            changes[name] = int(number)
    return record._replace(**changes)


@pytest.mark.parametrize("number", [0.0, -1.0, 1e12])
def test_extreme_briefings_stay_within_bounds_and_finite(briefing: Briefing, number: float) -> None:
    extreme = _pushed(briefing, number)
    assert isinstance(extreme, Briefing)
    observation = encode_flat(extreme)
    assert np.isfinite(observation).all()
    assert ENCODER.space("flat").contains(observation)


def _leaves(record: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Paths to every value in a record of records and tuples."""
    if isinstance(record, tuple):
        steps = record._fields if _is_record(record) else range(len(record))  # type: ignore[attr-defined]
        parts = zip(steps, record, strict=True)
        return [leaf for step, value in parts for leaf in _leaves(value, (*path, step))]
    return [] if record == {} else [path]  # no mechanism of another package tells anything


def _changed_at(record: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return _another(record)
    step, *rest = path
    if isinstance(step, int):
        inner = _changed_at(record[step], tuple(rest))
        return (*record[:step], inner, *record[step + 1 :])
    return record._replace(**{step: _changed_at(getattr(record, step), tuple(rest))})


def _another(value: object) -> object:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        members = list(type(value))
        return members[(members.index(value) + 1) % len(members)]
    if isinstance(value, int):
        return value + 1
    assert isinstance(value, float)
    return value * 0.5 + 0.01


SAME_EVERYWHERE = {
    *(("migration", "reconciliation_gate"), ("people", "standard_error")),
    *(
        ("systems", SystemEnvironment.SANDBOX, "busy"),
        ("systems", SystemEnvironment.PRODUCTION, "up"),
    ),
    ("systems", SystemEnvironment.PRODUCTION, "busy"),
    *(("customer", "departments", place) for place in range(len(DEPARTMENTS))),
    *(
        ("workstreams", place, name)
        for place, workstream in enumerate(WORKSTREAMS)
        for name, may in (
            *(("blocked_hours", MAY_STOP), ("blocked_packages", MAY_STOP)),
            ("fix_packages", MAY_BE_WRONG),
        )
        if workstream not in may
    ),
}
"""Parts of a briefing that are no features: they never vary (``test_live_features.py``)."""


def _is_seen(path: tuple[str | int, ...]) -> bool:
    """What an observation may leave out: absent sites, the first one's place, what never varies."""
    if path[:1] == ("sites",):
        return path[1] == 0 and path[2] not in ("wave", "time_zone_hours")
    return path not in SAME_EVERYWHERE


def test_everything_in_the_briefing_reaches_the_observation(briefing: Briefing) -> None:
    near = briefing.calendar._replace(target_go_live_day=28, planned_go_live_day=27)
    live = briefing.sites[0]._replace(status=SiteStatus.LIVE, days_live=3)
    planned = briefing._replace(calendar=near)
    in_hypercare = planned._replace(
        calendar=near._replace(hypercare_day=3), sites=(live, *briefing.sites[1:])
    )
    unseen = [
        path
        for path in _leaves(planned)
        if _is_seen(path)
        and path[-1] != "kind"
        and all(
            np.array_equal(encode_flat(_changed_at(state, path)), encode_flat(state))  # type: ignore[arg-type]
            for state in (planned, in_hypercare)
        )
    ]
    assert unseen == []
