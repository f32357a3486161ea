"""The trainer: builds, judges and exports the models that Landmark Desktop runs.

Never imports ``landmark_desktop`` and never imports Qt. The desktop sees only the
torch-free face: ``photo``, ``bundle``, ``spec`` and ``events``.
"""
