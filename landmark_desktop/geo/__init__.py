"""Places: the gazetteer of landmarks. Pure: no Qt, no database."""
