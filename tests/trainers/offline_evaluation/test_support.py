"""Questions that the data cannot carry are said to be that, in words."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace

import numpy as np
import pytest

from golive.core.errors import GoliveError
from golive.trainers.offline_evaluation import Estimator, FitSettings, ask, evaluate_offline
from golive.trainers.offline_evaluation.fitted_q import StepValues
from golive.trainers.offline_evaluation.linear_q import LinearQ
from golive.trainers.offline_evaluation.support import against_fit, support_of

from .toy import Toy, drawn_policy, one_hot_policy, tabular

TOY = Toy.drawn(0)
BEHAVIOUR, TARGET = drawn_policy(1), drawn_policy(9)
QUICK = FitSettings(refits=5, resamples=50)


def test_plenty_of_data_of_a_like_policy_is_supported():
    found = evaluate_offline(
        ask(*TOY.record(BEHAVIOUR, TARGET, 1_000, 0), metric="rewards"),
        settings=QUICK,
        linear=tabular,
    )
    unsupported = {one.estimator for one in found.estimates if not one.supported}
    assert found.supported
    assert unsupported == {Estimator.RECORDED}


def test_few_effective_episodes_are_warned_of():
    found = evaluate_offline(ask(*TOY.record(BEHAVIOUR, TARGET, 12, 0)), settings=QUICK)
    assert found.support.effective_episodes < 12
    weighted = found.estimate("weighted_per_decision")
    assert not weighted.supported
    assert "effective episodes, fewer than 30" in " ".join(weighted.against)


def test_decisions_that_could_not_have_been_recorded_are_warned_of():
    never = one_hot_policy(3)
    logged, target = TOY.record(never, BEHAVIOUR, 300, 1)
    asked = ask(logged, target)
    outside = 1.0 - logged.chosen(target).mean()
    assert support_of(asked).mass_outside_share == pytest.approx(outside, rel=1e-6)
    found = evaluate_offline(asked, settings=QUICK)
    assert not found.supported
    for one in found.estimates:
        if one.estimator is not Estimator.RECORDED:
            assert "never possible in the recording" in one.against[0]


def test_a_target_that_never_decided_so_has_no_weight_at_all():
    first = one_hot_policy(3)
    other = first[:, [1, 0, 2, 3, 4]]
    found = support_of(ask(*TOY.record(first, other, 50, 2)))
    assert found.effective_episodes == 0.0
    assert found.largest_weight_share == 1.0
    assert found.mass_outside_share == 1.0


def test_a_fit_that_left_what_is_plausible_is_warned_of():
    fine = StepValues(np.zeros(1), np.zeros(1), 0.0, 0.0)
    assert against_fit(fine) == ()
    assert "left what is plausible" in against_fit(replace(fine, beyond_share=0.5))[0]
    assert "still moved by 20.0%" in against_fit(replace(fine, last_change=0.2))[0]


def test_values_do_not_run_away():
    """A discount of 1 and a policy never seen: the table is empty there, the rest is bounded."""
    asked = ask(*TOY.record(one_hot_policy(3), BEHAVIOUR, 40, 3), metric="rewards")
    fitted = LinearQ(asked, ridge=1e-6)
    values = fitted.fit(np.ones(asked.episodes))
    seen = asked.returns_to_go()
    width = seen.max() - seen.min()
    assert values.of_target.min() >= seen.min() - width - 1e-9
    assert values.of_target.max() <= seen.max() + width + 1e-9
    error = np.sqrt((fitted.influences() ** 2).sum()) / asked.episodes
    assert error <= 1.5 * width + 1e-9


def test_the_result_is_json():
    found = evaluate_offline(ask(*TOY.record(BEHAVIOUR, TARGET, 30, 0)), settings=QUICK)
    content = json.loads(json.dumps(found.as_dict()))
    assert content["episodes"] == 30
    assert content["estimates"][0]["estimator"] == "recorded"
    assert content["estimates"][0]["value"]["level"] == 0.95


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gamma": 0.0}, "gamma: 0.0"),
        ({"metric": "nps"}, "metric: 'nps': expected one of rewards, worth"),
        ({"target": lambda chances: chances[:3]}, "a row for every recorded decision"),
        ({"target": lambda chances: chances / 2.0}, "a sum of 1 over each factor"),
        (
            {"target": lambda chances: np.full((len(chances), 5), [0.5, 0.5, 0.2, 0.2, 0.6])},
            "was not legal",
        ),
        ({"behaviour": np.zeros_like}, "to which its policy gave no chance"),
    ],
    ids=["gamma", "metric", "rows", "sum", "legal", "behaviour"],
)
def test_parts_that_do_not_fit_are_refused(change, message):
    logged, target = TOY.record(BEHAVIOUR, TARGET, 30, 0)
    options = {name: value for name, value in change.items() if name in ("gamma", "metric")}
    if "target" in change:
        target = change["target"](target)
    if "behaviour" in change:
        logged = dataclasses.replace(logged, behaviour=change["behaviour"](logged.behaviour))
    with pytest.raises(GoliveError, match=message):
        ask(logged, target, **options)
