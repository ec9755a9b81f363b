"""Write constraints.txt from what is installed: golive, its dev extra and all they pull in.

Run it in a virtual environment in which the tests pass, after a dependency has changed::

    .venv/bin/python tools/pin_constraints.py

With ``--check`` nothing is written; it exits with 1 if constraints.txt names another set of
packages or other versions than the environment holds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
HEADER = """\
# Every package that golive and its dev extra pull in, in the version the tests pass with.
# Made by tools/pin_constraints.py; do not edit by hand.
"""


def closure(name: str, extras: frozenset[str]) -> dict[str, str]:
    """Version by canonical name of everything ``name[extras]`` pulls in, itself left out."""
    versions: dict[str, str] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), extras)]
    while waiting:
        wanted = waiting.pop()
        if wanted in done:
            continue
        done.add(wanted)
        for requirement in _requirements(*wanted):
            needed = canonicalize_name(requirement.name)
            waiting.append((needed, frozenset(requirement.extras)))
            versions[needed] = _public_version(needed)
    versions.pop(canonicalize_name(name), None)
    return versions


def _requirements(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def _public_version(name: str) -> str:
    # torch's CPU build calls itself 2.13.0+cpu; the pin must hold for every build of a version.
    return distribution(name).version.partition("+")[0]


def main() -> int:
    """Write or check the pins."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    check = parser.parse_args().check
    try:
        versions = closure("golive", frozenset({"dev"}))
    except PackageNotFoundError as missing:
        print(f"error: {missing}: expected golive[dev] to be installed", file=sys.stderr)
        return 2
    text = HEADER + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))
    if not check:
        CONSTRAINTS.write_text(text)
        print(f"{CONSTRAINTS.name}: {len(versions)} packages")
        return 0
    if CONSTRAINTS.read_text() == text:
        return 0
    print(f"error: {CONSTRAINTS.name} does not say what is installed; {__file__} writes it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
