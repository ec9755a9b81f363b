"""The migration world: the data of one customer, from the first extract to the production load."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ...core.arguments import of_type, seed_of
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.loader import as_scenario
from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import Adversity
from ..agenda import Agenda, Due
from ..protocol import Snapshot, SnapshotError
from .briefing import Briefing, legal_decisions, table_view
from .campaign import Campaign
from .decision import NO_TABLE, TABLES, Decision, LegalDecisions
from .ground import Ground
from .judge import judge
from .naive import casts_only
from .people import HALF_DAY, People
from .scorecard import TEAM_USD_PER_HOUR, Scorecard, counts_of, expenses_usd, harm_of, scorecard_of
from .state import (
    NOBODY,
    STATE_VERSION,
    Happening,
    State,
    TableState,
    UserState,
    digest_of,
    from_plain,
    to_plain,
)
from .traits import draw_signs, draw_traits, with_traits

WORLD_NAME = "migration"
DAY_HOURS = 8.0
DAYS_PER_WEEK = 5
LATEST_WEEKS = 3
"""After the planned go-live; then the business goes live with what there is."""
COMING = frozenset(
    [
        Adversity.CORRUPT_EXTRACT,
        Adversity.CHANGED_SCHEMA,
        Adversity.KEY_USER_LEAVES,
        Adversity.RULES_CHANGE,
    ]
)
"""Adversities that come on a day; the others are there from the beginning."""
_WHEN = purpose("migration/day of a trouble")


class MigrationWorld:
    """One episode: some weeks of a migration.

    Args:
        scenario: what is simulated, or its name or the path of its file.
        seed: of the episode; it decides the customer, its tables and luck.
        record: nothing is kept besides the state, so it changes nothing.

    Raises:
        GoliveError: no such scenario, or a wrong seed.
    """

    hours_per_day = DAY_HOURS

    def __init__(
        self,
        scenario: MigrationScenario | str | os.PathLike[str],
        seed: int,
        *,
        record: bool = False,
    ) -> None:
        scenario = of_type(
            "scenario", as_scenario(scenario), MigrationScenario, f"one of world {WORLD_NAME!r}"
        )
        seed_of("seed", seed, 64)
        traits = draw_traits(scenario, seed)
        state = State(
            now=0.0,
            customer_seed=seed,
            traits=traits,
            signs=draw_signs(seed, traits),
            tables=[],
            users=[UserState() for _ in range(scenario.users_to_ask)],
        )
        self._set_up(scenario, state, seed)
        state.tables = [TableState(self._ground.height(name)) for name in TABLES]
        self._agenda.note(DAY_HOURS, Happening.EVENING, NOBODY)
        self._agenda.note(self.horizon, Happening.END, NOBODY)
        for number, trouble in enumerate(scenario.troubles):
            if trouble.kind not in COMING:
                state.met[list(Adversity).index(trouble.kind)] = trouble.severity
                continue
            u = self._streams.uniform(_WHEN, number)
            day = int((0.2 + 0.6 * u) * scenario.weeks * DAYS_PER_WEEK)
            at = day if trouble.day is None else trouble.day
            self._agenda.note(max(at, 1) * DAY_HOURS, Happening.TROUBLE, number)

    def _set_up(self, scenario: MigrationScenario, state: State, seed: int) -> None:
        """Build the mechanisms around a state."""
        self._scenario, self._state, self._streams = scenario, state, RandomStreams(seed)
        self._varied = with_traits(scenario, state.traits)
        self._ground = Ground(self._varied, state.customer_seed, state.log)
        self._agenda = Agenda(state, self._happen)
        self._people = People(state, self._streams)
        self._campaign = Campaign(
            scenario, state, self._streams, self._ground, self._people, self._agenda
        )
        self._known: Briefing | None = None
        self._legal: LegalDecisions | None = None

    # -- the protocol ----------------------------------------------------------------------

    @property
    def scenario(self) -> MigrationScenario:
        """The scenario that is simulated."""
        return self._scenario

    @property
    def seed(self) -> int:
        """The episode's seed."""
        return self._streams.seed

    @property
    def subject(self) -> str:
        """The episode's customer in a few words."""
        return f"the data of {self._scenario.customer.name}"

    @property
    def now(self) -> float:
        """Working hours since the first morning."""
        return self._state.now

    @property
    def golive_hours(self) -> float:
        """Working hours until the planned go-live."""
        return self._scenario.weeks * DAYS_PER_WEEK * DAY_HOURS

    @property
    def horizon(self) -> float:
        """Working hours after which the episode is over at the latest."""
        return self.golive_hours + LATEST_WEEKS * DAYS_PER_WEEK * DAY_HOURS

    @property
    def finished(self) -> bool:
        """True when the data is loaded, or when it is too late for that."""
        return self._state.finished

    @property
    def illegal_decisions(self) -> int:
        """Illegal decisions so far."""
        return self._state.totals.illegal

    @property
    def state(self) -> State:
        """Everything, latent traits included, for oracles and judges; policies have briefings."""
        return self._state

    @property
    def ground(self) -> Ground:
        """The tables and their truth, likewise."""
        return self._ground

    def briefing(self) -> Briefing:
        """All that may be known at this decision point."""
        if self._known is None:
            self._known = self._briefing()
        return self._known

    def _briefing(self) -> Briefing:
        state = self._state
        frozen = state.frozen_at >= 0.0
        return Briefing(
            decision=state.totals.decisions,
            now=state.now,
            golive_in_hours=self.golive_hours - state.now,
            weeks=self._scenario.weeks,
            frozen=frozen,
            frozen_hours=state.now - state.frozen_at if frozen else 0.0,
            signs=tuple(state.signs),
            waits=tuple(max(0.0, u.busy_until - state.now) / HALF_DAY for u in state.users),
            tired=tuple(user.tiredness for user in state.users),
            answers_checked=state.totals.checked,
            answers_wrong=state.totals.checked_wrong,
            rows_changed=state.totals.rows_changed,
            mock_loads=state.totals.mock_loads,
            expenses_usd=expenses_usd(state),
            masked=bool(state.masked),
            met=tuple(state.met),
            loaded=bool(state.verdict),
            finished=state.finished,
            tables=tuple(table_view(table, state.now) for table in state.tables),
        )

    def legal(self) -> LegalDecisions:
        """The decisions that are legal at this decision point."""
        if self._legal is None:
            self._legal = legal_decisions(self.briefing())
        return self._legal

    def advance(self, decision: Decision) -> None:
        """Do what is decided and run until the team is free again; illegal is: it waits.

        Raises:
            RuntimeError: the episode is over.
        """
        state = self._state
        if state.finished:
            raise RuntimeError("the episode is over: make a new world")
        decision, illegal = self.legal().replace_illegal(decision)
        self._known = self._legal = None
        state.totals.illegal += illegal
        state.totals.decisions += 1
        hours = self._campaign.do(decision)
        if state.finished:
            return
        state.working = True
        self._agenda.note(state.now + hours, Happening.DONE, NO_TABLE)
        while state.working and not state.finished:
            self._agenda.step()

    def scorecard(self) -> Scorecard:
        """The result so far."""
        varied = self._varied
        harm = _harm_of_casts(varied.model_dump_json(), self._state.customer_seed)
        planned = TEAM_USD_PER_HOUR * varied.team * self.golive_hours
        strict = self._people.is_strict
        return scorecard_of(self._state, self.golive_hours, harm, planned, strict)

    def snapshot(self) -> Snapshot:
        """The whole world at this decision point, as plain data."""
        self._ground.remember()
        return Snapshot(WORLD_NAME, STATE_VERSION, self._payload())

    def digest(self) -> str:
        """Hash of the state and of what it depends on; equal digests have equal futures."""
        return digest_of(self._payload())

    def _payload(self) -> Mapping[str, Any]:
        scenario = self._scenario.model_dump(mode="json")
        return {"scenario": scenario, "seed": self.seed, "state": to_plain(self._state)}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a snapshot; SimPy's events cannot be pickled."""
        return type(self).restore, (self.snapshot(),)

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, record: bool = False, seed: int | None = None
    ) -> MigrationWorld:
        """The world of a snapshot; its future is that of the world that made it.

        Args:
            snapshot: of a migration world.
            record: nothing is kept besides the state.
            seed: draws the future anew from here; the customer, its tables and what has happened
                stay as they are.

        Raises:
            SnapshotError: it is another world's, another version's, or damaged.
        """
        if not isinstance(snapshot, Snapshot) or snapshot.world != WORLD_NAME:
            raise SnapshotError(f"snapshot: expected one of world {WORLD_NAME!r}")
        if snapshot.version != STATE_VERSION:
            raise SnapshotError(
                f"version: {snapshot.version!r}: this golive restores version {STATE_VERSION} only"
            )
        try:
            scenario = MigrationScenario.model_validate(snapshot.payload["scenario"])
            state = from_plain(snapshot.payload["state"])
            world = cls.__new__(cls)
            world._set_up(scenario, state, snapshot.payload["seed"] if seed is None else seed)
            world.briefing()  # a state that no briefing can be made of is damaged
            if len(state.tables) != len(TABLES):
                raise ValueError(f"{len(state.tables)} tables: expected {len(TABLES)}")
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, GoliveError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SnapshotError(f"payload: damaged or not a snapshot ({reason})") from error
        return world

    # -- what happens ----------------------------------------------------------------------

    def _happen(self, due: Due) -> None:
        state = self._state
        if state.finished:
            return
        match due.kind:
            case Happening.EVENING:
                self._people.evening()
                if state.frozen_at < 0.0:
                    self._campaign.business_goes_on(int(state.now / DAY_HOURS))
                self._agenda.note(state.now + DAY_HOURS, Happening.EVENING, NOBODY)
            case Happening.TROUBLE:
                self._campaign.trouble(due.whom)
            case Happening.ANSWERED:
                self._campaign.answered(due.order)
            case Happening.SIGNED:
                self._campaign.signed(due.whom)
            case Happening.DONE:
                state.working = False
            case _:
                self._campaign.go_live()


@lru_cache(maxsize=64)
def _harm_of_casts(scenario: str, seed: int) -> float:
    """USD of harm if a customer's tables are loaded with the right casts and nothing else."""
    ground = Ground(MigrationScenario.model_validate_json(scenario), seed, [])
    return harm_of(counts_of(judge(ground.truth, casts_only(ground.truth))))
