"""The check that runs before there is a virtual environment names what to install."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy" / "local" / "preflight.py"


@pytest.fixture
def preflight() -> ModuleType:
    spec = importlib.util.spec_from_file_location("preflight", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_machine_that_has_everything_gets_no_line(preflight: ModuleType) -> None:
    assert preflight.preflight_errors((3, 11), lambda _: True) == []
    assert preflight.preflight_notes(("Linux", "x86_64"), lambda _: True) == []


def test_for_an_old_python_it_says_which_one_is_needed(preflight: ModuleType) -> None:
    [line] = preflight.preflight_errors((3, 9), lambda _: True)
    assert line == "Python 3.11 is needed, this is 3.9; apt-get install python3.11 python3.11-venv"


def test_for_a_python_without_venv_it_names_the_package(preflight: ModuleType) -> None:
    [line] = preflight.preflight_errors((3, 12), lambda module: module != "ensurepip")
    assert line == "Python lacks its module ensurepip; apt-get install python3.12-venv"


def test_the_libraries_of_mongodb_are_named_with_their_packages(preflight: ModuleType) -> None:
    [line] = preflight.preflight_notes(("Linux", "x86_64"), lambda library: library != "libcurl.so.4")
    assert "libcurl 4 and OpenSSL 3" in line
    assert "apt-get install libcurl4 (" in line


def test_for_another_platform_it_says_what_is_used_instead(preflight: ModuleType) -> None:
    [line] = preflight.preflight_notes(("Darwin", "arm64"), lambda _: False)
    assert "SecantusDB" in line


def test_this_machine_passes(preflight: ModuleType) -> None:
    assert preflight.main(["python"]) == 0
