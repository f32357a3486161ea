"""Building the program that people start without Python. Never imported by the program itself."""
