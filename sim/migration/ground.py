"""The tables that a migration works on, and the log that they follow from.

The log is plain data: operations, and what only the world does (``_EXTRACTED_AGAIN``: rows that the
business changed come again as the old system has them). Tables are a cache: they are rebuilt from
the log where they are not known any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import TableName
from .applying import tables_after, tables_after_all
from .archive import obsolete_rows
from .extracts import Origin
from .habits import ROW
from .operations import Operation, parse_operation
from .submission import Submission, submission_of
from .target import TARGET
from .truth import Truth, make_truth
from .workspace import LOAD, STATUS, Frames, workspace_of

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

Entry = dict[str, Any]
_MAPPED, _EXTRACTED_AGAIN, _BEGUN_ANEW = "mapped", "extracted_again", "begun_anew"
_MOST_KNOWN = 24


@lru_cache(maxsize=4)
def _truth(scenario: str, seed: int) -> Truth:
    return make_truth(MigrationScenario.model_validate_json(scenario), seed)


@lru_cache(maxsize=4)
def _obsolete(scenario: str, seed: int, as_of: str) -> dict[TableName, frozenset[int]]:
    return obsolete_rows(_truth(scenario, seed), as_of)


_known: dict[tuple[str, int, str], tuple[Frames, dict[str, pl.DataFrame]]] = {}


class Ground:
    """The tables of an episode.

    Args:
        scenario: of the tables, traits included.
        seed: of the customer.
        log: of what was done so far; it grows.
    """

    def __init__(self, scenario: MigrationScenario, seed: int, log: list[Entry]) -> None:
        self._scenario, self._seed, self._log = scenario.model_dump_json(), seed, log
        self.as_of = scenario.as_of
        self.truth = _truth(self._scenario, seed)
        self._begin: Frames = workspace_of(self.truth.extracts.files)
        self.frames: Frames = dict(self._begin)
        self.mapped: dict[str, pl.DataFrame] = {}
        self._key = ""
        self._clean: dict[tuple[TableName, str], list[str | None]] = {}
        origins = self.truth.extracts.origins
        self.origins: dict[str, Origin] = {name: origin for (_, name), origin in origins.items()}
        self.sections: dict[TableName, tuple[str, ...]] = {
            table: tuple(n for n, o in self.origins.items() if o.table is table) for table in TARGET
        }
        self.lines = {name: dict(enumerate(origin.rows)) for name, origin in self.origins.items()}
        self._replay()

    # -- what is done ----------------------------------------------------------------------

    def apply(self, operations: Iterable[Operation]) -> int:
        """Apply operations one after another, and write them down; all, or none if one is illegal.

        Returns:
            How many there were.

        Raises:
            GoliveError: one of them is illegal.
        """
        done = list(operations)
        self.frames = tables_after_all(self.frames, done)
        for operation in done:
            self._write(operation.model_dump(mode="json"))
        return len(done)

    def note_mapped(self, section: str) -> None:
        """Keep a table as it was mapped: rows that come again come like that."""
        self._do({_MAPPED: section})

    def extract_again(self, section: str, rows: Sequence[int]) -> None:
        """Put rows of a mapped table back to what the old system has."""
        self._do({_EXTRACTED_AGAIN: section, "rows": list(rows)})

    def begin_anew(self, table: TableName) -> None:
        """Take back everything that was done with a table."""
        self._do({_BEGUN_ANEW: str(table)})

    def _do(self, entry: Entry) -> None:
        self._write(entry)
        self._follow(entry)

    def _write(self, entry: Entry) -> None:
        self._log.append(entry)
        self._key = _next_key(self._key, entry)

    def _follow(self, entry: Entry) -> None:
        if "operation" in entry:
            self.frames = tables_after(self.frames, parse_operation(entry))
        elif _MAPPED in entry:
            self.mapped[entry[_MAPPED]] = self.frames[entry[_MAPPED]]
        elif _BEGUN_ANEW in entry:
            for section in self.sections[TableName(entry[_BEGUN_ANEW])]:
                self.frames = {**self.frames, section: self._begin[section]}
                self.mapped.pop(section, None)
        else:
            section = entry[_EXTRACTED_AGAIN]
            self.frames = {**self.frames, section: self._again(section, entry["rows"])}

    def _again(self, section: str, rows: Sequence[int]) -> pl.DataFrame:
        import polars as pl

        now, before = self.frames[section], self.mapped[section]
        place = {row: index for index, row in enumerate(before[ROW].to_list())}
        at = [(index, place[row]) for index, row in enumerate(now[ROW].to_list()) if row in rows]
        columns = []
        for name in now.columns[3:]:
            if name in before.columns:
                cells, old = now[name].to_list(), before[name].to_list()
                for index, origin in at:
                    cells[index] = old[origin]
                columns.append(pl.Series(name, cells, dtype=pl.String))
        return now.with_columns(columns)

    # -- the cache -------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep the tables for worlds that are restored from here."""
        while len(_known) >= _MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
        _known[self._scenario, self._seed, self._key] = (dict(self.frames), dict(self.mapped))

    def _replay(self) -> None:
        key = ""
        for entry in self._log:
            key = _next_key(key, entry)
        known = _known.get((self._scenario, self._seed, key))
        if known is not None:
            self.frames, self.mapped = dict(known[0]), dict(known[1])
        else:
            for entry in self._log:
                self._follow(entry)
        self._key = key

    # -- what is known ---------------------------------------------------------------------

    def section(self, table: TableName) -> str | None:
        """The table of the workspace to which a target table's key is mapped; None: none yet."""
        key = f"{table}.{TARGET[table].key[0]}"
        return next((one for one in self.sections[table] if key in self.frames[one].columns), None)

    def height(self, table: TableName) -> int:
        """Rows of a table's extract."""
        return self._begin[self.sections[table][0]].height if self.sections[table] else 0

    def statuses(self, section: str) -> dict[int, str]:
        """Status by row."""
        frame = self.frames[section]
        return dict(zip(frame[ROW].to_list(), frame[STATUS].to_list(), strict=True))

    def live_lines(self, section: str) -> NDArray[np.uint64]:
        """Lines that are to be loaded, as uint64 of their number."""
        import polars as pl

        frame = self.frames[section]
        found: NDArray[np.uint64] = (
            frame.filter(pl.col(STATUS) == LOAD)[ROW].cast(pl.UInt64).to_numpy()
        )
        return found

    def submission(self) -> Submission:
        """The tables that would be loaded now; only judges and answers may look at it."""
        return submission_of(self.truth, self.frames)

    def obsolete(self) -> dict[TableName, frozenset[int]]:
        """Latent: clean rows that may be left behind; only judges may look at it."""
        return _obsolete(self._scenario, self._seed, self.as_of)

    def thing(self, section: str, line: int) -> int | None:
        """Latent: the row of the clean table that a line is; None: it is none."""
        table, row = self.origins[section].table, self.lines[section].get(line)
        if row is None or row in self.truth.added[table]:
            return None
        return self.truth.duplicate_of[table].get(row, row)

    def right_cell(self, section: str, line: int, column: str) -> str | None:
        """Latent: what a cell ought to be; None where nothing is right."""
        thing = self.thing(section, line)
        if thing is None:
            return None
        place = (self.origins[section].table, column)
        if place not in self._clean:
            self._clean[place] = self.truth.clean[place[0]][column].to_list()
        return self._clean[place][thing]  # identities of clean rows are their places


def _next_key(key: str, entry: Entry) -> str:
    return blake2b(f"{key}{entry!r}".encode(), digest_size=16).hexdigest()
