"""Optional dependencies: which extra of golive brings what is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from .errors import GoliveError

EXTRAS: dict[str, tuple[str, ...]] = {
    "train": ("torch", "stable_baselines3", "sb3_contrib", "optuna", "cmaes", "tensorboardX"),
    "ray": ("ray",),
    "data": ("minari", "pyarrow", "SALib", "sklearn"),
    "plots": ("matplotlib",),
    "redis": ("redis",),
    "team": ("pettingzoo",),
    "mcp": ("mcp",),
    "openenv": ("openenv",),
    "verifiers": ("verifiers",),
    "inspect": ("inspect_ai",),
    "trl": ("jmespath", "transformers", "trl"),
    "vw": ("vowpalwabbit",),
}
"""Modules by the extra that brings them, as pyproject.toml has it."""
APART = ("mcp", "openenv", "verifiers", "inspect", "trl", "vw")
"""Extras that ``all`` leaves out: frameworks that cannot be installed beside one another, and what
one comparison needs."""


class MissingExtraError(GoliveError, ImportError):
    """Something needs packages that were not installed; the message says with which extra to."""


def require(*extras: str) -> None:
    """Refuse to begin what could not be ended without these extras.

    Raises:
        MissingExtraError: a module of one of them is not installed.
    """
    for extra in extras:
        absent = [module for module in EXTRAS[extra] if find_spec(module) is None]
        if absent:
            raise MissingExtraError(_line(absent[0], extras))


def explanation(error: ImportError) -> str:
    """The line for a module that could not be imported, or "" if no extra brings it."""
    module = (error.name or "").partition(".")[0]
    extras = [extra for extra, modules in EXTRAS.items() if module in modules]
    return _line(module, extras) if extras and find_spec(module) is None else ""


def _line(module: str, extras: tuple[str, ...] | list[str]) -> str:
    return f"{module} is not installed: pip install 'golive[{','.join(extras)}]'"
