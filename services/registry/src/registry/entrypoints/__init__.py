"""Where the outside reaches the registry: HTTP, the event stream, operators' commands."""
