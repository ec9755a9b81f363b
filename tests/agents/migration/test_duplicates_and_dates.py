"""Learned matching of duplicates; dates whose order is said only where something proves it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.agents.migration.matching_duplicates import (
    FIELDS,
    WIDTH,
    candidates,
    learn_duplicates,
    pair_features,
)
from golive.agents.migration.profiling_dates import SURE, counted, decide, decide_together


def _rows(*rows: dict[str, str]) -> dict[str, list[str | None]]:
    return {field: [row.get(field) for row in rows] for field in FIELDS}


FIRM = {
    "name": "Müller Möbel GmbH",
    "street": "Hauptstraße 12",
    "postcode": "04109",
    "city": "Leipzig",
    "phone": "+49 341 5551234",
    "email": "info@mueller.example",
}


@pytest.mark.parametrize(
    "again",
    [
        {"name": "Muller Mobel", "city": "Leipzig"},
        {"phone": "0341 5551234"},
        {"email": "INFO@mueller.example"},
        {"street": "Hauptstr. 12", "city": "Leipzig"},
        {"postcode": "4109"},
        {"name": "Möbel Müller GmbH"},
    ],
)
def test_rows_are_compared_that_share_one_thing_written_otherwise(again: dict[str, str]) -> None:
    assert candidates(_rows(FIRM, again)) != {}


def test_rows_that_share_nothing_are_not_compared() -> None:
    assert candidates(_rows(FIRM, {"name": "Abel", "city": "Kiel", "postcode": "24103"})) == {}


def test_a_key_that_many_rows_have_compares_nobody() -> None:
    assert candidates(_rows(*[{"postcode": "04109"}] * 60)) == {}


def test_features_say_nothing_of_fields_that_are_missing() -> None:
    pairs, features = pair_features(_rows(FIRM, {"postcode": "04109"}))
    assert pairs == [(0, 1)]
    place = FIELDS.index("postcode") * 4
    assert features[0, place] == 1.0
    assert features[0].sum() == 2.0  # and the constant
    assert features.shape == (1, WIDTH)


def test_weights_learn_what_tells_and_what_does_not() -> None:
    random = np.random.default_rng(0)
    rows, things = [], {}
    for number in range(120):
        thing = number // 2
        things[number] = thing
        # The postcode is shared by strangers; the telephone by the same.
        rows.append({"postcode": f"{10000 + thing // 3}", "phone": f"{5550000 + thing}"})
        if random.random() < 0.2:
            rows[-1].pop("phone")
    weights = learn_duplicates([(_rows(*rows), things)])
    told = weights.probabilities(_rows(*rows))
    same = [told[pair] for pair in told if things[pair[0]] == things[pair[1]]]
    other = [told[pair] for pair in told if things[pair[0]] != things[pair[1]]]
    assert float(np.mean(same)) > 0.6
    assert float(np.mean(other)) < 0.2


def _dates(form: str, count: int, *, business: bool, days: int = 12) -> list[str]:
    found, day = [], date(2024, 1, 1)
    while len(found) < count:
        day += timedelta(days=3)
        if day.day <= days and not (business and day.weekday() >= 5):
            found.append(day.strftime(form))
    return found


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%Y"])
def test_late_days_prove_the_order(form: str) -> None:
    found = decide(counted(_dates(form, 60, business=False, days=31)))
    assert found.form == form
    assert found.probability >= SURE


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y"])
def test_weekends_tell_the_order_of_early_days(form: str) -> None:
    found = decide(counted(_dates(form, 60, business=True)))
    assert (found.form, found.proofs) == (form, (0, 0))
    assert found.order != "ambiguous"


def test_another_column_of_the_file_tells_and_alone_it_is_ambiguous() -> None:
    open_ = counted(["02/03/2026", "03/02/2026"] * 2)
    proven = counted(_dates("%d/%m/%Y", 60, business=False, days=31))
    assert decide(open_).order == "ambiguous"
    both = decide_together([open_, proven])
    assert [one.order for one in both] == ["dmy", "dmy"]
    assert both[0].probability < both[1].probability
    other = counted(["03.04.2026"])  # written otherwise: nothing is taken from the first
    assert decide_together([proven, other])[1].order == "ambiguous"


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), min_size=1, max_size=40))
def test_exchanging_day_and_month_exchanges_the_answer(days: list[date]) -> None:
    by_day = decide(counted(day.strftime("%d/%m/%Y") for day in days))
    by_month = decide(counted(day.strftime("%m/%d/%Y") for day in days))
    exchanged = {"dmy": "mdy", "mdy": "dmy", "ambiguous": "ambiguous"}
    assert by_month.order == exchanged[by_day.order]
    assert by_month.probability == pytest.approx(by_day.probability)


@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_texts_are_decided(cells: list[str]) -> None:
    found = decide(counted(cells))
    assert 0.5 <= found.probability <= 1.0
    assert found.count <= len(cells)
