"""Fills pages with what was measured, so that no figure is typed: ``python -m tools.pages``."""
