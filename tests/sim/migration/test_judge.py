"""The judge: the oracle is perfect, the casts harm nothing, naive ways lose."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import NAMES, all_rates, small

from golive.core.records import changed
from golive.scenarios.migration.vocabulary import ErrorKind, TableName
from golive.sim.migration import operations as o
from golive.sim.migration.applying import apply_operation
from golive.sim.migration.duplicate_scores import duplicate_score
from golive.sim.migration.habits import ROW
from golive.sim.migration.judge import judge
from golive.sim.migration.naive import NAIVE, casts_only, oracle
from golive.sim.migration.submission import submission_of
from golive.sim.migration.target import DIGITS, TARGET, ColumnKind
from golive.sim.migration.truth import make_truth
from golive.sim.migration.workspace import LOAD, REJECTED, STATUS, workspace_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", NAMES)
def test_the_oracle_is_perfect(name):
    truth = make_truth(small(name), 2)
    verdict = judge(truth, oracle(truth))
    assert verdict.cell_error_reduction == 1.0
    assert verdict.totals_right == verdict.totals
    assert verdict.references_closed == verdict.references
    assert verdict.silent_dates == verdict.extra_rows == 0
    assert verdict.share_loaded == 1.0
    assert all(score.b_cubed_f1 == score.pair_f1 == 1.0 for score in verdict.duplicates.values())


@pytest.mark.parametrize("name", NAMES)
def test_naive_ways_lose_to_the_casts_alone(name):
    truth = make_truth(small(name), 2)
    casts = judge(truth, casts_only(truth))
    assert casts.damaged == casts.guessed == 0
    assert casts.cell_error_reduction >= 0.0
    for way, submit in NAIVE.items():
        verdict = judge(truth, submit(truth))
        assert verdict.cell_error_reduction < 0.0, way
        assert verdict.errors == casts.errors
    deleted = judge(truth, NAIVE["delete hard rows"](truth))
    assert deleted.share_loaded < casts.share_loaded
    filled = judge(truth, NAIVE["fill with the mode"](truth))
    assert filled.guessed > 0
    assert filled.silent_dates > casts.silent_dates
    merged = judge(truth, NAIVE["merge equal names"](truth)).duplicates[TableName.CUSTOMERS]
    assert merged.b_cubed_f1 < casts.duplicates[TableName.CUSTOMERS].b_cubed_f1


def test_without_errors_the_casts_are_perfect():
    truth = make_truth(small(errors=all_rates(0.0)), 2)
    verdict = judge(truth, casts_only(truth))
    assert verdict.errors == verdict.damaged == verdict.silent_dates == 0
    assert verdict.totals_right == verdict.totals


def test_dates_in_the_wrong_order_are_silent():
    errors = all_rates(0.0)
    rates = changed(errors, every_object={ErrorKind.DATE_ORDER: 0.2})
    truth = make_truth(small(errors=rates), 2)
    entries = len(truth.ledger.entries)
    verdict = judge(truth, casts_only(truth))
    assert verdict.silent_dates == verdict.errors == entries > 0


def test_a_row_left_behind_is_damage_and_a_made_up_row_is_no_repair(truth):
    submission = casts_only(truth)
    stock = submission[TableName.STOCK]
    first = pl.int_range(stock.height) == 0
    status = pl.when(first).then(pl.lit(REJECTED)).otherwise(pl.lit(LOAD)).alias(STATUS)
    less = judge(truth, {**submission, TableName.STOCK: stock.with_columns(status)})
    whole = judge(truth, submission)
    assert less.rows_loaded == whole.rows_loaded - 1
    assert whole.damaged < less.damaged <= whole.damaged + len(TARGET[TableName.STOCK].columns)


def test_a_workspace_that_does_the_right_things_is_judged_like_the_casts():
    truth = make_truth(small("moulding-data", 30), 3)
    space = workspace_of(truth.extracts.files)
    done: set[tuple[TableName, str]] = set()
    for (_, section), origin in truth.extracts.origins.items():
        headers = [name for name in space[section].columns if not name.startswith("_")]
        for header, column in zip(headers, origin.columns, strict=True):
            if (origin.table, column) in done:
                continue
            done.add((origin.table, column))
            mapped = o.MapColumn(
                table=section, column=header, to_table=origin.table, to_column=column
            )
            space = apply_operation(space, mapped).tables
            cast = _cast(truth, section, origin.table, column)
            if cast is not None:
                space = apply_operation(space, cast).tables
    for name in ("vendors", "customers", "items"):
        key = TARGET[TableName(name)].key[0]
        other = f"{name}_company"
        other_key = next(c for c in space[other].columns if not c.startswith("_") and "." not in c)
        joined = o.JoinTables(
            table=f"{name}_general", other=other, key=f"{name}.{key}", other_key=other_key
        )
        space = apply_operation(space, joined).tables
    casts = judge(truth, submission_of(truth, space))
    assert casts == judge(truth, casts_only(truth))
    gone = [e for e in truth.ledger.entries if e.kind is ErrorKind.MISSING_BOM_LINE]
    assert gone
    for entry in gone:
        line = truth.clean[TableName.BOM_LINES].row(entry.row, named=True)
        cells = {
            f"bom_lines.{name}": cell
            for name, cell in line.items()
            if name != ROW and cell is not None
        }
        space = apply_operation(space, o.AddRow(table="bom_lines", cells=cells)).tables
    again = judge(truth, submission_of(truth, space))
    cells_of_a_line = len(TARGET[TableName.BOM_LINES].columns)
    assert again.repaired == casts.repaired + cells_of_a_line * len(gone)
    assert again.damaged == casts.damaged


def _cast(truth, section, table, column):
    habit, kind = truth.habits[table], TARGET[table][column].kind
    mapped = f"{table}.{column}"
    if kind is ColumnKind.DATE:
        return o.CastDate(table=section, column=mapped, format=habit.date_format)
    if kind in DIGITS:
        return o.CastNumber(
            table=section,
            column=mapped,
            decimal=habit.decimal,
            thousands=habit.thousands,
            digits=DIGITS[kind],
        )
    return None


def test_what_is_not_mapped_is_not_loaded(truth):
    verdict = judge(truth, submission_of(truth, workspace_of(truth.extracts.files)))
    assert verdict.rows_loaded == 0
    assert verdict.cell_error_reduction < -1.0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
@settings(deadline=None)
def test_duplicate_scores_are_those_of_the_definition(rows):
    things = {row: thing for row, (thing, _) in enumerate(rows)}
    clusters = {row: cluster for row, (_, cluster) in enumerate(rows)}
    score = duplicate_score(things, clusters)
    precision = recall = 0.0
    pairs = found = wrong = 0
    for a, thing in things.items():
        same = [b for b in things if things[b] == thing]
        near = [b for b in things if clusters[b] == clusters[a]]
        both = len(set(same) & set(near))
        precision += both / len(near) / len(things)
        recall += both / len(same) / len(things)
        for b in range(a):
            pairs += thing == things[b]
            found += thing == things[b] and clusters[a] == clusters[b]
            wrong += thing != things[b] and clusters[a] == clusters[b]
    assert score.b_cubed_precision == pytest.approx(precision)
    assert score.b_cubed_recall == pytest.approx(recall)
    assert (score.pairs, score.found, score.wrong) == (pairs, found, wrong)


def test_pairs_that_were_never_compared_count_as_missed():
    things, clusters = {0: 0, 1: 0, 2: 0, 3: 3}, {0: 9, 1: 9}
    score = duplicate_score(things, clusters, [(1, 0), (0, 3)])
    assert (score.pairs, score.found, score.missed_by_blocking) == (3, 1, 2)
    assert score.pair_recall == pytest.approx(1 / 3)


def test_no_agent_and_no_face_imports_the_truth():
    truths = ("judge", "ledger", "injection", "naive", "submission", "truth")
    for room in ("agents", "envs"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not any(f"sim.migration.{name}" in text for name in truths), path
