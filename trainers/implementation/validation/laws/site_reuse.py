"""Multi-site reuse: a further site takes a part of the pilot's effort, less once proven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .....agents.implementation.typical_practice import TypicalPractice
from .....scenarios.implementation.plan import Wave
from .....scenarios.implementation.vocabulary import Workstream
from .....sim.implementation.briefing import NEVER, Briefing, SiteStatus
from .....sim.implementation.decision import NO_FOCUS, WORKSTREAMS, Decision, LegalDecisions
from .....sim.implementation.state import PackageKind
from .....sim.policy import Policy
from ..figures import ratio_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Project, Sample, in_arms, play, state_of

CURVE_FIRST, CURVE_EXPONENT, CURVE_FLOOR = 0.55, 0.2, 0.25
"""Published: effort of site n over the pilot's is max(floor, first n^-exponent)."""
CURVE_TOLERANCE, WHOLE_TOLERANCE = 0.03, 0.1
LIKE_FOR_LIKE = (
    PackageKind.DISCOVERY,
    PackageKind.TEST_PREPARATION,
    PackageKind.TRAINING_MATERIAL,
    PackageKind.REHEARSAL,
)
"""Kinds of work that every site has, the pilot included."""
OWN = (*LIKE_FOR_LIKE, PackageKind.BUILD)
"""A further site's own work, its localisation left out."""
PILOT_BUILT = 0.6
"""Share of the pilot's scope that is done when who proves the template first stops building."""
_HELD = frozenset(
    WORKSTREAMS.index(name)
    for name in (Workstream.DISCOVERY, Workstream.CONFIGURATION, Workstream.CUSTOMISATION)
)


@dataclass(frozen=True, slots=True)
class _SitePlan:
    """Planned effort hours at kick-off by number of the site, the pilot being 1.

    Attributes:
        like_for_like: of the kinds of work that every site has.
        local: of all work such as further sites have too; what is done once for all sites, data,
            interfaces, requirements and challenges, is left out.
        everything: the pilot's with what is done once for all.
    """

    like_for_like: Mapping[int, float]
    local: Mapping[int, float]
    everything: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Effort hours of the further sites' own work in the end, and whether all went live."""

    own_hours: float
    went_live: bool


def template_first(policy: Policy) -> AlteredPolicy:
    """The policy that builds nothing for later waves before the first one is live.

    Who works on a workstream cannot be told for which site; so its crew stops analysing and
    building when most of the pilot's scope is done, fixes apart.
    """

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        if not _pilot_is_next_and_built(briefing):
            return decision
        rows = briefing.workstreams
        focus = [
            NO_FOCUS if index in _HELD and not rows[index].fix_packages else index
            for index in decision.focus
        ]
        return replace(decision, focus=tuple(focus))

    return AlteredPolicy(policy, alter, f"{policy.name}, template first")


def _measure(sample: Sample) -> Measured:
    cases = sample.projects(wanted=lambda customer: len(customer.sites) > 1)
    plans = [_effort_by_site(case) for case in cases]
    curve = [
        ratio_figure(
            f"effort of site {number} over the pilot's, like for like",
            [plan.like_for_like[number] for plan in plans if number in plan.like_for_like],
            [plan.like_for_like[1] for plan in plans if number in plan.like_for_like],
            f"{published_factor(number):.2f}",
        )
        for number in sorted({number for plan in plans for number in plan.like_for_like} - {1})
    ]
    second, booked = (
        ratio_figure(f"a second site's effort over the pilot's, {name}", above, below, published)
        for name, above, below, published in (
            (
                "work done once for all sites left out",
                [plan.local[2] for plan in plans],
                [plan.local[1] for plan in plans],
                f"{published_factor(2):.2f}, localisation besides",
            ),
            (
                "that work booked on the pilot",
                [plan.everything[2] for plan in plans],
                [plan.everything[1] for plan in plans],
                "",
            ),
        )
    )
    usual = TypicalPractice()
    outcomes = in_arms(
        cases,
        lambda case: _outcome(usual, _in_one_wave(case)),
        lambda case: _outcome(usual, case),
        lambda case: _outcome(template_first(usual), case),
    )

    def compared(name: str, this: int, that: int, published: str) -> Figure:
        live = [row for row in outcomes if row[this].went_live and row[that].went_live]
        return ratio_figure(
            f"own work of later sites: {name}",
            [row[this].own_hours for row in live],
            [row[that].own_hours for row in live],
            published,
        )

    at_once, ahead, proven = range(3)
    patient = compared("template first over built ahead", proven, ahead, "below 1")
    waves = compared("waves, built ahead, over all at once", ahead, at_once, "")
    best = compared("waves, template first, over all at once", proven, at_once, "below 1")
    off = [abs(figure.value.estimate - float(figure.published)) for figure in curve]
    falls = [figure.value.estimate for figure in curve]
    return (*curve, second, booked, patient, waves, best), {
        "effort by site follows the curve": max(off) <= CURVE_TOLERANCE,
        "a second site's effort is near the curve": (
            abs(second.value.estimate - published_factor(2)) <= WHOLE_TOLERANCE
        ),
        "and falls with the number of the site": falls == sorted(falls)[::-1],
        "who proves the template first works less than who builds ahead": (
            patient.value.below(1.0)
        ),
        "who proves the template first works less than all sites at once": best.value.below(1.0),
    }


def published_factor(number: int) -> float:
    """Published effort of site number n (the pilot is 1) over the pilot's."""
    return max(CURVE_FLOOR, float(CURVE_FIRST * number**-CURVE_EXPONENT))


def _pilot_is_next_and_built(briefing: Briefing) -> bool:
    """True if the first wave is not live, most of it is built, and others follow it."""
    sites = [site for site in briefing.sites if site.present]
    if any(site.days_live != NEVER or site.status != SiteStatus.PLANNED for site in sites):
        return False
    first = [site for site in sites if site.wave == 0]
    return len(first) < len(sites) and all(site.scope_done >= PILOT_BUILT for site in first)


def _in_one_wave(case: Project) -> Project:
    """The project with all sites going live together, when the last of them would have."""
    plan = case.scenario.plan
    names = tuple(site.name for site in case.scenario.customer.sites)
    together = plan.model_copy(update={"waves": (Wave(sites=names, week=plan.weeks),)})
    return Project(case.scenario.model_copy(update={"plan": together}), case.seed)


def _effort_by_site(case: Project) -> _SitePlan:
    world = play(TypicalPractice(), case, until=lambda briefing: True)
    alike: dict[int, float] = defaultdict(float)
    local: dict[int, float] = defaultdict(float)
    everything: dict[int, float] = defaultdict(float)
    planned = [
        package
        for package in state_of(world)["packages"]
        if package["in_baseline"] and package["kind"] != PackageKind.LOCALISATION
    ]
    everywhere = {_what(package) for package in planned if package["site"] > 0}
    for package in planned:
        number, hours = package["site"] + 1, package["planned_hours"]
        everything[number] += hours
        if _what(package) in everywhere:
            local[number] += hours
        if package["kind"] in LIKE_FOR_LIKE:
            alike[number] += hours
    return _SitePlan(alike, local, everything)


def _what(package: Mapping[str, Any]) -> tuple[int, int]:
    """Kind and workstream of a package: what is done, wherever it is."""
    return package["kind"], package["workstream"]


def _outcome(policy: Policy, case: Project) -> _Outcome:
    world = play(policy, case)
    own = sum(
        package["planned_hours"]
        for package in state_of(world)["packages"]
        if package["site"] > 0 and package["kind"] in OWN
    )
    return _Outcome(own, world.scorecard().went_live)


experiment = Law(
    name="Multi-site reuse",
    statement=(
        "A further site of a roll-out takes a part of the pilot's effort that falls with its "
        "number; and less of it where waves let the template prove itself first. (Not a law: that "
        "waves alone save work. Who builds ahead of the template adapts what was built.)"
    ),
    source="calibration B (estimate on practice)",
    published=f"site n over pilot: max({CURVE_FLOOR}, {CURVE_FIRST} n^-{CURVE_EXPONENT})",
    experiment=(
        "The plans of customers with several sites at kick-off; then typical practice with "
        "all sites in one wave, in the plan's waves, and in these with a crew that stops "
        f"building when {PILOT_BUILT:.0%} of the pilot's scope is done, until it is live. "
        "Compared is the effort of the further sites' own work, adapting it to the template "
        "included, where both go live."
    ),
    measure=_measure,
)
