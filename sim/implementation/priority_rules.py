"""Priority rules of the scheduling literature: which ready activity goes first.

Smaller values go first, ties go by the lowest index. Source: Kolisch (1996), "Efficient priority
rules for the resource-constrained project scheduling problem"; Alvarez-Valdes & Tamarit (1989)
for the greatest rank positional weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from ...core.random_streams import RandomStreams, purpose
from .imported import ImportedNetwork

_RANDOM_PRIORITY = purpose("scheduling/random priority of an activity")


class PriorityRule(StrEnum):
    """Rules by their names in the literature."""

    LFT = "LFT"
    """Latest finish time."""
    LST = "LST"
    """Latest start time."""
    MTS = "MTS"
    """Most total successors."""
    GRPW = "GRPW"
    """Greatest rank positional weight: own duration and those of the immediate successors."""
    RANDOM = "random"
    """By lot."""


def priorities(rule: PriorityRule, network: ImportedNetwork, *, seed: int = 0) -> list[float]:
    """Priority of each activity under a rule; smaller goes first.

    Args:
        rule: which.
        network: without circles.
        seed: of the lots; the network's name enters too, so that projects of equal size differ.
    """
    if rule is PriorityRule.RANDOM:
        streams = RandomStreams(seed)
        key = _RANDOM_PRIORITY + purpose(network.name.replace("\\", "/").rsplit("/", 1)[-1])
        return [streams.uniform(key, index) for index in range(len(network.durations))]
    return _RULES[rule](network)


def _latest_finish(network: ImportedNetwork) -> list[float]:
    return [package.latest_finish_hour for package in network.packages()]


def _latest_start(network: ImportedNetwork) -> list[float]:
    return [package.latest_finish_hour - package.planned_hours for package in network.packages()]


def _most_total_successors(network: ImportedNetwork) -> list[float]:
    return [-float(bits.bit_count()) for bits in _all_successors(network)]


def _rank_positional_weight(network: ImportedNetwork) -> list[float]:
    durations = network.durations
    return [
        -(duration + sum(durations[successor] for successor in network.successors[index]))
        for index, duration in enumerate(durations)
    ]


def _all_successors(network: ImportedNetwork) -> list[int]:
    """Direct and indirect successors of each activity, as the bits of a whole number."""
    after = [0] * len(network.durations)
    for index in reversed(_order(network)):
        for successor in network.successors[index]:
            after[index] |= after[successor] | 1 << successor
    return after


def _order(network: ImportedNetwork) -> list[int]:
    """Activities, predecessors first."""
    waiting = [0] * len(network.durations)
    for successors in network.successors:
        for successor in successors:
            waiting[successor] += 1
    order = [index for index, count in enumerate(waiting) if not count]
    for index in order:  # grows while it is gone through
        for successor in network.successors[index]:
            waiting[successor] -= 1
            if not waiting[successor]:
                order.append(successor)
    return order


_RULES: Mapping[PriorityRule, Callable[[ImportedNetwork], list[float]]] = {
    PriorityRule.LFT: _latest_finish,
    PriorityRule.LST: _latest_start,
    PriorityRule.MTS: _most_total_successors,
    PriorityRule.GRPW: _rank_positional_weight,
}
