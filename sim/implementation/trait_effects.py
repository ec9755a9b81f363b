"""Effects of the customer's latent traits: a factor for each place in the mechanisms that feels it.

Every trait flips a decision that is right for most: change control, a data audit, the pace, how
much readiness a date is worth, when to go live, workshops or escalations, how much training, how
much testing. None of them is meant to move the level of what a good manager reaches; whoever asks
for more has the larger business case (``trait_case_*``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ...scenarios.implementation.customer import Customer
from .parameters import Parameters


@dataclass(frozen=True, slots=True)
class TraitEffects:
    """Factors (x) and sums that follow from a customer's traits; see the parameters' rows.

    Attributes:
        change_benefit: share of the yearly benefits that all requested changes together add.
        rot_share: of the records' errors, those that load cleanly.
        errors: x on the defects that the crew injects.
        speed: x on the crew's speed.
        detection: x on the share of defects that a test finds.
        stop: x on the chance that the sponsor stops the project.
        tolerance_of_overrun: x on the overrun that the sponsor tolerates.
        holdback: of the case, what is held back for a go-live without acceptance.
        late_day: benefit days that each day after the planned go-live loses beside the day itself.
        season_dip: x on the price of a lost day while the season is on.
        workshop: x on what a workshop brings.
        escalation: x on how far an escalation shortens what is left of an answer's time.
        escalation_trust: x on the trust that an escalation costs.
        untrained: x on the loss by users who cannot.
        tolerance: x on the share of them that colleagues can carry.
        lost_day: x on the price of a day of lost productivity.
        case: x on the benefits, for those who have more to gain.
    """

    change_benefit: float
    rot_share: float
    errors: float
    speed: float
    detection: float
    stop: float
    tolerance_of_overrun: float
    holdback: float
    late_day: float
    season_dip: float
    workshop: float
    escalation: float
    escalation_trust: float
    untrained: float
    tolerance: float
    lost_day: float
    case: float

    @staticmethod
    def of(customer: Customer, p: Parameters) -> TraitEffects:
        """The effects of a customer's traits."""
        t = customer.traits
        late, early = max(0.0, t.season), max(0.0, -t.season)
        patient = t.sponsor_patience
        return TraitEffects(
            change_benefit=p.change_benefit + p.trait_change_value * t.change_value,
            rot_share=max(0.0, p.rot_share * (1.0 + p.trait_data_rot * t.data_rot)),
            errors=1.0 + p.trait_workmanship_errors * t.workmanship,
            speed=1.0 + p.trait_workmanship_speed * t.workmanship,
            detection=1.0 - p.trait_workmanship_detection * t.workmanship,
            stop=max(0.0, 1.0 - p.trait_patience_stop * patient),
            tolerance_of_overrun=1.0 + p.trait_patience_tolerance * patient,
            holdback=max(0.0, p.holdback * (1.0 + p.trait_patience_holdback * patient)),
            late_day=p.late_day_benefits + p.trait_season_late * late,
            season_dip=1.0 + p.trait_season_dip * early,
            workshop=max(0.0, 1.0 + p.trait_consensus_workshop * t.consensus),
            escalation=1.0 - p.trait_consensus_escalation * t.consensus,
            escalation_trust=1.0 + p.trait_consensus_trust * t.consensus,
            untrained=max(0.0, 1.0 + p.trait_habits_untrained * t.habits),
            tolerance=max(0.0, 1.0 - p.trait_habits_tolerance * t.habits),
            lost_day=max(0.0, 1.0 + p.trait_fragility_lost_day * t.fragility),
            case=1.0
            + p.trait_case_change_value * t.change_value
            + p.trait_case_data_rot * t.data_rot
            + p.trait_case_workmanship * t.workmanship
            + p.trait_case_patience * patient
            + p.trait_case_season * t.season
            + p.trait_case_consensus * t.consensus
            + p.trait_case_habits * t.habits
            + p.trait_case_fragility * t.fragility,
        )
