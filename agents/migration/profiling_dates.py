"""Formats of the dates in a column, and whether the day or the month comes first, as a probability.

``03/04/2026`` proves nothing. What tells: days after the twelfth; business dates, which hardly ever
fall on weekends under the right reading; the other columns of the same file. Evidence is added up
as log likelihoods (all rates are estimates, below); where it does not suffice the answer is
"ambiguous", since a wrong order that can be read is an error nobody sees.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

SURE = 0.95
"""An order is said where it is at least so probable."""
_ERROR = 0.02
"""Cells in another order than their column's."""
_LATE_DAYS = 19 / 31
_WEEKEND = 2 / 7
_BUSINESS_WEEKEND = 0.03
"""Business dates on a weekend."""
_IS_BUSINESS = 0.6
"""Columns of dates that are business dates."""
_SAME_IN_A_FILE = 0.97
"""Columns of a file that have the order of another one that is written alike."""
_MOST_COUNTED = 400
"""Cells of one kind of evidence; more are not independent of one another."""

_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T]\d{1,2}:\d\d.*)?")
_ISO = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d\d.*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NAMED = re.compile(
    r"\d{1,2}(?:\.|st|nd|rd|th)?[ \-]*[^\W\d]{3,9}\.?[ ,\-]*\d{2,4}|[^\W\d]{3,9}\.? \d{1,2},? \d{4}"
)
IMPOSSIBLE, NAMED = "impossible", "month in letters"


@dataclass(frozen=True, slots=True)
class DateDecision:
    """Formats and order of the dates of a column.

    Attributes:
        formats: cells by format; where the order is open, ``%d`` before ``%m`` stands for both.
        form: the commonest format, in the more probable order; empty if there are no dates.
        probability: of that order; 1 where nothing else could be meant.
        order: ``dmy``, ``mdy`` or ``ymd``; ``ambiguous`` below ``SURE``.
        proofs: cells that can only be read day first, and month first.
        impossible: examples of cells that look like dates and are none.
        log_odds: of day before month, from this column alone.
    """

    formats: dict[str, int]
    form: str
    probability: float
    order: str
    proofs: tuple[int, int]
    impossible: tuple[str, ...]
    log_odds: float = 0.0

    @property
    def count(self) -> int:
        """Cells that are dates in some format."""
        count = 0
        for form, cells in self.formats.items():
            count += 0 if form == IMPOSSIBLE else cells
        return count


def decide(cells: Mapping[str, int], prior_log_odds: float = 0.0) -> DateDecision:
    """Tell the format of a column's dates.

    Args:
        cells: how often each text stands there; what is no date is left out of account.
        prior_log_odds: of day before month, from elsewhere.
    """
    formats: Counter[str] = Counter()
    impossible: list[str] = []
    open_cells: Counter[tuple[int, int]] = Counter()
    day_first = month_first = 0
    for text, count in cells.items():
        body = text.strip()
        parts = _PARTS.fullmatch(body)
        if parts is None:
            form = _other_format(body)
            if form == IMPOSSIBLE:
                impossible.append(text)
            if form:
                formats[form] += count
            continue
        a, b, year = int(parts[1]), int(parts[3]), _year(parts[4])
        by_day, by_month = _day(year, b, a), _day(year, a, b)
        if by_day is None and by_month is None:
            formats[IMPOSSIBLE] += count
            impossible.append(text)
            continue
        formats[f"%d{parts[2]}%m{parts[2]}{'%Y' if len(parts[4]) == 4 else '%y'}"] += count
        if by_month is None:
            day_first += count
        elif by_day is None:
            month_first += count
        elif a != b:
            open_cells[by_day, by_month] += count
    odds = _log_odds(day_first, month_first, open_cells)
    return _decision(formats, (day_first, month_first), tuple(impossible[:5]), odds, prior_log_odds)


def decide_together(columns: Sequence[Mapping[str, int]]) -> tuple[DateDecision, ...]:
    """Tell the formats of columns of one file: what one proves makes the others more probable."""
    alone = [decide(cells) for cells in columns]
    found = []
    for place, (cells, own) in enumerate(zip(columns, alone, strict=True)):
        kind = _kind(own.form)
        others = [
            one.log_odds
            for number, one in enumerate(alone)
            if number != place and _kind(one.form) == kind
        ]
        prior = _through(math.fsum(others), _SAME_IN_A_FILE)
        found.append(decide(cells, prior) if prior else own)
    return tuple(found)


def _kind(form: str) -> str:
    """Formats that differ in the order alone are of one kind."""
    return form.replace("%m", "%d")


def _through(log_odds: float, same: float) -> float:
    """Log odds of what is the same with a probability."""
    p = 1.0 / (1.0 + math.exp(-max(min(log_odds, 500.0), -500.0)))
    mixed = same * p + (1.0 - same) * (1.0 - p)
    return math.log(mixed / (1.0 - mixed))


def _log_odds(day_first: int, month_first: int, open_cells: Mapping[tuple[int, int], int]) -> float:
    """Log odds of day before month: days after the twelfth, then weekends."""
    proof = math.log(_LATE_DAYS / (_ERROR * _LATE_DAYS))
    odds = proof * (min(day_first, _MOST_COUNTED) - min(month_first, _MOST_COUNTED))
    total = weekend_by_day = weekend_by_month = 0
    for (by_day, by_month), count in open_cells.items():
        total += count
        weekend_by_day += count * _on_weekend(by_day)
        weekend_by_month += count * _on_weekend(by_month)
    shrink = min(1.0, _MOST_COUNTED / max(total, 1))
    right_by_day = _business(weekend_by_day * shrink, total * shrink)
    right_by_month = _business(weekend_by_month * shrink, total * shrink)
    return odds + right_by_day - right_by_month


def _business(weekends: float, total: float) -> float:
    """Log likelihood of so many weekends under the right reading, against a reading by chance."""
    rest = total - weekends
    gain = weekends * math.log(_BUSINESS_WEEKEND / _WEEKEND) + rest * math.log(
        (1.0 - _BUSINESS_WEEKEND) / (1.0 - _WEEKEND)
    )
    if gain > 500.0:
        return gain + math.log(_IS_BUSINESS)
    return math.log(_IS_BUSINESS * math.exp(gain) + 1.0 - _IS_BUSINESS)


def _on_weekend(ordinal: int) -> bool:
    return (ordinal + 6) % 7 >= 5


def _decision(
    formats: Counter[str],
    proofs: tuple[int, int],
    impossible: tuple[str, ...],
    odds: float,
    prior: float,
) -> DateDecision:
    usual = max(
        (form for form in formats if form != IMPOSSIBLE),
        key=lambda form: (formats[form], form),
        default="",
    )
    if not usual.startswith("%d"):
        order = "ymd" if usual.startswith("%Y") else "named" if usual else ""
        return DateDecision(dict(formats), usual, 1.0, order, proofs, impossible)
    both = max(min(odds + prior, 500.0), -500.0)
    by_day = 1.0 / (1.0 + math.exp(-both))
    probability = max(by_day, 1.0 - by_day)
    form = usual if by_day >= 0.5 else f"%m{usual[2]}%d{usual[5:]}"
    order = "ambiguous" if probability < SURE else "dmy" if by_day >= 0.5 else "mdy"
    return DateDecision(dict(formats), form, probability, order, proofs, impossible, odds)


def _other_format(text: str) -> str:
    iso = _ISO.fullmatch(text)
    if iso is not None:
        found = _day(int(iso[1]), int(iso[3]), int(iso[4]))
        return IMPOSSIBLE if found is None else f"%Y{iso[2]}%m{iso[2]}%d"
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        found = _day(int(compact[1]), int(compact[2]), int(compact[3]))
        return IMPOSSIBLE if found is None else "%Y%m%d"
    return NAMED if _NAMED.fullmatch(text) and _has_month(text) else ""


_MONTHS = re.compile(
    r"jan|feb|fév|mar|mär|mrz|apr|avr|abr|may|mai|jun|jui|jul|aug|aoû|ago|sep|oct|okt|nov|dec|dez"
    r"|déc|dic|ene",
    re.IGNORECASE,
)


def _has_month(text: str) -> bool:
    return _MONTHS.search(text) is not None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def counted(cells: Iterable[str | None]) -> dict[str, int]:
    """Counts of each text among cells; null is none."""
    return dict(Counter(cell for cell in cells if cell is not None))
