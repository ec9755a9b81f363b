"""The words of a data migration as enumerations, shared by every room.

Members are strings so that scenario files read naturally; their order is fixed.
"""

from __future__ import annotations

from enum import StrEnum


class Industry(StrEnum):
    """Industries whose tables can be made."""

    FURNITURE = "furniture"
    INJECTION_MOULDING = "injection_moulding"
    ELECTRICAL_EQUIPMENT = "electrical_equipment"
    TEXTILE_KNITTING = "textile_knitting"


class TableName(StrEnum):
    """Tables of the target system, in the order in which they are loaded."""

    WORK_CENTRES = "work_centres"
    VENDORS = "vendors"
    CUSTOMERS = "customers"
    ITEMS = "items"
    UNITS = "units"
    BOM_LINES = "bom_lines"
    ROUTING_STEPS = "routing_steps"
    COSTS = "costs"
    STOCK = "stock"
    SALES_ORDERS = "sales_orders"
    SALES_LINES = "sales_lines"
    PURCHASE_ORDERS = "purchase_orders"
    PURCHASE_LINES = "purchase_lines"
    LEDGER_BALANCES = "ledger_balances"


class DataObject(StrEnum):
    """Data objects of which a customer has so many records; a table or two each."""

    ITEMS = "items"
    BOMS = "boms"
    ROUTINGS = "routings"
    CUSTOMERS = "customers"
    VENDORS = "vendors"
    STOCK = "stock"
    OPEN_ORDERS = "open_orders"
    COSTS = "costs"


class SystemStyle(StrEnum):
    """Styles of the legacy systems that tables are extracted from."""

    SPREADSHEET = "spreadsheet"
    ACCOUNTING = "accounting"
    """A bookkeeping package for small firms, as QuickBooks is one."""
    ERP = "erp"
    """An old ERP system with short names, as SAP R/3 has them."""


class Cause(StrEnum):
    """Causes that errors have in common: the rows that one of them touched have more."""

    CHANCE = "chance"
    CARELESS_CLERK = "careless_clerk"
    OLD_IMPORT = "old_import"
    SITE = "site"


class ErrorKind(StrEnum):
    """Kinds of error that are put into clean tables."""

    DUPLICATE = "duplicate"
    """A near duplicate of a row under a number of its own; some documents refer to it."""
    MISSING_BOM_LINE = "missing_bom_line"
    BOM_CYCLE = "bom_cycle"
    """A line that makes an item a part of itself."""
    ORPHAN_KEY = "orphan_key"
    MISSING_COST = "missing_cost"
    WRONG_TOTAL = "wrong_total"
    SWAPPED_COLUMNS = "swapped_columns"
    STALE = "stale"
    WRONG_VALID_VALUE = "wrong_valid_value"
    UNIT_SCALE = "unit_scale"
    SIGN_FLIPPED = "sign_flipped"
    DATE_ORDER = "date_order"
    """Day and month exchanged in a date that is still one: nobody sees it."""
    DATE_FORMAT = "date_format"
    DECIMAL_MARK = "decimal_mark"
    MISSING_VALUE = "missing_value"
    DEFAULT_AS_MISSING = "default_as_missing"
    LEADING_ZERO_LOST = "leading_zero_lost"
    SCIENTIFIC_NOTATION = "scientific_notation"
    SPECIAL_CHARACTER = "special_character"
    INCONSISTENT_NAME = "inconsistent_name"
    TYPO = "typo"
    OCR = "ocr"
    LOST_CHARACTER = "lost_character"
    MOJIBAKE = "mojibake"


class CustomerTrait(StrEnum):
    """Traits of a customer, which nobody is told, and which turn the right way of working round."""

    DAYS_FIRST = "days_first"
    """The old systems write days before months, apart from those that are set up oddly."""
    SISTERS = "sisters"
    """Partners of one name are firms of their own, such as branches; else they are duplicates."""
    GUESSING = "guessing"
    """Key users answer what they do not know."""
    OLD_IMPORT = "old_import"
    """Errors come of an import long ago, which rules repair; else of a careless clerk."""
    RESTLESS = "restless"
    """Rows change every day until the freeze, in old habits."""
    STRICT_OWNER = "strict_owner"
    """The data's owner signs nothing that has visible defects, and blames what is not signed."""


class Adversity(StrEnum):
    """Adversities of a migration beside the errors in its tables."""

    CORRUPT_EXTRACT = "corrupt_extract"
    """Rows of a table must be extracted anew: what was done with them is lost."""
    CHANGED_SCHEMA = "changed_schema"
    """A table of an old system gets other columns: it must be mapped anew."""
    SECOND_SYSTEM = "second_system"
    """A second old system is found, with partners and items that the first one has, too."""
    MIXED_ENCODINGS = "mixed_encodings"
    """Extracts were put together from files of several code pages."""
    KEY_USER_LEAVES = "key_user_leaves"
    """Somebody leaves; who stands in for them knows less."""
    RULES_CHANGE = "rules_change"
    """The target is configured more strictly: what was signed must be signed anew."""
    TENFOLD_VOLUME = "tenfold_volume"
    """There are many more rows than anybody said."""
