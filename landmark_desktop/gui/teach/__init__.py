"""Teaching a new landmark: a dialog over the library."""
