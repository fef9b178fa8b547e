"""Inbox, e-mail and official transmissions of the clearing-houses."""
