"""Part of the users does not read the project's language: screens, documents, training."""

from __future__ import annotations

import math

from ....core.arithmetic import plain_sum
from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    Department,
    DisruptionKind,
    Workstream,
)
from ..briefing import CHECKS, SystemEnvironment
from ..state import DisruptionState, Package, PackageKind, Status
from ..strain import Strain
from .disruption import Disruption

_USER_ACCEPTANCE = CHECKS.index(AcceptanceCheckKind.USER_ACCEPTANCE)
_WORKSHOP_ATTEMPT = 1_000
"""Workshops draw beyond what else may bring it to light, which counts from 0."""
_SANDBOX = int(SystemEnvironment.SANDBOX)
_AGAIN = "teach again"
USUAL_LANGUAGES = (
    *("es", "zh", "vi", "pl", "pt", "fr", "de", "ar", "so", "tl"),
    *("en", "uk", "ro", "tr", "hi", "ko", "my", "ht", "fa", "sw"),
)
"""Languages of a shop floor's users, most likely first."""


class MultilingualRequirements(Disruption):
    """``names`` are the languages; ``values`` the share of each site's users concerned.

    ``left`` languages are not translated yet; ``targets`` holds, language by language, how many
    of its packages are open.
    """

    kind = DisruptionKind.MULTILINGUAL_REQUIREMENTS

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw which languages, and how many users of each site need one of them."""
        sites = self.context.customer.sites
        project = sites[0].language
        if not state.names:
            count = state.amount if state.amount > 0.0 else self.by_severity("languages", state)
            known = {project}.union(*(other.names for other in self.others()))
            new = [name for name in USUAL_LANGUAGES if name not in known] or [USUAL_LANGUAGES[0]]
            state.names = new[: max(1, round(count))]
        state.amount = state.left = float(len(state.names))
        by_language = self.parameter("user_share")
        state.injured = 1.0 - math.prod([1.0 - by_language] * len(state.names))
        state.values = [
            max(state.injured, self.parameter("native_share"))
            if site.language in state.names and site.language != project
            else state.injured
            for site in sites
        ]

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Let those who do not read learn little, answer late and misunderstand."""
        for site in range(len(strain.latency)):
            lost = self._lost(state, site)
            strain.training_gain[site] *= 1.0 - self.parameter("training_loss") * lost
            strain.latency[site] *= 1.0 + self.parameter("latency") * lost
            strain.live_loss[site] += self.parameter("live_loss") * lost
        mean = plain_sum(state.values) / len(state.values) * state.left / state.amount
        strain.wrong_assumption += self.parameter("misunderstanding") * mean
        strain.user_failing += self.parameter("acceptance_failing") * mean

    def _lost(self, state: DisruptionState, site: int) -> float:
        """Share of a site's users for whom there is nothing to read yet."""
        return state.values[site] * state.left / state.amount

    def end_day(self, state: DisruptionState) -> None:
        """Hold adoption down where texts are missing: nobody adopts what he cannot read."""
        people = self.world.people
        for index, site in enumerate(people.site):
            if self.world.sites[site].live_day >= 0:
                most = 1.0 - self.parameter("adoption_loss") * self._lost(state, site)
                people.adoption[index] = min(people.adoption[index], most)

    # -- notice ----------------------------------------------------------------------------

    def training_done(self, state: DisruptionState, package: Package) -> None:
        """Show in the first wave who does not follow."""
        self.notice_now(state)

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Show it in acceptance by users; end a language's trouble with its last package."""
        if package.kind == PackageKind.CHECK and package.subject == _USER_ACCEPTANCE:
            self.notice_now(state)
        elif package.id in state.responses:
            self._count(state)
            if package.name.startswith(_AGAIN):
                share = state.injured / state.amount
                self.people.train(package.site, self.context.parameters.training_gain * share)

    def workshop_held(self, state: DisruptionState) -> None:
        """Have a shift leader say it, with a chance."""
        attempt = _WORKSHOP_ATTEMPT + self.world.workshops
        self.notice_perhaps(state, self.parameter("seen_in_workshop"), attempt)

    def went_live(self, state: DisruptionState, site: int) -> None:
        """Have the users themselves say it, at the latest."""
        self.notice_now(state)

    # -- what mends it ---------------------------------------------------------------------

    def notice(self, state: DisruptionState) -> None:
        """Order for each language: screens, documents, training material, users taught again."""
        self.people.shift_trust(self.parameter("trust") * state.injured)
        state.targets = []
        for number, language in enumerate(state.names):
            first = len(state.responses)
            self._translate(state, language)
            state.targets += [number] * (len(state.responses) - first)

    def _translate(self, state: DisruptionState, language: str) -> None:
        customer, size = self.context.customer, self.size()
        site = next((i for i, s in enumerate(customer.sites) if s.language == language), 0)
        share = self.parameter("key_user_share")
        for what, workstream, row, environment in (
            ("screens and documents", Workstream.CONFIGURATION, "screen_hours", _SANDBOX),
            ("training material", Workstream.TRAINING, "material_hours", -1),
        ):
            hours = self.parameter(row) * size
            self.respond(
                state,
                f"translate {what} ({language})",
                workstream,
                hours,
                site=site,
                department=self.department_index(Department.PRODUCTION),
                key_user_hours=share * hours,
                environment=environment,
            )
        if self.world.training_waves > self.world.training_pending:
            users = customer.employees * self.context.parameters.user_share
            taught = users * state.injured / state.amount
            hours = taught * self.context.parameters.training_hours_per_user
            self.respond(
                state,
                f"{_AGAIN} ({language})",
                Workstream.TRAINING,
                hours * self.parameter("teach_again"),
                site=site,
            )

    def _count(self, state: DisruptionState) -> None:
        open_languages = {
            language
            for language, index in zip(state.targets, state.responses, strict=True)
            if self.world.packages[index].status != Status.DONE
        }
        state.left = float(len(open_languages))
