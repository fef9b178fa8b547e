"""Which file holds which description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clearinghouse_tools.docs.asyncapi import asyncapi
from clearinghouse_tools.docs.catalogue import DEAD_LETTER, events, sample, topics
from clearinghouse_tools.docs.openapi import descriptions
from clearinghouse_tools.docs.page import page
from clearinghouse_tools.docs.workflow import workflow_page

SAMPLES = Path("tests/contracts/golden")
"""The golden samples, below the root of the repository."""


def described(root: Path) -> Mapping[Path, str]:
    """Each generated file of the repository at ``root``, relative to it, with the text that it should hold."""
    stated, planned = events(root / SAMPLES), topics()
    dead_letter = sample(root / SAMPLES, DEAD_LETTER)
    return {
        Path("docs/events/asyncapi.json"): _json(asyncapi(planned, stated, dead_letter)),
        Path("docs/events/README.md"): page(planned, stated, samples=f"../../{SAMPLES}"),
        Path("docs/workflow.md"): workflow_page(),
        **{Path(f"docs/http/{name}.openapi.json"): _json(made) for name, made in descriptions().items()},
    }


def write(root: Path) -> list[Path]:
    """Write the files; which they are."""
    files = described(root)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return list(files)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
