"""Gymnasium faces of the worlds: encoding, masks, rewards, rendering.

Importing it registers the ids with Gymnasium, so that the id ``golive.envs:golive/...`` works
in every process, freshly spawned ones included.
"""

from __future__ import annotations

from .registration import register_environments

__all__ = ["register_environments"]

register_environments()
