"""What a Linux desktop wants to know of the program: menu entry, metadata, icons."""

APP_ID = "landmark-desktop"
"""Name of the entry and the icons, Wayland's app id, and the class of X11's windows."""
