"""``python -m notifier api|worker|migrate|dead-letters``."""

from notifier.entrypoints.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
