"""The window. The only package that imports Qt; it calls actions and shows what they return."""
