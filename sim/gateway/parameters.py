"""Parameters of the gateway world: every number of the model, with unit, range and source."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, PUBLISHED, row

DESK = "computed from public logs of a service desk (24,918 incidents) and of a car maker's (7,554)"
HORIZONS = "lengths of task that models of 2025 finish half of the time, and their spread"
ARENA = "computed from cached answers of two models to 809 questions of a router benchmark"
TRAIT = "golive estimate: sized so that the trait flips a decision and leaves the level"


@dataclass(frozen=True)
class Parameters:
    """Rows of arrivals, agents, tasks, people, feedback and drift."""

    # fmt: off
    # arrivals
    day_level_variation: float = row(0.26, "coefficient of variation", 0.05, 0.6, PUBLISHED, DESK, "A day's level of demand: days are not alike, so arrivals are no Poisson stream.")
    family_decline: float = row(0.8, "exponent", 0, 2, PUBLISHED, DESK, "How unlike the demand for families is: weights fall as rank to minus this.")
    family_at_home: float = row(3.0, "x", 1, 10, ESTIMATE, OURS, "A department's demand for its own families, against others'.")
    # tasks
    task_hours_sigma: float = row(1.1, "ln", 0.5, 2, ESTIMATE, DESK, "Spread of a person's hours over tasks.")
    estimate_sigma: float = row(0.4, "ln", 0, 1, ESTIMATE, OURS, "Spread of the estimate of a task's hours that everybody sees.")
    task_residual: float = row(1.5, "logits", 0.5, 3, PUBLISHED, "success of repeated attempts at the same tasks: pass^1 .60, pass^4 .38, pass^8 .27 or less", "What makes a task hard for all agents alike.")
    pair_residual: float = row(0.7, "logits", 0, 2, PUBLISHED, ARENA + ": correlation .47", "What makes a task hard for one agent only.")
    second_share_low: float = row(0.2, "share", 0, 0.5, ESTIMATE, OURS, "Smallest share of the second trade in a mixed task.")
    second_share_high: float = row(0.5, "share", 0, 0.5, ESTIMATE, OURS, "Largest share of the second trade in a mixed task.")
    margin_mean: float = row(1.6, "x person's cost", 0.5, 5, ESTIMATE, OURS, "Worth of a task against what a person's hours for it cost, in the middle.")
    margin_sigma: float = row(0.5, "ln", 0, 1.5, ESTIMATE, OURS, "Spread of that worth.")
    label_middle: float = row(0.55, "share", 0.3, 0.9, PUBLISHED, "group known from category .40, with subcategory .49, from the text .54 to .89 (" + DESK + "; 77 classes of bank questions)", "Labels that name the task's main family.")
    text_misled: float = row(0.15, "share", 0, 0.4, ESTIMATE, TRAIT, "Labels: tasks whose text tells of a symptom in another trade, where labels are neither good nor bad; twice that where they are good.")
    title_names_second: float = row(0.4, "share", 0, 0.5, ESTIMATE, OURS, "Mixed tasks whose title is of the second trade.")
    # agents
    level_sigma: float = row(0.9, "log2", 0.3, 2, PUBLISHED, HORIZONS, "Spread of agents' levels: of the length of task they do half of the time.")
    median_horizon_hours: float = row(1.0, "hours", 0.2, 4, PUBLISHED, HORIZONS, "Length of task that a middling agent does half of the time.")
    slope: float = row(0.8, "logits per doubling", 0.4, 1.2, PUBLISHED, HORIZONS, "How fast success falls as tasks get longer.")
    home_edge: float = row(1.0, "x", 0.3, 2, ESTIMATE, "+10 (5 to 25) points at home: models' accuracy over 18 domains", "What a listed doubling at home is worth.")
    away_loss: float = row(0.6, "log2", 0, 2, ESTIMATE, "-10 points away: models' accuracy over 18 domains", "What agents lack outside of what they are made for.")
    family_sigma: float = row(0.5, "log2", 0, 1.5, ESTIMATE, OURS, "What nobody lists: an agent's own strengths and weaknesses by family.")
    price_sigma: float = row(0.3, "ln", 0, 1, PUBLISHED, ARENA + ": the one 3.7 times cheaper was 17 points better", "Spread of prices that has nothing to do with skill.")
    pace_sigma: float = row(0.5, "ln", 0.1, 1.5, ESTIMATE, "p99 over p50 of 5 to 10", "Spread of the time that an agent takes.")
    silent_low: float = row(0.15, "share", 0, 1, ESTIMATE, "failures of multi-agent systems: verification .21, specification .42", "Failures that look like success, of the most honest agent.")
    silent_high: float = row(0.6, "share", 0, 1, ESTIMATE, "failures of multi-agent systems", "Failures that look like success, of the least honest agent.")
    timeout_share: float = row(0.2, "share", 0, 1, ESTIMATE, OURS, "Noticed failures that come at the time limit instead of early.")
    boast_high: float = row(3.0, "logits", 0, 6, ESTIMATE, OURS, "Confidence of the most boastful agent in whatever it is asked; half of boasting goes with a lack of skill.")
    record_tasks: float = row(12.0, "tasks", 0, 200, ESTIMATE, OURS, "Tasks in an agent's record at the beginning, in a family that it is made for.")
    record_tasks_elsewhere: float = row(2.0, "tasks", 0, 50, ESTIMATE, OURS, "The same in another family.")
    outage_hours: float = row(2.5, "hours", 0.2, 24, ESTIMATE, "availability of 99.5 to 99.9 %", "Mean length of an outage.")
    change_mean: float = row(-0.15, "log2", -1, 1, PUBLISHED, "a provider's silent change: 84 to 51 % on one task in three months, others rose", "What a new version brings, on average.")
    change_sigma: float = row(0.5, "log2", 0, 2, ESTIMATE, "N(-3, 8) points by domain", "Spread of what a new version brings in a family.")
    error_time: float = row(0.3, "x", 0, 1, ESTIMATE, OURS, "Time until an agent gives up, against doing it.")
    timeout_time: float = row(2.0, "x", 1, 5, ESTIMATE, OURS, "Time limit against the usual time.")
    # worth and harm
    label_swing: float = row(0.4, "share", 0, 0.45, ESTIMATE, TRAIT, "Labels: right labels.")
    half_life_hours: float = row(48.0, "hours", 6, 500, ESTIMATE, OURS, "Time in which an answer loses half its worth.")
    haste_doublings: float = row(3.0, "log2", 0, 5, ESTIMATE, TRAIT, "Haste: that time.")
    vague_penalty: float = row(1.6, "logits", 0, 5, ESTIMATE, OURS, "What an agent lacks where a vague task was not asked about.")
    vagueness_doublings: float = row(1.5, "log2", 0, 3, ESTIMATE, TRAIT, "Vagueness: that penalty.")
    joint_middle: float = row(0.8, "share", 0.5, 1, ESTIMATE, "failures of coordination .37 in multi-agent systems", "Split tasks whose parts fit together again, and wrong parts that are seen when they are put together.")
    joint_swing: float = row(0.18, "share", 0, 0.2, ESTIMATE, TRAIT, "Joints: that share.")
    harm: float = row(0.7, "x worth", 0, 10, ESTIMATE, OURS, "What a wrong answer costs that nobody notices.")
    harm_doublings: float = row(2.0, "log2", 0, 4, ESTIMATE, TRAIT, "Harm: that cost.")
    noticed_harm: float = row(0.3, "x", 0, 1, ESTIMATE, OURS, "Of that cost, where it is noticed later.")
    price_doublings: float = row(0.6, "log2", 0, 2, ESTIMATE, TRAIT, "Price: of an agent one standard deviation better.")
    specialisation_swing: float = row(1.1, "x", 0, 1.5, ESTIMATE, TRAIT, "Specialisation: edge at home and loss away.")
    split_usd: float = row(4.0, "USD", 0, 50, ESTIMATE, OURS, "Overhead of a part.")
    ask_usd: float = row(15.0, "USD", 0, 50, ESTIMATE, OURS, "A requester's time for a question.")
    breach_share: float = row(0.2, "x worth", 0, 1, ESTIMATE, OURS, "Penalty where a deadline is missed.")
    reassignment_usd: float = row(6.0, "USD", 0, 50, ESTIMATE, "+47 minutes for each wrong assignment (vendor)", "Handling of a task that comes back.")
    bypass_worth: float = row(0.3, "x worth", 0, 1, ESTIMATE, OURS, "What a requester makes of a task without the gateway.")
    # people
    person_success: float = row(2.6, "logits", 1, 5, ESTIMATE, OURS, "A person's success with a task of average difficulty.")
    person_residual: float = row(0.4, "x", 0, 1, ESTIMATE, OURS, "What of a task's difficulty people feel.")
    person_sigma: float = row(0.5, "ln", 0, 1.5, ESTIMATE, DESK, "Spread of a person's hours for a task.")
    answer_hours: float = row(5.0, "hours", 0.2, 48, ESTIMATE, "waits for the requester: .22 of incidents", "Mean time until a question is answered, within the day.")
    notice_hours: float = row(16.0, "hours", 1, 200, ESTIMATE, OURS, "Mean time until somebody who can judge it notices a wrong answer.")
    rating_share: float = row(0.02, "share", 0.002, 0.2, PUBLISHED, "ratings per interaction .01 to .03 (vendors)", "Good answers that are rated.")
    rating_odds: float = row(3.0, "x", 1, 8, ESTIMATE, OURS, "How much likelier a bad answer is rated.")
    rating_hours: float = row(24.0, "hours", 1, 200, ESTIMATE, OURS, "Mean time until a rating comes.")
    override_share: float = row(0.5, "share", 0, 1, PUBLISHED, "suggestions accepted .25 to .55, alerts overridden .46 to .96", "Placements that a requester without any trust overrides.")
    reminder_share: float = row(0.5, "share", 0, 1, ESTIMATE, OURS, "Requesters who remind when their answer has lost half its worth or so.")
    claim_sigma: float = row(0.5, "ln", 0, 2, ESTIMATE, OURS, "Spread of the damage that a requester names, against what a wrong answer costs.")
    trust_start: float = row(0.65, "share", 0, 1, ESTIMATE, OURS, "Requesters' trust in the gateway at the beginning, in the middle.")
    trust_gain: float = row(0.03, "share", 0, 0.3, ESTIMATE, OURS, "Of the gap to full trust, by an answer that helps.")
    trust_loss_returned: float = row(0.01, "share", 0, 0.3, ESTIMATE, OURS, "Of trust, by a task that comes back.")
    trust_loss_wrong: float = row(0.10, "share", 0, 0.5, ESTIMATE, OURS, "Of trust, by a wrong answer noticed.")
    trust_loss_late: float = row(0.04, "share", 0, 0.3, ESTIMATE, OURS, "Of trust, by a missed deadline.")
    trust_loss_asked: float = row(0.015, "share", 0, 0.3, ESTIMATE, OURS, "Of trust, by a question where nothing was missing.")
    trust_influence: float = row(0.15, "share a day", 0, 1, LITERATURE, "DeGroot (1974)", "How far a day's talk moves trust towards the neighbours'.")
    bypass_below: float = row(0.5, "trust", 0, 1, ESTIMATE, OURS, "Trust below which requesters begin to go round the gateway.")
    # fmt: on


PARAMETERS = Parameters()
"""The defaults; no scenario changes them yet."""
