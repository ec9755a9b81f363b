"""Which file a spec of a policy means."""

from __future__ import annotations

import pytest

from golive.agents.registry import policy_file_of
from golive.core.errors import GoliveError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A run directory and a file, and folders that are called as policies are."""
    monkeypatch.chdir(tmp_path)
    for name in ("runs/x", "expert", "planner:3", "empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("runs/x/best.policy", "runs/x/final.policy", "a:b.policy"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "file"),
    [
        ("runs/x", "runs/x/best.policy"),
        ("runs/x/final.policy", "runs/x/final.policy"),
        ("a:b.policy", "a:b.policy"),
        ("noisy:runs/x:0.1", "runs/x/best.policy"),
        ("noisy:runs/x", "runs/x/best.policy"),
        ("noisy:a:b.policy:0.1", "a:b.policy"),
        ("noisy:noisy:runs/x:0.1:0.2", "runs/x/best.policy"),
        ("one:two:three:runs/x:1:2", "runs/x/best.policy"),
    ],
)
def test_a_path_is_found_in_whatever_wraps_it(folder, spec, file):
    assert str(policy_file_of(spec)) == file


@pytest.mark.parametrize(
    "spec",
    ["expert", "planner:3", "static:any", "noisy:expert:0.1", "nobody", "noisy:nobody:0.1", ":"],
)
def test_a_name_comes_before_a_path_and_means_no_file(folder, spec):
    assert policy_file_of(spec) is None


def test_a_folder_without_a_policy_is_refused(folder):
    with pytest.raises(GoliveError, match=r"empty: no best.policy"):
        policy_file_of("noisy:empty:0.1")
