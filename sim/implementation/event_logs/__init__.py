"""Event logs of projects: one model, and the files that hold it (Parquet, CSV, XES, OCEL 2.0)."""
