"""Batches of generated scenarios: whole files, no overwriting unasked, resumable."""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.scenarios.implementation.batch import MANIFEST, SUITE, Batch, generate_batch
from golive.scenarios.implementation.vocabulary import Delivery, Industry
from golive.scenarios.loader import load_scenario, load_suite

BATCH = Batch(Industry.FURNITURE, 6, 40, Delivery.AGENTIC, names=False)


def _files(directory: Path) -> dict[str, str]:
    return {entry.name: entry.read_text(encoding="utf-8") for entry in directory.iterdir()}


def test_a_batch_is_one_scenario_a_seed_and_a_suite_of_them(tmp_path: Path) -> None:
    progress = list(generate_batch(BATCH, tmp_path / "new" / "out"))
    assert [p.done for p in progress] == [1, 2, 3, 4, 5, 6]
    suite = load_suite(tmp_path / "new" / "out" / SUITE)
    assert len(suite.scenarios) == 6
    names = [load_scenario(entry).name for entry in suite.scenarios]
    assert names == [f"furniture-{seed:07d}" for seed in range(40, 46)]


def test_an_interrupted_batch_resumed_equals_one_never_interrupted(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    list(generate_batch(BATCH, whole))
    running = generate_batch(BATCH, broken)
    for _ in range(3):
        next(running)
    assert not (broken / SUITE).exists()
    last = list(generate_batch(BATCH, broken, resume=True))[-1]
    assert (last.done, last.found) == (6, 3)
    assert _files(broken) == _files(whole)


def test_a_directory_with_scenarios_is_not_overwritten_unasked(tmp_path: Path) -> None:
    list(generate_batch(BATCH, tmp_path))
    before = _files(tmp_path)
    with pytest.raises(GoliveError, match="holds generated scenarios already"):
        generate_batch(BATCH, tmp_path)
    assert _files(tmp_path) == before


def test_a_scenario_of_somebody_else_is_not_overwritten_unasked(tmp_path: Path) -> None:
    mine = tmp_path / BATCH.file_name(42)
    mine.write_text("mine")
    for resume in (False, True):
        with pytest.raises(GoliveError, match="exists already"):
            generate_batch(BATCH, tmp_path, resume=resume)
    assert mine.read_text() == "mine"


def test_force_overwrites(tmp_path: Path) -> None:
    (tmp_path / BATCH.file_name(42)).write_text("old")
    list(generate_batch(BATCH, tmp_path, force=True))
    assert load_scenario(tmp_path / BATCH.file_name(42)).customer.employees > 0


def test_a_forced_batch_that_was_interrupted_keeps_nothing_old(tmp_path: Path) -> None:
    other = Batch(Industry.FURNITURE, 6, 40, Delivery.CONVENTIONAL, names=False)
    list(generate_batch(other, tmp_path))
    next(generate_batch(BATCH, tmp_path, force=True))
    list(generate_batch(BATCH, tmp_path, resume=True))
    for seed in range(40, 46):
        scenario = load_scenario(tmp_path / BATCH.file_name(seed))
        assert scenario.plan.delivery is Delivery.AGENTIC


@pytest.mark.parametrize(
    "other",
    [
        Batch(Industry.FURNITURE, 7, 40, Delivery.AGENTIC, names=False),
        Batch(Industry.FURNITURE, 6, 41, Delivery.AGENTIC, names=False),
        Batch(Industry.FURNITURE, 6, 40, Delivery.CONVENTIONAL, names=False),
        Batch(Industry.FURNITURE, 6, 40, Delivery.AGENTIC, names=True),
        Batch(Industry.TEXTILE_KNITTING, 6, 40, Delivery.AGENTIC, names=False),
    ],
)
def test_another_batch_cannot_be_resumed(other: Batch, tmp_path: Path) -> None:
    list(generate_batch(BATCH, tmp_path))
    with pytest.raises(GoliveError, match="is of another batch"):
        generate_batch(other, tmp_path, resume=True)


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(GoliveError, match=f"{MANIFEST}: not what"):
        generate_batch(BATCH, tmp_path, resume=True)


@pytest.mark.parametrize(
    ("count", "seed"), [(0, 0), (-1, 0), (100_001, 0), (1, -1), (2, 2**64 - 1)]
)
def test_counts_and_seeds_out_of_range_are_refused(count: int, seed: int) -> None:
    with pytest.raises(GoliveError, match="expected"):
        Batch(Industry.FURNITURE, count, seed, Delivery.AGENTIC, names=False)


def test_resume_and_force_together_make_no_sense(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match="only one"):
        generate_batch(BATCH, tmp_path, resume=True, force=True)
