"""Priority rules of the scheduling literature: which ready activity goes first.

Smaller values go first, ties go by the lowest index. Source: Kolisch (1996), "Efficient priority
rules for the resource-constrained project scheduling problem"; Alvarez-Valdes & Tamarit (1989)
for the greatest rank positional weight.
"""

from __future__ import annotations

from enum import StrEnum
from graphlib import TopologicalSorter

from ...core.arithmetic import plain_sum
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
    if rule is PriorityRule.MTS:
        return _most_total_successors(network)
    durations = network.durations
    if rule is PriorityRule.GRPW:
        pairs = zip(durations, network.successors, strict=True)
        return [-(own + plain_sum(durations[index] for index in after)) for own, after in pairs]
    latest = [package.latest_finish_hour for package in network.packages()]
    if rule is PriorityRule.LFT:
        return latest
    return [finish - duration for finish, duration in zip(latest, durations, strict=True)]


def _most_total_successors(network: ImportedNetwork) -> list[float]:
    """Direct and indirect successors, counted as the bits of a whole number per activity."""
    after = [0] * len(network.durations)
    for index in TopologicalSorter(dict(enumerate(network.successors))).static_order():
        for successor in network.successors[index]:  # the order has successors first
            after[index] |= after[successor] | 1 << successor
    return [-float(bits.bit_count()) for bits in after]
