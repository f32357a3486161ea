"""Settings: what a person can choose, in a window of its own."""
