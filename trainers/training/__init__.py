"""Training: MaskablePPO over vectorised environments, reproducible, interruptible, resumable."""
