"""The Models page: every model at hand with its card; add, use, compare, export, delete."""
