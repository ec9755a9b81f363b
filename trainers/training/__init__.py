"""Training: MaskablePPO over vectorised environments, reproducible, interruptible, resumable.

``train`` runs one training in a folder, ``train_seeds`` several that differ by their seeds,
``read_configuration`` reads what they are told, ``read_learning_curve`` what they recorded. Names
are loaded when they are first used, because torch takes a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .callbacks import Change, TrainingCallback, load_callback
    from .configuration import TrainingConfiguration, parse_configuration, read_configuration
    from .logs import read_learning_curve
    from .run_directory import TrainingState
    from .session import TrainingOutcome, shipped_configuration, train, train_seeds

__all__ = [
    "Change",
    "TrainingCallback",
    "TrainingConfiguration",
    "TrainingOutcome",
    "TrainingState",
    "load_callback",
    "parse_configuration",
    "read_configuration",
    "read_learning_curve",
    "shipped_configuration",
    "train",
    "train_seeds",
]

__getattr__ = lazy_names(
    __name__,
    callbacks="Change TrainingCallback load_callback",
    configuration="TrainingConfiguration parse_configuration read_configuration",
    session="TrainingOutcome shipped_configuration train train_seeds",
    run_directory="TrainingState",
    logs="read_learning_curve",
)
