"""What moved between a baseline and a run of the same bench suite, and whether that may be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ...core.errors import GoliveError
from ...sim.metrics import Better
from ...sim.world_kind import WorldKind
from .baseline import (
    Baseline,
    CellRecord,
    Figures,
    ScenarioRecord,
    SpeedRecord,
    SuiteRecord,
    mean_of,
    this_environment,
)
from .findings import (
    Comparison,
    Difference,
    FigureKind,
    LearnedJudgement,
    MovedDigests,
    SpeedJudgement,
    WinningProbe,
)
from .suite import LoadedSuite, Role, Tolerances


def suite_record(loaded: LoadedSuite) -> SuiteRecord:
    """How a baseline names the suite it is of."""
    return SuiteRecord(name=loaded.suite.name, content=loaded.suite.fingerprint())


def check_comparable(baseline: Baseline, loaded: LoadedSuite, path: object) -> None:
    """See that a baseline can be compared with runs of a suite.

    Raises:
        GoliveError: it is another suite's, or of other seeds.
    """
    check_same_suite(baseline, loaded, path)
    if baseline.figures.seeds != loaded.seeds:
        raise GoliveError(
            f"{path}: figures.seeds: {_range(baseline.figures.seeds)}: expected the suite's "
            f"{_range(loaded.seeds)}: renew the baseline with --update --reason"
        )


def check_same_suite(baseline: Baseline, loaded: LoadedSuite, path: object) -> None:
    """See that a baseline is of a suite of this name.

    Raises:
        GoliveError: it is another suite's.
    """
    if baseline.suite.name != loaded.suite.name:
        raise GoliveError(
            f"{path}: suite.name: {baseline.suite.name!r}: expected {loaded.suite.name!r}: "
            "this is the baseline of another suite"
        )


def compare(baseline: Baseline, loaded: LoadedSuite, now: Figures) -> Comparison:
    """Compare a run with the baseline of its suite.

    Raises:
        GoliveError: they cannot be compared (see ``check_comparable``).
    """
    check_comparable(baseline, loaded, "baseline")
    suite, before, score = loaded.suite, baseline.figures, loaded.kind.figures.score
    old, new = _cells(before), _cells(now)
    common = [key for key in new if key in old]
    exact = [key for key in common if key[1] is not Role.LEARNED]
    learned = tuple(
        _learned(key, old[key], new[key], suite.tolerances)
        for key in common
        if key[1] is Role.LEARNED
    )
    fell = {(j.scenario, Role.LEARNED, j.policy) for j in learned if j.fell}
    listed = [*exact, *(key for key in common if key in fell)]
    found = (d for k in listed for d in _differences(loaded.kind, k, old[k], new[k]))
    differences = tuple(sorted(found, key=lambda one: _worst_first(one, score)))
    baselines = {key[2] for key in exact if key[1] is Role.BASELINE}
    return Comparison(
        score=loaded.kind.metric(score).label,
        cells=len(exact),
        differences=differences,
        digests=tuple(d for key in exact for d in _digests(key, old[key], new[key], now.seeds)),
        fallen=tuple(
            d
            for d in differences
            if d.name == score and d.policy in baselines and d.worsening > 0.0
        ),
        probes=winning_probes(loaded, now),
        learned=learned,
        speed=_speed(before.speed, now.speed, suite.tolerances),
        unknown=tuple((key[0], key[2]) for key in new if key not in old),
        gone=tuple((key[0], key[2]) for key in old if key not in new),
        suite_changed=suite_record(loaded) != baseline.suite,
        notes=tuple(_notes(baseline, now)),
    )


def winning_probes(loaded: LoadedSuite, figures: Figures) -> tuple[WinningProbe, ...]:
    """Probes whose mean score is not below the reference's."""
    found = []
    for label, scenario in figures.scenarios.items():
        reference = scenario.baselines.get(loaded.suite.reference)
        for name, cell in scenario.probes.items() if reference is not None else ():
            assert reference is not None
            if cell.mean_score >= reference.mean_score:
                found.append(
                    WinningProbe(
                        label, name, cell.mean_score, loaded.suite.reference, reference.mean_score
                    )
                )
    return tuple(found)


_Key = tuple[str, Role, str]


def _cells(figures: Figures) -> dict[_Key, CellRecord]:
    return {
        (label, role, policy): cell
        for label, scenario in figures.scenarios.items()
        for (role, policy), cell in scenario.cells().items()
    }


def _learned(
    key: _Key, old: CellRecord, new: CellRecord, tolerances: Tolerances
) -> LearnedJudgement:
    return LearnedJudgement(
        scenario=key[0],
        policy=key[2],
        baseline=old.mean_score,
        now=new.mean_score,
        tolerance=tolerances.learned_score,
        exact=old.digests == new.digests and _same_all(old.scores, new.scores),
        same_file=old.policy_file == new.policy_file,
    )


def _differences(
    kind: WorldKind, key: _Key, old: CellRecord, new: CellRecord
) -> Iterator[Difference]:
    scenario, _, policy = key
    before, after = _figures(kind, old), _figures(kind, new)
    for place in dict.fromkeys((*before, *after)):
        was, now = before.get(place), after.get(place)
        moved = _moved(was, now)
        if moved:
            of, name = place
            better = kind.metric(name).better if of is FigureKind.METRIC else Better.HIGHER
            yield Difference(scenario, policy, of, name, better, _mean(was), _mean(now), moved)


def _figures(kind: WorldKind, cell: CellRecord) -> Mapping[tuple[FigureKind, str], Sequence[float]]:
    """All that a cell holds: the score, the other metrics, then the reward terms."""
    metrics = {kind.figures.score: cell.scores, **cell.metrics}
    return {
        **{(FigureKind.METRIC, name): values for name, values in metrics.items()},
        **{(FigureKind.REWARD_TERM, name): values for name, values in cell.reward_terms.items()},
    }


def _digests(
    key: _Key, old: CellRecord, new: CellRecord, seeds: Sequence[int]
) -> Iterator[MovedDigests]:
    pairs = zip(seeds, old.digests, new.digests, strict=True)
    moved = tuple(seed for seed, was, now in pairs if was != now)
    if moved:
        yield MovedDigests(key[0], key[2], moved)


def _speed(
    before: SpeedRecord | None, now: SpeedRecord | None, tolerances: Tolerances
) -> SpeedJudgement | None:
    if before is None or now is None:
        return None
    return SpeedJudgement(before, now, tolerances.speed)


def _notes(baseline: Baseline, now: Figures) -> Iterator[str]:
    for name, here in this_environment().items():
        there = baseline.environment.get(name, "unknown")
        if there != here:
            yield f"{name}: the baseline was made with {there}, this is {here}"
    for label, scenario in now.scenarios.items():
        old = baseline.figures.scenarios.get(label)
        if old is None:
            continue
        if old.content != scenario.content:
            yield f"{label}: the scenario's content is not the baseline's"
        for policy in _replaced(old, scenario):
            yield f"{label}: {policy}: the policy's file is not the baseline's"


def _replaced(old: ScenarioRecord, new: ScenarioRecord) -> Iterator[str]:
    before = old.cells()
    for key, cell in new.cells().items():
        if key in before and before[key].policy_file != cell.policy_file:
            yield key[1]


def _worst_first(difference: Difference, score: str) -> tuple[bool, float, float, str, str, str]:
    """Scores before all else, then by how much worse, then by how much at all."""
    change = difference.change
    size = max(abs(difference.baseline or 0.0), abs(difference.now or 0.0))
    moved = math.inf if change is None else abs(change) / size if size else 0.0
    return (
        difference.name != score,
        -difference.worsening,
        -moved,
        difference.scenario,
        difference.policy,
        difference.name,
    )


def _moved(before: Sequence[float] | None, now: Sequence[float] | None) -> int:
    if before is None or now is None:
        return len(before or now or ())
    return sum(not _same(a, b) for a, b in zip(before, now, strict=True))


def _same(one: float, other: float) -> bool:
    """Exactly: the very same number, as Python writes it."""
    return repr(float(one)) == repr(float(other))


def _same_all(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _mean(values: Sequence[float] | None) -> float | None:
    return None if values is None else mean_of(values)


def _range(seeds: Sequence[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"
