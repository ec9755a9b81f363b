"""Gymnasium and PettingZoo faces of the worlds: encoding, masks, rewards, rendering.

Importing it registers the ids, so that the id ``golive.envs:golive/...`` works
in every process, freshly spawned ones included.
"""

from __future__ import annotations

from .registration import register_environments, register_teams

__all__ = ["register_environments", "register_teams"]

register_environments()
register_teams()
