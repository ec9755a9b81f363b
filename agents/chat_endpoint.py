"""Chat completions over HTTP, as OpenAI-compatible endpoints serve them: retries and an account."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from ..core.errors import GoliveError
from ..core.records import Integer, Number, Record

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which the same request may succeed."""
_LONGEST_PAUSE_SECONDS = 60.0


class EndpointError(GoliveError):
    """An endpoint that did not answer, after all retries: nobody has decided anything."""


class LanguageModel(Record):
    """A language model behind an endpoint, and how it is asked."""

    model: str = Field(min_length=1, description="Name of the model, as the endpoint knows it.")
    base_url: str = Field(
        default="http://127.0.0.1:8000/v1", description="Address, before /chat/completions."
    )
    key_variable: str = Field(
        default="OPENAI_API_KEY",
        description="Environment variable that holds the key; unset: the endpoint asks for none.",
    )
    temperature: Number = Field(default=0.0, ge=0.0, le=2.0, description="Of sampling.")
    seed: Integer = Field(
        default=0, ge=0, description="Added to the episode's; sent with requests."
    )
    timeout_seconds: Number = Field(default=120.0, gt=0.0, description="For one request.")
    retries: Integer = Field(default=4, ge=0, le=20, description="Of a request that failed.")
    pause_seconds: Number = Field(
        default=1.0, ge=0.0, description="Before the first retry; it doubles with each."
    )
    most_calls: Integer = Field(
        default=12, ge=1, description="Calls at one decision point; then the orders stand."
    )
    most_answer_tokens: Integer = Field(default=1024, ge=1, description="Of one reply.")
    memory: Integer = Field(
        default=0, ge=0, description="Decision points before, whose messages are kept."
    )
    usd_per_million_prompt_tokens: Number = Field(default=0.0, ge=0.0, description="Price.")
    usd_per_million_completion_tokens: Number = Field(default=0.0, ge=0.0, description="Price.")
    transcripts: str | None = Field(
        default=None, description="Folder of transcripts, a JSONL file per episode; null: none."
    )


@dataclass(slots=True)
class Account:
    """Sum of a policy's requests.

    Attributes:
        requests: that were answered.
        errors: of infrastructure: requests that failed, whether or not a retry was answered.
        prompt_tokens: as the endpoint counts them.
        completion_tokens: likewise.
        usd: by the prices of the model's record.
    """

    requests: int = 0
    errors: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0


class ChatEndpoint:
    """Sends conversations to a language model and keeps account.

    The key is read from the environment for each request, and kept nowhere.
    """

    def __init__(self, settings: LanguageModel) -> None:
        self.settings = settings
        self.account = Account()

    def reply(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
    ) -> dict[str, Any]:
        """The assistant's message that follows a conversation.

        Args:
            messages: so far.
            tools: that it may call; none are not sent.
            seed: of its sampling.

        Raises:
            EndpointError: no answer after all retries, or one that cannot be read.
        """
        told = self.settings
        body = {
            "model": told.model,
            "messages": list(messages),
            **({"tools": list(tools)} if tools else {}),
            "temperature": told.temperature,
            "seed": (told.seed + seed) % 2**31,
            "max_tokens": told.most_answer_tokens,
        }
        answer = self._answered(json.dumps(body).encode())
        try:
            message: dict[str, Any] = dict(answer["choices"][0]["message"])
        except (KeyError, IndexError, TypeError, ValueError):
            raise EndpointError(f"{told.base_url}: an answer without choices[0].message") from None
        self._count(answer.get("usage"))
        return message

    def _answered(self, body: bytes) -> dict[str, Any]:
        told, pause, problem = self.settings, self.settings.pause_seconds, ""
        for attempt in range(told.retries + 1):
            if attempt:
                time.sleep(min(pause, _LONGEST_PAUSE_SECONDS))
                pause *= 2.0
            try:
                with urllib.request.urlopen(
                    self._request(body), timeout=told.timeout_seconds
                ) as got:
                    answer = json.loads(got.read())
                if isinstance(answer, dict):
                    return answer
                problem = "an answer that is no object"
            except urllib.error.HTTPError as error:
                problem = f"status {error.code}"
                if error.code not in _AGAIN:
                    self.account.errors += 1
                    break
                pause = max(pause, _seconds(error.headers.get("Retry-After")))
            except (OSError, http.client.HTTPException, ValueError) as error:
                problem = f"{type(error).__name__}: {error}"
            self.account.errors += 1
        raise EndpointError(f"{told.base_url}: {problem}, after {attempt + 1} requests")

    def _request(self, body: bytes) -> urllib.request.Request:
        headers = {"Content-Type": "application/json"}
        key = os.environ.get(self.settings.key_variable)
        if key:
            headers["Authorization"] = f"Bearer {key}"
        url = f"{self.settings.base_url.rstrip('/')}/chat/completions"
        return urllib.request.Request(url, body, headers, method="POST")

    def _count(self, usage: Any) -> None:
        account, told = self.account, self.settings
        account.requests += 1
        if isinstance(usage, Mapping):
            prompt, completion = (
                int(usage.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")
            )
            account.prompt_tokens += prompt
            account.completion_tokens += completion
            account.usd += prompt * told.usd_per_million_prompt_tokens / 1e6
            account.usd += completion * told.usd_per_million_completion_tokens / 1e6


def append_line(path: Path, content: Mapping[str, Any]) -> None:
    """Add a JSON object to a file of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(content) + "\n")


def _seconds(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0.0))
    except ValueError:  # a date
        return 0.0
