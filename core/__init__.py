"""The ground that every room stands on; no module of it knows what is simulated."""
