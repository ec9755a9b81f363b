"""A counter with one queue and one server, as a world for golive."""
