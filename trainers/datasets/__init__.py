"""Recorded episodes: collected once, kept as Minari datasets, learned from and judged on."""

from .logged import LoggedEpisodes, load_logged
from .recording import record
from .replaying import replay, target_probabilities
from .team_recording import record_team
from .words import write_words

__all__ = [
    "LoggedEpisodes",
    "load_logged",
    "record",
    "record_team",
    "replay",
    "target_probabilities",
    "write_words",
]
