"""The history: everything that was done, undone from a list."""
