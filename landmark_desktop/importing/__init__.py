"""Finding photos on disk and taking them into the library."""
