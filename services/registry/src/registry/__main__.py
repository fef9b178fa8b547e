"""``python -m registry api|relay|worker|migrate|dead-letters|load FILE``."""

from registry.entrypoints.service import SERVICE

if __name__ == "__main__":
    raise SystemExit(SERVICE.run())
