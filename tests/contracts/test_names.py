"""One name for one type: a reader who meets a name knows which one it is."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ["shared", "services", "client", "deploy", "tools"]
ONE_IN_EACH_SERVICE = {
    "App": "what a service is composed of (``bootstrap``)",
    "Settings": "the settings of a service (``settings``)",
    "Worker": "what a service's worker process holds (``entrypoints.worker``)",
}


def types_of(module: Path) -> Iterator[str]:
    """The classes and the aliases of types that a module defines."""
    for statement in ast.parse(module.read_text(encoding="utf-8")).body:
        match statement:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="TypeVar" | "ParamSpec"))
            ):
                continue
            case ast.Assign(targets=[ast.Name(id=name)]) if name[0].isupper() and not name.isupper():
                yield name


def test_no_type_has_the_name_of_another() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for source in SOURCES:
        for module in (ROOT / source).rglob("src/**/*.py"):
            for name in types_of(module):
                places[name].append(str(module.relative_to(ROOT)))
    assert len(places) > 200
    twice = {
        name: found for name, found in places.items() if len(found) > 1 and name not in ONE_IN_EACH_SERVICE
    }
    assert twice == {}


def test_what_may_stand_once_in_each_service_stands_nowhere_else() -> None:
    elsewhere = [
        f"{name} in {module.relative_to(ROOT)}"
        for source in SOURCES
        if source != "services"
        for module in (ROOT / source).rglob("src/**/*.py")
        for name in types_of(module)
        if name in ONE_IN_EACH_SERVICE
    ]
    assert elsewhere == []
