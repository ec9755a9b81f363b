"""Records accept what makes sense and say precisely what does not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from scenario_examples import small_customer, small_plan, small_scenario

from golive.scenarios.implementation.challenges import (
    CheckChallenge,
    DataChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from golive.scenarios.implementation.customer import Interface, Product
from golive.scenarios.implementation.plan import CrewMembers, Phase, Wave
from golive.scenarios.implementation.requirements import Requirement
from golive.scenarios.implementation.scenario import Variation
from golive.scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DataErrorKind,
    DataObjectKind,
    Delivery,
    Department,
    InterfaceSize,
    RequirementKind,
    Role,
    Workstream,
)
from golive.scenarios.suite import SeedRange, Split, Suite

SMALL = small_customer()


def _check(**changes: object) -> CheckChallenge:
    fields: dict[str, object] = {
        "effect": "acceptance_check",
        "name": "Check",
        "week": 1,
        "check": AcceptanceCheckKind.PEAK_LOAD,
        "effort_hours": 1,
        "key_user_hours": 1,
        "tolerance": 0.1,
    }
    return CheckChallenge.model_validate({**fields, **changes})


def _work(**changes: object) -> WorkChallenge:
    fields: dict[str, object] = {
        "effect": "work",
        "name": "Work",
        "week": 1,
        "workstream": Workstream.DISCOVERY,
        "department": Department.SALES,
        "effort_hours": 1,
        "key_user_hours": 1,
        "question_probability": 0.5,
    }
    return WorkChallenge.model_validate({**fields, **changes})


def _errors(data_object: DataObjectKind) -> DataChallenge:
    return DataChallenge(
        effect="data_errors",
        name="Errors",
        week=1,
        data_object=data_object,
        error_kind=DataErrorKind.FORMAT,
        rate=0.2,
    )


def _requirement(name: str = "Other", department: Department = Department.SALES) -> Requirement:
    return Requirement(
        name=name,
        kind=RequirementKind.REPORT,
        department=department,
        effort_hours=5,
        ambiguity=0.1,
    )


def _adds(requirement: Requirement) -> RequirementChallenge:
    return RequirementChallenge(effect="requirement", name="Adds", week=1, requirement=requirement)


def _interface(name: str, depends_on: str | None, system: str = "Books") -> Interface:
    return Interface(name=name, system=system, size=InterfaceSize.SMALL, depends_on=depends_on)


CONTRADICTIONS: dict[str, tuple[dict[str, object], str]] = {
    "head counts that do not add up": ({"employees": 31}, "employees: 31: .* sum .* 30"),
    "two sites of one name": (
        {"sites": (SMALL.sites[0], SMALL.sites[0]), "employees": 40},
        "sites: 'North' occurs twice",
    ),
    "no site": ({"sites": ()}, "at least 1 item"),
    "six sites": (
        {
            "sites": tuple(SMALL.sites[0].model_copy(update={"name": str(i)}) for i in range(6)),
            "employees": 120,
        },
        "at most 5 items",
    ),
    "a department twice": (
        {"departments": (Department.SALES, Department.SALES, Department.PRODUCTION)},
        "departments: 'sales' occurs twice",
    ),
    "a data object twice": (
        {"data_objects": SMALL.data_objects * 2},
        "data_objects: 'items' occurs twice",
    ),
    "an interface to no system": (
        {"interfaces": (_interface("A", None, "Nothing"),)},
        r"interfaces\[0\].system: 'Nothing': expected one of .*Books",
    ),
    "an interface that depends on nothing known": (
        {"interfaces": (_interface("A", "B"),)},
        r"interfaces\[0\].depends_on: 'B'",
    ),
    "interfaces in a circle": (
        {"interfaces": (_interface("A", "B"), _interface("B", "C"), _interface("C", "A"))},
        r"interfaces\[0\].depends_on: 'B': expected no cycle",
    ),
    "an interface that depends on itself": (
        {"interfaces": (_interface("A", "A"),)},
        "expected no cycle",
    ),
    "sixteen interfaces": (
        {"interfaces": tuple(_interface(str(i), None) for i in range(16))},
        "at most 15 items",
    ),
    "a requirement of a department that is not there": (
        {"requirements": (_requirement(department=Department.FINANCE),)},
        r"requirements\[0\].department: 'finance'",
    ),
    "a challenge for a department that is not there": (
        {"challenges": (_work(department=Department.FINANCE),)},
        r"challenges\[0\].department: 'finance'",
    ),
    "a custom requirement of a department that is not there": (
        {"challenges": (_adds(_requirement(department=Department.FINANCE)),)},
        r"challenges\[0\].department: 'finance'",
    ),
    "errors in data that is not migrated": (
        {"challenges": (_errors(DataObjectKind.COSTS),)},
        r"challenges\[0\].data_object: 'costs'",
    ),
    "work on data that is not migrated": (
        {"challenges": (_work(data_object=DataObjectKind.COSTS),)},
        r"challenges\[0\].data_object: 'costs'",
    ),
    "one check twice": (
        {"challenges": (_check(), _check(name="Again"))},
        "acceptance_check: 'peak_load' occurs twice",
    ),
    "two challenges of one name": (
        {"challenges": (_work(), _check(name="Work"))},
        "challenges: 'Work' occurs twice",
    ),
    "a challenge that repeats a requirement": (
        {"challenges": (_adds(_requirement("Quote")),)},
        "requirements: 'Quote' occurs twice",
    ),
    "more test users than employees": (
        {"challenges": (_check(users=31),)},
        r"challenges\[0\].users: 31: expected at most the customer's 30",
    ),
    "clean history of a customer with bad data": (
        {
            "data_quality": 0.3,
            "product": SMALL.product.model_copy(update={"clean_history_share": 0.9}),
        },
        r"clean_history_share: 0.9: contradicts data_quality = 0.3",
    ),
    "data quality below its range": ({"data_quality": 0.29}, "greater than or equal to 0.3"),
    "complexity above its range": ({"complexity": 11}, "less than or equal to 10"),
    "complexity with a fraction": ({"complexity": 5.5}, "valid integer"),
    "a number in quotes": ({"employees": "30"}, "valid integer"),
    "true for a number": ({"trust": True}, "valid number"),
    "not a number": ({"trust": float("nan")}, "finite number"),
    "an unknown field": ({"colour": "red"}, "Extra inputs are not permitted"),
}


def test_the_example_itself_is_valid() -> None:
    assert SMALL.integrations == 2


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_customer_is_refused_for(case: str) -> None:
    changes, message = CONTRADICTIONS[case]
    with pytest.raises(ValidationError, match=message):
        small_customer(**changes)


def _phase(first: int, last: int, name: str = "P") -> Phase:
    return Phase(name=name, first_week=first, last_week=last, workstreams=(Workstream.DATA,))


PLANS: dict[str, tuple[dict[str, object], str]] = {
    "a phase beyond the plan": (
        {"phases": (_phase(1, 5),)},
        r"phases\[0\].last_week: 5: expected at most the plan's weeks = 4",
    ),
    "two phases of one name": (
        {"phases": (_phase(1, 2), _phase(3, 4))},
        r"phases\[1\].name: 'P': expected each name only once",
    ),
    "a role twice": (
        {"crew": (CrewMembers(role=Role.CONFIGURATION, units=1),) * 2},
        r"crew\[1\].role: 'configuration'",
    ),
    "a crew of nobody": (
        {"crew": (CrewMembers(role=Role.CONFIGURATION, units=0),)},
        "expected at least one crew member",
    ),
    "a wave beyond the plan": ({"waves": (Wave(sites=("North",), week=5),)}, r"waves\[0\].week: 5"),
    "waves out of order": (
        {"waves": (Wave(sites=("North",), week=4), Wave(sites=("South",), week=3))},
        r"waves\[1\].week: 3: expected waves in order",
    ),
    "a site in two waves": (
        {"waves": (Wave(sites=("North",), week=3), Wave(sites=("North",), week=4))},
        r"waves\[1\].sites: 'North'",
    ),
    "a budget of nothing": ({"budget_usd": 0.0}, "greater than 0"),
}


@pytest.mark.parametrize("case", PLANS)
def test_a_plan_is_refused_for(case: str) -> None:
    changes, message = PLANS[case]
    with pytest.raises(ValidationError, match=message):
        small_plan(**changes)


def test_a_phase_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValidationError, match="first_week: 3: expected at most last_week = 2"):
        _phase(3, 2)


def test_decisions_are_daily_for_agents_and_weekly_for_consultants_unless_said_otherwise() -> None:
    assert small_plan(delivery=Delivery.AGENTIC).days_per_decision == 1
    assert small_plan(delivery=Delivery.CONVENTIONAL).days_per_decision == 5
    assert small_plan(delivery=Delivery.CONVENTIONAL, days_per_decision=2).days_per_decision == 2


SCENARIOS: dict[str, tuple[dict[str, object], str]] = {
    "a wave for a site that is not there": (
        {"plan": small_plan(waves=(Wave(sites=("North", "South", "West"), week=4),))},
        "plan.waves: 'West': expected one of",
    ),
    "a site in no wave": (
        {"plan": small_plan(waves=(Wave(sites=("North",), week=4),))},
        "plan.waves: 'South' is in no wave",
    ),
    "a challenge after the plan": (
        {"customer": small_customer(challenges=(_work(week=5),))},
        r"customer.challenges\[0\].week: 5: expected at most the plan's weeks = 4",
    ),
    "a family that excludes its reference from below": (
        {"variation": Variation(data_quality_min=0.7)},
        "variation.data_quality_min: 0.7: expected at most the reference's data_quality = 0.6",
    ),
    "a family that excludes its reference from above": (
        {"variation": Variation(integrations_max=1)},
        "variation.integrations_max: 1: expected at least the reference's integrations = 2",
    ),
    "a name that is no slug": ({"name": "Small One"}, "match pattern"),
    "a version that is not ours": ({"schema_version": 2}, "Input should be 1"),
    "a truth for a version": ({"schema_version": True}, "expected 1"),
    "an infinite parameter": ({"parameters": {"speed": float("inf")}}, "finite number"),
}


@pytest.mark.parametrize("case", SCENARIOS)
def test_a_scenario_is_refused_for(case: str) -> None:
    changes, message = SCENARIOS[case]
    with pytest.raises(ValidationError, match=message):
        small_scenario(**changes)


def test_bounds_of_a_family_must_be_in_order() -> None:
    with pytest.raises(ValidationError, match=r"trust_min: 0.6: expected at most trust_max = 0.5"):
        Variation(trust_min=0.6, trust_max=0.5)


def test_a_bill_of_materials_cannot_be_deeper_at_least_than_at_most() -> None:
    with pytest.raises(ValidationError, match="bom_depth_min: 4: expected at most"):
        Product.model_validate(
            {**SMALL.product.model_dump(), "bom_depth_min": 4, "bom_depth_max": 2}
        )


def test_the_splits_of_a_suite_must_not_meet() -> None:
    ranges = {
        Split.TEST: SeedRange(start=0, stop=10),
        Split.TRAIN: SeedRange(start=9, stop=20),
    }
    with pytest.raises(ValidationError, match=r"test \[0, 10\) and train \[9, 20\) overlap"):
        Suite(name="s", title="S", scenarios=("a",), splits=ranges)


def test_splits_that_touch_do_not_meet() -> None:
    suite = Suite(
        name="s",
        title="S",
        scenarios=("a",),
        splits={
            Split.TRAIN: SeedRange(start=0, stop=10),
            Split.TEST: SeedRange(start=10, stop=20),
        },
    )
    assert len(suite.splits[Split.TRAIN]) == 10
    assert 10 not in suite.splits[Split.TRAIN]
    assert 10 in suite.splits[Split.TEST]


def test_a_seed_range_cannot_be_empty() -> None:
    with pytest.raises(ValidationError, match="stop: 5: expected more than start = 5"):
        SeedRange(start=5, stop=5)


def test_a_scenario_named_twice_in_a_suite_is_refused() -> None:
    with pytest.raises(ValidationError, match="each scenario only once"):
        Suite(
            name="s",
            title="S",
            scenarios=("a", "a"),
            splits={Split.TEST: SeedRange(start=0, stop=1)},
        )


def test_records_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SMALL.employees = 3  # type: ignore[misc]


def test_every_field_has_a_description() -> None:
    from pydantic import BaseModel

    from golive.scenarios import implementation

    for name in implementation.__all__:
        record = getattr(implementation, name)
        if isinstance(record, type) and issubclass(record, BaseModel):
            for field_name, field in record.model_fields.items():
                assert field.description, f"{name}.{field_name}"
