"""Finds golive's packages: the rooms stand beside the package and are installed inside it.

Everything else about the distribution stands in ``pyproject.toml``.
"""

from __future__ import annotations

from setuptools import find_packages, setup

ROOMS = ("core", "scenarios", "sim", "envs", "agents", "trainers")
"""Installed as ``golive.<room>``."""

packages = ["golive", *(f"golive.{package}" for package in find_packages("golive"))]
for room in ROOMS:
    packages += [f"golive.{room}", *(f"golive.{room}.{inner}" for inner in find_packages(room))]

setup(
    packages=packages,
    package_dir={"golive": "golive", **{f"golive.{room}": room for room in ROOMS}},
    # In a package's own folder, or in one below it that is none, such as trainers/tuning/spaces.
    package_data={
        "": ["py.typed", *(f"{f}*.{e}" for f in ("", "*/") for e in ("yaml", "json", "policy"))]
    },
)
