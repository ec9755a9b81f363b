"""Finds golive's packages: the rooms stand beside the package and are installed inside it.

Everything else about the distribution stands in ``pyproject.toml``.

With ``GOLIVE_COMPILED=1`` in the environment the hot modules are compiled as well, by mypyc: the
same source, beside it in what is installed, so that an interpreter of another version takes that.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from setuptools import Extension, find_packages, setup

ROOMS = ("core", "scenarios", "sim", "envs", "agents", "trainers")
"""Installed as ``golive.<room>``."""

WORLD = "acceptance backlog context crew_speed cutover day defects effort imported initial_state"
WORLD += " insight interfaces key_users legality mechanisms migration money moves network"
WORLD += " network_builder package_log project_log pulse_survey questions quick_wins reporting"
WORLD += " schedule scope_builder scoring sites sponsor state strain trait_effects"
WORLD += " validation value work disruptions.register"
COMPILED = (
    "core.arithmetic",
    *(f"sim.implementation.{name}" for name in WORLD.split()),
    "envs.implementation.encoding",
)
"""What is compiled: the modules in which a step's time is spent, and those that hand them objects.

Left out: ``world`` (``cls.__new__``) and ``people`` (subclasses of Mesa's), which crash;
``random_streams`` and ``distributions``, whose objects could not be pickled any more; classes that
other packages derive theirs from (``disruption``, ``further``), and those that are pickled
(``events``, ``decision``); ``scope``, named tuples and tables, in which no time is spent.
"""


def extensions() -> list[Extension]:
    """Translate the modules to C, all in one library so that they call one another directly."""
    if "editable_wheel" in sys.argv:
        sys.exit("GOLIVE_COMPILED: an editable installation is not compiled; see `make compiled`")
    from mypyc.build import mypycify

    # mypy knows a module by its folder, so the rooms are put where they are installed.
    staged = Path("build", "mypyc").absolute()
    shutil.rmtree(staged, ignore_errors=True)
    for folder, place in (("golive", "golive"), *((room, f"golive/{room}") for room in ROOMS)):
        shutil.copytree(
            folder, staged / place, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
        )
    paths = [f"golive/{name.replace('.', '/')}.py" for name in COMPILED]
    # Without what is installed, which differs: types of other projects are not made use of.
    options = ["--config-file=", "--no-site-packages", "--ignore-missing-imports"]
    with contextlib.chdir(staged):
        found: list[Extension] = mypycify(
            [*options, "--follow-imports=silent", *paths],
            opt_level="2",
            debug_level="0",
            group_name="golive",
            target_dir=str(staged / "c"),
        )
    if sys.platform != "win32":
        # Else the compilers of some processors would fuse a product and a sum: other bits.
        for extension in found:
            extension.extra_compile_args = [*extension.extra_compile_args, "-ffp-contract=off"]
    return found


packages = ["golive", *(f"golive.{package}" for package in find_packages("golive"))]
for room in ROOMS:
    packages += [f"golive.{room}", *(f"golive.{room}.{inner}" for inner in find_packages(room))]

DATA_SUFFIXES = ("yaml", "json", "policy", "md", "npz")
compiled = os.environ.get("GOLIVE_COMPILED", "0") not in ("", "0")
building = not {"egg_info", "dist_info", "sdist"} & {*sys.argv}

setup(
    packages=packages,
    package_dir={"golive": "golive", **{f"golive.{room}": room for room in ROOMS}},
    # In a package's own folder, or in one below it that is none, such as trainers/tuning/spaces.
    package_data={
        "": [
            "py.typed",
            *(f"{f}*.{e}" for f in ("", "*/") for e in ("yaml", "json", "policy", "md", "npz")),
        ]
    },
    # Asked for by whoever builds (pip, build) in front of building, and nobody else.
    setup_requires=["mypy>=2.4,<3"] if compiled and not building else [],
    ext_modules=extensions() if compiled and building else [],
)
