"""The commands, grouped by what they are about. Each is a plain function of a session."""
