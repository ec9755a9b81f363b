"""The ledger adds up to the scorecard, and keeping it changes nothing."""

from __future__ import annotations

import pytest

from golive.agents.gateway.kind import KIND
from golive.agents.registry import load_policy
from golive.sim.episodes import run
from golive.sim.gateway.ledger import COSTS, WORTH
from golive.sim.gateway.world import GatewayWorld


@pytest.fixture(scope="module")
def recorded():
    return run(KIND, load_policy("adaptive", KIND), "busy-desk", 3, record=True, luck=8)


def test_accounts_add_up_to_the_scorecard(recorded):
    ledger, card = recorded.world.ledger, recorded.scorecard
    assert len(ledger.accounts) == card.tasks_arrived
    net = sum(account.net_usd(float("inf")) for account in ledger.accounts.values())
    assert net == pytest.approx(card.net_usd)
    for name in ("agents_usd", "people_usd", "harm_usd"):
        booked = sum(
            usd
            for account in ledger.accounts.values()
            for _, what, usd in account.bookings
            if what == name
        )
        assert booked == pytest.approx(getattr(card, name))
    assert {name for a in ledger.accounts.values() for _, name, _ in a.bookings} <= {
        *(*WORTH, *COSTS),
        *("known_usd", "claims_usd"),
    }


def test_what_is_not_noticed_is_known_to_nobody(recorded):
    accounts = recorded.world.ledger.accounts.values()
    silent = [
        account
        for account in accounts
        if any(what == "harm_usd" for _, what, _ in account.bookings)
        and not any(what == "claims_usd" for _, what, _ in account.bookings)
    ]
    assert silent
    assert all(a.known_usd(float("inf")) > a.net_usd(float("inf")) for a in silent)


def test_evenings_grow_and_a_ledger_changes_nothing(recorded):
    evenings = recorded.world.ledger.evenings
    hours = [row.hour for row in evenings]
    assert hours == sorted(hours)
    assert {hour % 24.0 for hour in hours} == {18.0}
    assert [row.arrived for row in evenings] == sorted(row.arrived for row in evenings)
    assert all(0.0 < row.trust < 1.0 for row in evenings)
    plain = run(KIND, load_policy("adaptive", KIND), "busy-desk", 3, luck=8)
    assert plain.digest == recorded.digest
    assert plain.world is None
    assert GatewayWorld("busy-desk", 3).ledger is None
