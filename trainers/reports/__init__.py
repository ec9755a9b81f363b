"""Reports: an evaluation as one HTML page that needs nothing beside itself."""

from .compose import compose_report
from .episode import RecordedEpisode, record_episode
from .pictures import LearningCurve
from .report import Report, render_report, write_report

__all__ = [
    "LearningCurve",
    "RecordedEpisode",
    "Report",
    "compose_report",
    "record_episode",
    "render_report",
    "write_report",
]
