"""Configurations and gates that come with the worlds, by name."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ..sim.worlds import WORLDS


def world_files(folder: str) -> dict[str, Path]:
    """Files of a folder that worlds bring (``WorldKind.files``), by name.

    Where two worlds have one of the same name, it is the first one's.

    Args:
        folder: ``"configs"`` or ``"gates"``.
    """
    found: dict[str, Path] = {}
    for kind in WORLDS.loadable():
        spec = find_spec(kind.files) if kind.files else None
        for place in (spec.submodule_search_locations if spec else None) or ():
            for path in sorted((Path(place) / folder).glob("*.yaml")):
                found.setdefault(path.stem, path)
    return found
