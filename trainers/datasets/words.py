"""Recorded episodes in words: instruction and chat datasets for those who train language models.

An episode is played again by tool calls that take the recorded decisions. So every text is what
a language model would have read there, and rewards and final state are seen to be the recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...core.files import check_output_directory, reason, removed_if_refused
from ...envs.tool_session import ToolSession
from ...sim.tool_calls import json_of
from ...sim.tool_table import ToolCall
from ...sim.words import ADVANCE
from ...sim.worlds import kind_of, world_kind
from .logged import episode_metadata
from .metadata import RECORDING, read_metadata, recorded_scenarios, recorded_setting
from .places import find_dataset
from .replaying import RecordedTask, recorded_task
from .spreading import Progress, results_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ...scenarios.scenario import Scenario

WORDS = "words"
"""Folder in a dataset's that holds it in words."""
CHAT, INSTRUCTION = "chat", "instruction"
"""Names of the two datasets, which are those of their files."""
_ROWS_AT_ONCE = 256
"""Rows of a Parquet file that are written together; of chats, whose rows are episodes, some MB."""


@dataclass(frozen=True, slots=True)
class SpokenEpisode:
    """An episode in words.

    Attributes:
        messages: of the conversation, as the chat completions interface has them.
        points: each decision point's briefing, calls and reward.
        digest: hash of the final state.
        score: what policies are judged by.
    """

    messages: tuple[dict[str, Any], ...]
    points: tuple[tuple[str, str, float], ...]
    digest: str
    score: float


@checked
def write_words(
    dataset: str | Path,
    out: str | Path | None = None,
    *,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write a recorded dataset in words, as JSON lines and as Parquet.

    ``chat`` has a row per episode, ``instruction`` one per decision point. Both say who decided
    and what came of it, so that one can learn from good episodes alone. The folder is whole or
    not there.

    Args:
        dataset: its id, or its folder.
        out: a folder that is not there yet; None: ``words`` in the dataset's.
        workers: processes; None: one for every core.
        backend: serial, process or ray; the files are the same.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as episodes finish.

    Returns:
        The folder with ``chat.jsonl``, ``chat.parquet``, ``instruction.jsonl`` and
        ``instruction.parquet``.

    Raises:
        GoliveError: no such dataset, something is in the way, or an episode comes out otherwise
            than it was recorded.
    """
    place = find_dataset(dataset)
    metadata = read_metadata(place)
    if recorded_setting(metadata) is not None:
        raise GoliveError(f"{place.folder}: a team's role: expected a dataset of whole decisions")
    folder = place.folder / WORDS if out is None else Path(out).expanduser()
    if folder.exists():
        raise GoliveError(f"{folder}: is there already: expected the name of a new folder")
    check_output_directory(folder)
    total = metadata["total_episodes"]
    tasks = [recorded_task(place, episode, total) for episode in range(total)]
    scenarios = recorded_scenarios(metadata)
    speak = partial(_spoken, scenarios, metadata[RECORDING]["reward"])
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    with removed_if_refused(unfinished, lambda: False):
        try:
            unfinished.mkdir(parents=True)
            results = results_of(speak, tasks, workers, backend, ray_address, progress)
            with _Files(unfinished) as files:
                for episode, spoken in _in_order(results):
                    row = episode_metadata(place, episode)
                    if spoken.digest != row["digest"]:
                        raise GoliveError(
                            f"recorded episode {episode} ({tasks[episode]}): comes out otherwise "
                            "than it was recorded: expected the version of golive that recorded it"
                        )
                    files.add(_told(episode, row, scenarios), spoken)
            unfinished.rename(folder)
        except FileExistsError:
            raise GoliveError(
                f"{unfinished}: is being written, or was left by a process that was killed: "
                "expected that it is deleted"
            ) from None
        except OSError as error:
            raise GoliveError(f"{folder}: cannot be written: {reason(error)}") from error
    return folder


def _told(
    episode: int, row: Mapping[str, Any], scenarios: Mapping[str, Scenario]
) -> dict[str, Any]:
    """The columns that both datasets have."""
    name = str(row["scenario"])
    kind = kind_of(scenarios[name])
    return {
        "episode": episode,
        "world": kind.name,
        "scenario": name,
        "policy": str(row["policy"]),
        "seed": int(row["seed"]),
        "score": float(row[kind.figures.score]),
        "return": float(row["return"]),
        "digest": str(row["digest"]),
    }


def _spoken(
    scenarios: Mapping[str, Scenario], reward: Mapping[str, Any], task: RecordedTask
) -> SpokenEpisode:
    """The episode as calls and answers."""
    scenario = scenarios[task.scenario]
    session = ToolSession(scenario, world=kind_of(scenario), reward=reward, calls_per_decision=None)
    briefing = session.reset(options={"episode_seed": task.seed})
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": session.instructions},
        {"role": "user", "content": briefing},
    ]
    points: list[tuple[str, str, float]] = []
    for action in task.actions:
        if session.terminated:
            raise GoliveError(f"recorded episode ({task}): ended after {len(points)} decisions")
        decision = session.kind.language.decode(action)
        calls = [*session.words.calls(session.plan, decision), ToolCall(ADVANCE, {})]
        before = briefing if not points else session.briefing()
        answers = [session.call(call) for call in calls]
        asked = [_tool_call(len(points), which, call) for which, call in enumerate(calls)]
        messages.append({"role": "assistant", "content": "", "tool_calls": asked})
        messages.extend(
            {"role": "tool", "tool_call_id": one["id"], "content": answer.text}
            for one, answer in zip(asked, answers, strict=True)
        )
        points.append((before, "\n".join(map(json_of, calls)), answers[-1].reward))
    return SpokenEpisode(
        tuple(messages), tuple(points), session.environment.world.digest(), session.score
    )


def _tool_call(point: int, which: int, call: ToolCall) -> dict[str, Any]:
    """A call as the chat completions interface has it: arguments are JSON in a text."""
    function = {"name": call.tool, "arguments": json.dumps(dict(call.arguments))}
    return {"id": f"call_{point}_{which}", "type": "function", "function": function}


def _in_order(
    results: Iterator[tuple[int, SpokenEpisode]],
) -> Iterator[tuple[int, SpokenEpisode]]:
    """Results by their number; those that come too early wait."""
    waiting: dict[int, SpokenEpisode] = {}
    following = 0
    for number, result in results:
        waiting[number] = result
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


class _Files:
    """The four files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._files = {name: _File(folder / name, _schema(name)) for name in (CHAT, INSTRUCTION)}
        self._tools: dict[str, str] = {}

    def add(self, told: Mapping[str, Any], spoken: SpokenEpisode) -> None:
        """Write an episode."""
        world = told["world"]
        if world not in self._tools:
            tools = [tool.for_openai() for tool in world_kind(world).speech.tools]
            self._tools[world] = json.dumps(tools)
        self._files[CHAT].add(
            {**told, "messages": list(spoken.messages), "tools": self._tools[world]}
        )
        to_go = told["return"]
        for number, (briefing, calls, reward) in enumerate(spoken.points):
            self._files[INSTRUCTION].add(
                {
                    **told,
                    "decision": number,
                    "reward": reward,
                    "return_to_go": to_go,
                    "instruction": spoken.messages[0]["content"],
                    "input": briefing,
                    "output": calls,
                }
            )
            to_go -= reward

    def __enter__(self) -> _Files:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()


class _File:
    """A dataset as JSON lines and as Parquet."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._schema = schema
        self._lines = path.with_suffix(".jsonl").open("w", encoding="utf-8")
        self._table = pq.ParquetWriter(path.with_suffix(".parquet"), schema, compression="zstd")
        self._rows: list[Mapping[str, Any]] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Write a row."""
        self._lines.write(json.dumps(row) + "\n")
        self._rows.append(row)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._table.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._table.close()
        self._lines.close()


def _schema(name: str) -> pa.Schema:
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    columns = {
        "episode": pa.int64(),
        "world": text,
        "scenario": text,
        "policy": text,
        "seed": pa.int64(),
        "score": number,
        "return": number,
        "digest": text,
    }
    if name == INSTRUCTION:
        columns |= {"decision": pa.int64(), "reward": number, "return_to_go": number}
        columns |= dict.fromkeys(("instruction", "input", "output"), text)
        return pa.schema(columns)
    function = pa.struct({"name": text, "arguments": text})
    call = pa.struct({"id": text, "type": text, "function": function})
    message = pa.struct(
        {"role": text, "content": text, "tool_calls": pa.list_(call), "tool_call_id": text}
    )
    return pa.schema({**columns, "messages": pa.list_(message), "tools": text})
