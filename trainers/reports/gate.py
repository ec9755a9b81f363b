"""The report of a gate as one HTML page, made from the report's JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evaluation.gate_tables import gate_tables, verdict_line
from .markup import Markup, page, section, tag

STRIP_STYLE = """
svg.strip { width: 11rem; height: 1.1rem; display: block; margin-left: auto; }
svg.strip .axis { stroke: var(--rule); stroke-width: 1; }
svg.strip .limit { stroke: var(--ink); stroke-width: 1.5; }
svg.strip .span { stroke: currentColor; stroke-width: 3; }
svg.strip .dot { fill: currentColor; }
"""
"""Of pictures of intervals (``interval_strip``)."""


def render_gate_report(report: Mapping[str, Any]) -> str:
    """The page as text."""
    title = f"Gate {report['gate']['name']}: {report['policy']['name']}"
    line = verdict_line(report)
    criteria, *others = gate_tables(report)
    parts = [
        tag("h1", title),
        tag("p", f"{report['gate']['title']}.", class_="quiet"),
        tag("p", line[:1].upper() + line[1:], class_="headline"),
        section(criteria, "The criteria"),
        *map(section, others),
        *_closing(report),
    ]
    return page(title, parts, STRIP_STYLE)


def _closing(report: Mapping[str, Any]) -> list[Markup]:
    policy = report["policy"]
    seeds: dict[str, Mapping[str, int]] = {}
    for cell in report["cells"]:
        seeds.setdefault(cell["scenario"], cell["seeds"])
    where = "; ".join(
        f"{name} seeds {span['start']} to {span['stop'] - 1}" for name, span in seeds.items()
    )
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    file = f"SHA-256 of its file {policy['sha256']}" if policy["sha256"] else "comes with golive"
    provenance = (
        f"Policy {policy['name']} ({policy['spec']}): {file}. Gate {report['gate']['name']}, "
        f"SHA-256 {report['gate_sha256']}. {where}. {versions}. Made {report['made_at']}."
    )
    return [
        tag("h2", "How to make it again"),
        tag("pre", report["command"] or f"golive gate --policy {policy['spec']}"),
        tag("p", provenance, class_="quiet"),
        tag("p", f"Seal of report.json: {report['seal']}", class_="quiet"),
    ]
