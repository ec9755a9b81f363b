"""A world as a resources server of NeMo-Gym (0.4, 0.7), by its HTTP contracts alone.

Both contracts stand on one server: tools as routes with ``/seed_session`` and ``/verify`` (for its
``simple_agent``), and ``/reset`` with ``/step`` (for its ``gymnasium_agent``). nemo_gym is not
imported. The episode is known by a cookie, which every answer sets, as its agents carry on only
the cookies of the last answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

from ...core.arguments import one_of
from ...core.arithmetic import plain_sum
from ...core.errors import GoliveError
from ...sim.tool_table import ToolCall
from ..tool_session import Answer, ToolSession
from .episodes import Episodes
from .export import begun
from .trl import PAYS, Pay

COOKIE = "golive_episode"
MOST_EPISODES = 4_096
"""Episodes that are held: those of a training's batch are under way together."""
_MOST_BYTES = 64 << 20
"""Of a request: ``/verify`` is sent the whole conversation."""
Body = Mapping[str, Any]


class NemoServer(ThreadingHTTPServer):
    """Serves the two contracts.

    Args:
        host: address that it listens on.
        port: likewise; 0: any that is free.
        pay: what ``/verify`` says is the reward: ``"score"``, or ``"reward"``, the sum of the
            environment's rewards. ``/step`` pays the environment's rewards as they come, or the
            score at the end.
        most: episodes that are held; of more the one that was longest not used is lost.
    """

    daemon_threads = True

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        pay: Pay = "score",
        most: int = MOST_EPISODES,
    ) -> None:
        one_of("pay", pay, PAYS)
        self.pay = pay
        self.episodes = Episodes(ToolSession, most=most)
        self.lock = threading.Lock()  # worlds are Python: more than one at a time is not quicker
        super().__init__((host, port), _Handler)

    def answer(self, path: str, body: Body, key: str | None) -> tuple[Any, str | None]:
        """The answer to a request, and the episode's key.

        Raises:
            GoliveError: the request cannot be answered; its message says why.
        """
        if path in ("seed_session", "reset"):
            session = begun(body.get("episode") or {})
            key = self.episodes.add(session)
            seen = {"observation": session.briefing(), "info": session.figures()}
            return (seen if path == "reset" else {}), key
        if path == "aggregate_metrics":
            return _aggregated(body), key
        session_or_none = self.episodes.session(key) if key else None
        if session_or_none is None:
            raise GoliveError("there is no episode: expected /seed_session or /reset before")
        session = session_or_none
        if path == "verify":
            figures = session.figures()
            paid = {"total_reward": figures["reward"], "reward": figures[self.pay]}
            return {**body, **figures, **paid}, key
        if path == "step":
            return self._step(body, session), key
        return session.call(ToolCall(path, body)).text, key

    def _step(self, body: Body, session: ToolSession) -> Any:
        outputs: list[dict[str, str]] = []
        answers: list[Answer] = []
        text = ""
        for item in body.get("response", {}).get("output", []):
            if item.get("type") == "function_call":
                answers.append(session.call(_call(item)))
                outputs.append({"call_id": item.get("call_id", ""), "output": answers[-1].text})
            elif item.get("type") == "message":
                text += _text(item)
        if not outputs:  # a model that writes its calls as text
            answers.append(session.message(text))
        over, score = session.terminated, session.score if session.terminated else 0.0
        return {
            "observation": None if outputs else answers[0].text,
            "reward": score if self.pay == "score" else plain_sum([one.reward for one in answers]),
            "terminated": over,
            "truncated": False,
            "info": {**session.figures(), "tool_outputs": outputs},
        }


class _Handler(BaseHTTPRequestHandler):
    server: NemoServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: in two, each answer waits 40 ms

    def do_GET(self) -> None:
        self._send({"status": "ok"})

    def do_POST(self) -> None:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        key = cookie.value if cookie else None
        try:
            size = int(self.headers.get("Content-Length") or 0)
            if size > _MOST_BYTES:
                raise GoliveError(f"request: {size} bytes: expected at most {_MOST_BYTES}")
            body = json.loads(self.rfile.read(size) or b"{}")
            if not isinstance(body, dict):
                raise GoliveError("request: expected a JSON object")
            with self.server.lock:
                told, key = self.server.answer(self.path.strip("/"), body, key)
        except (GoliveError, ValueError, RecursionError) as error:
            self._send({"detail": str(error)}, HTTPStatus.BAD_REQUEST, key)
        else:
            self._send(told, key=key)

    def _send(self, told: Any, status: int = HTTPStatus.OK, key: str | None = None) -> None:
        data = (told if isinstance(told, str) else json.dumps(told)).encode()
        kind = "text/plain; charset=utf-8" if isinstance(told, str) else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if key:
            self.send_header("Set-Cookie", f"{COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a training asks many times a second."""


def _call(item: Body) -> ToolCall:
    """A function call as a call; arguments that are no JSON are refused by the tool itself."""
    try:
        given = json.loads(item.get("arguments") or "{}")
    except (ValueError, RecursionError):
        given = item["arguments"]
    return ToolCall(str(item.get("name")), given)


def _text(item: Body) -> str:
    content = item.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(part["text"] for part in parts if part.get("type") == "output_text")


def _aggregated(body: Body) -> Any:
    """Means of the figures over all episodes."""
    verified = body.get("verify_responses") or []
    numbers = {
        name: [float(one[name]) for one in verified if isinstance(one.get(name), int | float)]
        for name in (verified[0] if verified else ())
    }
    means = {f"mean/{n}": plain_sum(v) / len(v) for n, v in numbers.items() if v and n[0] != "_"}
    key = {name: means[name] for name in ("mean/reward", "mean/score") if name in means}
    return {"agent_metrics": means, "key_metrics": key}


def listens(given: Sequence[str], told: Mapping[str, str]) -> tuple[str, int]:
    """Host and port: those that are given, else NeMo-Gym's, by variables of the environment."""
    host, port = "127.0.0.1", 8000
    whole, own = (told.get(f"NEMO_GYM_CONFIG_{part}") for part in ("DICT", "PATH"))
    if whole and own:
        [[config]] = [kind.values() for kind in yaml.safe_load(whole)[own].values()]
        host, port = config["host"], int(config["port"])
    return given[0] if given else host, int(given[1]) if given[1:] else port


def main() -> None:
    """Serve until the process is ended, at ``HOST`` and ``PORT`` or where NeMo-Gym says."""
    host, port = listens(sys.argv[1:], os.environ)
    server = NemoServer(host, port)
    print(f"http://{host}:{server.server_address[1]}", flush=True)
    server.serve_forever()
