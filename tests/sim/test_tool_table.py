"""The tool table: schemas, typed functions, and calls as models and people write them."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.sim.tool_calls import command_of, json_of, read_calls
from golive.sim.tool_table import Argument, Refusal, Tool, ToolCall, ToolKind
from golive.sim.worlds import world_kind

TOOLS = world_kind("implementation").speech.tools
PAINT = Tool(
    "paint",
    "Paint a thing.",
    ToolKind.ORDER,
    (
        Argument("coats", "How often.", least=1, most=3, default=1),
        Argument("colour", "Which one.", ("dark_red", "blue"), required=True),
    ),
)


def test_every_tool_has_a_valid_schema_that_agrees_with_what_is_read() -> None:
    for tool in (*TOOLS, PAINT):
        schema = tool.parameters
        jsonschema.Draft202012Validator.check_schema(schema)
        first = {a.name: a.choices[0] if a.choices else a.least for a in tool.arguments}
        for arguments in (first, {}, {**first, "more": 1}, dict.fromkeys(first, "no such thing")):
            valid = jsonschema.Draft202012Validator(schema).is_valid(arguments)
            says_nothing = tool.kind is ToolKind.ORDER and not arguments
            assert isinstance(tool.read(arguments), dict) == (valid and not says_nothing)


def test_a_tool_is_a_typed_function_with_a_docstring() -> None:
    heard: list[ToolCall] = []

    def carry_out(call: ToolCall) -> str:
        heard.append(call)
        return "done"

    paint = PAINT.function(carry_out)
    assert paint.__name__ == "paint"
    assert "Args:\n    coats: How often.\n    colour: Which one." in (paint.__doc__ or "")
    assert list(inspect.signature(paint).parameters) == ["colour", "coats"]
    hints = get_type_hints(paint)
    assert hints["return"] is str
    assert set(hints["colour"].__args__) == {"dark_red", "blue"}
    assert paint("blue", 2) == paint(colour="blue", coats=2) == "done"
    paint("blue", 2, "and", more=4)  # whoever carries calls out answers that, nothing is raised
    assert [dict(call.arguments) for call in heard[:2]] == [
        {"coats": "blue", "colour": 2},
        {"colour": "blue", "coats": 2},
    ]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"colour": "Dark Red"}, {"coats": 1, "colour": "dark_red"}),
        ({"colour": "dark-red", "coats": "3"}, {"coats": 3, "colour": "dark_red"}),
        ({"colour": "blue", "coats": 2.0}, {"coats": 2, "colour": "blue"}),
        ({"colour": "blue", "coats": None}, {"coats": 1, "colour": "blue"}),
    ],
)
def test_what_is_meant_is_read(given: Any, read: Any) -> None:
    assert PAINT.read(given) == read


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "paint: colour: missing"),
        ({"colour": "green"}, "colour: 'green': expected one of dark_red, blue"),
        ({"colour": 3}, "colour: 3: expected one of dark_red, blue"),
        ({"colour": "blue", "coats": 4}, "coats: 4: expected a whole number from 1 to 3"),
        ({"colour": "blue", "coats": True}, "coats: True: expected a whole number"),
        ({"colour": "blue", "coats": 1.5}, "coats: 1.5: expected a whole number"),
        ({"color": "blue"}, "'color': no such argument (did you mean colour?)"),
        ([], "[]: no arguments by name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(given: Any, reason: str) -> None:
    refusal = PAINT.read(given)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert "colour" in refusal.legal


RED = ToolCall("paint", {"coats": 1, "colour": "dark_red"})
TWICE = ToolCall("paint", {"coats": 2, "colour": "blue"})


@pytest.mark.parametrize(
    "text",
    [
        '{"tool": "paint", "arguments": {"colour": "dark_red"}}',
        'I shall paint.\n{"name": "paint", "arguments": "{\\"colour\\": \\"dark_red\\"}"} Good?',
        '[{"function": {"name": "paint", "arguments": {"colour": "dark_red"}}}]',
        '<tool_call>\n{"name": "paint", "arguments": {"colour": "dark_red"}}\n</tool_call>',
        'So:\n```json\n{"tool": "paint", "parameters": {"colour": "dark_red"}}\n```\n{ignored',
        "paint colour=dark_red",
        "paint 1 'dark red'",
    ],
)
def test_a_call_is_read_in_every_form(text: str) -> None:
    assert read_calls(text, [PAINT]) == [RED]


@pytest.mark.parametrize("written", [json_of, command_of])
def test_written_calls_are_read_back(written: Any) -> None:
    assert read_calls(f"{written(RED)}\n{written(TWICE)}", [PAINT]) == [RED, TWICE]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an empty message"),
        ("pain 1 blue", "'pain': no such tool (did you mean paint?)"),
        ("paint 1 blue 3", "'3': one value too many"),
        ("paint 'blue", "no closing quotation"),
        ('{"tool": "paint", "arguments": {"colour": ', "not JSON"),
        ('{"tool": "paint", "arguments": "{"}', "arguments: '{': not JSON"),
        ("[1]", "1: expected an object with tool and arguments"),
        ("[" * 100_000, "not JSON"),
        ("{}", "None: no such tool"),
    ],
)
def test_what_is_no_call_is_answered(text: str, reason: str) -> None:
    [refusal] = read_calls(text, [PAINT])
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert refusal.legal


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["tool", "name", "function", "arguments", "look", "topic"]),
                    inner,
                )
            ),
            max_leaves=8,
        ).map(str),
        st.sampled_from(["look", "assign", "advance", "set_pace"]).flatmap(
            lambda name: st.text(max_size=30).map(lambda rest: f"{name} {rest}")
        ),
    )
)
def test_nothing_that_is_written_raises(text: str) -> None:
    for call in read_calls(text, TOOLS):
        assert isinstance(call, ToolCall | Refusal)
