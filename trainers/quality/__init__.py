"""The quality bar: is a world fit to train in, by the checks of RFC 008 of OpenEnv."""

from .bar import QualityReport, judge_quality
from .report import quality_report, quality_table, read_quality_report, write_quality_report

__all__ = [
    "QualityReport",
    "judge_quality",
    "quality_report",
    "quality_table",
    "read_quality_report",
    "write_quality_report",
]
