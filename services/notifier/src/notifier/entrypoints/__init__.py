"""Where calls, events and operators come in."""
