"""Routers of the gateway world: baselines, probes, those that learn, and the world's record."""
