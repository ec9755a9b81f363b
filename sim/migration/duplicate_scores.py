"""Scores of a clustering of rows: B-cubed, and pairs including those that blocking missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DuplicateScore:
    """Agreement of clusters with the truth.

    Attributes:
        b_cubed_precision: mean over rows of the share of its cluster that is the same thing.
        b_cubed_recall: mean over rows of the share of the same things that its cluster has.
        pairs: of rows that are one thing.
        found: of them, in one cluster.
        wrong: pairs in one cluster that are two things.
        missed_by_blocking: pairs that were never compared; of them none could be found.
    """

    b_cubed_precision: float
    b_cubed_recall: float
    pairs: int
    found: int
    wrong: int
    missed_by_blocking: int

    @property
    def b_cubed_f1(self) -> float:
        """Harmonic mean of both."""
        return _harmonic(self.b_cubed_precision, self.b_cubed_recall)

    @property
    def pair_precision(self) -> float:
        """Share of the pairs in one cluster that are one thing; 1 if there are none."""
        together = self.found + self.wrong
        return self.found / together if together else 1.0

    @property
    def pair_recall(self) -> float:
        """Share of all pairs that are one thing, compared or not, that were found."""
        return self.found / self.pairs if self.pairs else 1.0

    @property
    def pair_f1(self) -> float:
        """Harmonic mean of both."""
        return _harmonic(self.pair_precision, self.pair_recall)


def _harmonic(a: float, b: float) -> float:
    return 2.0 * a * b / (a + b) if a + b else 0.0


def duplicate_score(
    truth: Mapping[int, int],
    clusters: Mapping[int, int],
    compared: Iterable[tuple[int, int]] | None = None,
) -> DuplicateScore:
    """Score of a clustering.

    Args:
        truth: thing that each row is.
        clusters: cluster that each row was put into; rows not in it are alone.
        compared: pairs that blocking let through; None if all were compared.
    """
    things: dict[int, list[int]] = {}
    groups: dict[int, list[int]] = {}
    for row, thing in truth.items():
        things.setdefault(thing, []).append(row)
        # Rows alone have a cluster of their own, under a number that no cluster has.
        groups.setdefault(clusters.get(row, -1 - row), []).append(row)
    pairs = [
        (a, b)
        for rows in things.values()
        for index, a in enumerate(rows)
        for b in rows[index + 1 :]
    ]
    found = wrong = 0
    precision = recall = 0.0
    for rows in groups.values():
        of_thing: dict[int, int] = {}
        for row in rows:
            of_thing[truth[row]] = of_thing.get(truth[row], 0) + 1
        same = 0
        for thing, count in of_thing.items():
            same += count * (count - 1) // 2
            precision += count * count / len(rows)
            recall += count * count / len(things[thing])
        found += same
        wrong += len(rows) * (len(rows) - 1) // 2 - same
    seen = None if compared is None else {(min(a, b), max(a, b)) for a, b in compared}
    missed = 0
    for a, b in pairs if seen is not None else ():
        missed += (min(a, b), max(a, b)) not in (seen or ())
    count = max(len(truth), 1)
    return DuplicateScore(precision / count, recall / count, len(pairs), found, wrong, missed)
