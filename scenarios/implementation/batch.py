"""Many generated scenarios in a directory: written whole, resumable, never overwritten unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, read_json, reason, write_text_atomically
from ...core.random_streams import SEED_LIMIT
from ..loader import save_yaml
from ..suite import SeedRange, Split, Suite
from .generator import CustomerGenerator
from .plans import scenario_for
from .vocabulary import Delivery, Industry

MANIFEST = "generation.json"
"""File that says what a directory was generated from."""
SUITE = "generated.suite.yaml"
"""Suite of all scenarios of the directory."""
MOST_SCENARIOS = 100_000
SPLITS = {
    Split.TRAIN: SeedRange(start=0, stop=1_000_000),
    Split.VALIDATION: SeedRange(start=1_000_000, stop=1_001_000),
    Split.TEST: SeedRange(start=2_000_000, stop=2_010_000),
}
"""Seed ranges of generated suites, as those of the library."""


@dataclass(frozen=True, slots=True)
class Batch:
    """An order of scenarios: one for each of ``count`` seeds from ``seed`` on."""

    industry: Industry
    count: int
    seed: int
    delivery: Delivery
    names: bool

    def __post_init__(self) -> None:
        """Refuse counts and seeds out of range."""
        if not 1 <= self.count <= MOST_SCENARIOS:
            raise GoliveError(f"count: {self.count}: expected 1..{MOST_SCENARIOS:,}")
        if not 0 <= self.seed <= SEED_LIMIT - self.count:
            raise GoliveError(f"seed: {self.seed}: expected 0 or more and seeds below 2**64")

    @property
    def seeds(self) -> range:
        """The seeds of its scenarios."""
        return range(self.seed, self.seed + self.count)

    def file_name(self, seed: int) -> str:
        """Name of the scenario file of a seed."""
        return f"{self.scenario_name(seed)}.yaml"

    def scenario_name(self, seed: int) -> str:
        """Name of the scenario of a seed."""
        return f"{str(self.industry).replace('_', '-')}-{seed:07d}"


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a batch."""

    done: int
    """Scenarios in the directory, those found there included."""
    found: int
    """Scenarios that were there already (when resumed)."""


def generate_batch(
    batch: Batch, directory: Path, *, resume: bool = False, force: bool = False
) -> Iterator[Progress]:
    """Check the directory, then write scenario by scenario as the result is iterated.

    Interrupted at any point, the directory holds whole files only, and ``resume`` goes on.

    Args:
        batch: what to generate.
        directory: where to; made if it is not there.
        resume: go on where the same batch was interrupted.
        force: write over what is there.

    Returns:
        An iterator that writes one scenario at each step, and the suite of them at its end.

    Raises:
        GoliveError: if the directory cannot be used, or holds scenarios and neither ``resume``
            nor ``force`` is given, or ``resume`` is and they are of another batch.
    """
    if resume and force:
        raise GoliveError("resume and force: expected only one of them")
    prepare_output_directory(directory)
    if force:
        _clear(batch, directory)
    else:
        _check_free(batch, directory, resume)
    write_text_atomically(directory / MANIFEST, _manifest(batch))
    return _write_scenarios(batch, directory, resume)


def _write_scenarios(batch: Batch, directory: Path, resume: bool) -> Iterator[Progress]:
    generator = CustomerGenerator(batch.industry)
    found = 0
    for done, seed in enumerate(batch.seeds, start=1):
        path = directory / batch.file_name(seed)
        if resume and path.exists():
            found += 1
        else:
            customer = generator.generate(seed, batch.names)
            save_yaml(scenario_for(customer, batch.delivery, batch.scenario_name(seed)), path)
        yield Progress(done, found)
    save_yaml(_suite(batch), directory / SUITE)


def _clear(batch: Batch, directory: Path) -> None:
    """Remove what is about to be written, so that resuming later does not keep old files."""
    for name in (MANIFEST, SUITE, *map(batch.file_name, batch.seeds)):
        try:
            (directory / name).unlink(missing_ok=True)
        except OSError as error:
            raise GoliveError(f"{directory / name}: cannot be removed: {reason(error)}") from error


def _check_free(batch: Batch, directory: Path, resume: bool) -> None:
    manifest = directory / MANIFEST
    if not manifest.exists():
        for file in (directory / batch.file_name(seed) for seed in batch.seeds):
            if file.exists():
                raise GoliveError(
                    f"{file}: exists already: expected an empty directory, or --force to overwrite"
                )
        return
    if not resume:
        raise GoliveError(
            f"{directory}: holds generated scenarios already: "
            "expected another directory, --resume to go on or --force to overwrite"
        )
    found = read_json(manifest, "what an interrupted generation left")
    if found != json.loads(_manifest(batch)):
        raise GoliveError(
            f"{manifest}: is of another batch: "
            "expected the same industry, count, seed, delivery and names to resume"
        )


def _manifest(batch: Batch) -> str:
    return json.dumps(asdict(batch), indent=2, allow_nan=False) + "\n"


def _suite(batch: Batch) -> Suite:
    industry = str(batch.industry).replace("_", "-")
    return Suite(
        name=f"{industry}-generated",
        title=f"Generated customers of {industry}, seeds {batch.seed} to {batch.seeds[-1]}",
        scenarios=tuple(map(batch.file_name, batch.seeds)),
        splits=SPLITS,
    )
