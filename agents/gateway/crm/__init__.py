"""The seven CRM agents by rules and by a language model, and who carries workflows out."""
