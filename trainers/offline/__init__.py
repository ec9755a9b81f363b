"""Offline learning: policies from recorded episodes, without simulating.

``learn`` makes a policy from ``LoggedEpisodes``, ``save_learned`` keeps it in a folder as a
training does. Names are loaded when they are first used, because torch takes a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .configuration import Method, OfflineConfiguration, read_offline_configuration
    from .session import Learned, interface_of, learn, save_learned

__all__ = [
    "Learned",
    "Method",
    "OfflineConfiguration",
    "interface_of",
    "learn",
    "read_offline_configuration",
    "save_learned",
]

__getattr__ = lazy_names(
    __name__,
    session="Learned interface_of learn save_learned",
    configuration="Method OfflineConfiguration read_offline_configuration",
)
