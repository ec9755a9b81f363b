"""Rows are read back to the bit, and damage is noticed."""

from __future__ import annotations

import math
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.execution.cache.entries import Entry, decode, encode

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


def same(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float) and not math.isnan(one):
        return struct.pack("d", one) == struct.pack("d", other)
    return type(one) is type(other) and (one == other or math.isnan(one))


@settings(max_examples=40, deadline=None)
@given(st.text(), st.dictionaries(st.text(), VALUES))
def test_a_row_is_read_back_to_the_bit(key, row):
    entry = decode(key, encode(key, Entry(row, 12.5)))
    assert entry is not None
    assert entry.created_seconds == 12.5
    assert list(entry.row) == list(row)
    assert all(same(entry.row[name], row[name]) for name in row)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_changed_byte_is_noticed(data):
    whole = encode("key", Entry({"seed": 3, "score": 0.25}, 12.5))
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    assert decode("key", whole[:place] + bytes([other]) + whole[place + 1 :]) is None


@settings(max_examples=40, deadline=None)
@given(st.binary())
def test_bytes_from_elsewhere_are_no_entry(data):
    assert decode("key", data) is None


def test_a_truncated_entry_and_another_keys_entry_are_none():
    whole = encode("key", Entry({"seed": 3}, 12.5))
    assert all(decode("key", whole[:length]) is None for length in range(len(whole)))
    assert decode("other", whole) is None
