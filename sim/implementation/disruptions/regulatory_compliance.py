"""Standards turn out to apply that nobody planned for; what is not validated is not released."""

from __future__ import annotations

from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import DisruptionKind, Industry
from ..state import DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from ..validation import VALIDATION_CHECK
from .disruption import Disruption

_WORKSHOP_ATTEMPT = 1_000
"""Workshops draw beyond what else may bring it to light, which counts from 0."""
_DESIGN_ORDER = 2
STANDARDS_BY_INDUSTRY: dict[Industry, tuple[str, ...]] = {
    Industry.FURNITURE: ("TSCA Title VI", "ISO 9001", "FSC chain of custody"),
    Industry.INJECTION_MOULDING: ("ISO 13485", "FDA 21 CFR 820", "IATF 16949"),
    Industry.ELECTRICAL_EQUIPMENT: ("RoHS", "UL 508A", "ISO 9001"),
    Industry.TEXTILE_KNITTING: ("REACH", "OEKO-TEX", "ISO 9001"),
}
"""Standards that an authority or a large customer of the industry asks for, likeliest first."""


class RegulatoryCompliance(Disruption):
    """``names`` are the standards; their validation is real work, and a gate before go-live."""

    kind = DisruptionKind.REGULATORY_COMPLIANCE

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw the standards, none of which the customer had told of."""
        if not state.names:
            count = state.amount if state.amount > 0.0 else self.by_severity("standards", state)
            known = {*self.context.customer.standards}
            known.update(*(other.names for other in self.others()))
            usual = STANDARDS_BY_INDUSTRY[self.context.customer.industry]
            new = [name for name in usual if name not in known]
            new += [f"customer standard {n + 1}" for n in range(round(count))]
            state.names = new[: max(1, round(count))]
        state.amount = float(len(state.names))

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let sites that went live without release ship only what is inspected by hand."""
        if not state.noticed:
            return
        for index, site in enumerate(self.world.sites):
            if site.live_day >= 0:
                strain.live_loss[index] += self.by_severity("restriction", state)
                strain.cost_usd += self.parameter("stop_day_usd")

    # -- notice ----------------------------------------------------------------------------

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Have quality management read a finished solution design, and perhaps see it."""
        if package.kind == PackageKind.DISCOVERY and package.order == _DESIGN_ORDER:
            self.notice_perhaps(state, self.parameter("seen_in_design"), package.site)

    def workshop_held(self, state: DisruptionState) -> None:
        """Bring it out, with a chance, by somebody at the table who knows."""
        attempt = _WORKSHOP_ATTEMPT + self.world.workshops
        self.notice_perhaps(state, self.parameter("seen_in_workshop"), attempt)

    # -- what mends it ---------------------------------------------------------------------

    def notice(self, state: DisruptionState) -> None:
        """Let go-live wait for the release from now on; the validation is work."""
        packages = self.validation.require(state.names, self.by_severity("effort", state))
        state.responses = [package.id for package in packages]

    def start_day(self, state: DisruptionState) -> None:
        """Let the auditor look again where every site is live and no test cycle comes."""
        if state.noticed and len(self.live_sites()) == len(self.world.sites):
            check = self.validation.check()
            if check is not None and check.held and check.status == Status.WAITING:
                check.held = False
                self.work.release(check)

    def mended(self, state: DisruptionState) -> bool:
        """True if the system is released."""
        return self.world.checks_passed[VALIDATION_CHECK]
