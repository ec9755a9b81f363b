"""Archives of strangers: refused by what they say of themselves, before memory is taken for it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from golive.core.archive import Archive, read_archive, write_archive
from golive.core.errors import GoliveError

KIND = "test archive"


def forged(path: Path, header: bytes, entries: int) -> Path:
    """An archive whose only array has this header and so many zeros after it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive.json", f'{{"kind": "{KIND}", "version": 1}}')
        with archive.open("a.npy", "w", force_zip64=True) as member:
            member.write(header)
            member.write(bytes(entries))
    return path


def header(shape: tuple[int, ...], dtype: str = "<f4") -> bytes:
    stream = io.BytesIO()
    described = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, described)  # type: ignore[no-untyped-call]
    return stream.getvalue()


@pytest.mark.parametrize(
    ("start", "entries"),
    [
        (header((1_000_000_000, 8)), 64),
        (header((2**40,)), 0),
        (header((-4,)), 16),
        (header((4,), "|O"), 16),
        (header((4,))[:30], 0),
        (b"nonsense", 0),
    ],
    ids=["too little behind", "nothing behind", "negative", "objects", "cut off", "no header"],
)
def test_an_array_that_is_not_what_its_header_says_is_refused(
    start: bytes, entries: int, tmp_path: Path
) -> None:
    path = forged(tmp_path / "a", start, entries)
    with pytest.raises(GoliveError, match=r"a\.npy: not an array"):
        read_archive(path, KIND, 1)


def test_what_a_check_refuses_has_taken_no_memory(tmp_path: Path) -> None:
    path = forged(tmp_path / "a", header((25_000_000,)), 100_000_000)

    def check(documents: object, forms: object) -> None:
        raise GoliveError(f"found {forms}")

    tracemalloc.start()
    with pytest.raises(GoliveError, match=r"shape=\(25000000,\)"):
        read_archive(path, KIND, 1, check=check)
    with pytest.raises(GoliveError, match="expected at most 1,000"):
        read_archive(path, KIND, 1, most_bytes=1_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_arrays_of_any_form_come_back(tmp_path: Path) -> None:
    arrays = {
        "scalar": np.array(3.5),
        "empty": np.zeros((0, 4), np.int64),
        "by columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "flags": np.array([True, False]),
    }
    write_archive(tmp_path / "a", KIND, 1, Archive({"told": [1]}, arrays))
    found = read_archive(tmp_path / "a", KIND, 1)
    assert found.documents == {"told": [1]}
    assert found.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype
