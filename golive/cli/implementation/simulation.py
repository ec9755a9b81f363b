"""Options of ``golive simulate`` in the implementation world: a customer, and files."""

from __future__ import annotations

import io
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ...core.errors import GoliveError
from ..options import option, option_record, writable_file
from ..simulate import check_file_of_one
from ..world_view import SimulationOptions
from .log import parse_kick_off

if TYPE_CHECKING:
    import polars

PICTURE_FORMATS = (".pdf", ".png", ".svg")


class CustomerChoice(StrEnum):
    """The customer whose implementation is simulated."""

    DRAWN = "drawn"
    """Drawn from the scenario's family by the seed."""
    REFERENCE = "reference"
    """The scenario's own customer, whatever the seed."""


@option_record
class ImplementationOptions(SimulationOptions):
    """Options of the customer and the files wanted; each is written whole or not at all."""

    customer: CustomerChoice = option(
        CustomerChoice.DRAWN, "A customer drawn by the seed, or the scenario's own."
    )
    events: Path | None = option(
        None, "Write what happened to this Parquet file.", callback=writable_file
    )
    event_log: list[Path] | None = option(
        None,
        "Write all episodes as one event log: .xes, or .json, .jsonocel, .ocel "
        "(OCEL 2.0); may repeat.",
        metavar="FILE",
        callback=writable_file,
    )
    kick_off: str | None = option(
        None, "First working day of the event log's calendar, such as 2026-01-05.", metavar="DATE"
    )
    gantt: Path | None = option(
        None, "Write what each crew member did to this Parquet file.", callback=writable_file
    )
    picture: Path | None = option(
        None, "Write the dashboard to this .png, .svg or .pdf file.", callback=writable_file
    )
    diary: bool = option(False, "Print what happened, day by day, above the scorecard.")
    _projects: list[Any] = field(default_factory=list, init=False, repr=False)

    @property
    def need_recording(self) -> bool:
        """True if worlds must keep what happens."""
        return bool(self.events or self.gantt or self.picture or self.event_log or self.diary)

    @property
    def prints(self) -> dict[str, object]:
        """The diary is text for people."""
        return {"--diary": self.diary}

    def episode_options(self) -> dict[str, Any]:
        """The scenario's own customer, if that is asked for."""
        drawn = self.customer is CustomerChoice.DRAWN
        return {} if drawn else {"customer": str(self.customer)}

    def check(self, episodes: int, *, recorded: bool) -> None:
        """See before the simulation that the files can be what they are asked to be."""
        if not recorded and self.event_log:
            raise GoliveError("--event-log: a snapshot's past is not recorded: expected a scenario")
        if self.diary:
            if not recorded:
                raise GoliveError("--diary: a snapshot's past is not recorded: expected a scenario")
            if episodes > 1:
                raise GoliveError("--diary: tells one episode; expected --episodes 1")
        if self.picture and self.picture.suffix.lower() not in PICTURE_FORMATS:
            known = ", ".join(PICTURE_FORMATS)
            raise GoliveError(f"--picture: {self.picture}: expected a name that ends in {known}")
        if self.kick_off is not None and not self.event_log:
            raise GoliveError("--kick-off: dates an event log: expected --event-log too")
        if self.event_log:
            from ...sim.implementation.event_logs.files import check_writable

            parse_kick_off(self.kick_off)
            for path in self.event_log:
                check_writable(path)
        own = [one for one in (self.events, self.gantt, self.picture) if one is not None]
        for one in own:
            check_file_of_one(one, episodes)
        writable_file([*own, *(self.event_log or ())])  # no two of them are the same

    def write(self, world: Any) -> None:
        """Write, and print, what is wanted of a finished world."""
        if self.events:
            _write_parquet(world.events(), self.events)
        if self.gantt:
            _write_parquet(world.gantt(), self.gantt)
        if self.picture:
            _write_picture(world, self.picture)
        if self.event_log:
            from ...sim.implementation.event_logs.log import project_of_frame

            name = f"{world.scenario.name} {world.seed}"
            day = parse_kick_off(self.kick_off)
            self._projects.append(project_of_frame(world.events(), name, day))
        if self.diary:
            from ...envs.implementation.diary import diary

            typer.echo(diary(world))

    def write_all(self) -> None:
        """Write the logs of all episodes."""
        if self.event_log:
            from ...sim.implementation.event_logs.files import write_log
            from ...sim.implementation.event_logs.log import EventLog

            log = EventLog(tuple(self._projects))
            for path in self.event_log:
                write_log(log, path)


def _write_parquet(frame: polars.DataFrame, path: Path) -> None:
    from ...core.files import write_bytes_atomically

    stream = io.BytesIO()
    frame.write_parquet(stream)
    write_bytes_atomically(path, stream.getvalue())


def _write_picture(world: Any, path: Path) -> None:
    from ...core.files import write_bytes_atomically
    from ...envs.implementation.dashboard import draw_dashboard

    stream = io.BytesIO()
    draw_dashboard(world).savefig(stream, format=path.suffix.lower().removeprefix("."))
    write_bytes_atomically(path, stream.getvalue())
