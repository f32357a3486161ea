"""The command line: one thin module a command, over the same actions as the window."""
