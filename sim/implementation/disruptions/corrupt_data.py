"""Corrupt data: records go wrong behind the project's back, and look right at first.

A faulty batch job, a bad import, half a database restored: at the onset a share of the records
of every data object goes wrong, all of it masked, and the cause works on. An extraction profile or
a mock load shows a pattern, or somebody tells. Then a forensic profile brings part of it out, data
recovery (backups, logs, key users who verify record by record) finds the cause and puts a share
right, owner by owner, and the rest has to be cleansed like any other error.

``values`` holds four numbers per data object in ``targets``: corrupted records still masked, those
known, and the object's masked and known errors when they were last looked at. What reveals or
cleanses errors does not ask where they come from, so the corrupted ones fall in step with all.
"""

from __future__ import annotations

from collections import defaultdict

from ....core.arithmetic import plain_sum
from ....scenarios.implementation.vocabulary import DataErrorKind, DisruptionKind, Workstream
from .. import draws
from ..briefing import DATA_OBJECTS, DEPARTMENTS
from ..migration import ERROR_KINDS
from ..scope_builder import DATA_OWNER
from ..state import DataObjectState, DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from .disruption import Disruption

_LOUD = tuple(
    ERROR_KINDS.index(kind)
    for kind in (DataErrorKind.DUPLICATE, DataErrorKind.FORMAT, DataErrorKind.SPECIAL_CHARACTER)
)
_SILENT = ERROR_KINDS.index(DataErrorKind.INACCURATE)
_DRAWS_PER_DISRUPTION = 128  # more than data objects times kinds of error
_FIELDS = 4
_MASKED, _KNOWN, _MASKED_THEN, _KNOWN_THEN = range(_FIELDS)


class CorruptData(Disruption):
    """``amount``: share of the records of each data object."""

    kind = DisruptionKind.CORRUPT_DATA
    amount_row = "share"

    def begin(self, state: DisruptionState) -> None:
        """Records that were right go wrong, masked."""
        for index, item in enumerate(self.world.objects):
            if not item.present:
                continue
            count = state.amount * self.migration.true_quality(item) * item.records
            self.migration.corrupt(item, self._by_kind(state, index, count))
            state.targets.append(index)
            state.values += [count, 0.0, plain_sum(item.hidden), plain_sum(item.visible)]
            state.injured += count
        state.left = state.injured

    def _by_kind(self, state: DisruptionState, index: int, count: float) -> list[float]:
        """Corrupted records of an object by kind of error; the mix is the object's own."""
        streams, exponential = self.context.streams, self.context.tables.exponential
        base = state.number * _DRAWS_PER_DISRUPTION + index * len(ERROR_KINDS)
        weights = [
            exponential.at(streams.uniform(draws.CORRUPTION_MIX, base + kind)) for kind in _LOUD
        ]
        silent = self.parameter("silent")
        errors = [0.0] * len(ERROR_KINDS)
        errors[_SILENT] = count * silent
        for kind, weight in zip(_LOUD, weights, strict=True):
            errors[kind] = count * (1.0 - silent) * weight / plain_sum(weights)
        return errors

    # -- what becomes of them --------------------------------------------------------------

    def _follow(self, state: DisruptionState) -> None:
        """Corrupted records fall in step with the errors of their object."""
        values = state.values
        for number, index in enumerate(state.targets):
            item = self.world.objects[index]
            at = number * _FIELDS
            masked, known, masked_then, known_then = values[at : at + _FIELDS]
            masked_now, known_now = plain_sum(item.hidden), plain_sum(item.visible)
            if masked_now < masked_then:
                shown = masked * (1.0 - masked_now / masked_then)
                masked -= shown
                known += shown
                known_then += masked_then - masked_now
            if known_now < known_then:
                known *= known_now / known_then
            values[at : at + _FIELDS] = [masked, known, masked_now, known_now]
        self._count(state)

    @staticmethod
    def _count(state: DisruptionState) -> None:
        masked, known = state.values[_MASKED::_FIELDS], state.values[_KNOWN::_FIELDS]
        state.left = plain_sum(masked) + plain_sum(known)

    def _look_again(self, state: DisruptionState, number: int, item: DataObjectState) -> None:
        at = number * _FIELDS
        state.values[at + _MASKED_THEN] = plain_sum(item.hidden)
        state.values[at + _KNOWN_THEN] = plain_sum(item.visible)

    def _bring_out(self, state: DisruptionState, number: int, share: float) -> None:
        """A share of an object's corrupted records comes to light."""
        index = state.targets[number]
        item = self.world.objects[index]
        at = number * _FIELDS
        count = state.values[at + _MASKED] * share
        shown = self.migration.bring_out(item, self._by_kind(state, index, count))
        state.values[at + _MASKED] -= shown
        state.values[at + _KNOWN] += shown
        self._look_again(state, number, item)

    def _restore(self, state: DisruptionState, owner: int) -> None:
        """Backups, logs and the owner's people put a share of what is left right."""
        share = self.parameter("restored")
        for number, index in enumerate(state.targets):
            if self._owner(index) != owner:
                continue
            item = self.world.objects[index]
            at = number * _FIELDS
            masked, known = state.values[at + _MASKED], state.values[at + _KNOWN]
            self.migration.restore(
                item,
                self._by_kind(state, index, known * share),
                self._by_kind(state, index, masked * share),
            )
            state.values[at + _MASKED] = masked * (1.0 - share)
            state.values[at + _KNOWN] = known * (1.0 - share)
            self._look_again(state, number, item)
        self._count(state)

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let mock loads reject records and test cases fail for want of right data."""
        records = plain_sum(self.world.objects[index].records for index in state.targets)
        if records:
            strain.load_hours += self.parameter("load_effort") * state.left / records

    # -- how it is noticed, and what mends it ----------------------------------------------

    def _suspect(self, state: DisruptionState) -> None:
        """Enough wrong records of one kind of data make a pattern."""
        for number, index in enumerate(state.targets):
            known = state.values[number * _FIELDS + _KNOWN]
            if known >= self.parameter("suspicion") * self.world.objects[index].records:
                self.notice_now(state)
                return

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Show some by an extraction profile; mend some by data recovery, the rest by cleansing."""
        if package.kind == PackageKind.EXTRACT and package.subject in state.targets:
            self._follow(state)
            number = state.targets.index(package.subject)
            self._bring_out(state, number, self.parameter("profiled"))
            self._suspect(state)
        elif package.kind == PackageKind.CLEANSE:
            self._follow(state)
        elif package.id in state.responses:
            self._follow(state)
            self._restore(state, package.department)

    def mock_load_done(self, state: DisruptionState) -> None:
        """Reject some of them in a mock load."""
        self._follow(state)
        self._suspect(state)

    def end_day(self, state: DisruptionState) -> None:
        """Count what the day's cleansing mended, and what went wrong meanwhile."""
        self._follow(state)
        self._spread(state)

    def _spread(self, state: DisruptionState) -> None:
        """The cause works on until an owner's data recovery has found it."""
        responses = [self.world.packages[index] for index in state.responses]
        stopped = {item.department for item in responses if item.status == Status.DONE}
        daily = self.parameter("spread") * state.amount
        for number, index in enumerate(state.targets):
            if self._owner(index) in stopped:
                continue
            item = self.world.objects[index]
            count = daily * self.migration.true_quality(item) * item.records
            self.migration.corrupt(item, self._by_kind(state, index, count))
            state.values[number * _FIELDS + _MASKED] += count
            self._look_again(state, number, item)
            state.injured += count
        self._count(state)

    def notice(self, state: DisruptionState) -> None:
        """Order a forensic profile, and data recovery with each owner of data."""
        self._follow(state)
        self.people.shift_trust(self.parameter("trust") * state.amount)
        if not state.targets:
            return
        for number in range(len(state.targets)):
            self._bring_out(state, number, self.parameter("forensic"))
        hit: dict[int, float] = defaultdict(float)
        held: dict[int, float] = defaultdict(float)
        for number, index in enumerate(state.targets):
            owner, at = self._owner(index), number * _FIELDS
            left = state.values[at + _MASKED] + state.values[at + _KNOWN]
            hit[owner] += left
            held[owner] += self.world.objects[index].records
        prepared = self.context.parameters.key_user_share_agentic if self.context.agentic else 1.0
        base, most = self.parameter("recovery_hours"), self.parameter("verified_most")
        for owner, corrupted in hit.items():
            records = corrupted * min(1.0, most / held[owner])
            self.respond(
                state,
                f"data recovery {DEPARTMENTS[owner].value}",
                Workstream.DATA,
                base + records / self.parameter("recovery_per_hour"),
                department=owner,
                key_user_hours=prepared * records / self.parameter("verified_per_hour"),
            )

    def _owner(self, index: int) -> int:
        """Department that answers for a data object."""
        return self.department_index(DATA_OWNER[DATA_OBJECTS[index]])

    def mended(self, state: DisruptionState) -> bool:
        """True if data recovery is done and little of the injury is left."""
        return self.responded(state) and state.left <= self.parameter("mended") * state.injured
