"""Tells the code page of the bytes of a file, and how sure that is.

UTF-8 proves itself: text in another code page with accents is hardly ever valid UTF-8. Between code
pages of one byte a letter decides how it stands: accents stand between letters, signs and boxes
do not.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import GoliveError

CODE_PAGES = ("cp1252", "cp850", "mac_roman", "cp1250", "cp437")
"""Of one byte, in the order in which they are believed where letters fit alike."""
_COMMON = frozenset("\u00a0äöüßÄÖÜéèêàçñáíóúåøæÅØâîôûëïœ°€£§²³½µ®™\u2013\u2019“”")
_BYTES_LOOKED_AT = 1 << 20
_LESS_BELIEVED = 0.03
"""Score that each code page is behind the one before it, since files in it are rarer (estimate)."""
_FALLBACK = "golive-code-page"
_MOST_LINES_TOLD = 1_000
"""Numbers of lines that are kept; all are counted."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Code page by which the bytes of a file become text.

    Attributes:
        confidence: that this is the code page, in [0, 1].
        mixed: numbers of lines, from 1, that are in ``fallback`` instead; the first of them.
        mixed_count: how many there are.
    """

    code_page: str
    confidence: float
    mixed: tuple[int, ...] = ()
    mixed_count: int = 0
    fallback: str = ""

    def lines(self, data: bytes) -> Iterator[str]:
        """The lines of a file with their ends, a piece of it at a time."""
        errors = f"{_FALLBACK}-{self.fallback}" if self.fallback else "replace"
        if self.fallback:
            codecs.register_error(errors, _reader_of(self.fallback))
        return iter(io.TextIOWrapper(io.BytesIO(data), self.code_page, errors, newline=""))


def _reader_of(code_page: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def read(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        broken = error.object[error.start : error.end]
        return broken.decode(code_page, "replace"), error.end

    return read


def decoding_of(path: Path, data: bytes) -> Decoding:
    """Tell the code page of a file.

    Args:
        path: for messages.
        data: the whole file.

    Raises:
        GoliveError: it is not text.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark) and (name != "utf-8-sig" or _is_utf8(data)):
            return Decoding(_checked(path, data, name), 1.0)
    if b"\0" in data:
        return Decoding(_wide(path, data), 0.95)
    if _is_utf8(data):
        return Decoding("utf-8", 0.99)
    return _of_one_byte(data)


def _checked(path: Path, data: bytes, name: str) -> str:
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        raise GoliveError(f"{path}: damaged: byte {error.start:,} is not {name}") from None
    return name


def _wide(path: Path, data: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    head = data[: 1 << 16]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.5 * half and others < 0.05 * half:
            return _checked(path, data, name)
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    raise GoliveError(f"{path}: line {line}: a byte 0: this is no text, or a damaged file")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _of_one_byte(data: bytes) -> Decoding:
    """A code page of one byte, or UTF-8 into which lines of one have come."""
    wrong: list[int] = []
    valid = count = 0
    broken = bytearray()
    for number, line in enumerate(io.BytesIO(data), start=1):
        if line.isascii():
            continue
        if _is_utf8(line):
            valid += 1
            continue
        count += 1
        if len(wrong) < _MOST_LINES_TOLD:
            wrong.append(number)
        if len(broken) < _BYTES_LOOKED_AT:
            broken += line
    page, confidence = _best_page(bytes(broken))
    # What was UTF-8 and came into a file of a code page is mojibake, cell by cell; the other way
    # round no reader of UTF-8 gets through.
    if valid > count:
        return Decoding("utf-8", valid / (valid + count), tuple(wrong), count, page)
    return Decoding(page, confidence)


def _best_page(data: bytes) -> tuple[str, float]:
    scores = {
        page: _score(data, page) - _LESS_BELIEVED * place for place, page in enumerate(CODE_PAGES)
    }
    best = max(CODE_PAGES, key=lambda page: scores[page])
    text = data.decode(best, "replace")
    # A code page that reads the same text is no other answer.
    second = max(scores[page] for page in CODE_PAGES if data.decode(page, "replace") != text)
    return best, round(0.5 + 0.5 * min(max(scores[best] - second, 0.0), 1.0), 2)


def _score(data: bytes, page: str) -> float:
    """Mean of what stands for each sign beyond ASCII being what people write, in [-1, 1]."""
    text = data.decode(page, "replace")
    score, count = 0.0, 0
    for index, sign in enumerate(text):
        if sign.isascii():
            continue
        count += 1
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        by_letters = before.isalpha() or after.isalpha()
        if sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Co", "Cn"):
            score -= 1.0
        elif sign in "Øø" and not by_letters:
            score += 0.8  # of a diameter
        elif sign.isalpha() and sign > "\u024f" and sign not in _COMMON:
            score -= 0.5  # not Latin; such texts come as UTF-8
        elif sign.isalpha():
            fits = by_letters and not (
                (before.islower() and sign.isupper())
                or (sign.islower() and _is_shouted(text, index))
            )
            score += (1.0 if sign in _COMMON else 0.4) if fits else -0.3
        else:
            score += (-0.8 if before.isalpha() and after.isalpha() else 0.2) + (
                0.2 if sign in _COMMON else -0.2
            )
    return score / max(count, 1)


def _is_shouted(text: str, index: int) -> bool:
    """True if capitals stand on both sides of a sign, or two before it."""
    before, after = text[max(index - 2, 0) : index], text[index + 1 : index + 2]
    return before[-1:].isupper() and (after.isupper() or (before.isupper() and len(before) > 1))
