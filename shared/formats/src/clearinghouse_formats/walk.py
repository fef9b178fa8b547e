"""Goes through a document by its declaration; it may be incomplete or wrong: what fits nothing is skipped."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from clearinghouse_formats.values import MAX_ENTRIES

Marker = TypeVar("Marker")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class DeclaredField:
    """One field of a model, by its name on the wire."""

    wire: str
    many: bool
    types: tuple[Any, ...]
    """The types that an element may have."""
    markers: tuple[Any, ...]
    """Of the field and of its elements."""

    def marker(self, kind: type[Marker]) -> Marker | None:
        """The field's marker of one kind."""
        return next((marker for marker in self.markers if isinstance(marker, kind)), None)

    def model(self) -> type[BaseModel] | None:
        """The type of an element that is an object."""
        return next((one for one in self.types if isinstance(one, type) and issubclass(one, BaseModel)), None)


@dataclass(frozen=True)
class Found:
    """A value in a document and the field that declares it."""

    path: Path
    field: DeclaredField
    value: Any


@lru_cache(maxsize=256)
def fields(model: type[BaseModel]) -> tuple[DeclaredField, ...]:
    """The fields of a declaration."""
    declared = []
    for name, info in model.model_fields.items():
        many, kinds, markers = _unwrap(info.annotation)
        declared.append(DeclaredField(info.alias or name, many, kinds, (*info.metadata, *markers)))
    return tuple(declared)


def _unwrap(annotation: Any) -> tuple[bool, tuple[Any, ...], tuple[Any, ...]]:
    """Whether it is a list, the types of an element, and the markers on the way to them."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        many, kinds, markers = _unwrap(arguments[0])
        return many, kinds, (*arguments[1:], *markers)
    if origin is list:
        _, kinds, markers = _unwrap(arguments[0])
        return True, kinds, markers
    if origin in {Union, types.UnionType}:
        branches = [_unwrap(branch) for branch in arguments if branch is not type(None)]
        kinds = tuple(kind for branch in branches for kind in branch[1])
        return (
            any(branch[0] for branch in branches),
            kinds,
            tuple(m for branch in branches for m in branch[2]),
        )
    return False, (annotation,), ()


def walk(model: type[BaseModel], document: Mapping[str, Any], path: Path = ()) -> Iterator[Found]:
    """Every value that the declaration knows: lists entry by entry, objects before their parts."""
    for field in fields(model):
        if field.wire not in document:
            continue
        for place, value in _entries(field, document[field.wire], (*path, field.wire)):
            yield Found(place, field, value)
            inner = field.model()
            if inner is not None and isinstance(value, Mapping):
                yield from walk(inner, value, place)


def _entries(field: DeclaredField, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not field.many:
        yield path, value
    elif isinstance(value, list):
        for index, entry in enumerate(value[:MAX_ENTRIES]):
            yield (*path, index), entry
