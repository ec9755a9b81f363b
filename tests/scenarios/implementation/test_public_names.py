"""The public names of the room: all there, and none loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import golive.scenarios
import golive.scenarios.implementation

PACKAGES = (golive.scenarios, golive.scenarios.implementation)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_can_be_imported(package) -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_is_not_there_is_an_attribute_error(package) -> None:
    with pytest.raises(AttributeError, match="no attribute 'Ghost'"):
        package.Ghost  # noqa: B018


def test_words_and_errors_load_without_the_rest() -> None:
    code = (
        "import sys, golive.core.errors, golive.scenarios.implementation.vocabulary;"
        "print([m for m in ('pydantic', 'yaml', 'faker', 'scipy', 'mesa') if m in sys.modules])"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"


def test_loading_a_scenario_needs_neither_faker_nor_scipy() -> None:
    code = (
        "import sys; from golive.scenarios import *; from golive.scenarios.implementation import *;"
        "draw_customer(load_scenario('furniture'), 0);"
        "print([m for m in ('faker', 'scipy', 'mesa', 'torch') if m in sys.modules])"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"
