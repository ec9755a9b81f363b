"""Build the wheel and check what it holds: every module is there, imports, and type-checks.

The wheel is what users get. `mypy --strict` reads it here, and the rooms as they stand in the
checkout in `make types`. Exits with 1 at the first step that fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
UNPACKED = REPOSITORY / "build" / "wheel"
ROOMS = ("core", "scenarios", "sim", "envs", "agents", "trainers")
DATA_SUFFIXES = (".py", ".yaml", ".json", ".typed", ".policy", ".md", ".npz")

# Each module by itself would cost minutes of start-ups; one process finds the same missing
# files, names and dependencies.
IMPORT_ALL = """
import importlib, sys, warnings
warnings.simplefilter("error")
import golive
expected = sys.argv[1]
found = golive.__file__
if not found.startswith(expected):
    sys.exit(f"imported {found}: expected the wheel in {expected}")
failed = 0
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")
        failed += 1
print(f"wheel: {len(sys.argv) - 2} modules imported, {failed} failed")
sys.exit(failed > 0)
"""


def expected_files() -> set[str]:
    """Files that the wheel must hold, from the folders of the repository, as paths in the wheel."""
    folders = {REPOSITORY / "golive": "golive"}
    folders |= {REPOSITORY / room: f"golive/{room}" for room in ROOMS}
    return {
        f"{place}/{path.relative_to(folder).as_posix()}"
        for folder, place in folders.items()
        for path in folder.rglob("*")
        if path.suffix in DATA_SUFFIXES
    }


def build_wheel(directory: Path) -> Path:
    """Build the wheel into ``directory``, from scratch."""
    # setuptools puts files that are no longer there into the wheel when its build folder is old;
    # the links of the editable installation lie beside it and stay.
    for old in (REPOSITORY / "build" / "lib", UNPACKED):
        shutil.rmtree(old, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    done = subprocess.run(
        [*command, "--outdir", str(directory), str(REPOSITORY)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}wheel: could not be built")
    (wheel,) = directory.glob("*.whl")
    return wheel


def unpack(wheel: Path) -> list[str]:
    """Unpack the wheel to ``UNPACKED``; its modules' names.

    Exits with a message if it holds more or less than the repository's rooms.
    """
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        archive.extractall(UNPACKED)
    problems = [f"missing from the wheel: {name}" for name in sorted(expected_files() - held)]
    problems += [f"in the wheel only: {name}" for name in sorted(held - expected_files())]
    if problems:
        advice = "wheel: see setup.py"
        sys.exit("\n".join([*problems, advice]))
    names = (
        name.removesuffix(".py").removesuffix("/__init__") for name in held if name.endswith(".py")
    )
    return sorted(name.replace("/", ".") for name in names)


def run(*command: str) -> None:
    """Run a command on the unpacked wheel; exits if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(UNPACKED), "MYPYPATH": str(UNPACKED)}
    done = subprocess.run(command, cwd=UNPACKED, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Build, compare, import, type-check."""
    with tempfile.TemporaryDirectory() as directory:
        modules = unpack(build_wheel(Path(directory)))
    # `golive.__main__` is imported too: it must do nothing until it is run.
    run(sys.executable, "-c", IMPORT_ALL, str(UNPACKED), *modules)
    configuration = ["--config-file", str(REPOSITORY / "pyproject.toml")]
    cache = ["--cache-dir", str(REPOSITORY / ".mypy_cache")]
    run(sys.executable, "-m", "mypy", "--strict", *configuration, *cache, "-p", "golive")


if __name__ == "__main__":
    main()
