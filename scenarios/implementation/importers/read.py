"""Reading a project file of any format that golive knows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from ....core.errors import GoliveError
from . import csv_tasks, mspdi, pmxml, psplib, xer
from .project import ImportedProject, read_bytes
from .table_heading import knows


class ProjectFormat(StrEnum):
    """Formats of project files."""

    AUTO = "auto"
    PSPLIB = "psplib"
    MSPDI = "mspdi"
    PMXML = "pmxml"
    XER = "xer"
    CSV = "csv"


_READERS = {
    ProjectFormat.PSPLIB: psplib.read_project,
    ProjectFormat.MSPDI: mspdi.read_project,
    ProjectFormat.PMXML: pmxml.read_project,
    ProjectFormat.XER: xer.read_project,
}
_OLE_MARK = bytes.fromhex("d0cf11e0")
_ZIP_MARK = b"PK\x03\x04"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_project(
    path: Path | str,
    project_format: ProjectFormat | str = ProjectFormat.AUTO,
    *,
    layout: str | None = None,
) -> ImportedProject:
    """Read a project file.

    Args:
        path: of the file.
        project_format: what it is; ``auto`` looks at its beginning.
        layout: of a table: name of the tool that exported it, as ``smartsheet``, or path of a
            layout of one's own; None: by its heading.

    Raises:
        GoliveError: as the readers, an unknown format, or a layout of what is no table.
    """
    path = Path(path)
    if project_format not in set(ProjectFormat):
        known = ", ".join(ProjectFormat)
        raise GoliveError(f"format: {project_format!r}: expected one of {known}")
    project_format = ProjectFormat(project_format)
    if layout is not None and project_format is ProjectFormat.AUTO:
        project_format = ProjectFormat.CSV
    if project_format is ProjectFormat.AUTO:
        project_format = detected(path)
    if project_format is ProjectFormat.CSV:
        return csv_tasks.read_project(path, layout)
    if layout is not None:
        raise GoliveError(f"{path}: a layout of columns is of tables (csv), not {project_format}")
    return _READERS[project_format](path)


def detected(path: Path) -> ProjectFormat:
    """The format of a file, by its content.

    Raises:
        GoliveError: it cannot be read, or is of no format that golive knows.
    """
    data = read_bytes(path)
    if data.startswith(_OLE_MARK):
        raise GoliveError(
            f"{path}: a binary file such as .mpp: expected XML: "
            "in Microsoft Project, save the project as XML"
        )
    if data.startswith(_ZIP_MARK):
        raise GoliveError(f"{path}: a zip or Excel file: expected CSV: save the table as CSV")
    start = data[:4_096]
    for mark in _MARKS:
        start = start.removeprefix(mark)
    start = start.replace(b"\x00", b"").lstrip()
    if start.startswith(b"<"):
        return ProjectFormat.PMXML if b"APIBusinessObjects" in start else ProjectFormat.MSPDI
    if start.startswith(b"ERMHDR"):
        return ProjectFormat.XER
    if all(title.encode() in data for title in psplib.SECTIONS[:2]):
        return ProjectFormat.PSPLIB
    heading = start.split(b"\n", 1)[0].lower()
    if (b"id" in heading and b"name" in heading) or knows(path, data):
        return ProjectFormat.CSV
    raise GoliveError(
        f"{path}: of no known format: expected Microsoft Project XML, Primavera XML or XER, a CSV "
        "whose heading has id, name and effort (--from NAME: a tool's own columns), or a PSPLIB "
        ".sm file (--format says which)"
    )
