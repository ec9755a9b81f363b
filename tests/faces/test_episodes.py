"""Episodes behind a server: kept apart, and kept on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.envs.faces.episodes import BEGIN, Episodes
from golive.envs.tool_session import ToolSession


def make() -> ToolSession:
    return ToolSession("furniture")


def test_episodes_do_not_hear_of_one_another() -> None:
    episodes = Episodes(make)
    keys = [episodes.begin(seed % 3)[0] for seed in range(6)]
    for number, key in enumerate(keys):
        for _ in range(number // 3 + 1):
            episodes.call(key, "advance", {})
    worlds = [episodes.session(key).environment.world for key in keys]
    assert [world.briefing().calendar.day for world in worlds] == [1, 1, 1, 2, 2, 2]
    assert [world.seed for world in worlds] == [0, 1, 2, 0, 1, 2]
    for key in keys[:3]:
        episodes.call(key, "advance", {})
    digests = [episodes.session(key).environment.world.digest() for key in keys]
    assert digests[:3] == digests[3:]
    assert len(set(digests)) == 3


def test_an_episode_goes_on_where_the_server_was_killed(tmp_path: Path) -> None:
    episodes = Episodes(make, tmp_path / "kept")
    key, _ = episodes.begin(4)
    episodes.call(key, "set_pace", {"pace": "rush"})
    episodes.call(key, "advance", {"times": 2})
    episodes.call(key, "dance", {})
    later = Episodes(make, tmp_path / "kept")
    session = later.session(key)
    assert session is not None
    assert session.refused == 1
    assert "pace rush" in session.words.ordered(session.plan)
    answers = [one.call(key, "advance", {})[1] for one in (episodes, later)]
    assert answers[0] == answers[1]


def test_those_that_were_longest_not_used_are_put_away_and_come_back(tmp_path: Path) -> None:
    episodes = Episodes(make, tmp_path, most=2)
    keys = [episodes.begin(0)[0] for _ in range(3)]
    for key in keys:
        assert not episodes.call(key, "advance", {})[1].refused
    forgetful = Episodes(make, most=1)
    first, _ = forgetful.begin(0)
    forgetful.begin(1)
    _, answer = forgetful.call(first, "advance", {})
    assert answer.text.startswith(f"Refused: episode '{first}': there is none. Call begin_episode")


@pytest.mark.parametrize("key", [None, "", "../secret", "0" * 16, "x" * 16])
def test_what_is_no_episode_is_answered(key: str | None, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "kept").mkdir()
    _, answer = Episodes(make, tmp_path / "kept").call(key, "advance", {})
    assert answer.refused
    assert BEGIN.name in answer.text


def test_wrong_seeds_and_folders_are_told(tmp_path: Path) -> None:
    _, answer = Episodes(make).call(None, BEGIN.name, {"seed": -1})
    assert "seed: -1: expected a whole number from 0" in answer.text
    (tmp_path / "file").write_text("")
    with pytest.raises(GoliveError, match="expected a folder"):
        Episodes(make, tmp_path / "file")
