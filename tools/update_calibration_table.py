"""Put the tables of ``golive calibrate`` into docs/calibration.md, so that none is typed by hand.

``python tools/update_calibration_table.py`` runs the command that stands above each table, between
``<!-- calibration:POLICY:begin -->`` and ``<!-- calibration:POLICY:end -->``, and puts there what
it writes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from golive.scenarios.files import write_text_atomically

PAGE = Path(__file__).resolve().parent.parent / "docs" / "calibration.md"
POLICIES = ("critical_path", "typical_practice", "expert")


def command(policy: str) -> list[str]:
    """What makes a policy's table."""
    return ["golive", "calibrate", "--policy", policy, "--customers", "200", "--seed", "0"]


def table(policy: str) -> str:
    """The table of a policy in Markdown, as the command writes it.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "table.md"
        run = [sys.executable, "-m", *command(policy), "--out", str(path)]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        return path.read_text(encoding="utf-8").strip()


def updated(page: str, policy: str, text: str) -> str:
    """The page with a policy's command and table between their marks.

    Raises:
        ValueError: the page has not exactly one of each mark.
    """
    begin, end = (f"<!-- calibration:{policy}:{edge} -->" for edge in ("begin", "end"))
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"{PAGE}: expected {begin} and {end}, once each")
    shown = f"```console\n$ {' '.join(command(policy))}\n```\n\n{text}"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{shown}\n\n{end}", page)


def main() -> int:
    """Rewrite the page."""
    page = PAGE.read_text(encoding="utf-8")
    for policy in POLICIES:
        page = updated(page, policy, table(policy))
    write_text_atomically(PAGE, page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
