"""Measurements of the sizes in the design; run one with ``python -m benchmarks.NAME``."""
