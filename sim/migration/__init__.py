"""The data migration: clean tables, legacy extracts, errors and their ledger, operations, the judge."""
