"""The migration world as numbers and rewards."""
