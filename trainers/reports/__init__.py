"""Reports: an evaluation as one HTML page that needs nothing beside itself."""

from .episode import RecordedEpisode, record_episode
from .pictures import LearningCurve
from .report import Report, render_report, write_report

__all__ = [
    "LearningCurve",
    "RecordedEpisode",
    "Report",
    "record_episode",
    "render_report",
    "write_report",
]
