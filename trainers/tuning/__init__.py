"""Search over training configurations with Ray Tune and Optuna: resumable, trials as trainings.

``tune`` runs one search in a folder, ``read_settings`` reads what it is told. Names are loaded
when they are first used, because Ray takes a while.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .results import TrialRow, TrialState, TuningResult
    from .session import tune
    from .settings import TuningSettings, read_settings

_HOMES = {
    "TrialRow": "results",
    "TrialState": "results",
    "TuningResult": "results",
    "TuningSettings": "settings",
    "read_settings": "settings",
    "tune": "session",
}

__all__ = [
    "TrialRow",
    "TrialState",
    "TuningResult",
    "TuningSettings",
    "read_settings",
    "tune",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
