"""Ports on MongoDB."""
