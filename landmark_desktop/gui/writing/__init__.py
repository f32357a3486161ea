"""Writing tags into files: what waits, what it would change, conflicts, and what went wrong."""
