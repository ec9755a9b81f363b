"""Columns that are none of the target's, to learn by: made-up fields of other kinds of table.

The words are common fields of office, web and science tables; none was taken from a table that
mappings are tried on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from golive.sim.migration.headers import PREFIXES, STYLES, SUFFIXES

FIELDS = """
fax; web site; remark; internal note; sales person; territory; colour; width; height; depth;
brand; season; temperature; humidity; latitude; longitude; altitude; score; rating; votes; page
views; clicks; session; user agent; ip address; url; password hash; flag; active; blocked;
language; time zone; title; salutation; department; manager; job title; salary; birth date; hired
on; gender; blood group; team; goals; league; species; genus; habitat; station; flight; gate;
seat; genre; artist; album; duration; pages; isbn; publisher; exam; grade; course; semester;
teacher; patient; diagnosis; dose; ward; surgeon; house number; floor; rooms; rent; mileage;
engine; fuel; licence plate; horsepower; signal; voltage; current; resistance; frequency; comment;
tags; guid; created by; changed by; changed at; checksum; row number; batch run; source file;
priority; severity; ticket; assignee; attachments; subject; body; sender; recipient; thread;
channel; probability; label; cluster; feature 1; feature 2; x; y; z; mean; variance; sample;
method; laboratory; crop; soil; yield per acre; rainfall; population; area; density; capital city;
continent; religion; party; candidate; district; turnout; crime; victim; officer; court; verdict;
loan; interest; collateral; premium; claim; insured; beneficiary; policy holder; branch; teller;
card; merchant; terminal; loyalty; coupon; campaign; newsletter; consent; referrer; browser;
device; screen; locale; followers; likes; shares
"""
WORDS = tuple(" ".join(one.split()) for one in FIELDS.replace("\n", " ").split(";"))
_SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "so", "ti", "ve", "zu", "an", "er", "is", "or")
Random = np.random.Generator
ROWS = 300


def foreign_header(random: Random) -> str:
    """A header of a field that the target does not have."""
    words = WORDS[int(random.integers(len(WORDS)))].split()
    style = list(STYLES.values())[int(random.integers(len(STYLES)))]
    text, u = style(words), random.random()
    if u < 0.15:
        return SUFFIXES[int(random.integers(len(SUFFIXES)))].join((text, ""))
    if u < 0.25:
        prefix = PREFIXES[int(random.integers(len(PREFIXES)))]
        return prefix.format(t="data", T="Data", L="D") + text
    if u < 0.35:
        return "".join(word[:3] for word in words).upper()
    return text


def foreign_table(random: Random) -> tuple[pl.Series, ...]:
    """A table of such columns, some with the same values as others."""
    count = int(random.integers(4, 14))
    found = []
    for place in range(count):
        make = _MAKERS[int(random.integers(len(_MAKERS)))]
        cells: Sequence[str | None] = make(random)
        gaps = random.random() * 0.4 if random.random() < 0.3 else 0.0
        cells = [None if random.random() < gaps else cell for cell in cells]
        found.append(pl.Series(f"{place}", cells, dtype=pl.String))
    return tuple(found)


def _whole(random: Random) -> list[str]:
    high = int(10 ** random.uniform(0.3, 6.5))
    draws = (
        random.integers(0, high, ROWS)
        if random.random() < 0.5
        else random.poisson(min(high, 200), ROWS)
    )
    return [str(one) for one in draws.tolist()]


def _counted(random: Random) -> list[str]:
    first = int(random.integers(0, 10_000))
    return [str(first + number) for number in range(ROWS)]


def _decimal(random: Random) -> list[str]:
    digits = int(random.integers(1, 7))
    draws = random.normal(random.uniform(-50, 500), random.uniform(0.1, 200), ROWS)
    return [f"{one:.{digits}f}" for one in draws.tolist()]


def _share(random: Random) -> list[str]:
    return [f"{one:.4g}" for one in random.random(ROWS).tolist()]


def _flag(random: Random) -> list[str]:
    pairs = (("Y", "N"), ("true", "false"), ("0", "1"), ("X", " "), ("yes", "no"), ("M", "F"))
    pair = pairs[int(random.integers(len(pairs)))]
    return [pair[one] for one in random.integers(0, 2, ROWS).tolist()]


def _word(random: Random) -> str:
    size = int(random.integers(2, 5))
    made = "".join(_SYLLABLES[n] for n in random.integers(0, len(_SYLLABLES), size).tolist())
    return made.capitalize() if random.random() < 0.6 else made


def _choice(random: Random) -> list[str]:
    words = [_word(random) for _ in range(int(random.integers(2, 45)))]
    if random.random() < 0.3:
        words = [f"{word}-{_word(random)}" for word in words]
    shares = random.dirichlet(np.full(len(words), 0.6))
    return [words[n] for n in random.choice(len(words), ROWS, p=shares).tolist()]


def _text(random: Random) -> list[str]:
    size = int(random.integers(1, 25))
    return [" ".join(_word(random) for _ in range(size)) for _ in range(ROWS)]


def _hexadecimal(random: Random) -> list[str]:
    return [random.bytes(8).hex() for _ in range(ROWS)]


def _moment(random: Random) -> list[str]:
    first, span = int(random.integers(-20_000, 19_000)), int(random.integers(10, 9_000))
    days = first + random.integers(0, span, ROWS)
    with_time = random.random() < 0.5
    found = []
    for day, minute in zip(days.tolist(), random.integers(0, 1_440, ROWS).tolist(), strict=True):
        date = np.datetime64(day, "D")
        found.append(f"{date} {minute // 60:02d}:{minute % 60:02d}" if with_time else str(date))
    return found


def _code(random: Random) -> list[str]:
    letters = "".join(chr(65 + n) for n in random.integers(0, 26, 2).tolist())
    most = int(10 ** random.uniform(1, 6))
    return [f"{letters}{one}" for one in random.integers(0, most, ROWS).tolist()]


def _link(random: Random) -> list[str]:
    return [f"https://{_word(random).lower()}.org/{_word(random)}" for _ in range(ROWS)]


_MAKERS: tuple[Callable[[Random], list[str]], ...] = (
    _whole,
    _whole,
    _counted,
    _decimal,
    _share,
    _flag,
    _choice,
    _choice,
    _text,
    _hexadecimal,
    _moment,
    _code,
    _link,
)
