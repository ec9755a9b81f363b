"""Structural validation: experiments on whole worlds, each for a law that has been published."""

from .experiments import LAWS, run_laws
from .law import Condition, Figure, LawResult, markdown

__all__ = ["LAWS", "Condition", "Figure", "LawResult", "markdown", "run_laws"]
