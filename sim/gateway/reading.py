"""Reading a task's text: which families its words speak of. Nothing latent is asked."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.gateway.texts import task_texts
from ...scenarios.gateway.vocabulary import FAMILIES, Wordings

_WORD = re.compile(r"[a-z]{3,}")
_COUNT = len(FAMILIES)


@cache
def _lexicon() -> dict[str, tuple[float, ...]]:
    """What a word says of each family: its share of the usual titles and things that have it."""
    counts: dict[str, list[int]] = {}
    texts = task_texts()
    everywhere = " ".join((*texts.unclear, *texts.details)).lower()
    stop_words = set(_WORD.findall(everywhere))
    for place, family in enumerate(FAMILIES):
        own = texts.families[family]
        for phrase in (*own.titles(Wordings.USUAL), *own.things):
            for word in sorted(set(_WORD.findall(phrase.replace("{thing}", "").lower()))):
                counts.setdefault(word, [0] * _COUNT)[place] += 1
    lexicon = {}
    for word, found in counts.items():
        total = whole_sum(found)
        shares = tuple(count / total for count in found)
        # Words of three families or more, and those that any task has, say nothing.
        if max(shares) > 0.34 and word not in stop_words:
            lexicon[word] = shares
    return lexicon


@lru_cache(maxsize=65_536)
def families_in(text: str) -> tuple[float, ...]:
    """Share of a text that speaks of each family; they add up to 1, or all are 0."""
    lexicon = _lexicon()
    totals = [0.0] * _COUNT
    for word in _WORD.findall(text.lower()):
        shares = lexicon.get(word)
        if shares is not None:
            for family, share in enumerate(shares):
                totals[family] += share
    whole = plain_sum(totals)
    if whole == 0.0:
        return tuple(totals)
    return tuple(total / whole for total in totals)


def main_family(text: str, otherwise: int) -> int:
    """The family that a text speaks of most; ``otherwise`` if its words are unknown."""
    shares = families_in(text)
    best = max(shares)
    return shares.index(best) if best > 0.0 else otherwise
