"""Episodes as task folders of Harbor (task format 1.4), and the program that plays one inside.

In the container the world is root's: its seed, its code and the episode as it stands. The agent, a
user of its own, can ask for one command, ``world``, which carries out calls of the one episode
there is; it cannot look ahead, begin again or write its own score, which another container tells.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...core.errors import GoliveError
from ...core.files import read_json, write_text_atomically
from ...sim.tool_calls import command_of
from ..tool_session import ToolSession
from .export import Export, Files, begun, filled, manual, play_expert

_HOME = Path("/var/lib/golive")
_EPISODE, _STATE = "episode.json", "state.json"
_MOST_BYTES = 1 << 20
"""Of calls at once."""


def play(folder: Path, text: str) -> str:
    """Carry out the calls of a message in the episode of a folder; gives the answers.

    Args:
        folder: that holds ``episode.json``, an ``Export.row``; the episode as it stands is kept
            in ``state.json``.
        text: as ``ToolSession.message`` reads it, a command or a JSON object per line, of any
            number.

    Raises:
        GoliveError: the folder holds no episode.
    """
    session = _session(folder)
    answers = []
    for line in text.splitlines():
        if line.strip() and not session.terminated:
            answers.append(session.message(line).text)
    if not answers:
        answers = [f"The episode is over. Score: {session.score:.3f}."]
        if not session.terminated:
            answers = [session.briefing()]
    write_text_atomically(folder / _STATE, json.dumps(session.get_state()))
    return "\n".join(answers)


def rewards(folder: Path) -> dict[str, float]:
    """The named rewards of the episode of a folder; ``reward`` is the score.

    Raises:
        GoliveError: the folder holds no episode.
    """
    figures = _session(folder).figures()
    return {**figures, "total_reward": figures["reward"], "reward": figures["score"]}


def main(arguments: list[str] | None = None) -> None:
    """Play: ``CALL...`` or, with ``-``, calls on standard input; ``--rewards`` prints them."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--rewards"]:
        print(json.dumps(rewards(_HOME)))
        return
    text = sys.stdin.read(_MOST_BYTES) if given == ["-"] else shlex.join(given)
    with _alone(_HOME):
        answer = play(_HOME, text)
    print(answer)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for other calls: two at once would show two futures, of which one is kept."""
    import fcntl  # there is none on Windows, where no container of this runs

    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _session(folder: Path) -> ToolSession:
    row: Any = read_json(folder / _EPISODE, "an exported episode")
    if not isinstance(row, Mapping):
        raise GoliveError(f"{folder / _EPISODE}: expected an exported episode")
    session = begun(row)
    if (folder / _STATE).is_file():
        session.set_state(read_json(folder / _STATE, "a saved session"))
    return session


def exported(export: Export) -> Files:
    """A folder per episode; the expert's calls are its solution."""
    from importlib.metadata import version

    golive = f"golive=={version('golive')}"
    session = export.session
    for number, (seed, briefing) in enumerate(export.each()):
        folder = f"{export.name}-{export.arguments['split']}-{number:04d}"
        solution = "\n".join(map(command_of, play_expert(session)))
        instruction = (
            session.instructions.replace("You decide by calling tools.", "You decide by calls."),
            "The one command for it is `sudo world CALL`, such as `sudo world advance 2`; "
            "`sudo world -` reads calls from standard input, one per line; `sudo world` alone "
            "prints the briefing. There is one episode, which you cannot begin again.",
            manual(session.tools),
            f"The first briefing:\n\n{briefing}",
        )
        tokens = {
            "NAME": f"golive/{folder}",
            "SCENARIO": session.environment.scenario.name,
            "WORLD": session.kind.name,
            "GOLIVE": golive,
            "CALLS": solution,
        }
        for path, template in _TEMPLATES.items():
            yield f"{folder}/{path}", filled(template, tokens)
        yield f"{folder}/instruction.md", "\n\n".join(instruction) + "\n"
        yield f"{folder}/environment/{_EPISODE}", json.dumps(export.row(seed)) + "\n"


_TEMPLATES = {
    "task.toml": """\
schema_version = "1.4"
artifacts = ["/var/lib/golive"] # what the verifier, in a container of its own, is given

[task]
name = "@NAME@"
description = "Scenario @SCENARIO@ of golive's world @WORLD@, decision by decision."
keywords = ["golive", "simulation", "@WORLD@"]

[metadata]
world = "@WORLD@"
scenario = "@SCENARIO@"

[agent]
timeout_sec = 3600.0
user = "agent"

[verifier]
timeout_sec = 300.0
user = "root"
environment_mode = "separate"

[environment]
build_timeout_sec = 900.0
cpus = 1
memory_mb = 2048
""",
    "environment/Dockerfile": """\
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends sudo && rm -rf /var/lib/apt/lists/*
ARG GOLIVE="@GOLIVE@"
RUN python -m venv /opt/golive && /opt/golive/bin/pip install --no-cache-dir "$GOLIVE" \\
    && chmod 700 /opt/golive
COPY episode.json /var/lib/golive/episode.json
RUN chmod 700 /var/lib/golive && chmod 600 /var/lib/golive/episode.json
COPY --chmod=755 world /usr/local/bin/world
RUN useradd --create-home agent && mkdir -p /logs/agent && chown agent /logs/agent \\
    && echo 'agent ALL=(root) NOPASSWD: /usr/local/bin/world' > /etc/sudoers.d/world \\
    && chmod 440 /etc/sudoers.d/world
WORKDIR /home/agent
""",
    "environment/world": """\
#!/bin/sh
exec /opt/golive/bin/python -I -m golive.envs.faces.harbor "$@"
""",
    "solution/solve.sh": """\
#!/bin/sh
# The calls of the world's expert in this episode.
set -eu
sudo world - <<'CALLS'
@CALLS@
CALLS
""",
    "tests/test.sh": """\
#!/bin/sh
set -eu
mkdir -p /logs/verifier
/usr/local/bin/world --rewards > /logs/verifier/reward.json
""",
}

if __name__ == "__main__":
    main()
