"""The search for the expert's thresholds, on training seeds alone."""
