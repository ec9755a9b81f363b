"""Structural validation: experiments on whole worlds, each for a law that the field has published."""

from .law_result import Condition, Figure, LawResult, markdown

__all__ = ["Condition", "Figure", "LawResult", "markdown"]
