"""How fast the reference engine is, and whether decisions matter in it."""
