"""Sentences of a day: what the project team sees, in its trade's words, for each kind of event.

A kind that nobody has a sentence for is told with its name, subject and figures. Kinds that the
team cannot know of are ``NOT_FOR_THE_MANAGER``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.arithmetic import plain_sum, whole_sum
from ...sim.implementation.decision import WORKSTREAMS
from .diary_words import Happening, capital, counted, generic, joined, listed, often, percent, plain
from .insight_words import report_of

NOT_FOR_THE_MANAGER = frozenset({"disruption_begun"})
"""Happens behind the team's back: it is told once it is noticed."""
TOLD_ELSEWHERE = frozenset({"kick_off", "package_planned", "session", "forecast", "survey", "move"})
"""Told by the opening, the week's status or as a decision."""
_HAVE_LINES_OF_THEIR_OWN = frozenset({"fix", "mock_load", "test_cycle", "check"})
"""Kinds of packages whose end another event tells."""

MOVES = {
    "stakeholder_workshop": "stakeholder workshop",
    "escalate": "open questions escalated to the heads of department",
    "training_wave": "training wave {number} ordered",
    "mock_load": "mock load {number} ordered",
    "test_cycle": "test cycle {number} ordered",
    "manual_intervention": "outside experts called in",
    "add_capacity": "one more member for the crew",
    "postpone_go_live": "go-live postponed",
    "go_live": "go for cutover",
    "roll_back": "back to the old systems",
    "rebaseline": "a new plan to be agreed with the sponsor",
    "profile_data": "a profile of the data ordered",
    "review_work": "a review of the finished work ordered",
    "walk_through": "a walk through the processes ordered",
    "visit_operations": "a visit to operations ordered",
    "sponsor_talk": "a talk with the sponsor arranged",
}
"""Moves in words; others by their names."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A work package as the tracker has it."""

    name: str
    workstream: str
    kind: str

    @classmethod
    def of(cls, event: Happening, *, one_site: bool) -> Planned:
        """The package of an event that plans it; a site is named where there are several."""
        site = "" if one_site else f" ({event.text('site')})"
        name = _SITE_NUMBER.sub(site, event.subject)
        return cls(plain(name), event.text("workstream"), event.text("package_kind"))


_SITE_NUMBER = re.compile(r" site \d+$")


@dataclass(slots=True)
class Tracker:
    """Contents of the project's tracker and time sheets by now."""

    hours_per_day: float
    one_site: bool = False
    packages: dict[float, Planned] = field(default_factory=dict)
    done: set[float] = field(default_factory=set)
    done_before: set[float] = field(default_factory=set)
    """Until yesterday."""
    open_defects: set[float] = field(default_factory=set)
    reported: dict[str, str] = field(default_factory=dict)
    """Disruptions that the latest briefing has: how grave, how much work."""
    noticed: set[str] = field(default_factory=set)
    moves: Counter[str] = field(default_factory=Counter)
    pace: str = ""
    days_late: float | None = None
    """By the last forecast."""
    booked_hours: dict[str, float] = field(default_factory=dict)
    """Of this week, by workstream."""

    def begin_day(self) -> None:
        """Take what is done for old."""
        self.done_before = set(self.done)

    def note(self, event: Happening) -> None:
        """Take an event in."""
        number = event.number("package", -1.0)
        if event.kind == "package_planned":
            self.packages[number] = Planned.of(event, one_site=self.one_site)
        elif event.kind == "package_done":
            self.done.add(number)
        elif event.kind == "defect_found":
            self.open_defects.add(event.number("defect"))
        elif event.kind == "defect_fixed":
            self.open_defects.discard(event.number("defect"))
        elif event.kind == "disruption_noticed":
            self.noticed.add(event.subject)
        elif event.kind == "forecast":
            self.days_late = event.number("days_late")
        elif event.kind == "session":
            stream = self.workstream(event)
            self.booked_hours[stream] = self.booked_hours.get(stream, 0.0) + event.number(
                "booked_hours"
            )

    def workstream(self, event: Happening) -> str:
        """The workstream of an event's package; empty if the tracker does not know it."""
        planned = self.packages.get(event.number("package", -1.0))
        return planned.workstream if planned else ""

    def progress(self, workstream: str) -> tuple[int, int]:
        """Packages done, and known, of a workstream; fixes are no packages of the plan."""
        own = [
            number
            for number, one in self.packages.items()
            if one.workstream == workstream and one.kind not in _HAVE_LINES_OF_THEIR_OWN
        ]
        return whole_sum(number in self.done for number in own), len(own)

    def move(self, name: str) -> str:
        """A move in words; it is counted."""
        self.moves[name] += 1
        if name == "change_freeze":
            return f"change freeze {'declared' if self.moves[name] % 2 else 'lifted'}"
        return MOVES.get(name, plain(name)).format(number=self.moves[name])


Events = Mapping[str, Sequence[Happening]]
"""A day's events of the kinds that a teller takes; a kind without any has an empty list."""
Teller = Callable[[Events, Tracker], Iterator[str]]


def told(events: Sequence[Happening], tracker: Tracker) -> Iterator[str]:
    """A day's events in words, those of each kind together, in the order of the trade."""
    by_kind: dict[str, list[Happening]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)
    for kinds, teller in _TELLERS:
        own = {kind: by_kind.pop(kind, []) for kind in kinds}
        if any(own.values()):
            yield from teller(own, tracker)
    for kind, others in by_kind.items():
        if kind not in NOT_FOR_THE_MANAGER | TOLD_ELSEWHERE:
            yield f"{generic(others)}."


def _disruptions(events: Events, tracker: Tracker) -> Iterator[str]:
    if found := events["disruption_noticed"]:
        names = [f"{plain(one.subject)}{tracker.reported.get(one.subject, '')}" for one in found]
        yield f"Trouble noticed: {listed(names)}."
    over = [one for one in events["disruption_recovered"] if one.subject in tracker.noticed]
    if over:
        yield f"Mended: {listed(plain(one.subject) for one in over)}."


def _network(events: Events, tracker: Tracker) -> Iterator[str]:
    down, up = events["network_down"], events["network_up"]
    if down:
        hours = plain_sum(one.hour for one in up) - plain_sum(one.hour for one in down)
        lasted = f", {hours:.1f} h in all" if len(down) == len(up) else ""
        yield f"The network failed {often(len(down))}{lasted}."
    elif up:
        yield "The network works again."


def _scope(events: Events, tracker: Tracker) -> Iterator[str]:
    if accepted := events["change_accepted"]:
        yield f"{capital(_requests(accepted))} accepted."
    if declined := events["change_rejected"]:
        yield f"{capital(_requests(declined))} declined."
    if found := events["requirement_found"]:
        names = [f"{one.subject} ({one.number('effort_hours'):.0f} h)" for one in found]
        yield f"Requirement that nobody had named: {listed(names)}."


def _requests(events: Sequence[Happening]) -> str:
    numbers = [one.subject.removeprefix("change request ") for one in events]
    total = plain_sum(one.number("effort_hours") for one in events)
    if all(number.isdigit() for number in numbers):
        word = "change request" if len(events) == 1 else "change requests"
        return f"{word} {joined(numbers)} ({total:.0f} h)"
    return f"{listed(one.subject for one in events)} ({total:.0f} h)"


def _questions(events: Events, tracker: Tracker) -> Iterator[str]:
    parts = []
    if asked := events["question"]:
        whom = listed(plain(one.text("department")) for one in asked)
        parts.append(f"{len(asked)} asked ({whom})")
    if answered := events["answer"]:
        hours = max(one.hour - one.number("asked_hour", one.hour) for one in answered)
        days = hours / tracker.hours_per_day
        after = f" after {days:.1f} days" if days >= 0.1 else " at once"
        parts.append(f"{len(answered)} answered{after}{' at most' * (len(answered) > 1)}")
    if parts:
        yield f"Questions to the customer: {', '.join(parts)}."
    if assumed := events["assumption"]:
        names = listed(plain(one.subject) for one in assumed)
        yield f"No answer in time; the crew goes by an assumption: {names}."


def _finished(events: Events, tracker: Tracker) -> Iterator[str]:
    new: dict[str, list[str]] = {}
    again: dict[str, list[str]] = {}
    for one in events["package_done"]:
        number = one.number("package", -1.0)
        planned = tracker.packages.get(number)
        if planned is None or planned.kind not in _HAVE_LINES_OF_THEIR_OWN:
            place = again if number in tracker.done_before else new
            name = planned.name if planned else plain(one.subject)
            place.setdefault(tracker.workstream(one), []).append(name)
    for stream in sorted(new | again, key=[*WORKSTREAMS, ""].index):
        name = capital(stream) or "Work"
        if stream in new:
            done, known = tracker.progress(stream)
            so_far = f" ({done} of {counted(known, 'package')} done)" if known else ""
            yield f"{name}: {listed(dict.fromkeys(new[stream]))} finished{so_far}."
        if stream in again:
            yield f"{name}, once more: {listed(dict.fromkeys(again[stream]))}."


def _build_checks(events: Events, tracker: Tracker) -> Iterator[str]:
    removed = round(plain_sum(one.number("removed") for one in events["build_checked"]))
    if removed:
        yield f"Reviews and unit tests: {counted(removed, 'defect')} removed before test."


def _mock_loads(events: Events, tracker: Tracker) -> Iterator[str]:
    for one in events["mock_load"]:
        technically = one.number("rejected_technically")
        failed = f", {percent(technically)} failed technically" if technically >= 0.005 else ""
        yield f"{capital(one.subject)}: {percent(one.number('success'))} loaded{failed}."
    shown = {plain(one.subject): round(one.number("new_errors")) for one in events["object_loaded"]}
    if total := whole_sum(shown.values()):
        worst = sorted(shown, key=lambda name: -shown[name])[:2]
        most = joined([f"{name} ({shown[name]:,})" for name in worst if shown[name]])
        records = counted(total, "wrong record")
        yield f"The load brought {records} to light that no profile had shown, most in {most}."


def _test_cycles(events: Events, tracker: Tracker) -> Iterator[str]:
    for one in events["test_cycle"]:
        prepared = one.number("test_cases_prepared", 1.0)
        cases = (
            f"; only {percent(prepared)} of the test cases were ready" if prepared < 0.995 else ""
        )
        found = counted(round(one.number("found")), "defect")
        yield (
            f"{capital(one.subject)} ended: {found}, "
            f"pass rate {percent(one.number('pass_rate'))}{cases}."
        )


def _defects(events: Events, tracker: Tracker) -> Iterator[str]:
    stages = {"sit": "Defects found in test", "uat": "Defects found in acceptance"}
    stages["live"] = "Tickets from production"
    found: dict[str, list[Happening]] = {}
    for one in events["defect_found"]:
        if events["design_flaw"] and one.text("cause") == "design_flaw":
            continue  # the flaw's own line counts them
        found.setdefault(one.text("stage"), []).append(one)
    for stage, own in found.items():
        count = Counter(one.text("severity") for one in own)
        severities = [f"{count[name]} {name}" for name in ("critical", "major", "minor")]
        shown = joined([text for text in severities if not text.startswith("0 ")])
        where = listed(plain(one.subject) for one in own)
        yield f"{stages.get(stage, 'Defects found')}: {shown or len(own)} ({where})."
    for one in events["design_flaw"]:
        others = counted(round(one.number("components")), "further component")
        yield f"Design flaw in {plain(one.subject)}: {others} must be done again in part."
    if failing := events["interface_failed"]:
        yield f"Failing interface: {listed(plain(one.subject) for one in failing)}."
    if fixed := events["defect_fixed"]:
        left = len(tracker.open_defects)
        still = f"{left} still open" if left else "none left open"
        yield f"Defects fixed: {len(fixed)} ({still})."


def _readings(events: Events, tracker: Tracker) -> Iterator[str]:
    yield from map(report_of, events["reading"])


def _acceptance(events: Events, tracker: Tracker) -> Iterator[str]:
    for passed, result in ((True, "passed"), (False, "failed, to be repeated")):
        names = []
        for one in events["acceptance_check"]:
            attempt = round(one.number("attempt", 1.0))
            if bool(one.number("passed")) is passed:
                names.append(f"{one.subject}{f' (attempt {attempt})' if attempt > 1 else ''}")
        if names:
            yield f"Acceptance checks {result}: {listed(names)}."
    for one in events["acceptance_lapsed"]:
        checks = counted(round(one.number("checks", 1.0)), "check")
        yield f"Acceptance has lapsed, as much was built since: {checks} to be passed again."


def _cutover(events: Events, tracker: Tracker) -> Iterator[str]:
    if begun := events["cutover_begins"]:
        yield f"Cutover begins: {listed(one.subject for one in begun)}."
    if missed := events["window_missed"]:
        sites = listed(one.subject for one in missed)
        yield f"Window missed: the cutover is not done ({sites}); the next is in a week."
    if ready := events["cutover_ready"]:
        sites = listed(one.subject for one in ready)
        yield f"Cutover done: {sites}; production starts with the week."
    for one in events["go_live"]:
        agrees = one.number("reconciliation", -1.0)
        value = f"; {agrees:.1%} of the migrated value reconciles" if agrees >= 0.0 else ""
        yield f"GO-LIVE of {one.subject}{value.replace('%', ' %')}."
    if template := events["retrofit"]:
        hours = plain_sum(one.number("effort_hours") for one in template)
        names = listed(plain(one.subject) for one in template)
        yield f"To do at the next sites: {names} ({hours:,.0f} h)."
    for one in events["roll_back"]:
        yield f"ROLL-BACK: {one.subject} works with its old systems again."


def _sponsor(events: Events, tracker: Tracker) -> Iterator[str]:
    for one in events["date_missed"]:
        late = counted(round(one.number("days_late")), "day")
        yield f"The go-live date has passed: {late} late."
    for one in events["rebaselined"]:
        weeks = counted(round(one.number("weeks")), "week")
        day = round(one.number("day"))
        yield f"New plan agreed with the sponsor: {weeks} more, go-live on day {day}."
    if events["sponsor_changed"]:
        yield "The sponsor leaves; somebody else takes over."
    for one in events["vendor_changed"]:
        begin = counted(round(one.number("days")), "day")
        yield f"The sponsor sends the vendor away; another one's people begin in {begin}."
    if events["hypercare_extended"]:
        yield "Hypercare goes on for another week: operations are not back to normal."
    for one in events["cancelled"]:
        yield (
            f"THE SPONSOR STOPS THE PROJECT: {percent(one.number('overrun'))} over plan. "
            "(Told on as if not: the score weighs both.)"
        )
    if events["closed"]:
        yield "The project is closed."


def _conflicts(events: Events, tracker: Tracker) -> Iterator[str]:
    if found := events["conflict_found"]:
        yield f"Rules of two departments contradict each other: {listed(_subjects(found))}."
    if settled := events["conflict_settled"]:
        yield f"Contradiction settled: {listed(_subjects(settled))}."
    if answers := events["vendor_answers"]:
        yield f"The vendor answers: {listed(_subjects(answers))}."


def _subjects(events: Sequence[Happening]) -> list[str]:
    return [plain(one.subject) for one in events]


_TELLERS: tuple[tuple[tuple[str, ...], Teller], ...] = (
    (("disruption_noticed", "disruption_recovered"), _disruptions),
    (("network_down", "network_up"), _network),
    (("conflict_found", "conflict_settled", "vendor_answers"), _conflicts),
    (("change_accepted", "change_rejected", "requirement_found"), _scope),
    (("question", "answer", "assumption"), _questions),
    (("package_done",), _finished),
    (("build_checked",), _build_checks),
    (("mock_load", "object_loaded"), _mock_loads),
    (("test_cycle",), _test_cycles),
    (("acceptance_check", "acceptance_lapsed"), _acceptance),
    (("reading",), _readings),
    (("defect_found", "design_flaw", "interface_failed", "defect_fixed"), _defects),
    (
        ("cutover_begins", "cutover_ready", "window_missed", "go_live", "retrofit", "roll_back"),
        _cutover,
    ),
    (
        (
            "date_missed",
            "rebaselined",
            "sponsor_changed",
            "vendor_changed",
            "hypercare_extended",
            "cancelled",
            "closed",
        ),
        _sponsor,
    ),
)
"""Kinds of events, each with who tells them."""
