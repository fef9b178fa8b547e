"""The contracts of imports, checked with import-linter over every service and realm that there is.

``imports.toml`` states the contracts; services and realms are not listed there but found in the tree, so that a
new one is bound by them at once.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def check(root: Path) -> int:
    """Check the repository at ``root``; the exit code."""
    with tempfile.TemporaryDirectory(prefix="clearinghouse-imports-") as folder:
        config = Path(folder) / "imports.toml"
        config.write_text(contracts(root), encoding="utf-8")
        sys.path[:0] = [str(source) for source in sources(root)]
        status = lint_imports(config_filename=str(config), no_cache=True)
    return 0 if status == EXIT_STATUS_SUCCESS else 1


def contracts(root: Path) -> str:
    """The contracts as import-linter reads them, with the services and realms of the repository at ``root``."""
    text = files("clearinghouse_tools").joinpath("imports.toml").read_text(encoding="utf-8")
    names = services(root)
    return (
        text.replace('"@SERVICES@"', _listed(names))
        .replace('"@SERVICES@.domain"', _listed([f"{name}.domain" for name in names]))
        .replace('"@SERVICES@.application"', _listed([f"{name}.application" for name in names]))
        .replace("@REALMS@", " | ".join(f"({realm})" for realm in realms(root)))
    )


def sources(root: Path) -> list[Path]:
    """Every folder that packages of ours are in."""
    return sorted(path for path in root.glob("*/**/src") if "site-packages" not in path.parts)


def services(root: Path) -> list[str]:
    """The packages of the services."""
    return sorted(path.parent.name for path in root.glob("services/*/src/*/__init__.py"))


def realms(root: Path) -> list[str]:
    """The realms: packages of the formats that declare one."""
    packages = root.glob("shared/formats/src/clearinghouse_formats/*/__init__.py")
    return sorted(path.parent.name for path in packages if "REALM = " in path.read_text(encoding="utf-8"))


def _listed(names: list[str]) -> str:
    return ", ".join(json.dumps(name) for name in names)
