"""Crew parameters: how fast each role works in each workstream, and how cleanly."""

from __future__ import annotations

from dataclasses import dataclass

from .parameter_row import ESTIMATE, OURS, row


@dataclass(frozen=True)
class CrewParameters:
    """Skill of each role per workstream (1: a specialist) and its error factor."""

    # fmt: off
    skill_orchestrator_discovery: float = row(0.75, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in discovery.")
    skill_orchestrator_data: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in data.")
    skill_orchestrator_configuration: float = row(0.65, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in configuration.")
    skill_orchestrator_customisation: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in customisation.")
    skill_orchestrator_integration: float = row(0.75, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in integration.")
    skill_orchestrator_testing: float = row(0.85, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in testing.")
    skill_orchestrator_training: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in training.")
    skill_orchestrator_cutover: float = row(0.9, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in cutover.")
    errors_orchestrator: float = row(1.1, "x specialist", 0.5, 3, ESTIMATE, OURS, "Defects injected per unit of work.")
    skill_project_manager_discovery: float = row(0.85, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in discovery.")
    skill_project_manager_data: float = row(0.4, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in data.")
    skill_project_manager_configuration: float = row(0.4, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in configuration.")
    skill_project_manager_customisation: float = row(0.3, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in customisation.")
    skill_project_manager_integration: float = row(0.35, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in integration.")
    skill_project_manager_testing: float = row(0.75, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in testing.")
    skill_project_manager_training: float = row(0.9, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in training.")
    skill_project_manager_cutover: float = row(0.85, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in cutover.")
    errors_project_manager: float = row(1.4, "x specialist", 0.5, 3, ESTIMATE, OURS, "Defects injected per unit of work.")
    skill_data_migration_discovery: float = row(0.5, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in discovery.")
    skill_data_migration_data: float = row(1.0, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in data.")
    skill_data_migration_configuration: float = row(0.5, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in configuration.")
    skill_data_migration_customisation: float = row(0.45, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in customisation.")
    skill_data_migration_integration: float = row(0.75, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in integration.")
    skill_data_migration_testing: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in testing.")
    skill_data_migration_training: float = row(0.4, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in training.")
    skill_data_migration_cutover: float = row(0.8, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in cutover.")
    errors_data_migration: float = row(1.0, "x specialist", 0.5, 3, ESTIMATE, OURS, "Defects injected per unit of work.")
    skill_configuration_discovery: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in discovery.")
    skill_configuration_data: float = row(0.55, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in data.")
    skill_configuration_configuration: float = row(1.0, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in configuration.")
    skill_configuration_customisation: float = row(0.95, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in customisation.")
    skill_configuration_integration: float = row(0.85, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in integration.")
    skill_configuration_testing: float = row(0.7, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in testing.")
    skill_configuration_training: float = row(0.55, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in training.")
    skill_configuration_cutover: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in cutover.")
    errors_configuration: float = row(0.9, "x specialist", 0.5, 3, ESTIMATE, OURS, "Defects injected per unit of work.")
    skill_industry_expert_discovery: float = row(1.0, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in discovery.")
    skill_industry_expert_data: float = row(0.65, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in data.")
    skill_industry_expert_configuration: float = row(0.75, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in configuration.")
    skill_industry_expert_customisation: float = row(0.6, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in customisation.")
    skill_industry_expert_integration: float = row(0.4, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in integration.")
    skill_industry_expert_testing: float = row(0.9, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in testing.")
    skill_industry_expert_training: float = row(0.95, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in training.")
    skill_industry_expert_cutover: float = row(0.65, "x specialist", 0.1, 1.2, ESTIMATE, OURS, "Speed in cutover.")
    errors_industry_expert: float = row(0.9, "x specialist", 0.5, 3, ESTIMATE, OURS, "Defects injected per unit of work.")
    # fmt: on
