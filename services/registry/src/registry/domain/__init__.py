"""Values and decisions of the registry: no I/O; clock and identifiers come in as arguments."""
