"""Build the compiled modules in the checkout, in a folder of its own that goes in front.

``build/compiled`` holds them, and links to all else, so that the rooms themselves stay as they
are. A line in the environment's site-packages puts it in front of the rooms; the other way round,
``--remove``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "build" / "compiled"
ROOMS = REPOSITORY / "build" / "rooms" / "golive"
# Lines of files whose names come first come first on the path: this one before `golive-rooms.pth`.
PATH_FILE = Path(sysconfig.get_path("purelib")) / "golive-compiled.pth"


def remove() -> None:
    """Remove what was built, and the line."""
    PATH_FILE.unlink(missing_ok=True)
    shutil.rmtree(FOLDER, ignore_errors=True)


def build() -> None:
    """Compile into the folder; exits if it fails."""
    outputs = [
        "--build-lib",
        str(FOLDER),
        "--build-temp",
        str(REPOSITORY / "build" / "mypyc" / "o"),
    ]
    done = subprocess.run(
        [sys.executable, "setup.py", "build_ext", *outputs],
        cwd=REPOSITORY,
        env={**os.environ, "GOLIVE_COMPILED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}compiled: could not be built")


def link(source: Path, place: Path) -> None:
    """Link all else beside what was built; what holds nothing compiled as a whole."""
    if not place.exists():
        place.symlink_to(source.resolve())
    elif place.is_dir():
        for inner in source.iterdir():
            if inner.name != "__pycache__":
                link(inner, place / inner.name)


if __name__ == "__main__":
    remove()
    if "--remove" not in sys.argv[1:]:
        build()
        link(ROOMS, FOLDER / "golive")
        PATH_FILE.write_text(f"{FOLDER}\n", encoding="utf-8")
        print(
            f"compiled: in use from {FOLDER.relative_to(REPOSITORY)} on; `make uncompiled` ends it"
        )
