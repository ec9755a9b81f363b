"""Policies that speak: a language model decides by calling a world's tools."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..core.errors import GoliveError
from ..core.problems import validated
from ..core.yaml_reader import read_document
from ..sim.tool_calls import read_calls
from ..sim.tool_table import Refusal, ToolCall
from ..sim.words import ADVANCE, TIMES, Plan, Words
from ..sim.world_kind import WorldKind
from .chat_endpoint import ChatEndpoint, LanguageModel, append_line

_FORM = re.compile(r"llm:(?P<model>[^@]+)@(?P<url>https?://\S+)")
_SILENT = f"No tool was called. Call tools; {ADVANCE} carries your orders out."


class LanguageModelPolicy:
    """Lets a language model decide, by tool calls.

    At every decision point it is sent the rules, the briefing in words and the tools, and its calls
    are answered until it advances, or has made ``most_calls``; then the orders as they stand are
    the decision. What it does wrong is answered to it and counted; an endpoint that does not
    answer raises ``EndpointError``, since then nobody has decided.

    Args:
        kind: of the world.
        settings: the model, and how it is asked.
        name: in tables and reports.

    Attributes:
        endpoint: where the model is, with the account of tokens and money.
        decisions: that were taken.
        refused: calls that could not be carried out.
        silent: replies without any call.
    """

    def __init__(self, kind: WorldKind, settings: LanguageModel, name: str) -> None:
        self.name = name
        self.endpoint = ChatEndpoint(settings)
        self.decisions = self.refused = self.silent = 0
        self.speak(kind.speech, kind.moment)
        self._scenario: Any = None
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Forget the last episode; the model's sampling is seeded by this."""
        self._seed = seed
        self._plan: Plan | None = None
        self._holds = 0
        self._past: list[list[dict[str, Any]]] = []
        self._seen: tuple[Any, Any] | None = None

    def speak(self, words: Words, moment: Callable[[Any], int]) -> None:
        """Speak this language from now on; a transcript has the moment of each briefing."""
        self._words, self._moment = words, moment
        self._tools = [tool.for_openai() for tool in words.tools]

    def meet(self, scenario: Any) -> None:
        """Read what is published of the scenario: its title and its prices."""
        self._scenario = scenario

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The decision for the time until the next decision point.

        Raises:
            EndpointError: the endpoint did not answer.
            GoliveError: the scenario was not told (``golive.sim.episodes.begin_episode`` does).
        """
        if self._scenario is None:
            raise GoliveError(
                f"policy: {self.name}: expected the scenario (meet) before a briefing"
            )
        words = self._words
        first = self._plan is None
        plan = words.neutral_plan if self._plan is None else words.standing(self._plan, legal)[0]
        if self._holds:
            self._holds -= 1
        else:
            plan = self._asked(briefing, legal, plan, first=first)
        self.decisions += 1
        self._plan = plan
        return words.decision(plan)

    def _asked(self, briefing: Any, legal: Any, plan: Plan, *, first: bool) -> Plan:
        """The orders after the model has made its calls."""
        settings = self.endpoint.settings
        kept = self._past[-settings.memory :] if settings.memory else []
        text = self._words.brief(briefing, legal, plan)
        if kept and self._seen is not None and not first:
            text = self._words.changes(*self._seen, briefing, legal, plan)
        system = {"role": "system", "content": self._words.introduction(self._scenario)}
        messages: list[dict[str, Any]] = [{"role": "user", "content": text}]
        calls = 0
        while calls < settings.most_calls:
            before = [message for point in kept for message in point]
            reply = self.endpoint.reply([system, *before, *messages], self._tools, self._seed)
            messages.append({"role": "assistant", **_plain(reply)})
            read = self._read(reply)
            advanced = False
            for identity, call in read:
                calls += 1
                plan, told, advanced = self._answered(call, briefing, legal, plan)
                messages.append(_answer(identity, told))
                if advanced:
                    break
            if advanced:
                break
            if not read:
                calls += 1
                self.silent += 1
                messages.append({"role": "user", "content": _SILENT})
        self._past.append(messages)
        self._seen = (briefing, legal)
        self._keep(briefing, messages)
        return plan

    def _read(self, reply: dict[str, Any]) -> list[tuple[str, ToolCall | Refusal]]:
        """The calls of a reply: those of the interface, else those that are written in it."""
        tools = self._words.tools
        calls = reply.get("tool_calls")
        if isinstance(calls, list) and calls:
            read = []
            for one in calls:
                function = one.get("function") if isinstance(one, dict) else None
                [call] = read_calls(_json(function), tools)[:1]
                read.append((str(one.get("id", "")) if isinstance(one, dict) else "", call))
            return read
        content = reply.get("content")
        if not isinstance(content, str) or "{" not in content:
            return []
        return [("", call) for call in read_calls(content, tools)]

    def _answered(
        self, call: ToolCall | Refusal, briefing: Any, legal: Any, plan: Plan
    ) -> tuple[Plan, str, bool]:
        """Orders, answer, and whether the call carries them out."""
        told: str | Refusal
        if isinstance(call, Refusal):
            told = call
        elif call.tool == ADVANCE:
            self._holds = int(call.arguments[TIMES]) - 1
            return plan, "Done.", True
        else:
            plan, told = self._words.answer(call, self._scenario, briefing, legal, plan)
        self.refused += isinstance(told, Refusal)
        return plan, str(told), False

    def _keep(self, briefing: Any, messages: list[dict[str, Any]]) -> None:
        """Add a decision point to the episode's transcript; it holds no key."""
        settings = self.endpoint.settings
        if settings.transcripts is None:
            return
        content = {
            "policy": self.name,
            "model": settings.model,
            "temperature": settings.temperature,
            "sampling_seed": (settings.seed + self._seed) % 2**31,
            "seed": self._seed,
            "moment": self._moment(briefing),
            "messages": messages,
            "account": asdict(self.endpoint.account),
            "refused": self.refused,
        }
        append_line(Path(settings.transcripts) / f"{self._seed}.jsonl", content)


def language_model(spec: str, kind: WorldKind) -> LanguageModelPolicy:
    """The policy that a spec names: ``llm:MODEL@URL``, or ``llm:FILE`` with a model's record.

    Raises:
        GoliveError: it is neither, or the file is not valid.
    """
    return LanguageModelPolicy(kind, model_of(spec), spec)


def model_of(spec: str) -> LanguageModel:
    """The model that a spec names: ``llm:MODEL@URL``, or ``llm:FILE`` with a model's record.

    Raises:
        GoliveError: it is neither, or the file is not valid.
    """
    _, _, rest = spec.partition(":")
    if Path(rest).is_file():
        return validated(LanguageModel, read_document(Path(rest)))
    form = _FORM.fullmatch(spec)
    if form is None:
        raise GoliveError(f"policy: {spec!r}: expected llm:MODEL@URL, or llm:FILE, a YAML file")
    return LanguageModel(model=form["model"], base_url=form["url"])


def _plain(reply: dict[str, Any]) -> dict[str, Any]:
    """The parts of a reply that belong to a conversation."""
    return {key: reply[key] for key in ("content", "tool_calls") if reply.get(key) is not None}


def _answer(identity: str, text: str) -> dict[str, Any]:
    """The message that answers a call: as a tool's if the call has an identity."""
    if identity:
        return {"role": "tool", "tool_call_id": identity, "content": text}
    return {"role": "user", "content": text}


def _json(function: object) -> str:
    return json.dumps(function if isinstance(function, dict) else {"name": function})
