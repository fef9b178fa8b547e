"""``python -m notifier api|worker|migrate|dead-letters``."""

from notifier.entrypoints.service import SERVICE

if __name__ == "__main__":
    raise SystemExit(SERVICE.run())
