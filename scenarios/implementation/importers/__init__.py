"""Other people's project plans as golive's: a reader for each format, and one way to a ``Plan``."""
