"""Landmark Desktop: recognises the landmarks in a person's own photos, offline."""

__version__ = "0.1.0"
