"""Links of a Microsoft Project file: between tasks, and those of summary tasks taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ....core.errors import GoliveError
from .mspdi_xml import Element
from .project import MOST_LINKS, Finding, Unmapped

_FINISH_TO_START = 1
_LINK_NAMES = ("finish-to-finish", "finish-to-start", "start-to-finish", "start-to-start")


@dataclass(slots=True)
class Node:
    """A task of the file on its way to an ``ImportedTask``."""

    uid: int
    element: Element
    level: int
    summary: bool
    name: str
    context: tuple[str, ...] = ()
    children: list[Node] = field(default_factory=list)
    links: list[int] = field(default_factory=list)


def read_links(nodes: dict[int, Node], findings: list[Finding]) -> None:
    """Finish-to-start links by UID; the others are listed."""
    for node in nodes.values():
        where = f"task UID {node.uid}"
        for link in node.element.all("PredecessorLink"):
            uid, kind = link.whole("PredecessorUID"), link.whole("Type", _FINISH_TO_START)
            if link.flag("CrossProject"):
                words = f"{node.name!r} waits for a task of another project"
                findings.append(Finding(Unmapped.OUTSIDE_LINK, where, words))
                continue
            if uid not in nodes:
                raise link.error("PredecessorUID", str(uid), "the UID of a task in this file")
            if not 0 <= kind < len(_LINK_NAMES):
                raise link.error("Type", str(kind), "0, 1, 2 or 3")
            if kind != _FINISH_TO_START:
                words = f"{_LINK_NAMES[kind]} from UID {uid}: the link is left out"
                findings.append(Finding(Unmapped.LINK_TYPE, where, words))
                continue
            lag = link.whole("LinkLag", 0)
            if lag:
                hours = lag / 600.0
                words = f"{hours:+g} h after UID {uid}: the link is kept, without its lag"
                findings.append(Finding(Unmapped.LAG, where, words))
            node.links.append(uid)


def dissolve_summaries(path: Path, nodes: dict[int, Node], findings: list[Finding]) -> None:
    """Links from and to summary tasks become links of their tasks."""
    leaves = {node.uid: _leaves(node) for node in nodes.values() if node.summary}
    for node in nodes.values():
        if node.summary and node.links:
            words = f"{node.name!r}: its links hold back its first tasks"
            findings.append(Finding(Unmapped.SUMMARY_LINK, f"task UID {node.uid}", words))
    direct = {node.uid: list(node.links) for node in nodes.values() if not node.summary}

    def last_of(uid: int) -> list[int]:
        if not nodes[uid].summary:
            return [uid]
        inside = set(leaves[uid])
        waited_for = {link for leaf in inside for link in direct[leaf]}
        return [leaf for leaf in leaves[uid] if leaf not in waited_for]

    ends = {uid: last_of(uid) for node in nodes.values() for uid in node.links}
    total = 0

    def add(node: Node, links: list[int]) -> None:
        nonlocal total
        for link in links:
            total += len(ends[link])
            if total > MOST_LINKS:
                raise GoliveError(
                    f"{path}: links of summary tasks stand for more than {MOST_LINKS:,} links "
                    "between tasks: expected fewer"
                )
            node.links += ends[link]

    for uid, links in direct.items():
        nodes[uid].links = []
        add(nodes[uid], links)
    for node in nodes.values():
        if node.summary:
            inside = set(leaves[node.uid])
            for leaf in leaves[node.uid]:
                if inside.isdisjoint(direct[leaf]):
                    add(nodes[leaf], node.links)


def _leaves(node: Node) -> list[int]:
    """Tasks below a summary task that are none themselves."""
    found: list[int] = []
    stack = list(reversed(node.children))
    while stack:
        below = stack.pop()
        if below.summary:
            stack += reversed(below.children)
        else:
            found.append(below.uid)
    return found
