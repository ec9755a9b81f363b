"""Multi-site reuse, on whole conventional roll-outs."""

from __future__ import annotations

import pytest

from golive.trainers.implementation.validation.laws import site_reuse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return site_reuse.experiment(40, 1_500_000)


def test_multi_site_reuse_like_for_like_effort_follows_the_published_curve(result):
    assert result.condition("effort by site follows the curve")
    assert result.condition("and falls with the number of the site")


def test_multi_site_reuse_pays_for_those_who_prove_the_template_first(result):
    assert result.condition("who proves the template first works less than who builds ahead")


def test_multi_site_reuse_a_second_site_takes_what_is_published_of_what_every_site_has(result):
    """Data, interfaces and requirements are done once for all sites, and booked on the pilot."""
    assert result.condition("a second site's effort is near the curve")
    name = "a second site's effort over the pilot's, that work booked on the pilot"
    assert result.figure(name).value.high < 0.3, "why the whole of a site is no law"


def test_multi_site_reuse_waves_pay_only_for_those_who_prove_the_template_first(result):
    assert result.condition("who proves the template first works less than all sites at once")
    ahead = result.figure("own work of later sites: waves, built ahead, over all at once").value
    assert ahead.above(1.0), "what is built ahead is adapted: waves alone are no law"


def test_the_experiment_tells_a_world_without_reuse():
    result = site_reuse.experiment(4, 1_500_000, {"rollout_first": 0.9, "rollout_exponent": 0.0})
    assert not result.condition("effort by site follows the curve")
