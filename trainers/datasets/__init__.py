"""Recorded episodes: collected once, kept as Minari datasets, learned from and judged on."""

from .logged import LoggedEpisodes

__all__ = ["LoggedEpisodes"]
