"""Put what was measured into docs/validation.md and docs/laws.md, so that no table is typed.

``python tools/update_validation_page.py VALIDATION_DIRECTORY SENSITIVITY_DIRECTORY ...`` takes what
``golive validate --out``, ``golive sensitivity --out`` and ``golive evaluate --out`` wrote and puts
it between the marks of the pages. The commands and the day of the run stand with it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pages import placed

from golive.core.files import write_bytes_atomically, write_text_atomically
from golive.scenarios.implementation.parameter_file import load_parameter_file
from golive.sim.implementation.parameters import CALIBRATION_FILE, PRIOR

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, LAWS_PAGE = DOCS / "validation.md", DOCS / "laws.md"
TORNADO = DOCS / "images" / "tornado.png"


def validation_blocks(directory: Path) -> tuple[str, str]:
    """The table of outcomes and the section of laws, of a ``golive validate --out``."""
    document = json.loads((directory / "validation.json").read_text(encoding="utf-8"))
    table, _, laws = (
        (directory / "validation.md").read_text(encoding="utf-8").partition("\n\n| law |")
    )
    head = f"Run on {document['date']}:\n\n```console\n$ {document['command']}\n```\n\n"
    return head + table, head + (f"| law |{laws}" if laws else "")


def calibration_block() -> str:
    """The parameters that were chosen, beside where one would have started."""
    file = load_parameter_file(CALIBRATION_FILE)
    lines = [
        f"```console\n$ {file.made_by}\n```\n",
        "| parameter | before | chosen | not ruled out (90 %) | range | what |",
        "|---|---:|---:|---|---|---|",
    ]
    for row in PRIOR:
        if row.name in file.parameters:
            estimate = file.parameters[row.name]
            lines.append(
                f"| `{row.name}` | {row.value:g} | {estimate.value:g} "
                f"| {estimate.low:g} to {estimate.high:g} | {row.low:g} to {row.high:g} "
                f"| {row.description} |"
            )
    return "\n".join(lines)


def sensitivity_block(directory: Path) -> str:
    """The tables of a ``golive sensitivity --out``, with its command."""
    document = json.loads((directory / "sensitivity.json").read_text(encoding="utf-8"))
    tables = (directory / "tables.md").read_text(encoding="utf-8").strip()
    return f"```console\n$ {document['command']}\n```\n\n{tables}"


def main(arguments: list[str]) -> int:
    """Rewrite both pages from a validation and from sensitivity analyses ``NAME=DIRECTORY``."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    page, laws = PAGE.read_text(encoding="utf-8"), LAWS_PAGE.read_text(encoding="utf-8")
    table, section = validation_blocks(Path(arguments[0]))
    page = placed(page, "validation", table)
    page = placed(page, "calibration", calibration_block())
    laws = placed(laws, "laws", section)
    for argument in arguments[1:]:
        name, _, directory = argument.partition("=")
        page = placed(page, name, sensitivity_block(Path(directory)))
        picture = Path(directory) / "tornado.png"
        if picture.exists() and name == "sensitivity":
            write_bytes_atomically(TORNADO, picture.read_bytes())
    write_text_atomically(PAGE, page)
    write_text_atomically(LAWS_PAGE, laws)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
