"""The library: SQLite with one writer, photos, tags, suggestions, search and history."""
