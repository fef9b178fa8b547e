"""``python -m registry api|relay|worker|migrate|load FILE``."""

from registry.entrypoints.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
