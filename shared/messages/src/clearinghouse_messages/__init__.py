"""The wire of the clearing-houses: what services and partners say to one another.

Every type is declared once, here; a change that breaks a reader is a new version beside the old,
and readers ignore fields that they do not know.
"""
