"""Mechanism 6: packages stop on questions that only the customer can answer.

An answer takes a heavy-tailed time, longer where trust is low and key users are loaded (waiting
grows as rho / (1 - rho)); a question too old turns into an assumption, and some are wrong.
"""

from __future__ import annotations

from . import draws
from .briefing import DEPARTMENTS, DefectSeverity
from .context import Context
from .defects import WRONG_ASSUMPTION_KEY, Defects
from .effort import REFERENCE_COMPLEXITY
from .people import People
from .sites import Sites
from .state import Package, PackageKind, Question
from .work import Work


class Questions:
    """Questions to the customer and their answers."""

    def __init__(
        self, context: Context, work: Work, defects: Defects, people: People, sites: Sites
    ) -> None:
        self.context = context
        self._distance = [sites.distance_factor(index) for index in range(len(sites.offsets))]
        self.state = context.state
        self.work = work
        self.defects = defects
        self.people = people

    def arises(self, package: Package) -> bool:
        """Ask the question that a package has reached; True if it is one that stops it.

        Finished discovery of its department has answered some; low trust raises more.
        """
        p = self.context.parameters
        if package.kind != PackageKind.CHALLENGE:
            points = self.context.customer.complexity - REFERENCE_COMPLEXITY
            chance = p.question_probability * (1.0 + p.complexity_questions * points)
            chance *= 1.0 + p.latency_trust_slope * (
                p.neutral_trust - self.people.head_trust(package)
            )
            if package.kind != PackageKind.DISCOVERY:
                discovered = self._discovered(package.department, package.site)
                chance *= 1.0 - p.discovery_answers * discovered
                chance /= 1.0 - p.discovery_answers * p.discovery_usual
            if self.context.streams.uniform(draws.QUESTION_ARISES, package.id) >= chance:
                return False
        self._ask(package)
        return True

    def _discovered(self, department: int, site: int) -> float:
        done = total = 0.0
        for package in self.state.packages:
            if package.workstream != 0 or package.site != site:
                continue
            if department in (-1, package.department):
                total += package.planned_hours
                done += package.done_hours
        if not total and department >= 0:  # a plan whose discovery leaves a department out
            return self._discovered(-1, site)
        return done / total if total else 1.0

    def _ask(self, package: Package) -> None:
        p, streams, tables = self.context.parameters, self.context.streams, self.context.tables
        department = package.department
        if department < 0:
            department = self.state.pools[0].department
        trust = self.people.head_trust(package)
        load = min(p.queue_load_limit, self._load(package.site, department))
        queue = 1.0 + p.queue_weight * load / (1.0 - load)
        spread = tables.latency.at(streams.uniform(draws.QUESTION_LATENCY, package.id))
        mood = max(p.latency_floor, 1.0 + p.latency_trust_slope * (p.neutral_trust - trust))
        days = p.decision_latency_days * spread * mood * queue
        days *= self.context.strain.latency[package.site] * self._distance[package.site]
        now = self.context.hour
        due = now + days * self.context.hours_per_day
        self.state.questions.append(Question(package.id, package.site, department, now, due))
        self.state.questions_asked += 1
        name = DEPARTMENTS[department].value
        self.context.note("question", package.name, department=name, package=package.id, load=load)

    def _load(self, site: int, department: int) -> float:
        index = self.work.pool_index.get((site, department), 0)
        return self.state.pools[index].load

    def start_day(self) -> None:
        """Take today's answers, and assume those to questions that have grown too old."""
        state = self.state
        if not state.questions:
            return
        hours = self.context.hours_per_day
        day_start = self.context.hour
        stale = self.context.parameters.stale_days * hours
        still_open = []
        for question in state.questions:
            if question.due_hour <= day_start:
                self._answered(question)
            elif question.asked_hour + stale <= day_start:
                self._assume(question)
            else:
                still_open.append(question)
        state.questions[:] = still_open

    def due_within(self, day_end: float) -> list[Question]:
        """Questions whose answer comes before the end of the day."""
        return [question for question in self.state.questions if question.due_hour < day_end]

    def answer(self, question: Question) -> None:
        """Take the customer's answer, so that the package can go on."""
        if question in self.state.questions:
            self.state.questions.remove(question)
            self._answered(question)

    def _answered(self, question: Question) -> None:
        self.state.questions_answered += 1
        package = self.state.packages[question.package]
        self.work.resume(package)
        self.context.note(
            "answer", package.name, package=package.id, asked_hour=question.asked_hour
        )

    def _assume(self, question: Question) -> None:
        """The crew assumes an answer and goes on; a wrong one is a defect of the requirement."""
        self.state.assumptions += 1
        package = self.state.packages[question.package]
        wrong = self.context.streams.uniform(draws.ASSUMPTION, package.id)
        strain = self.context.strain.wrong_assumption
        if wrong < self.context.parameters.wrong_assumption + strain:
            key = WRONG_ASSUMPTION_KEY + package.id
            self.defects.add(package.id, key, int(DefectSeverity.MAJOR))
        self.work.resume(package)
        self.context.note(
            "assumption", package.name, package=package.id, asked_hour=question.asked_hour
        )

    def settle_in_workshop(self) -> None:
        """Settle some of the pending questions in a stakeholder workshop."""
        p, streams = self.context.parameters, self.context.streams
        for question in list(self.state.questions):
            draw = streams.uniform(draws.QUESTION_WORKSHOP, question.package, self.state.workshops)
            if draw < p.workshop_answers * self.context.effects.workshop:
                self.answer(question)

    def escalate(self) -> None:
        """Have the sponsor press for answers: what is left of each latency shrinks."""
        shortened = 1.0 - self.context.parameters.escalation_factor
        factor = max(0.0, 1.0 - shortened * self.context.effects.escalation)
        now = self.context.hour
        for question in self.state.questions:
            question.due_hour = now + max(0.0, question.due_hour - now) * factor

    def settle_most_pressing(self, count: int) -> int:
        """Have experts settle the questions of the packages that are needed first.

        Returns:
            How many were settled.
        """
        packages = self.state.packages
        pressing = sorted(
            self.state.questions,
            key=lambda question: (
                packages[question.package].latest_finish_hour,
                question.package,
            ),
        )
        for question in pressing[:count]:
            self.answer(question)
        return min(count, len(pressing))
