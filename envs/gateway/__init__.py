"""The gateway world as numbers and rewards."""
