"""Checks of a world's words: they say every decision, stay short, and tell nothing latent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from .briefing_text import token_bound
from .protocol import AnyWorld
from .tool_table import Refusal
from .words import ALL, ORDERS, Plan, Words
from .world_kind import WorldKind


def problem_of_words(
    kind: WorldKind, world: AnyWorld, decisions: Sequence[Any], other_future: int
) -> str:
    """The first promise that a world's words do not keep at a decision point; empty: none.

    Args:
        kind: of the world.
        world: at the decision point; it is not advanced.
        decisions: legal there, to be said by calls, one after the other.
        other_future: a seed to draw another future by.
    """
    return (
        problem_of_calls(kind, world, decisions)
        or problem_of_sizes(kind, world)
        or problem_of_knowledge(kind, world, other_future)
    )


def problem_of_calls(kind: WorldKind, world: AnyWorld, decisions: Sequence[Any]) -> str:
    """The first decision that a world's calls do not say; empty: they say all of them."""
    words, plan = kind.speech, kind.speech.neutral_plan
    legal = world.legal()
    for decision in (*decisions, kind.neutral()):
        for call in words.calls(plan, decision):
            tool = next(tool for tool in words.tools if tool.name == call.tool)
            read = tool.read(call.arguments)
            if isinstance(read, Refusal):
                return f"call {call}: is not read as its tool has it: {read.reason}"
            changed = words.order(call, plan, legal)
            if isinstance(changed, Refusal):
                return f"call {call}: refused though the decision is legal: {changed.reason}"
            plan = changed
        if plan != words.plan_of(decision):
            return f"{decision}: its calls say {words.decision(plan)}"
    return ""


def problem_of_sizes(kind: WorldKind, world: AnyWorld) -> str:
    """The first text that is too long or missing; empty: none is."""
    words, plan = kind.speech, kind.speech.neutral_plan
    for topic, text in texts_of(words, world, plan):
        if token_bound(text) > words.most_tokens:
            return f"topic {topic!r}: {token_bound(text)} tokens: expected {words.most_tokens}"
    briefing, legal = world.briefing(), world.legal()
    later = words.changes(briefing, legal, briefing, legal, plan)
    return "" if later else "changes: expected a text where nothing has changed, too"


def problem_of_knowledge(kind: WorldKind, world: AnyWorld, other_future: int) -> str:
    """The first text that tells of what is latent or to come; empty: none does."""
    words, plan = kind.speech, kind.speech.neutral_plan
    twin = kind.restore(world.snapshot(), seed=other_future)
    others = texts_of(words, twin, plan)
    for (topic, text), (_, other) in zip(texts_of(words, world, plan), others, strict=True):
        told = set(kind.latent) & set(re.findall(r"\w+", text))
        if told:
            return f"topic {topic!r} tells of {', '.join(sorted(told))}, which is latent"
        if text != other:
            return f"topic {topic!r} depends on luck that is still to come"
    return ""


def texts_of(words: Words, world: AnyWorld, plan: Plan) -> Iterator[tuple[str, str]]:
    """All that can be read at a decision point, by topic."""
    briefing, legal = world.briefing(), world.legal()
    for topic in (ALL, ORDERS, *words.topics):
        yield topic, words.look(topic, world.scenario, briefing, legal, plan)
    yield "the introduction", words.introduction(world.scenario)
