"""Episodes over the WebSocket of an OpenEnv server, a process of its own, call by call."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.face_players import Face, Played
from golive.core.errors import GoliveError
from golive.envs.tool_session import ToolSession
from golive.sim.policy import Policy
from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE
from golive.sim.world_kind import WorldKind

_MOST_SECONDS = 120.0
"""That a server may take to start."""


@contextmanager
def over_openenv(
    scenario: str, kind: WorldKind, policy: Callable[[], Policy], *, kept: bool = False
) -> Iterator[Face]:
    """A player of episodes by their seeds over a server's ``/ws``, one step message for each call.

    The policy decides in a session beside it. Seconds are of the server's process alone, user and
    system time; what the client takes is not counted.

    Args:
        scenario: by name or file.
        kind: of the world.
        policy: makes who decides.
        kept: whether the server keeps episodes on disk.

    Raises:
        GoliveError: the server does not start.
    """
    from websockets.sync.client import connect

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        told = ["--world", kind.name, "--scenario", scenario, "--port", str(port)]
        told += ["--store", str(Path(folder) / "kept")] if kept else []
        process = subprocess.Popen(
            [sys.executable, "-m", "golive", "openenv", "serve", *told],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONSAFEPATH": "1"},
        )
        try:
            _wait(process, port)
            computed = psutil.Process(process.pid).cpu_times
            with connect(f"ws://127.0.0.1:{port}/ws", max_size=None) as stream:

                def say(message_type: str, **data: object) -> dict[str, Any]:
                    stream.send(json.dumps({"type": message_type, "data": data}))
                    heard: dict[str, Any] = json.loads(stream.recv())["data"]
                    return heard

                def play(seed: int) -> Played:
                    session, who = ToolSession(scenario, world=kind), policy()
                    begun = computed()
                    digest, rewards, steps = _episode(say, session, who, seed)
                    ended = computed()
                    seconds = ended.user + ended.system - begun.user - begun.system
                    return Played(digest, rewards, seconds, len(rewards), steps)

                say("reset", seed=0)  # what is loaded once is not an episode's
                yield play
        finally:
            process.kill()
            process.wait()


def _episode(
    say: Callable[..., dict[str, Any]], session: ToolSession, policy: Policy, seed: int
) -> tuple[str, tuple[float, ...], int]:
    """Play an episode; the session beside it is where the policy sees what it decides on."""
    environment = session.environment
    session.reset(options={"episode_seed": seed})
    policy.reset(seed)
    heard = say("reset", seed=seed)
    rewards, steps = [], 0
    while not heard["done"]:
        decision = policy.decide(environment.briefing, environment.legal())
        for call in (*session.words.calls(session.plan, decision), ToolCall(ADVANCE, {})):
            heard = say("step", tool=call.tool, arguments=dict(call.arguments))
            session.call(call)
            steps += 1
        rewards.append(heard["reward"])
    return heard["metadata"]["digest"], tuple(rewards), steps


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _MOST_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise GoliveError("golive openenv serve: did not start")
