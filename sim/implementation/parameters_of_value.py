"""Parameters of value and knowledge: the business case, the traits' effects, readings, windows."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, row

TRAIT = "golive estimate: sized so that the trait flips a decision and leaves the level"


@dataclass(frozen=True)
class ValueParameters:
    """Rows of the business case, of what latent traits do, of readings and of commitments."""

    # fmt: off
    # the business case
    benefit_per_budget: float = row(2.0, "x budget per year", 1, 4, ESTIMATE, "ERP payback of one to three years (Panorama, Nucleus)", "Benefits of a year in which all of the plan's scope is in full use.")
    benefit_years: float = row(2.0, "years", 1, 5, LITERATURE, "payback horizons of business cases", "Time from the planned go-live for which benefits count.")
    working_days_per_year: float = row(250.0, "days", 240, 260, LITERATURE, "calendar", "Working days in a year.")
    lost_day_benefits: float = row(14.0, "benefit days", 5, 40, ESTIMATE, OURS, "Price of a day on which nothing gets done.")
    conventional_lost_day: float = row(0.5, "x", 0.1, 1, ESTIMATE, OURS, "Price of a lost day in benefit days where consultants deliver: their budgets, and so the benefits, are several times as large for the same firm.")
    lost_most_benefits: float = row(300.0, "benefit days", 50, 1000, ESTIMATE, OURS, "Price of lost days at most, which it comes near to ever more slowly: what goes on is worked around.")
    lost_tail_days: float = row(10.0, "days", 2, 40, ESTIMATE, OURS, "Days that the loss left at the end of hypercare goes on for.")
    late_day_benefits: float = row(0.5, "benefit days", 0, 4, ESTIMATE, OURS, "Price of each day after the planned go-live beside the day's benefits: what was arranged for it.")
    late_most_benefits: float = row(120.0, "benefit days", 20, 300, ESTIMATE, OURS, "Price of lateness at most, which it comes near to ever more slowly.")
    closing_price: float = row(1.5, "x", 1, 4, ESTIMATE, OURS, "Price of a lost day in a week in which finance closes the month.")
    holdback: float = row(0.05, "share of the case", 0, 0.2, ESTIMATE, "practice: 5-10 % of a contract is due at acceptance", "Lost where a site goes live without acceptance.")
    broken_date_benefits: float = row(4.0, "benefit days", 0, 20, ESTIMATE, OURS, "Price of each week that an announced go-live is past: people, carriers and temps were ordered for it.")
    postponement_benefits: float = row(2.0, "benefit days", 0, 10, ESTIMATE, OURS, "Price of a week by which a go-live is put off in time.")
    roll_back_benefits: float = row(4.0, "benefit days", 0, 30, ESTIMATE, OURS, "Price of a roll-back.")
    change_benefit: float = row(0.06, "share of benefits", -0.1, 0.2, ESTIMATE, OURS, "What all changes requested together add, where they are built.")
    rot_share: float = row(0.15, "share of errors", 0, 0.3, ESTIMATE, OURS, "Of the errors in the data, those that load cleanly and no trial load shows.")
    benefit_ceiling: float = row(1.0, "x plan", 1, 2, ESTIMATE, OURS, "Value at which the go-live score is 1, relative to the plan's business case.")
    # what the traits do
    trait_change_value: float = row(0.13, "share of benefits", 0, 0.6, ESTIMATE, TRAIT, "Change value: what all changes together add or cost a year.")
    trait_data_rot: float = row(1.2, "x", 0, 2, ESTIMATE, TRAIT, "Data rot: errors that load cleanly.")
    trait_workmanship_errors: float = row(1.0, "x", 0, 1, ESTIMATE, TRAIT, "Workmanship: defects injected.")
    trait_workmanship_speed: float = row(0.2, "x", 0, 0.4, ESTIMATE, TRAIT, "Workmanship: speed.")
    trait_workmanship_detection: float = row(0.3, "x", 0, 0.6, ESTIMATE, TRAIT, "Workmanship: careless work hides its defects from tests.")
    trait_patience_stop: float = row(1.0, "x", 0, 1, ESTIMATE, TRAIT, "Patience: chance of a stop.")
    trait_patience_tolerance: float = row(0.9, "x", 0, 1, ESTIMATE, TRAIT, "Patience: overrun that the sponsor tolerates.")
    trait_patience_holdback: float = row(1.2, "x", 0, 3, ESTIMATE, TRAIT, "Patience: who waits for what is right pays for nothing else.")
    trait_season_late: float = row(9.0, "benefit days per day", 0, 12, ESTIMATE, TRAIT, "Season to come: each day after the planned go-live.")
    trait_season_dip: float = row(5.0, "x", 0, 8, ESTIMATE, TRAIT, "Season still on: price of a lost day until it is over.")
    season_rest_share: float = row(0.67, "share of plan", 0.1, 1, ESTIMATE, OURS, "A season that is on at the planned go-live goes on for this share of the planned time.")
    trait_consensus_workshop: float = row(1.2, "x", 0, 2, ESTIMATE, TRAIT, "Consensus: what a workshop brings.")
    trait_consensus_escalation: float = row(1.2, "x", 0, 2, ESTIMATE, TRAIT, "Consensus: how little an escalation hurries answers.")
    trait_consensus_trust: float = row(3.0, "x", 0, 4, ESTIMATE, TRAIT, "Consensus: trust that an escalation costs.")
    trait_habits_untrained: float = row(1.0, "x", 0, 1, ESTIMATE, TRAIT, "Habits: loss by users who cannot.")
    trait_habits_tolerance: float = row(1.0, "x", 0, 1.5, ESTIMATE, TRAIT, "Habits: untrained users that colleagues can carry.")
    trait_fragility_lost_day: float = row(0.85, "x", 0, 1, ESTIMATE, TRAIT, "Fragility: price of a lost day.")
    trait_case_change_value: float = row(-0.1, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by change value: whose wishes are worth little gets more from the standard.")
    trait_case_data_rot: float = row(0.05, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by data rot, which level what it costs.")
    trait_case_workmanship: float = row(0.02, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by workmanship, likewise.")
    trait_case_patience: float = row(0.0, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by patience, likewise.")
    trait_case_season: float = row(0.0, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by season, likewise.")
    trait_case_consensus: float = row(-0.03, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by consensus, likewise.")
    trait_case_habits: float = row(0.04, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by habits, likewise.")
    trait_case_fragility: float = row(0.07, "x", -0.3, 0.3, ESTIMATE, TRAIT, "Benefits by fragility, likewise.")
    # readings
    trait_prior_error: float = row(0.76, "trait", 0.1, 2, ESTIMATE, OURS, "Spread of traits among customers, which estimates are drawn to the mean by: ranks are uniform outside the middle.")
    sign_error: float = row(2.0, "trait", 0.3, 3, ESTIMATE, OURS, "Standard error of what is heard of a trait at kick-off.")
    reading_error: float = row(0.5, "trait", 0.1, 2, ESTIMATE, OURS, "Standard error of one reading that is bought.")
    reading_days: float = row(2.0, "days", 1, 10, ESTIMATE, OURS, "From an order to its report.")
    reading_cost: float = row(0.04, "share of budget", 0.005, 0.3, ESTIMATE, OURS, "Price of a reading.")
    profile_reveals: float = row(0.75, "share", 0.2, 0.95, ESTIMATE, OURS, "Of the errors that load cleanly, those that a data profile brings out.")
    review_finds: float = row(0.7, "share", 0.2, 0.8, ESTIMATE, OURS, "Of the latent defects, those that a review of finished work finds.")
    # commitments
    acceptance_lapses: float = row(0.04, "share of baseline effort", 0.005, 0.2, ESTIMATE, OURS, "Built after a passed acceptance beyond this, it has to be passed again.")
    rebaseline_cost: float = row(0.06, "share of budget", 0, 0.2, ESTIMATE, OURS, "Price of a new plan agreed with the sponsor.")
    rebaseline_trust: float = row(-0.08, "trust", -0.2, 0, ESTIMATE, OURS, "Of the sponsor, by a new plan.")
    training_user_hours: float = row(4.0, "hours", 1, 20, ESTIMATE, "calibration B: training hours per user, casual 6 / core 20 / key 60", "Hours of each user that a training wave takes, which the customer pays.")
    # fmt: on
