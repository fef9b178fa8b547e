"""Rules of the architecture that no import contract can state."""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clearinghouse_formats import load

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "shared").glob("*/src"),
    *(ROOT / "services").glob("*/src"),
    *(ROOT / "deploy").glob("*/src"),
    ROOT / "tools/src",
    ROOT / "client/src",
]
SUITES = ["tests/formats", "tests/registry/unit", "tests/notifier/unit"]


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(name) for name in listing.stdout.split("\0") if name]


@pytest.mark.timeout(300)
def test_without_every_absch_folder_the_bch_and_chm_suites_stay_green(tmp_path: Path) -> None:
    for name in tracked():
        if "absch" not in name.parts and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    paths = [str(tmp_path / source.relative_to(ROOT)) for source in SOURCES]
    suites = [suite for suite in SUITES if (tmp_path / suite).is_dir()]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *suites],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert "test_registry_bch_and_chm" in " ".join(path.name for path in tmp_path.rglob("*.py"))


@pytest.mark.timeout(120)
def test_every_module_imports_with_an_empty_environment() -> None:
    names = [
        found.name
        for source in SOURCES
        for package in source.iterdir()
        if (package / "__init__.py").is_file()
        for found in pkgutil.walk_packages([str(package)], f"{package.name}.", onerror=lambda _: None)
        if not found.name.endswith("__main__")
    ]
    assert len(names) > 50
    here = [str(source) for source in SOURCES]  # of this tree, whichever one is installed
    script = f"import importlib, sys\nsys.path[:0] = {here!r}\n"
    script += "\n".join(f"importlib.import_module({name!r})" for name in names)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env={}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]


def test_the_core_never_asks_which_realm_it_is() -> None:
    """Only a realm's folder names the realm; the core has rows and declarations."""
    realms = load().realms
    names = {name for realm in realms.values() for name in (realm.slug, realm.prefix)}
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for source in [*(ROOT / "shared").glob("*/src"), *(ROOT / "services").glob("*/src")]
        for path in source.rglob("*.py")
        if not realms.keys() & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert names >= {"bch", "BCH"}
    assert named == []


def test_nothing_outside_an_absch_folder_imports_one() -> None:
    """What a realm adds is found by its folder's name alone (``clearinghouse_formats.extensions``)."""
    importing = re.compile(r"^\s*(from|import)\s.*\babsch\b", re.MULTILINE)
    found = [
        str(name)
        for name in tracked()
        if name.suffix == ".py"
        and "absch" not in name.parts
        and (ROOT / name).is_file()
        and importing.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_names_the_address_of_a_package_registry() -> None:
    suspicious = ("pypi." + "org", "pythonhosted." + "org", "repo." + "maven", "registry." + "npmjs")
    found = [
        str(name)
        for name in tracked()
        if (ROOT / name).is_file()
        and any(word in (ROOT / name).read_text(encoding="utf-8", errors="replace") for word in suspicious)
    ]
    assert found == []
