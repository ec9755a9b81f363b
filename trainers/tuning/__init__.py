"""Search over training configurations with Ray Tune and Optuna: resumable, trials as trainings.

``tune`` runs one search in a folder, ``read_settings`` reads what it is told. Names are loaded
when they are first used, because Ray takes a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .results import TrialRow, TrialState, TuningResult
    from .search import tune
    from .settings import TuningSettings, read_settings

__all__ = ["TrialRow", "TrialState", "TuningResult", "TuningSettings", "read_settings", "tune"]

__getattr__ = lazy_names(
    __name__,
    results="TrialRow TrialState TuningResult",
    settings="TuningSettings read_settings",
    search="tune",
)
