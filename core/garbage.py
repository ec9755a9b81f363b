"""Python's garbage collector, set for worlds: many objects that live long, and none in circles.

By default Python looks at all that lives whenever a quarter as many objects have come since. With
1,000 worlds that is a third of the time, and it finds nothing: a world that nobody holds goes by
itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (50_000, 20, 50)


def collect_rarely() -> None:
    """Have this process collect garbage rarely from now on, if it does not do so already."""
    now = gc.get_threshold()
    if now[0] > 0:  # else it never does
        gc.set_threshold(*map(max, _THRESHOLDS, now))


@contextmanager
def settled_collector() -> Iterator[None]:
    """Have the collector leave alone what lives now, and look at the rest rarely, as workers do."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
