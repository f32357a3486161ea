"""One function per user intent: the only place where the parts of the application meet.

Window and command line call the same actions. Each returns, or streams, a ``ChangeSet``.
"""
