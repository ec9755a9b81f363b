"""Events and work sessions of an episode, as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.files import json_text

if TYPE_CHECKING:
    import polars


@dataclass(slots=True)
class EventRecorder:
    """Collects events and work sessions; does nothing when it is off.

    Attributes:
        enabled: whether anything is kept (off in training: the world runs faster).
    """

    enabled: bool = False
    _events: list[tuple[float, str, str, dict[str, float | str]]] = field(default_factory=list)
    _sessions: list[tuple[float, float, str, int, str, str, str, str, str]] = field(
        default_factory=list
    )

    def event(self, hour: float, kind: str, subject: str, **values: float | str) -> None:
        """Record that something happened.

        Args:
            hour: working hours since kick-off.
            kind: what happened, such as ``defect_found``.
            subject: to what or whom.
            values: figures that belong to it.
        """
        if self.enabled:
            self._events.append((hour, kind, subject, values))

    def session(
        self,
        start_hour: float,
        end_hour: float,
        role: str,
        member: int,
        package: str,
        workstream: str,
        site: str,
        activity: str,
        reason_ended: str,
    ) -> None:
        """Record that a crew member worked on a package from start to end."""
        self._sessions.append(
            (start_hour, end_hour, role, member, package, workstream, site, activity, reason_ended)
        )

    def events_frame(self) -> polars.DataFrame:
        """All events.

        Returns:
            Columns ``time_hours`` (f64), ``kind``, ``subject`` (str) and ``values`` (JSON text).
        """
        import polars as pl

        rows = [
            (hour, kind, subject, json_text(values)) for hour, kind, subject, values in self._events
        ]
        schema = {
            "time_hours": pl.Float64,
            "kind": pl.String,
            "subject": pl.String,
            "values": pl.String,
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def gantt_frame(self) -> polars.DataFrame:
        """Work of each crew member, one row per session.

        Returns:
            Columns ``start_hour``, ``end_hour`` (f64), ``role``, ``member`` (i64), ``package``,
            ``workstream``, ``site``, ``activity``, ``reason_ended``.
        """
        import polars as pl

        schema = {
            "start_hour": pl.Float64,
            "end_hour": pl.Float64,
            "role": pl.String,
            "member": pl.Int64,
            "package": pl.String,
            "workstream": pl.String,
            "site": pl.String,
            "activity": pl.String,
            "reason_ended": pl.String,
        }
        return pl.DataFrame(self._sessions, schema=schema, orient="row")
