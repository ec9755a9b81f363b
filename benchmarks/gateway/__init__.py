"""What measures the gateway world."""
