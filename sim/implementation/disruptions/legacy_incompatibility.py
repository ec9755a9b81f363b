"""Legacy incompatibility: old systems do not do what their documentation says.

Formats, code pages and APIs of some systems differ from their papers. Extraction and mapping of
the data that live in them, and interfaces to them, do not hold. The first extract or interface, a
mock load or a test cycle shows it, or somebody tells. Then each system needs an adapter, which
waits for somebody who still knows the system and is the dearer the older and the less documented
it is. Until it stands, data of the system are no further than extracted and its interfaces fail;
what had been mapped must in part be mapped again.

``names`` holds the systems, ``values`` the hours at which somebody answers for them; the first
responses are their adapters, in that order; ``targets`` holds the data object that each further
response maps again.
"""

from __future__ import annotations

from ....core.arithmetic import whole_sum
from ....scenarios.implementation.customer import LegacySystem
from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import (
    DataObjectKind,
    DisruptionKind,
    LegacyKind,
    Workstream,
)
from .. import draws
from ..briefing import DATA_OBJECTS, DataStage, SystemEnvironment
from ..state import DefectState, DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from .disruption import Disruption

MOST_SYSTEMS = 16
MOST_DEFECTS = 16
"""Of one adapter."""
_DEFECT_KEY = 1 << 44  # beyond the keys of all other defects
DATA_HOME: dict[DataObjectKind, tuple[LegacyKind, ...]] = {
    DataObjectKind.ITEMS: (LegacyKind.ERP, LegacyKind.CUSTOM, LegacyKind.SPREADSHEET),
    DataObjectKind.BOMS: (LegacyKind.CAD, LegacyKind.ERP, LegacyKind.CUSTOM),
    DataObjectKind.ROUTINGS: (LegacyKind.SHOP_FLOOR, LegacyKind.ERP, LegacyKind.CUSTOM),
    DataObjectKind.CUSTOMERS: (LegacyKind.CRM, LegacyKind.ERP, LegacyKind.ACCOUNTING),
    DataObjectKind.VENDORS: (LegacyKind.ERP, LegacyKind.ACCOUNTING, LegacyKind.CUSTOM),
    DataObjectKind.STOCK: (LegacyKind.ERP, LegacyKind.CUSTOM, LegacyKind.SPREADSHEET),
    DataObjectKind.OPEN_ORDERS: (LegacyKind.ECOMMERCE, LegacyKind.ERP, LegacyKind.SPREADSHEET),
    DataObjectKind.COSTS: (LegacyKind.ERP, LegacyKind.ACCOUNTING, LegacyKind.SPREADSHEET),
}
"""Home of data: the first kind of system that the customer has; otherwise its first system."""


class LegacyIncompatibility(Disruption):
    """``names``: the systems; or ``amount``: how many of the customer's."""

    kind = DisruptionKind.LEGACY_INCOMPATIBILITY

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw the systems; where the customer has too few, some turn up that nobody had listed."""
        known = self.context.customer.legacy_systems
        streams = self.context.streams
        if not state.names:
            wanted = self.by_severity("systems", state) if row.amount is None else row.amount
            count = min(MOST_SYSTEMS, round(wanted))
            order = sorted(
                range(len(known)),
                key=lambda system: streams.uniform(draws.LEGACY_SYSTEM, self._key(state, system)),
            )
            state.names = [known[system].name for system in order[:count]]
            missing = count - len(state.names)
            state.names += [f"unlisted system {number + 1}" for number in range(missing)]
        state.amount = float(len(state.names))
        state.injured = state.left = state.amount

    # -- what lives where ------------------------------------------------------------------

    @staticmethod
    def _key(state: DisruptionState, system: int) -> int:
        return state.number * MOST_SYSTEMS + system

    def _system(self, name: str) -> LegacySystem | None:
        """The customer's system of a name; ``None``: nobody had listed it."""
        wanted = name.casefold()
        systems = self.context.customer.legacy_systems
        return next((item for item in systems if item.name.casefold() == wanted), None)

    def _home(self, index: int) -> str:
        """Name of the system in which a data object lives."""
        systems = self.context.customer.legacy_systems
        kinds = DATA_HOME[DATA_OBJECTS[index]]
        homes = (system.name for kind in kinds for system in systems if system.kind is kind)
        return str(next(homes, systems[0].name if systems else ""))

    def _objects(self, state: DisruptionState, system: int) -> list[int]:
        """Data objects that live in a system of the disruption; in an unlisted one: part of one."""
        present = [index for index, item in enumerate(self.world.objects) if item.present]
        known = self._system(state.names[system])
        if known is not None:
            return [index for index in present if self._home(index) == known.name]
        draw = self.context.streams.uniform(draws.LEGACY_OBJECT, self._key(state, system))
        return [present[int(draw * len(present))]] if present else []

    def _interfaces(self, state: DisruptionState, system: int) -> list[int]:
        known = self._system(state.names[system])
        return [
            index
            for index, interface in enumerate(self.context.customer.interfaces)
            if known is not None and interface.system == known.name
        ]

    def _adapted(self, state: DisruptionState, system: int) -> bool:
        """True when the system's adapter stands."""
        if system >= len(state.responses):
            return False
        return self.world.packages[state.responses[system]].status == Status.DONE

    def _unadapted(self, state: DisruptionState) -> list[int]:
        """Systems whose adapter does not stand yet."""
        return [i for i in range(len(state.names)) if not self._adapted(state, i)]

    def _unreadable(self, state: DisruptionState) -> set[int]:
        """Data objects that cannot be read from where they live, known or not."""
        return {i for system in self._unadapted(state) for i in self._objects(state, system)}

    def _unreachable(self, state: DisruptionState) -> set[int]:
        """Interfaces that cannot work, known or not."""
        return {i for system in self._unadapted(state) for i in self._interfaces(state, system)}

    # -- how it is noticed -----------------------------------------------------------------

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Show it in extracts and interfaces; mend it by adapters and mappings."""
        if package.kind == PackageKind.EXTRACT:
            if package.subject in self._unreadable(state):
                self.notice_now(state)
        elif package.kind == PackageKind.INTERFACE:
            if package.subject in self._unreachable(state):
                self.world.interfaces[package.subject].faulty = True
                key = self._key(state, package.subject)
                draw = self.context.streams.uniform(draws.LEGACY_FOUND, key)
                if draw < self.parameter("found_interface"):
                    self.notice_now(state)
        elif package.id in state.responses:
            self._mend(state, state.responses.index(package.id))
        self._hold_back(state)

    def mock_load_done(self, state: DisruptionState) -> None:
        """Show that part of what was loaded is not what the old system meant."""
        unreadable = self._unreadable(state)
        loaded = [i for i in unreadable if self.world.objects[i].stage == DataStage.MAPPED]
        if loaded:
            present = whole_sum(1 for item in self.world.objects if item.present)
            share = self.by_severity("depth", state) * len(loaded) / present
            self.migration.spoil_load(share)
            self.notice_now(state)

    def test_cycle_done(self, state: DisruptionState) -> None:
        """Show it in a test, which runs every interface that is built."""
        if any(self.world.interfaces[index].built for index in self._unreachable(state)):
            self.notice_now(state)

    def went_live(self, state: DisruptionState, site: int) -> None:
        """Show it at the latest in production."""
        self.notice_now(state)

    def end_day(self, state: DisruptionState) -> None:
        """Let no fix of an interface hold while there is no adapter."""
        self._hold_back(state)

    def _hold_back(self, state: DisruptionState) -> None:
        """Take back what is known not to hold."""
        if not state.noticed:
            return
        for index in self._unreadable(state):
            item = self.world.objects[index]
            item.stage = min(item.stage, int(DataStage.EXTRACTED))
        for index in self._unreachable(state):
            interface = self.world.interfaces[index]
            if interface.built:
                interface.failing, interface.tested = True, False

    # -- what mends it ---------------------------------------------------------------------

    def notice(self, state: DisruptionState) -> None:
        """Order an adapter for each system; what was mapped or connected does not hold."""
        spread, hours = self.context.tables.notice, self.context.hours_per_day
        days = self.by_severity("vendor_days", state)
        for system, name in enumerate(state.names):
            adapter = self.respond(
                state,
                f"adapter {name}",
                Workstream.INTEGRATION,
                self._adapter_hours(state, self._system(name)),
                environment=int(SystemEnvironment.SANDBOX),
            )
            draw = self.context.streams.uniform(draws.LEGACY_VENDOR, self._key(state, system))
            state.values.append(self.context.hour + days * hours * spread.at(draw))
            self.work.hold(adapter)
            self.work.set_status(adapter, Status.WAITING)
        self._hold_back(state)

    def start_day(self, state: DisruptionState) -> None:
        """Let somebody who still knows a system answer, so that its adapter can be built."""
        for system, hour in enumerate(state.values):
            adapter = self.world.packages[state.responses[system]]
            if adapter.held and hour <= self.context.hour:
                adapter.held = False
                self.context.note("vendor_answers", state.names[system])
                self.work.release(adapter)

    def escalated(self, state: DisruptionState) -> None:
        """Have the sponsor press the vendors as well."""
        now, factor = self.context.hour, self.context.parameters.escalation_factor
        state.values = [now + max(0.0, hour - now) * factor for hour in state.values]

    def _adapter_hours(self, state: DisruptionState, system: LegacySystem | None) -> float:
        if system is None:
            age = self.parameter("unlisted_age")
            documented = self.parameter("unlisted_documentation")
            further = self.parameter("connect_hours")
        else:
            age, documented, further = system.age_years, system.documentation, 0.0
        hours = self.by_severity("adapter_hours", state)
        hours *= 1.0 + self.parameter("age_effort") * age
        hours *= 1.0 + self.parameter("undocumented_effort") * (1.0 - documented)
        return hours + further

    def _mend(self, state: DisruptionState, number: int) -> None:
        """An adapter stands, or an object is mapped again."""
        unreadable = self._unreadable(state)
        if number >= len(state.names):
            index = state.targets[number - len(state.names)]
            if index not in unreadable:
                self.world.objects[index].stage = int(DataStage.MAPPED)
            return
        state.left -= 1.0
        self._inject(state, number)
        for index in self._interfaces(state, number):
            self._reconnect(index)
        for index in self._objects(state, number):
            if index not in unreadable:
                self._map_again(state, index)

    def _inject(self, state: DisruptionState, system: int) -> None:
        """An adapter is software like an interface, with defects that its unit tests miss."""
        p, streams = self.context.parameters, self.context.streams
        key = _DEFECT_KEY + self._key(state, system) * MOST_DEFECTS
        arrival = 0.0
        for number in range(MOST_DEFECTS):
            draw = streams.uniform(draws.DEFECT_ARRIVAL, key + number)
            arrival += self.context.tables.exponential.at(draw)
            if arrival > p.defects_interface:
                return
            if streams.uniform(draws.DEFECT_IN_BUILD, key + number) < p.removal_unit:
                self.world.removed_in_build += 1
            else:
                self.defects.add(state.responses[system], key + number)

    def _reconnect(self, index: int) -> None:
        """The interface works through the adapter, apart from defects of its own."""
        interface = self.world.interfaces[index]
        interface.faulty = False
        interface.failing = any(
            defect.interface == index and defect.state == DefectState.OPEN
            for defect in self.world.defects
        )

    def _map_again(self, state: DisruptionState, index: int) -> None:
        """Map again in part what had been mapped without the adapter."""
        p = self.context.parameters
        for package in self.world.packages:
            if package.kind != PackageKind.MAP or package.subject != index:
                continue
            if package.status != Status.DONE:
                return  # it will be mapped through the adapter
            hours = self.by_severity("depth", state) * package.planned_hours
            prepared = p.key_user_share_agentic if self.context.agentic else 1.0
            state.targets.append(index)
            self.respond(
                state,
                f"map {DATA_OBJECTS[index].value} again",
                Workstream.DATA,
                hours,
                department=package.department,
                key_user_hours=hours * p.key_user_share_data * prepared,
            )
            return

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let users work without the data that cannot be read."""
        present = whole_sum(1 for item in self.world.objects if item.present)
        if not present or not self.live_sites():
            return
        loss = self.parameter("live_loss") * len(self._unreadable(state)) / present
        for index, site in enumerate(self.world.sites):
            if site.live_day >= 0:
                strain.live_loss[index] += loss
