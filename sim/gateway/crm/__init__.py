"""The CRM database of a company, made from a seed; its truth; tasks over it and their judge."""
