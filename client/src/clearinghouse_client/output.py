"""What a person or a machine reads: tables or JSON on stdout, notes and errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from clearinghouse_client.errors import ClientError

PREFERENCE = ("en", "fr", "es", "ru", "ar", "zh")
"""Which language is shown where a text lacks the one that is asked for."""


@dataclass(frozen=True)
class CommandResult:
    """What a command answers: for machines a document, for people something to look at and the next step."""

    document: Any
    view: RenderableType
    next_step: str = ""


class Output:
    """One run's output. With ``machine``, stdout holds JSON and nothing else."""

    def __init__(self, machine: bool) -> None:
        self._machine = machine
        self._out = Console(file=sys.stdout)
        self._notes = Console(file=sys.stderr)

    def show(self, result: CommandResult) -> None:
        """Print what a command answers."""
        if self._machine:
            sys.stdout.write(json.dumps(plain(result.document), ensure_ascii=False, indent=2) + "\n")
            return
        self._out.print(result.view)
        if result.next_step:
            self._out.print(f"[dim]Next:[/dim] {escape(result.next_step)}", soft_wrap=True)

    def line(self, document: Any, text: str) -> None:
        """Print one line of an endless answer, at once."""
        line = json.dumps(plain(document), ensure_ascii=False) if self._machine else text
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Report something beside the answer."""
        self._notes.print(escape(text), style="yellow", soft_wrap=True)

    def error(self, error: ClientError) -> None:
        """Report why a command ended, with every fault and the next step."""
        problem = error.problem()
        if self._machine:
            sys.stderr.write(problem.model_dump_json(exclude_defaults=True) + "\n")
            return
        self._notes.print(f"[red bold]{escape(error.message)}[/red bold]", soft_wrap=True)
        if problem.detail:
            self._notes.print(escape(problem.detail), soft_wrap=True)
        if problem.errors:
            faults = [(fault.path or "/", fault.code, fault.expected) for fault in problem.errors]
            self._notes.print(table(("where", "fault", "expected"), faults))
        if error.next_step:
            self._notes.print(f"[dim]Next:[/dim] {escape(error.next_step)}", soft_wrap=True)


def table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """A plain table; cells are shown as they are, never read as markup, the first one never broken."""
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        shown.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    return shown


def facts(rows: list[tuple[str, str]]) -> Table:
    """Names and values, one a line; empty values are left out."""
    shown = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in rows:
        if value:
            shown.add_row(name, escape(value))
    return shown


def text(multilingual: dict[str, str] | None) -> str:
    """One language of a multilingual text, marked with it when it is not English."""
    for language in PREFERENCE:
        if multilingual and multilingual.get(language):
            return multilingual[language] if language == "en" else f"{multilingual[language]} [{language}]"
    return ""


def plain(document: Any) -> Any:
    """A document of models as plain JSON values, with the names of the wire."""
    if isinstance(document, BaseModel):
        return document.model_dump(mode="json", by_alias=True)
    if isinstance(document, list):
        return [plain(item) for item in document]
    return document
