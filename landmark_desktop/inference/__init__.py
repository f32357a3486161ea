"""Running a model over photos: the engine, the decode-ahead pipeline, and its opinions.

``engine`` is the only module of the application that imports torch.
"""
