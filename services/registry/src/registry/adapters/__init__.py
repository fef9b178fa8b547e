"""The registry's ports on real engines."""
