"""Tidy folders: a template, a plan that is pure, a journal, and the steps on disk."""
