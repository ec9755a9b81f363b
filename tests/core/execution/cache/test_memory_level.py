"""Memory holds what was used last, within its limit."""

from __future__ import annotations

from collections import OrderedDict

from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.execution.cache.memory_level import MemoryLevel

LIMIT = 20
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.binary(max_size=12)))


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_it_is_a_mapping_that_forgets_the_least_recently_used(steps):
    memory, model = MemoryLevel(LIMIT), OrderedDict()
    for key, value in steps:
        if value is None:
            assert memory.get(key) == model.get(key)
            if key in model:
                model.move_to_end(key)
            continue
        memory.put(key, value)
        model.pop(key, None)
        model[key] = value
        while sum(map(len, model.values())) > LIMIT:
            model.popitem(last=False)
    assert len(memory) == len(model)
    assert memory.size_bytes == sum(map(len, model.values())) <= LIMIT


def test_a_value_beyond_the_limit_is_not_kept():
    memory = MemoryLevel(3)
    memory.put("a", b"1")
    memory.put("b", b"1234")
    assert memory.get("b") is None
    assert memory.size_bytes == 0


def test_discarded_values_are_gone():
    memory = MemoryLevel(100)
    memory.put("a", b"1")
    memory.put("b", b"2")
    memory.discard("a")
    assert (memory.get("a"), memory.get("b")) == (None, b"2")
    assert memory.size_bytes == 1
