"""Put a benchmark of offline evaluation into docs/offline-evaluation.md; no figure is typed.

``python tools/update_ope_table.py DIRECTORY`` takes what ``golive ope-bench --out`` wrote and puts
its tables between ``<!-- ope:begin -->`` and ``<!-- ope:end -->``, and the picture beside the page.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from golive.core.errors import GoliveError
from golive.core.files import write_bytes_atomically, write_text_atomically

PAGE = Path(__file__).resolve().parent.parent / "docs" / "offline-evaluation.md"
PICTURE = Path("images") / "ope-bench.png"
BEGIN, END = "<!-- ope:begin -->", "<!-- ope:end -->"


def block(directory: Path) -> str:
    """The command, the summary, the picture and, folded away, every policy."""
    try:
        document = json.loads((directory / "ope-bench.json").read_text(encoding="utf-8"))
        tables = (directory / "ope-bench.md").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise GoliveError(f"{directory}: expected what golive ope-bench wrote: {error}") from None
    summary, _, cells = tables.strip().partition("\n\n")
    return (
        f"```console\n$ {document['command']}\n```\n\n{summary}\n\n"
        f"![Estimates against true values]({PICTURE.as_posix()})\n\n"
        f"<details><summary>Policy by policy</summary>\n\n{cells}\n\n</details>"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="folder that golive ope-bench wrote")
    parser.add_argument("--page", type=Path, default=PAGE)
    told = parser.parse_args(arguments)
    try:
        page = told.page.read_text(encoding="utf-8")
        if page.count(BEGIN) != 1 or page.count(END) != 1:
            raise GoliveError(f"{told.page}: expected {BEGIN} and {END}, once each")
        text = f"{BEGIN}\n\n{block(told.directory)}\n\n{END}"
        pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        picture = (told.directory / "ope-bench.png").read_bytes()
        target = told.page.parent / PICTURE
        target.parent.mkdir(exist_ok=True)
        write_bytes_atomically(target, picture)
        write_text_atomically(told.page, pattern.sub(lambda _: text, page))
    except GoliveError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
