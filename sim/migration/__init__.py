"""The data migration: clean tables, extracts, errors and their ledger, operations, the judge."""
