"""Mechanism 15: disruptions, each a process with onset, severity, notice and recovery."""
