"""Wordings of tasks: ``texts.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ...core.records import Name, Record
from ...core.yaml_reader import read_document
from .vocabulary import FAMILIES, TaskFamily, Wordings

_PARTS = ("details", "unclear", "also")


class FamilyTexts(Record):
    """Titles of one family's tasks, and what they are about."""

    things: tuple[Name, ...] = Field(min_length=4, description="What fills ``{thing}``.")
    usual: tuple[Name, ...] = Field(min_length=6, description="Usual titles.")
    held_out: tuple[Name, ...] = Field(min_length=3, description="Titles kept for judging.")

    def titles(self, wordings: Wordings) -> tuple[str, ...]:
        """Titles of a kind of wording."""
        return self.usual if wordings is Wordings.USUAL else self.held_out


class Texts(Record):
    """All wordings.

    Attributes:
        families: by family.
        details: sentences that a complete task has.
        unclear: all that a vague one says.
        also: what stands around the second title of a mixed task, as ``{text}``.
    """

    families: dict[TaskFamily, FamilyTexts]
    details: tuple[Name, ...]
    unclear: tuple[Name, ...]
    also: tuple[Name, ...]


@cache
def task_texts() -> Texts:
    """The wordings of ``texts.yaml``."""
    content: dict[str, Any] = dict(read_document(Path(__file__).with_name("texts.yaml")).data)
    parts = {name: content.pop(name) for name in _PARTS}
    texts = Texts.model_validate({"families": content, **parts})
    missing = [family for family in FAMILIES if family not in texts.families]
    if missing:
        raise ValueError(f"texts.yaml: {missing[0]}: expected texts of each family")
    return texts
