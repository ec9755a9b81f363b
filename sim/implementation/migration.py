"""Mechanism 8: data objects are extracted, mapped, cleansed, loaded on trial and measured.

Some errors hide behind others: a profile sees the visible ones, each mock load brings out a
share of the rest (Bloor 2007: success per cycle about 70, 88, 96, 99.5 %). What nobody saw
surfaces in production.
"""

from __future__ import annotations

from ...core.arithmetic import plain_sum
from ...scenarios.implementation.vocabulary import DataErrorKind, DataObjectKind
from .briefing import DATA_OBJECTS, DataStage
from .context import Context
from .effort import bulk_factor
from .project_log import log_object_load
from .state import DataObjectState, Package, PackageKind, Status
from .work import Work

ERROR_KINDS: tuple[DataErrorKind, ...] = tuple(DataErrorKind)
_DECAYS_FULLY = frozenset({DataObjectKind.CUSTOMERS, DataObjectKind.VENDORS})
_DONE = int(Status.DONE)
_INACCURATE = ERROR_KINDS.index(DataErrorKind.INACCURATE)


class Migration:
    """The customer's data on their way into the new system."""

    def __init__(self, context: Context, work: Work) -> None:
        self.context = context
        self.state = context.state
        self.work = work
        p = context.parameters
        self._records_per_hour = [
            float(getattr(p, f"cleanse_per_hour_{kind.value}")) for kind in ERROR_KINDS
        ]
        self._present = [item for item in self.state.objects if item.present]

    def package_done(self, package: Package) -> None:
        """Profile what is extracted, make loadable what is mapped, mend what is cleansed."""
        item = self.state.objects[package.subject]
        if package.kind == PackageKind.EXTRACT:
            item.stage = int(DataStage.EXTRACTED)
            self._measure(item)
            self._plan_cleansing(item)
        elif package.kind == PackageKind.MAP:
            item.stage = int(DataStage.MAPPED)
        elif package.kind == PackageKind.CLEANSE:
            self._mend(item, 0.0)
            self._measure(item)
            self._plan_cleansing(item)

    def cleanse_progress(self) -> None:
        """Lower errors at the end of a day in step with the cleansing that was done."""
        for item in self._present:
            if item.cleanse_package < 0:
                continue
            package = self.state.packages[item.cleanse_package]
            if package.status == _DONE or package.first_member < 0 or not item.scope:
                continue
            hours = self._hours_to_mend(item, item.scope)
            if hours > 0.0:
                self._mend(item, min(1.0, package.remaining_hours / hours))

    @staticmethod
    def _mend(item: DataObjectState, left: float) -> None:
        """Of the errors in the scope of the cleansing, only a share is left."""
        for kind, count in enumerate(item.scope):
            item.visible[kind] = max(0.0, item.visible[kind] - count * (1.0 - left))
            item.scope[kind] = count * left

    def hours_to_cleanse(self, item: DataObjectState) -> float:
        """Effort to mend an object's known errors."""
        return self._hours_to_mend(item, item.visible)

    def _hours_to_mend(self, item: DataObjectState, errors: list[float]) -> float:
        rates = self._records_per_hour
        hours = plain_sum([count / rate for count, rate in zip(errors, rates, strict=True)])
        return hours * bulk_factor(item.records, self.context.parameters) / item.productivity

    def _plan_cleansing(self, item: DataObjectState) -> None:
        """The known errors make the remaining effort of the object's cleansing.

        A session under way finishes what it began; what has come up since is planned after it.
        """
        if item.cleanse_package < 0:
            return
        package = self.state.packages[item.cleanse_package]
        if package.status == Status.RUNNING:
            return
        hours = self.hours_to_cleanse(item)
        if package.status == Status.DONE:
            if hours <= self.context.parameters.shortest_session_hours:
                return
            self.work.reopen(package, hours)
        else:
            self.work.re_estimate(package, hours)
        item.scope = list(item.visible)
        share = self.context.parameters.cleanse_key_user_share
        package.key_user_hours = hours * share if package.department >= 0 else 0.0

    def true_quality(self, item: DataObjectState) -> float:
        """Share of records without an error, known or masked."""
        visible = hidden = rotten = 0.0
        for count in item.visible:
            visible += count
        for count in item.hidden:
            hidden += count
        for count in item.rotten:
            rotten += count
        return max(0.0, 1.0 - (visible + hidden + rotten) / item.records)

    def known_quality(self, item: DataObjectState) -> float:
        """Share of records without a known error."""
        return max(0.0, 1.0 - plain_sum(item.visible) / item.records)

    def overall_quality(self) -> float:
        """True quality over all objects, each object counting alike."""
        items = self._present
        return plain_sum(map(self.true_quality, items)) / len(items) if items else 1.0

    def agreeing_quality(self, items: list[DataObjectState] | None = None) -> float:
        """Share of records that agree with the legacy system, over some objects or all.

        What is rotten is as wrong there: no reconciliation shows it.
        """
        checked = self._present if items is None else items
        shares = (
            max(0.0, 1.0 - (plain_sum(item.visible) + plain_sum(item.hidden)) / item.records)
            for item in checked
        )
        return plain_sum(shares) / len(checked) if checked else 1.0

    def start_quality(self) -> float:
        """The same at kick-off."""
        items = self._present
        return plain_sum(item.quality_start for item in items) / len(items) if items else 1.0

    def measured_quality(self) -> float:
        """Last measured quality over all objects."""
        items = self._present
        return plain_sum(item.measured_quality for item in items) / len(items) if items else 1.0

    def _measure(self, item: DataObjectState) -> None:
        item.measured_quality = self.known_quality(item)
        item.measured_day = self.state.day

    def mock_load_done(self) -> None:
        """End a mock load: masked errors come out, technical failures are mended."""
        state, p = self.state, self.context.parameters
        loaded = wrong = 0.0
        for index, item in enumerate(state.objects):
            if not item.present:
                continue
            loaded += 1.0
            if item.stage != DataStage.MAPPED:
                wrong += 1.0
                continue
            brought_out = 0.0
            for kind, hidden in enumerate(item.hidden):
                shown = hidden * p.mock_load_reveal
                item.hidden[kind] = hidden - shown
                item.visible[kind] += shown
                brought_out += shown
            log_object_load(self.context, DATA_OBJECTS[index].value, item, brought_out)
            wrong += 1.0 - self.known_quality(item)
            self._measure(item)
            self._plan_cleansing(item)
        success = (1.0 - wrong / loaded if loaded else 1.0) * (1.0 - state.technical_failure)
        technical = state.technical_failure
        state.technical_failure *= p.technical_failure_kept
        state.last_mock_load_success = max(0.0, success)
        state.last_mock_load_day = state.day
        state.mock_loads_done += 1
        state.mock_load_package = -1
        self.context.note(
            "mock_load",
            f"mock load {state.mock_loads_done}",
            success=success,
            number=state.mock_loads_done,
            rejected_for_data=wrong / loaded if loaded else 0.0,
            rejected_technically=technical,
        )

    def profile(self, share: float) -> float:
        """Bring out a share of the errors that load cleanly, of all data that are extracted.

        Returns:
            Records that came to light.
        """
        total = 0.0
        for item in self._present:
            if item.stage == DataStage.UNTOUCHED:
                continue
            for kind, count in enumerate(item.rotten):
                item.rotten[kind] = count * (1.0 - share)
                item.visible[kind] += count * share
                total += count * share
            self._known_anew(item)
        return total

    @staticmethod
    def corrupt(item: DataObjectState, errors: list[float]) -> None:
        """Records go wrong and nobody sees it: masked errors by kind are added."""
        for kind, count in enumerate(errors):
            item.hidden[kind] += count

    def bring_out(self, item: DataObjectState, errors: list[float]) -> float:
        """Bring masked errors to light and plan to cleanse them.

        Args:
            item: a data object.
            errors: masked errors by kind; more than there are counts as all.

        Returns:
            How many came to light.
        """
        total = 0.0
        for kind, count in enumerate(errors):
            shown = min(count, item.hidden[kind])
            item.hidden[kind] -= shown
            item.visible[kind] += shown
            total += shown
        self._known_anew(item)
        return total

    def restore(self, item: DataObjectState, visible: list[float], hidden: list[float]) -> None:
        """Remove errors by kind without their having been cleansed."""
        for kind, count in enumerate(visible):
            before = item.visible[kind]
            after = max(0.0, before - count)
            item.visible[kind] = after
            if item.scope and before > 0.0:
                item.scope[kind] *= after / before
            item.hidden[kind] = max(0.0, item.hidden[kind] - hidden[kind])
        self._known_anew(item)

    def _known_anew(self, item: DataObjectState) -> None:
        if item.stage != DataStage.UNTOUCHED:
            self._measure(item)
            self._plan_cleansing(item)

    def spoil_load(self, share: float) -> None:
        """Spoil a share of the last mock load, which does not hold what it seemed to."""
        self.state.last_mock_load_success *= 1.0 - share

    def decay(self, days: float) -> None:
        """Add the new errors that a business which goes on makes."""
        p = self.context.parameters
        share = p.data_decay_per_month * days / p.days_per_month
        for index, item in enumerate(self.state.objects):
            if item.present:
                fully = DATA_OBJECTS[index] in _DECAYS_FULLY
                slow = 1.0 if fully else p.data_decay_elsewhere
                known = item.stage != DataStage.UNTOUCHED
                target = item.visible if known else item.hidden
                target[_INACCURATE] += share * slow * self.true_quality(item) * item.records

    def cut_over(self) -> float:
        """The final load: the data go live as they are.

        Returns:
            Reconciliation: the share that agrees with the legacy system.
        """
        items = self._present
        if not items:
            return 1.0
        financial = [
            item
            for index, item in enumerate(self.state.objects)
            if item.present and DATA_OBJECTS[index] in _FINANCIAL
        ]
        unmapped = plain_sum(1.0 for item in items if item.stage != DataStage.MAPPED) / len(items)
        quality = self.agreeing_quality(financial or items)
        return max(0.0, quality - unmapped) * (1.0 - self.state.technical_failure)

    def surface_live(self, days: float) -> None:
        """Make masked errors known that users run into after go-live; they must be mended."""
        p = self.context.parameters
        share = min(1.0, p.mock_load_reveal * days / p.days_per_month)
        for item in self._present:
            for kind, hidden in enumerate(item.hidden):
                item.hidden[kind] = hidden * (1.0 - share)
                item.visible[kind] += hidden * share
            for kind, rotten in enumerate(item.rotten):
                item.rotten[kind] = rotten * (1.0 - share)
                item.visible[kind] += rotten * share
            self._plan_cleansing(item)


_FINANCIAL = frozenset(
    {
        DataObjectKind.STOCK,
        DataObjectKind.OPEN_ORDERS,
        DataObjectKind.COSTS,
        DataObjectKind.CUSTOMERS,
        DataObjectKind.VENDORS,
    }
)
