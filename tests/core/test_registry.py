"""Things by name: golive's own, those of this process, those of other packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from golive.core import registry as module
from golive.core.errors import GoliveError
from golive.core.registry import Registry

JSON = EntryPoint("loads", "json:loads", "tests.things")
BROKEN = EntryPoint("broken", "no_such_package:thing", "tests.things")
TAKEN = EntryPoint("one", "json:dumps", "tests.things")


@pytest.fixture
def things(monkeypatch):
    monkeypatch.setattr(module, "entry_points", lambda group: [JSON, BROKEN, TAKEN])
    return Registry("tests.things", "thing", {"one": 1, "place": "math:pi"})


def test_names_come_in_their_order_and_each_once(things):
    things.register("mine", 2)
    assert things.names() == tuple(things) == ("one", "place", "mine", "loads", "broken")


def test_a_place_is_loaded_and_a_value_is_itself(things):
    assert things["one"] == 1
    assert things["place"] == pytest.approx(3.14159, abs=1e-5)
    assert things["loads"]("[1]") == [1]


def test_golives_own_cannot_be_taken(things):
    assert things["one"] == 1
    assert things.origin("one") == "golive"
    with pytest.raises(GoliveError, match="thing: 'loads': is there already"):
        things.register("loads", 3)


def test_an_unknown_name_is_met_with_those_that_are_there(things):
    with pytest.raises(GoliveError, match=r"'onne': no such thing: did you mean 'one'\? expected"):
        things["onne"]
    assert "onne" not in things


def test_a_package_that_cannot_be_loaded_is_named_when_it_is_asked_for(things):
    assert "broken" in things
    with pytest.raises(GoliveError, match=r"'broken'.* cannot be loaded: ModuleNotFoundError"):
        things["broken"]


def test_what_was_registered_can_be_taken_back(things):
    things.register("mine", 2)
    assert (things["mine"], things.origin("mine")) == (2, "this process")
    things.unregister("mine")
    assert "mine" not in things
