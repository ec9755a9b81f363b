"""The estimators find what was put into synthetic tables; policies are kept from moves by mask."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.command import run
from benchmarks.game import command
from benchmarks.game_ground import Ground
from benchmarks.game_kind import Sizes
from benchmarks.game_play import cases_of, play
from benchmarks.game_report import (
    MOVES,
    TARGETS,
    Figure,
    Game,
    GameReport,
    PolicyRow,
    Unit,
    counted,
    needed_choices,
    needed_line,
    page,
)
from benchmarks.game_variance import (
    chosen_gains,
    customer_and_luck,
    customer_share,
    gain,
    over_customers,
    paired_components,
    paired_shares,
    rank_correlation,
)
from benchmarks.implementation import game
from benchmarks.implementation.game_policies import (
    PLANNERS,
    candidates,
    edited_rules,
    planner,
    policy_of,
    removals,
    shipped_edits,
    silly,
)
from benchmarks.implementation.game_wrappers import DecisionWatch, Ordering, Schedule, Without
from golive.agents.implementation.expert import Expert
from golive.agents.implementation.expert_file import shipped_rules
from golive.agents.implementation.kind import KIND
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.sim.implementation.decision import Decision, Move, Pace
from golive.trainers.evaluation.statistics import Interval


def table(policies=12, customers=60, luck=4, *, policy=0.0, customer=0.0, interplay=0.0, noise=0.1):
    """Scores with known standard deviations, and large effects of customer and of luck alone."""
    rng = np.random.default_rng(5)
    return (
        0.5
        + customer * rng.standard_normal((1, customers, 1))
        + 0.3 * rng.standard_normal((1, customers, luck))
        + policy * _spread(policies)[:, None, None]
        + interplay * rng.standard_normal((policies, customers, 1))
        + noise * rng.standard_normal((policies, customers, luck))
    )


def _spread(policies):
    """Effects with a variance of exactly 1."""
    values = np.linspace(-1.0, 1.0, policies)
    return values / values.std(ddof=1)


# -- estimators ------------------------------------------------------------------------------


def test_customer_and_luck_are_told_apart():
    rng = np.random.default_rng(1)
    scores = 0.3 * rng.standard_normal((400, 1)) + 0.4 * rng.standard_normal((400, 5))
    customer, luck = customer_and_luck(scores)
    assert customer == pytest.approx(0.09, abs=0.02)
    assert luck == pytest.approx(0.16, abs=0.02)
    share = customer_share(scores[:60])
    assert share.low < 0.36 < share.high
    assert share.low > 0.1


def test_luck_alone_is_no_customer():
    rng = np.random.default_rng(2)
    customer, luck = customer_and_luck(rng.standard_normal((400, 4)))
    assert abs(customer) < 0.1
    assert luck == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("policy", "interplay", "noise"), [(0.1, 0.2, 0.1), (0.0, 0.0, 0.2), (0.2, 0.0, 0.1)]
)
def test_paired_components_are_those_that_were_put_in(policy, interplay, noise):
    scores = table(customers=200, customer=0.5, policy=policy, interplay=interplay, noise=noise)
    found = paired_components(scores)
    assert found.policy == pytest.approx(policy**2, abs=0.002)
    assert found.customer == pytest.approx(interplay**2, abs=0.003)
    assert found.luck == pytest.approx(noise**2, abs=0.002)


def test_intervals_of_paired_shares_hold_the_truth():
    parts = 0.05**2, 0.1**2, 0.15**2
    shares = paired_shares(table(customers=30, policy=0.05, interplay=0.1, noise=0.15))
    for share, part in zip(shares, parts, strict=True):
        assert share.low < part / sum(parts) < share.high
        assert share.high - share.low < 0.5


def test_nothing_to_exploit_is_no_gain():
    for shrunk in (False, True):
        noise = over_customers(chosen_gains(table(policy=0.05, customer=0.3), shrunk=shrunk))
        assert noise.estimate < 0.01


def test_what_depends_on_the_customer_is_found():
    for shrunk in (False, True):
        found = over_customers(chosen_gains(table(interplay=0.2, noise=0.05), shrunk=shrunk))
        assert found.low > 0.2


def test_choosing_with_shrinkage_loses_less_where_all_is_noise():
    scores = table(policies=30, policy=0.05, noise=0.3)
    assert chosen_gains(scores, shrunk=True).mean() > chosen_gains(scores).mean() + 0.01


def test_a_policy_that_never_decides_differently_has_no_difference():
    scores = np.random.default_rng(3).random((8, 4))
    assert gain(scores, scores) is None
    found = gain(scores + 0.1, scores, unit=0.2)
    assert found is not None
    assert found.estimate == pytest.approx(0.5)


def test_rank_correlation_is_of_the_policies_means():
    scores = table(policy=0.2)
    assert rank_correlation(scores, 3.0 * scores).estimate == pytest.approx(1.0)
    assert rank_correlation(scores, -scores).estimate == pytest.approx(-1.0)


# -- policies --------------------------------------------------------------------------------


class Wishful:
    """Wants a workshop, else to escalate; looks at the mask for moves and not for paces."""

    name = "wishful"

    def reset(self, seed: int) -> None:
        pass

    def decide(self, briefing, legal):
        wishes = (Move.STAKEHOLDER_WORKSHOP, Move.CHANGE_FREEZE)
        return Decision(pace=Pace.RUSH, move=next(m for m in wishes if legal.move[m]))


@pytest.fixture(scope="module")
def morning():
    world = KIND.build(load_scenario("furniture"), 3)
    return world.briefing(), world.legal()


def test_a_move_is_removed_through_the_mask_so_that_the_next_wish_is_met(morning):
    assert Wishful().decide(*morning).move is Move.STAKEHOLDER_WORKSHOP
    without = Without(Wishful(), moves=[Move.STAKEHOLDER_WORKSHOP])
    assert without.decide(*morning).move is Move.CHANGE_FREEZE


def test_who_ignores_the_mask_of_paces_makes_do_with_another_one(morning):
    without = Without(Wishful(), paces=[Pace.RUSH], instead=Pace.CAREFUL)
    assert without.decide(*morning).pace is Pace.CAREFUL
    assert Without(Wishful(), paces=[Pace.NORMAL]).decide(*morning).pace is Pace.RUSH


def test_nothing_is_withheld_on_other_mornings(morning):
    without = Without(Wishful(), moves=[Move.STAKEHOLDER_WORKSHOP], when=lambda briefing: False)
    assert without.decide(*morning).move is Move.STAKEHOLDER_WORKSHOP


def test_a_forced_move_waits_until_it_is_legal(morning):
    briefing, legal = morning
    ordering = Ordering(Wishful(), (Move.CHANGE_FREEZE, lambda briefing: True))
    assert ordering.decide(briefing, legal).move is Move.CHANGE_FREEZE
    place = int(Move.CHANGE_FREEZE)
    forbidden = replace(legal, move=(*legal.move[:place], False, *legal.move[place + 1 :]))
    assert ordering.decide(briefing, forbidden).move is Move.STAKEHOLDER_WORKSHOP


def test_a_schedule_repeats_its_own_episode_and_is_legal_in_others():
    (first, other) = cases_of(load_suite("furniture"), Split.TEST, 2, game.case_of)
    from golive.sim.episodes import run as run_world

    def episode(policy, case, *observers):
        return run_world(
            KIND,
            policy,
            case.scenario,
            case.first_luck,
            observers=observers,
            customer=case.customer,
        )

    recorded = episode(Expert(), first, DecisionWatch())
    schedule = Schedule(recorded.figures["decisions"])
    assert episode(schedule, first).digest == recorded.digest
    assert episode(schedule, other).scorecard.illegal_decisions == 0


def test_every_shipped_edit_changes_the_expert_and_each_is_another():
    edits = shipped_edits()
    assert len(edits) == 40
    assert len({edit.name for edit in edits}) == 40
    for edit in edits:
        changed = edited_rules(edit)
        assert changed != shipped_rules(), edit.name
        assert isinstance(changed.daily.cycle_yield_defects, int)


def test_there_are_enough_policies_and_each_move_and_pace_is_removed_once():
    assert len(candidates()) >= 25
    assert len(silly()) >= len(KIND.probes) + 20
    words = {name.partition(" (")[0] for name in removals()}
    assert words == {m.name.lower() for m in Move if m} | {f"{p.name.lower()} pace" for p in Pace}


# -- play and report -------------------------------------------------------------------------


def test_luck_never_is_a_customers_seed_and_never_two_customers_luck():
    suite = load_suite("industries")
    test, train = (cases_of(suite, split, 8, game.case_of) for split in (Split.TEST, Split.TRAIN))
    assert [case.scenario.name for case in test[:4]] == list(suite.scenarios)
    first = [case.first_luck for case in (*test, *train)]
    assert len(set(first)) == 16
    assert min(first) >= max(split.stop for split in suite.splits.values())


def test_play_fills_the_table_of_policies_customers_and_luck_as_episodes_do():
    cases = cases_of(load_suite("furniture"), Split.TEST, 2, game.case_of)
    names = ("expert", "do_nothing", "random")
    told = []
    played = play(
        KIND.name,
        {name: policy_of(name) for name in names},
        cases,
        2,
        progress=lambda *done: told.append(done),
    )
    assert played.scores.shape == played.rewards.shape == played.illegal.shape == (3, 2, 2)
    assert told[-1] == (12, 12)
    from golive.sim.episodes import run as run_world

    card = run_world(
        KIND,
        load_policy("expert"),
        cases[1].scenario,
        cases[1].first_luck + 1,
        customer=cases[1].customer,
    ).scorecard
    assert played.scores[played.place("expert"), 1, 1] == card.go_live_score
    assert played.rewards[0].mean() > played.rewards[1].mean()


def test_nothing_is_played_twice_and_gains_are_counted_in_the_experts_sd():
    ground = Ground(game.GAME, "furniture", Sizes(2, 2, 2, 2, 1, 2), 1, lambda *_: None)
    (row,) = ground.compared("block", {"do_nothing": policy_of("do_nothing")}, 2, 1)
    assert ground.compared("block", {}) == [row]
    assert ground.policies == (row,)
    assert row.gain is not None
    lost = ground.expert_scores[:, :1].mean() - row.score
    assert row.gain.estimate == pytest.approx(-lost / ground.sd)


def test_rules_of_one_trait_are_judged_by_its_sign(monkeypatch):
    idle = policy_of("do_nothing")
    policies = {"reads every trait": idle, "right rule: patience": idle}
    ground = Ground(game.GAME, "furniture", Sizes(6, 2, 2, 2, 1, 2), 1, lambda *_: None)
    places = {case.customer.name: place for place, case in enumerate(ground.cases)}
    monkeypatch.setattr(game, "trait_policies", lambda: policies)
    monkeypatch.setattr(
        game,
        "trait_values",
        lambda customer: {"patience": 1.0 if places[customer.name] < 2 else -0.5},
    )
    every, high, low = game.traits_row(ground)
    assert every.key == "traits.reads every trait"
    assert high.key == "traits.right rule: patience where it is high"
    experts = ground.expert_scores.mean(axis=1) / ground.sd
    assert high.value.estimate == pytest.approx(-experts[:2].mean())
    assert low.value.estimate == pytest.approx(-experts[2:].mean())


def test_without_traits_their_row_says_so(monkeypatch):
    monkeypatch.setattr(game, "trait_policies", dict)
    (figure,) = game.traits_row(
        Ground(game.GAME, "furniture", Sizes(2, 2, 2, 2, 1, 2), 1, lambda *_: None)
    )
    assert figure.value is None
    assert figure.note == "not there"


def report_of(*rows: PolicyRow) -> GameReport:
    figure = Figure("edits.gaining", "edits that gain", Unit.COUNT, counted(2), "one, two")
    missing = Figure("planner.blind to traits", "blind planner", Unit.SD, None, "not there")
    game = Game("furniture", 0.8, 0.2, (figure, missing), rows)
    return GameReport("python -m benchmarks.game", "1", 4, 2, (game,), TARGETS)


def test_a_move_is_needed_if_the_expert_loses_however_it_makes_do():
    below, around = Interval(-0.3, -0.5, -0.1), Interval(-0.1, -0.3, 0.1)
    rows = [
        PolicyRow(MOVES, name, 0.5, 1.0, value, 0)
        for name, value in [
            ("test_cycle", below),
            ("escalate", None),
            ("normal pace (careful instead)", below),
            ("normal pace (rush instead)", around),
        ]
    ]
    needed = needed_choices(rows)
    assert needed == {"test_cycle": True, "escalate": False, "normal pace": False}
    line = needed_line(report_of(*rows))
    assert "1 of 3: test_cycle (furniture)" in line
    assert "Needed nowhere: escalate, normal pace" in line


def test_the_page_has_the_figures_their_targets_and_the_command():
    text = page(report_of(PolicyRow("block", "somebody", 0.5, 1.0, None, 0)))
    assert "| edits that gain | 2 | 0 |" in text
    assert "| blind planner | not there | ≥ +0.2 |" in text
    assert "$ python -m benchmarks.game" in text
    assert "| somebody | 0.500 | never different | +1.00 | 0 |" in text


def test_targets_hold_or_not():
    assert TARGETS["schedule.best"].reached_by(Interval(-0.6, -0.8, -0.4))
    assert not TARGETS["traits.buys readings"].reached_by(Interval(0.0, -0.1, 0.1))


def test_the_command_writes_what_it_measured_and_says_it_again(tmp_path):
    json_file, page_file = tmp_path / "game.json", tmp_path / "game.md"
    arguments = ["--scenario", "furniture", "--rows", "variance", "--customers", "4"]
    arguments += ["--luck", "2", "--processes", "1", "--quiet"]
    arguments += ["--json", str(json_file), "--page", str(page_file)]
    assert run(command, arguments) == 0
    first = json.loads(json_file.read_text())
    (game,) = first["games"]
    assert [figure["key"] for figure in game["figures"]] == ["variance.customer", "variance.luck"]
    assert page_file.read_text().startswith("# Does skill pay?")
    assert run(command, arguments) == 0
    assert json.loads(json_file.read_text())["games"] == first["games"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rows", "luck"], "rows: 'luck'"),
        (["--luck", "3"], "luck: 3"),
        (["--scenario", "nowhere", "--customers", "4"], "nowhere"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments, words, tmp_path, capsys):
    target = tmp_path / "game.json"
    assert run(command, [*arguments, "--json", str(target)]) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_planner_that_the_world_does_not_have_is_not_there(monkeypatch):
    made = planner("as it is")
    assert made is not None
    assert made().name == "planner:32"
    monkeypatch.setitem(PLANNERS, "blind to traits", "planner:no-such")
    assert planner("blind to traits") is None
