"""What the gateway world simulates, as validated data."""
