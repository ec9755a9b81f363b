"""Journals: an episode goes on from its file exactly, and what is wrong with one is told."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from golive.core.errors import GoliveError
from golive.envs.faces.journals import Journals
from golive.envs.tool_session import ToolSession
from golive.sim.tool_table import ToolCall

CALLS = [
    ToolCall("assign", {"data_migration": "data", "configuration": "discovery"}),
    ToolCall("dance", {"with": "x" * 10_000}),
    ToolCall("advance", {"times": 3}),
    ToolCall("make_move", {"move": "go_live"}),
    ToolCall("set_pace", {"pace": "rush"}),
]
TIME = ToolCall("advance", {"times": 2})


def played(journals: Journals, episode: str, seed: int = 3) -> ToolSession:
    session = ToolSession("furniture")
    session.reset(options={"episode_seed": seed})
    journal = journals.begin(episode, session)
    for call in CALLS:
        journal.add(call, session.call(call))
    journal.close()
    return session


def test_an_episode_goes_on_exactly_from_its_file(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    session = played(journals, "../an id of anybody's \ud800")
    [file] = tmp_path.iterdir()
    assert file.stat().st_size < 2_000  # what was refused is not kept, only that it was
    later = ToolSession("furniture")
    for _ in range(2):  # and once more, after a server that was killed between two lines
        with file.open("ab") as stream:
            stream.write(b'["advance", {"tim')
        journals.resume("../an id of anybody's \ud800", later).close()
        assert later.get_state() == {
            **session.get_state(),
            "environment": later.get_state()["environment"],
        }
        assert later.environment.world.digest() == session.environment.world.digest()
    assert later.call(TIME) == session.call(TIME)


def test_time_that_went_on_by_itself_goes_on_again(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    session = ToolSession("furniture", calls_per_decision=2)
    session.reset(options={"episode_seed": 0})
    with closing(journals.begin("one", session)) as journal:
        for _ in range(3):
            wrong = ToolCall("dance", {})
            journal.add(wrong, session.call(wrong))
    later = ToolSession("furniture", calls_per_decision=2)
    journals.resume("one", later).close()
    assert later.environment.world.digest() == session.environment.world.digest()
    assert later.refused == 3


def test_who_takes_an_episode_over_has_it_alone(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    session = ToolSession("furniture")
    session.reset(options={"episode_seed": 1})
    later, again = ToolSession("furniture"), ToolSession("furniture")
    pace = ToolCall("set_pace", {"pace": "rush"})
    with (
        closing(journals.begin("one", session)) as earlier,
        closing(journals.resume("one", later)) as mine,
    ):
        earlier.add(TIME, session.call(TIME))  # of a connection that does not know yet
        mine.add(pace, later.call(pace))
    journals.resume("one", again).close()
    assert again.calls == 1
    assert "pace rush" in again.words.ordered(again.plan)


def test_what_is_no_episode_of_this_session_is_told(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    session = ToolSession("furniture")
    with pytest.raises(GoliveError, match="'one': is not kept"):
        journals.resume("one", session)
    played(journals, "one")
    with pytest.raises(GoliveError, match="does not play as it did"):
        journals.resume("one", ToolSession("furniture", reward="score"))
    [file] = tmp_path.iterdir()
    lines = file.read_text().splitlines()
    lines[3] = json.dumps(["advance", {"times": 2}, json.loads(lines[3])[2]])
    file.write_text("\n".join([*lines, ""]))
    with pytest.raises(GoliveError, match="does not play as it did"):
        journals.resume("one", session)
    file.write_text("[]\n{}\n")
    with pytest.raises(GoliveError, match="not an episode or damaged"):
        journals.resume("one", session)


def test_a_full_disk_is_told_and_leaves_what_was_kept(tmp_path: Path) -> None:
    session = ToolSession("furniture")
    session.reset(options={"episode_seed": 1})
    journal = Journals(tmp_path).begin("one", session)
    [file] = tmp_path.iterdir()
    before = file.read_bytes()

    class Full:
        def __init__(self, stream):
            self.stream = stream

        def write(self, line):
            self.stream.write(line[:5])
            raise OSError(28, "No space left on device")

        def __getattr__(self, name):
            return getattr(self.stream, name)

    journal._file = Full(journal._file)
    with pytest.raises(GoliveError, match="the disk is full"):
        journal.add(TIME, session.call(TIME))
    journal.close()
    assert file.read_bytes() == before
