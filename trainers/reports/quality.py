"""The report of a world's quality as one HTML page, made from the report's JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..quality.report import how, level_tables, verdict_line
from .gate import STRIP_STYLE
from .markup import Markup, page, section, tag

_STYLE = (
    STRIP_STYLE
    + """
table { width: 100%; min-width: 54rem; table-layout: fixed; }
td:first-child { white-space: normal; }
th:nth-child(1) { width: 19%; } th:nth-child(2) { width: 11%; } th:nth-child(3) { width: 15%; }
th:nth-child(4) { width: 17%; }
td:nth-child(2) { font-weight: 600; }
svg.strip { width: 8rem; }
"""
)


def render_quality_report(report: Mapping[str, Any]) -> str:
    """The page as text."""
    title = f"Quality of the world {report['world']}"
    line = verdict_line(report)
    parts = [
        tag("h1", title),
        tag("p", f"{report['title']}. Scenario {report['scenario']}.", class_="quiet"),
        tag("p", f"{line}.", class_="headline"),
        tag("p", how(report)),
        *map(section, level_tables(report)),
        *_closing(report),
    ]
    return page(title, parts, _STYLE)


def _closing(report: Mapping[str, Any]) -> list[Markup]:
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    about = (
        "Ids and severities are those of RFC 008 of OpenEnv (policy severity-v2), its checks of "
        "packages, images and networks left out: they are about how a world is shipped. "
        f"{versions}. Made {report['made_at']}."
    )
    return [
        tag("h2", "How to make it again"),
        tag("pre", report["command"] or f"golive check-world {report['world']} --quality"),
        tag("p", about, class_="quiet"),
    ]
