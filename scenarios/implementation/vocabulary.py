"""The field's words as enumerations, shared by every room.

Members are strings so that scenario files read naturally; their order is fixed and is
the order of every array, observation and action that is indexed by them.
"""

from __future__ import annotations

from enum import StrEnum


class Industry(StrEnum):
    """Industries for which customers can be generated."""

    FURNITURE = "furniture"
    INJECTION_MOULDING = "injection_moulding"
    ELECTRICAL_EQUIPMENT = "electrical_equipment"
    TEXTILE_KNITTING = "textile_knitting"


class Delivery(StrEnum):
    """Ways of delivery: AI agents in weeks, or human consultants in months."""

    AGENTIC = "agentic"
    CONVENTIONAL = "conventional"


class Workstream(StrEnum):
    """The eight workstreams of an ERP implementation."""

    DISCOVERY = "discovery"
    DATA = "data"
    CONFIGURATION = "configuration"
    CUSTOMISATION = "customisation"
    INTEGRATION = "integration"
    TESTING = "testing"
    TRAINING = "training"
    CUTOVER = "cutover"


class Role(StrEnum):
    """The five roles of the implementation crew."""

    ORCHESTRATOR = "orchestrator"
    PROJECT_MANAGER = "project_manager"
    DATA_MIGRATION = "data_migration"
    CONFIGURATION = "configuration"
    INDUSTRY_EXPERT = "industry_expert"


class Department(StrEnum):
    """Departments of a customer's site; each has a head, key users and end users."""

    MANAGEMENT = "management"
    FINANCE = "finance"
    SALES = "sales"
    PURCHASING = "purchasing"
    PRODUCTION = "production"
    WAREHOUSE = "warehouse"


class DataObjectKind(StrEnum):
    """Master and transactional data that an ERP migration moves."""

    ITEMS = "items"
    BOMS = "boms"
    ROUTINGS = "routings"
    CUSTOMERS = "customers"
    VENDORS = "vendors"
    STOCK = "stock"
    OPEN_ORDERS = "open_orders"
    COSTS = "costs"


class DataErrorKind(StrEnum):
    """Kinds of error in a data object; each is found and mended at its own rate."""

    DUPLICATE = "duplicate"
    FORMAT = "format"
    SPECIAL_CHARACTER = "special_character"
    MISSING_COST = "missing_cost"
    MISSING_BOM = "missing_bom"
    INCONSISTENT_NAME = "inconsistent_name"
    INACCURATE = "inaccurate"


class RequirementKind(StrEnum):
    """Ways to build a requirement (defects per object differ by kind)."""

    CONFIGURATION = "configuration"
    REPORT = "report"
    ENHANCEMENT = "enhancement"


class InterfaceSize(StrEnum):
    """Size class of an interface to another system."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class LegacyKind(StrEnum):
    """Kinds of system that the ERP replaces or talks to."""

    SPREADSHEET = "spreadsheet"
    ACCOUNTING = "accounting"
    ERP = "erp"
    CUSTOM = "custom"
    CAD = "cad"
    SHOP_FLOOR = "shop_floor"
    CRM = "crm"
    ECOMMERCE = "ecommerce"


class AcceptanceCheckKind(StrEnum):
    """Checks that must be passed before a site should go live."""

    PRODUCTION_CYCLE = "production_cycle"
    PEAK_LOAD = "peak_load"
    USER_ACCEPTANCE = "user_acceptance"
    RECONCILIATION = "reconciliation"
    VALIDATION = "validation"
    """Demanded by regulation: without it going live is not allowed."""


class DisruptionKind(StrEnum):
    """Disruptions that a scenario can carry: an outage, and the eight edge cases."""

    ENVIRONMENT_OUTAGE = "environment_outage"
    CORRUPT_DATA = "corrupt_data"
    MISSING_REQUIREMENTS = "missing_requirements"
    CONFLICTING_BUSINESS_RULES = "conflicting_business_rules"
    LEGACY_INCOMPATIBILITY = "legacy_incompatibility"
    PERFORMANCE_BOTTLENECK = "performance_bottleneck"
    REGULATORY_COMPLIANCE = "regulatory_compliance"
    MULTILINGUAL_REQUIREMENTS = "multilingual_requirements"
    NETWORK_FAILURES = "network_failures"


class Severity(StrEnum):
    """Severity of a disruption, from mild to brutal."""

    MILD = "mild"
    MODERATE = "moderate"
    CRITICAL = "critical"
    BRUTAL = "brutal"
