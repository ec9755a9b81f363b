"""The files that ``golive simulate`` writes."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import GoliveError
from ..sim.snapshot_files import write_snapshot
from .implementation.kick_off import parse_kick_off

if TYPE_CHECKING:
    import polars

    from ..sim.implementation.event_logs.log import ProjectLog
    from ..sim.implementation.world import ImplementationWorld

PICTURE_FORMATS = (".pdf", ".png", ".svg")


@dataclass
class SimulationOutputs:
    """Which files are wanted; each is written whole or not at all."""

    events: Path | None
    gantt: Path | None
    picture: Path | None
    snapshot_at: int | None
    snapshot_out: Path | None
    event_logs: tuple[Path, ...] = ()
    kick_off: str | None = None
    _projects: list[ProjectLog] = field(default_factory=list, init=False)
    _snapshot_taken: bool = field(default=False, init=False)

    @property
    def need_recording(self) -> bool:
        """Whether the world must keep what happens."""
        return bool(self.events or self.gantt or self.picture or self.event_logs)

    def check(self, episodes: int) -> None:
        """See before the simulation that the files can be what they are asked to be.

        Raises:
            GoliveError: if an option contradicts another or a directory is not there.
        """
        if (self.snapshot_at is None) != (self.snapshot_out is None):
            raise GoliveError("--snapshot-at and --snapshot-out: expected both or neither")
        if self.picture and self.picture.suffix.lower() not in PICTURE_FORMATS:
            known = ", ".join(PICTURE_FORMATS)
            raise GoliveError(f"--picture: {self.picture}: expected a name that ends in {known}")
        if self.kick_off is not None and not self.event_logs:
            raise GoliveError("--kick-off: dates an event log: expected --event-log too")
        if self.event_logs:
            from ..sim.implementation.event_logs.files import check_writable

            parse_kick_off(self.kick_off)
            for path in self.event_logs:
                check_writable(path)
        for path in filter(None, (self.events, self.gantt, self.picture, self.snapshot_out)):
            if episodes > 1:
                raise GoliveError(f"{path}: holds one episode; expected --episodes 1")
            if not path.parent.is_dir():
                raise GoliveError(f"{path}: cannot be written: its directory does not exist")

    def look_at(self, world: ImplementationWorld) -> None:
        """Take the snapshot if this is the morning for it.

        With decisions further apart than a day it is the first decision's morning from then on.

        Raises:
            GoliveError: if the file cannot be written.
        """
        if self.snapshot_at is None or self.snapshot_out is None or self._snapshot_taken:
            return
        if world.briefing().calendar.day >= self.snapshot_at:
            write_snapshot(world.snapshot(), self.snapshot_out)
            self._snapshot_taken = True

    def write(self, world: ImplementationWorld) -> None:
        """Write what is wanted of a finished world.

        Raises:
            GoliveError: if a file cannot be written, or the episode ended before the snapshot.
        """
        if self.events:
            _write_parquet(world.events(), self.events)
        if self.gantt:
            _write_parquet(world.gantt(), self.gantt)
        if self.picture:
            _write_picture(world, self.picture)
        if self.event_logs:
            from ..sim.implementation.event_logs.recorded import project_of_frame

            name = f"{world.scenario.name} {world.seed}"
            day = parse_kick_off(self.kick_off)
            self._projects.append(project_of_frame(world.events(), name, day))
        if self.snapshot_at is not None and not self._snapshot_taken:
            last = world.briefing().calendar.day
            raise GoliveError(f"--snapshot-at: {self.snapshot_at}: the episode ended on day {last}")

    def write_event_logs(self) -> None:
        """Write the logs of all episodes, once all are over.

        Raises:
            GoliveError: a file cannot be written.
        """
        if self.event_logs:
            from ..sim.implementation.event_logs.files import write_log
            from ..sim.implementation.event_logs.log import EventLog

            log = EventLog(tuple(self._projects))
            for path in self.event_logs:
                write_log(log, path)


def _write_parquet(frame: polars.DataFrame, path: Path) -> None:
    from ..core.files import write_bytes_atomically

    stream = io.BytesIO()
    frame.write_parquet(stream)
    write_bytes_atomically(path, stream.getvalue())


def _write_picture(world: ImplementationWorld, path: Path) -> None:
    from ..core.files import write_bytes_atomically
    from ..envs.implementation.dashboard import draw_dashboard

    stream = io.BytesIO()
    draw_dashboard(world).savefig(stream, format=path.suffix.lower().removeprefix("."))
    write_bytes_atomically(path, stream.getvalue())
