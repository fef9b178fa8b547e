"""What the fields of the ABS formats are called, in six languages, for letters, forms and pages.

The wording is data (``labels.json``), in the terms that the Nagoya Protocol has in each language; the order
of the fields is the order in which a reader is shown them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


def field_labels(format_name: str) -> Mapping[str, Mapping[str, str]]:
    """The labels of a format's public fields: by field name on the wire, by language; empty for other formats."""
    return _labels().get(format_name, {})


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files(__package__).joinpath("labels.json").read_text(encoding="utf-8")
    labels: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return labels
