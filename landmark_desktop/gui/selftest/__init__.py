"""The self-test: everything the program does, once, on drawn photos, without a person.

``steps.STEPS`` is the list; a new feature adds a function to the module of its kind and a line
there.
"""
