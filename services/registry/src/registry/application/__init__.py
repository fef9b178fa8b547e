"""Use cases of the registry, one plain async function each, and the ports they need."""
