"""The dial: simple rules do nearly everything at level 1 and fail at level 5, the oracle never."""

from __future__ import annotations

import json

import pytest

from benchmarks.command import run
from benchmarks.migration import difficulty
from benchmarks.migration.simple_rules import parsed_format, trigram_similarity
from golive.core.records import changed
from golive.sim.migration.habits import DateFormat
from golive.sim.migration.truth import make_truth


@pytest.fixture
def few_rows(monkeypatch):
    """Customers with a fifth of the rows."""
    monkeypatch.setattr(difficulty, "CUSTOMERS", 150)
    tables = {kind: max(count // 10, 20) for kind, count in difficulty.FIVE_TABLES.items()}
    monkeypatch.setattr(difficulty, "FIVE_TABLES", tables)


@pytest.mark.usefixtures("few_rows")
def test_the_dial_turns():
    easy, hard = (difficulty.measure_level(level, 1, trigram_similarity) for level in (1, 5))
    assert easy.oracle == hard.oracle == 1.0
    assert easy.pair_f1 >= 0.95
    assert hard.pair_f1 <= 0.80
    assert easy.headers >= 0.85
    assert hard.headers <= 0.60
    assert easy.dates == 1.0
    assert easy.missed < hard.missed
    assert easy.error_rate < hard.error_rate
    # Weights that were learned and evidence do better where the rules fail.
    assert hard.learned_pair_f1 > hard.pair_f1
    assert hard.learned_missed < hard.missed
    assert easy.decided.right == 1.0
    assert hard.decided.wrong <= 1.0 - hard.dates


def test_dates_of_hard_customers_are_read_in_the_wrong_order():
    scenario = difficulty.library()["knitting-data"]
    records = dict.fromkeys(scenario.customer.records, 12)
    tiny = changed(scenario, customer=changed(scenario.customer, records=records))
    shares = [difficulty.dates_read(make_truth(tiny, seed)) for seed in range(20)]
    assert sum(shares) / len(shares) <= 0.85


@pytest.mark.parametrize(
    ("cells", "month_first", "found"),
    [
        (["01/02/2026", "03/04/2026"], True, DateFormat.MONTH_SLASH),
        (["01/02/2026", "03/04/2026"], False, DateFormat.DAY_SLASH),
        (["01/02/2026", "23/04/2026"], True, DateFormat.DAY_SLASH),
        (["20260401", None], True, DateFormat.COMPACT),
        (["soon", None], True, None),
        ([None], True, None),
    ],
)
def test_the_first_format_that_fits_is_taken(cells, month_first, found):
    assert parsed_format(cells, month_first) is found


@pytest.mark.usefixtures("few_rows")
def test_the_command_is_json_too(capsys, monkeypatch):
    monkeypatch.setattr(difficulty, "LEVELS", ())
    assert run(difficulty.command, ["--customers", "1", "--runs", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["cost"]["rows"] > 1_000
    ways = {row["way"]: row["cell_error_reduction"] for row in report["naive"]}
    assert ways["oracle"] == 1.0
    assert max(ways, key=lambda way: ways[way]) == "oracle"
    assert all(value < 0.0 for way, value in ways.items() if way not in ("oracle", "casts only"))
