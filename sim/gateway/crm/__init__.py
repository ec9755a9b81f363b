"""The customer database: companies, contacts, leads, deals, and the truth about them apart."""
