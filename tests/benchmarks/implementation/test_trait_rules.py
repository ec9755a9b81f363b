"""The search of rules by trait: it prints rules of the same shape, and what they gain."""

from __future__ import annotations

from ast import literal_eval

from benchmarks.command import run
from benchmarks.implementation.trait_rules import command
from golive.agents.implementation.adaptive import RULES_BY_TRAIT


def test_a_small_search_prints_rules_and_gains(capsys):
    sizes = ["--trials", "2", "--episodes", "2", "--fresh", "2", "--workers", "1"]
    assert run(command, ["furniture", *sizes]) == 0
    out, err = capsys.readouterr()
    assert "2 of 2 trials" in err
    assert "found minus no rules by trait: " in out
    assert "found minus the present values: " in out
    rules = literal_eval("{" + out[out.index('    "') :] + "}")
    assert {name: tuple(map(set, pair)) for name, pair in rules.items()} == {
        name: tuple(map(set, pair)) for name, pair in RULES_BY_TRAIT.items()
    }
    assert run(command, ["no-such"]) == 2
    assert run(command, ["furniture", "global-electric"]) == 2
