"""Tools and agents for the data migration: profiles of tables, proposed mappings, matchers."""
