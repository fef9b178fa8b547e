"""The contracts of imports are filled from the tree, so that what is new there is bound by them at once."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from clearinghouse_tools.imports import contracts


def add(root: Path, *files: str, text: str = "") -> None:
    """Files of a tree, each with the folders above it."""
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def add_service(root: Path, name: str, text: str = "") -> None:
    """A service without content but for its bootstrap, which holds ``text``."""
    source = f"services/{name}/src/{name}"
    add(root, *(f"{source}/{name}.py" for name in ("__init__", "__main__", "domain", "application")))
    add(root, f"{source}/bootstrap.py", text=text)


def add_realm(root: Path, name: str) -> None:
    """A realm: a package of the formats that declares one."""
    file = f"shared/formats/src/clearinghouse_formats/{name}/__init__.py"
    add(root, file, text=f'REALM = Realm("{name}")\n')


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with two services and two realms."""
    for name in ("alpha", "beta"):
        add_service(tmp_path, name)
    for name in ("forest", "sea"):
        add_realm(tmp_path, name)
    add(tmp_path, "shared/formats/src/clearinghouse_formats/core/__init__.py", text="FORMATS = ()\n")
    return tmp_path


def filled(root: Path) -> dict[str, Any]:
    """The contracts by name, and under ``""`` what they are about."""
    linter: dict[str, Any] = tomllib.loads(contracts(root))["tool"]["importlinter"]
    return {"": linter, **{one["name"]: one for one in linter["contracts"]}}


def layers(root: Path) -> dict[str, Any]:
    """The contract of the layers of a service."""
    (found,) = [one for name, one in filled(root).items() if name.startswith("Layers of a service")]
    assert isinstance(found, dict)
    return found


def test_every_service_of_the_tree_stands_where_services_are_meant(tree: Path) -> None:
    found = filled(tree)
    assert found[""]["root_packages"][:2] == ["alpha", "beta"]
    assert found["Services never import one another"]["modules"] == ["alpha", "beta"]
    pure = found["Domain and application import no I/O library"]["source_modules"]
    assert pure == ["alpha.domain", "beta.domain", "alpha.application", "beta.application"]
    assert layers(tree)["containers"] == ["alpha", "beta"]


def test_every_realm_of_the_tree_is_beside_the_adapters_and_other_packages_are_no_realms(tree: Path) -> None:
    assert "(adapters) | (forest) | (sea)" in layers(tree)["layers"]


def test_a_service_and_a_realm_that_are_added_are_bound_at_once(tree: Path) -> None:
    add_service(tree, "gamma")
    add_realm(tree, "peat")
    assert layers(tree)["containers"] == ["alpha", "beta", "gamma"]
    assert "(adapters) | (forest) | (peat) | (sea)" in layers(tree)["layers"]


def test_no_place_stays_unfilled(tree: Path) -> None:
    assert "@" not in "\n".join(line.partition("#")[0] for line in contracts(tree).splitlines())


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """Check a tree in a process of its own, beside the packages that are not services."""
    script = "import sys; from pathlib import Path; from clearinghouse_tools.imports import check\n"
    script += f"sys.exit(check(Path({str(root)!r})))"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.timeout(120)
def test_a_service_that_imports_another_one_breaks_a_contract_and_no_other(tree: Path) -> None:
    rule = "Services never import one another"
    kept = check(tree)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    assert f"{rule} KEPT" in kept.stdout

    add_service(tree, "alpha", text="import beta\n")
    broken = check(tree)
    assert broken.returncode == 1
    assert f"{rule} BROKEN" in broken.stdout
    assert broken.stdout.count(" BROKEN") == 1
