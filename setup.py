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
    package_data={"": ["py.typed", "*.yaml", "*.json", "*.policy"]},
)
