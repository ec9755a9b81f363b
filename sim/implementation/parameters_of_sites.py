"""Parameters of implementations at several sites, and of quick wins."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameter_row import ESTIMATE, LITERATURE, OURS, row

GLOBAL_TEAMS = "Espinosa et al. 2007 (coordination delay across time zones)"
KOTTER = "Kotter 1996, Leading Change (short-term wins)"


@dataclass(frozen=True)
class SiteParameters:
    """Template and roll-out, languages and laws, distance, and what wins people over."""

    # fmt: off
    rollout_first: float = row(0.55, "x pilot", 0.3, 0.9, ESTIMATE, OURS, "Effort of a further site relative to the pilot, 0.55 n^-0.2.")
    rollout_exponent: float = row(0.2, "1", 0, 0.4, ESTIMATE, OURS, "Template reuse.")
    rollout_floor: float = row(0.25, "x pilot", 0.1, 0.5, ESTIMATE, OURS, "Least effort of a site.")
    rollout_language: float = row(0.08, "share", 0.02, 0.2, ESTIMATE, OURS, "Translation into another language, relative to the pilot's effort.")
    rollout_statutory: float = row(0.1, "share", 0.03, 0.2, ESTIMATE, OURS, "Statutory reports and product certificates of another country, likewise.")
    rollout_currency: float = row(0.03, "share", 0.01, 0.1, ESTIMATE, OURS, "Another currency and its bank formats, likewise.")
    split_screens: float = row(0.5, "share of translation", 0.2, 0.8, ESTIMATE, OURS, "Screens; the rest is documents and training.")
    split_statutory_reports: float = row(0.6, "share of statutory", 0.2, 0.9, ESTIMATE, OURS, "Statutory reports and taxes; the rest is product certificates and labels.")
    template_retrofit: float = row(0.35, "share", 0, 0.8, ESTIMATE, OURS, "Of what a site has built before the pilot is live, what has to be adapted to the proven template.")
    template_saving: float = row(0.12, "share", 0, 0.3, ESTIMATE, OURS, "Of the work that a site has not begun, what each wave that goes live before it saves.")
    time_zone_delay: float = row(0.8, "x", 0, 2, LITERATURE, GLOBAL_TEAMS, "An answer takes longer by this where working hours do not overlap at all.")
    untranslated_training: float = row(0.5, "share", 0.2, 0.9, ESTIMATE, OURS, "Of a training wave's gain, what is lost where nothing is translated.")
    dip_localisation: float = row(0.15, "per share missing", 0.05, 0.4, ESTIMATE, OURS, "Loss at a site without its language, statutory reports, certificates and bank formats.")
    dip_reconciliation: float = row(0.06, "productivity", 0.01, 0.2, ESTIMATE, OURS, "Loss by manual reconciliation at each live site beyond the first until the sites are joined.")
    quick_win_others: float = row(0.4, "x", 0, 0.8, LITERATURE, KOTTER, "What a quick win is worth to everybody else, relative to the department that it helps.")
    quick_win_late: float = row(0.5, "x per week", 0.2, 1, ESTIMATE, OURS, "What is left of a quick win's effect by each week that it comes late.")
    quick_win_lasting: float = row(0.6, "share", 0, 1, ESTIMATE, OURS, "Of the trust that a quick win gains, what stays for good.")
    # fmt: on
