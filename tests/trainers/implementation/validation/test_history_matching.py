"""History matching and emulators, on functions whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from golive.trainers.implementation.validation.history_matching import (
    DISCREPANCY,
    IMPLAUSIBLE,
    Emulator,
    band_loss,
    collect,
    design,
    match,
    spread_out,
)
from golive.trainers.implementation.validation.targets import Kind, Target

UP = Target("up", 1, True, 0.6, 0.7, "share", "nobody", Kind.ESTIMATE, "rises with the first")
BEND = Target("bend", 2, True, 0.2, 0.3, "share", "nobody", Kind.ESTIMATE, "bends with the second")


def answers_at(points: np.ndarray, projects: int, seed: int) -> list[dict[str, list[float]]]:
    """Yes or no of projects whose shares are known functions of the point."""
    rng = np.random.default_rng(seed)
    return [
        {
            "up": list((rng.random(projects) < point[0]).astype(float)),
            "bend": list((rng.random(projects) < point[1] ** 2).astype(float)),
        }
        for point in points
    ]


@pytest.fixture(scope="module")
def emulators() -> dict[str, Emulator]:
    """Trained on 60 points of a cube of three parameters, one of them idle."""
    points = design(60, 3, seed=0)
    collected = collect((UP, BEND), answers_at(points, 400, seed=1))
    return {name: Emulator(points, collected[name], seed=0) for name in ("up", "bend")}


def test_a_design_fills_the_cube_and_is_the_same_again() -> None:
    points = design(100, 5, seed=3)
    assert points.shape == (100, 5)
    assert points.min() >= 0.0
    assert points.max() <= 1.0
    assert np.abs(points.mean(axis=0) - 0.5).max() < 0.03
    assert (design(100, 5, seed=3) == points).all()
    assert (design(100, 5, seed=4) != points).any()


def test_an_emulator_knows_what_it_was_not_shown_and_how_well(
    emulators: dict[str, Emulator],
) -> None:
    unseen = np.random.default_rng(9).random((300, 3))
    for name, truth in (("up", unseen[:, 0]), ("bend", unseen[:, 1] ** 2)):
        mean, deviation = emulators[name].predict(unseen)
        assert np.sqrt(((mean - truth) ** 2).mean()) < 0.03
        inside = (np.abs(mean - truth) < 3.0 * deviation + 1e-3).mean()
        assert inside > 0.9, name


def test_what_is_left_is_inside_the_bands_and_what_is_inside_is_left(
    emulators: dict[str, Emulator],
) -> None:
    matched = match((UP, BEND), emulators, np.full(3, 0.5), seed=0)
    up, bend = matched.points[:, 0], matched.points[:, 1] ** 2
    slack = IMPLAUSIBLE * (DISCREPANCY * 0.1 + 0.02)
    assert ((up > 0.6 - slack) & (up < 0.7 + slack)).all()
    assert ((bend > 0.2 - slack) & (bend < 0.3 + slack)).all()
    assert 0.005 < matched.share_left < 0.2
    assert matched.least_implausibility == 0.0
    idle = matched.points[:, 2]
    assert idle.min() < 0.05  # nothing was said about the idle parameter
    assert idle.max() > 0.95
    best = matched.best[0]
    assert abs(best[0] - 0.65) < 0.05
    assert abs(best[1] ** 2 - 0.25) < 0.05
    assert abs(best[2] - 0.5) < 0.1  # where one would start


def test_if_all_is_ruled_out_the_least_implausible_are_left(emulators: dict[str, Emulator]) -> None:
    impossible = Target("up", 1, True, 1.2, 1.21, "share", "nobody", Kind.ESTIMATE, "never")
    matched = match((impossible,), emulators, np.full(3, 0.5), seed=0)
    assert matched.share_left == 0.0
    assert matched.least_implausibility > IMPLAUSIBLE
    assert np.median(matched.points[:, 0]) > 0.8


def test_points_that_are_spread_out_begin_with_the_best_and_do_not_repeat(
    emulators: dict[str, Emulator],
) -> None:
    matched = match((UP, BEND), emulators, np.full(3, 0.5), seed=0)
    chosen = spread_out(matched, 10)
    assert (chosen[0] == matched.best[0]).all()
    assert len({tuple(point) for point in chosen}) == 10
    assert chosen[:, 2].max() - chosen[:, 2].min() > 0.8


def test_loss_is_one_at_the_ends_of_a_band() -> None:
    known = np.zeros(4)
    values = band_loss(UP, np.array([0.6, 0.65, 0.7, 0.75]), known)
    assert values == pytest.approx([1.0, 0.0, 1.0, 4.0])
    assert band_loss(UP, np.array([0.75]), np.array([0.05])) == pytest.approx([2.0])
