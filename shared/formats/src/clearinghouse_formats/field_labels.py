"""What the fields of the formats are called, in six languages, for letters, forms and pages.

The wording is data: ``labels.json`` beside the formats, in the core and in each realm, in the terms that the
realm's instrument has in each language. The order of the fields is the order in which a reader is shown them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from clearinghouse_formats.extensions import subpackages

Labels = Mapping[str, Mapping[str, str]]
"""By field name on the wire, by language."""


def field_labels(format_name: str) -> Labels:
    """The labels of a format's public fields; empty where no package has labels of that format."""
    return _labels().get(format_name, {})


def read_labels(folders: Iterable[Traversable]) -> dict[str, Labels]:
    """The labels in each folder's ``labels.json``, by format; a folder may have none.

    Raises ValueError where two folders label one format.
    """
    labels: dict[str, Labels] = {}
    for folder in folders:
        file = folder.joinpath("labels.json")
        if not file.is_file():
            continue
        found: dict[str, dict[str, dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
        twice = sorted(found.keys() & labels.keys())
        if twice:
            raise ValueError(f"the fields of these formats are labelled twice: {', '.join(twice)}")
        labels |= found
    return labels


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Labels]:
    return read_labels(files(f"{__package__}.{name}") for name in subpackages(str(__package__)))
