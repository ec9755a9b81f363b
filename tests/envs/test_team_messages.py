"""What a team's roles say to each other, and what becomes of it while some are away."""

from __future__ import annotations

import numpy as np
import pytest

from golive.core.random_streams import RandomStreams
from golive.envs.team_absence import HANDOVER, Absences, absence_presets, absence_rules

pytest.importorskip("pettingzoo", reason="needs golive[team]")

from golive.envs.team import TeamEnv

from .team_examples import (
    CONFIGURATION,
    DATA,
    EXPERT,
    MANAGER,
    ORCHESTRATOR,
    action,
    begun,
    passing,
)

# -- messages --------------------------------------------------------------------------------


def heard(environment: TeamEnv, role: str) -> dict[tuple[str, str], float]:
    return {key: message.value for key, message in environment.inbox(role).items()}


def test_a_message_is_read_the_next_day_by_all_others_and_costs_all() -> None:
    environment, silent = begun(messages={"cost": 0.25}), begun()
    actions = passing(environment)
    actions[CONFIGURATION] = action(environment, CONFIGURATION, "says=open_defects")
    assert heard(environment, MANAGER) == {}
    _, paid, _, _, informations = environment.step(actions)
    _, shared, _, _, _ = silent.step(passing(silent))
    assert all(paid[role] == shared[role] - 0.25 for role in paid)
    assert informations[CONFIGURATION]["messages_sent"] == 1
    assert heard(environment, MANAGER) == {(CONFIGURATION, "open_defects"): 0.0}
    assert heard(environment, CONFIGURATION) == {}
    environment.step(passing(environment))
    (message,) = environment.inbox(DATA).values()
    assert message.age_days == 2


def test_a_figure_is_what_its_sender_observes() -> None:
    environment = begun(messages={"delay_days": 3})
    actions = passing(environment)
    actions[EXPERT] = action(environment, EXPERT, "says=users_trained")
    names = [feature.name for feature in environment.state_features]
    figure = float(environment.state()[names.index("people/readiness")])
    environment.step(actions)
    assert heard(environment, MANAGER) == {}
    for _ in range(2):
        environment.step(passing(environment))
    assert heard(environment, MANAGER) == {(EXPERT, "users_trained"): pytest.approx(figure)}
    place = names.index(f"inbox/{MANAGER}/{EXPERT}_users_trained_value")
    assert environment.state()[place] == pytest.approx(figure)


def test_messages_are_lost_and_misread() -> None:
    for rules, expected in (({"loss": 1.0}, set()), ({"misunderstanding": 1.0}, {"another"})):
        environment = begun(messages=rules)
        for _ in range(3):
            actions = passing(environment)
            actions[DATA] = action(environment, DATA, "says=ready")
            environment.step(actions)
        read = {name for _, name in heard(environment, MANAGER)}
        assert ("ready" in read, bool(read)) == (False, bool(expected))


# -- absence ---------------------------------------------------------------------------------

ALWAYS_ILL = {"illness": {"per_year": 250.0, "days": [3, 3]}}


def test_who_is_away_can_only_pass_and_is_not_dead() -> None:
    environment = begun(absence=ALWAYS_ILL)
    assert environment.away(DATA) == "illness"
    for role in environment.actions.roles:
        assert np.flatnonzero(environment.action_mask(role.name)).tolist() == [role.neutral]
    tried = {**passing(environment), DATA: action(environment, DATA, "focus_data_migration=data")}
    assert environment.joined(tried)[0].action == environment.actions.neutral
    _, _, terminations, _, informations = environment.step(tried)
    assert not any(terminations.values())
    assert informations[DATA]["illegal"] == 1


def test_a_successor_works_and_orders_nothing_yet() -> None:
    rules = absence_rules(
        {"resignation": {"per_year": 250.0, "days": [2, 2], "notice_days": 1, "handover_days": 2}}
    )
    assert rules is not None
    absences = Absences(rules, ["one"])
    absences.begin(RandomStreams(0))
    seen = []
    for day in range(7):
        absences.advance(day)
        seen.append(absences.why(0))
    away = "resignation"
    assert seen == ["", away, away, HANDOVER, HANDOVER, "", away]
    environment = begun(absence={"x": {"per_year": 250.0, "days": [1, 1], "handover_days": 3}})
    environment.step(passing(environment))
    assert environment.away(ORCHESTRATOR) == HANDOVER
    orchestrator = environment.actions.roles[0]
    mask = environment.action_mask(ORCHESTRATOR)
    allowed = [orchestrator.names[place] for place in np.flatnonzero(mask)]
    assert len(allowed) > 1
    assert all(name.endswith("pace=normal move=none") for name in allowed)


def test_absences_depend_on_seed_role_and_day_alone() -> None:
    def whole(step: int, seed: int = 4) -> list[str]:
        absences = Absences(absence_presets()["heavy"], ["one", "two"])
        absences.begin(RandomStreams(seed))
        seen = []
        for day in range(0, 120, step):
            absences.advance(day)
            seen += [absences.why(0), absences.why(1)] if day % 10 == 0 else []
        return seen

    assert whole(1) == whole(5) == whole(10)
    assert set(whole(1)) > {""}
    assert whole(1) != whole(1, seed=5)
