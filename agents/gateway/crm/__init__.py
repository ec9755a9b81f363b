"""The seven CRM agents: by rules, or by a language model, in workflows that a file describes."""
