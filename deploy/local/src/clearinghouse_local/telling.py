"""How the stack speaks to whoever started it: one line a fact, never folded, in colour on a terminal."""

from __future__ import annotations

from rich.console import Console


def say(console: Console, line: str) -> None:
    """One plain line; ``line`` may hold Rich markup."""
    console.print(line, highlight=False, soft_wrap=True)


def hindered(console: Console, reason: str) -> None:
    """Why it cannot start, and what to do."""
    console.print("[red]Cannot start:[/]", end=" ")
    console.print(reason, highlight=False, soft_wrap=True, markup=False)


def noted(console: Console, line: str) -> None:
    """What is lacking and got round."""
    console.print("[yellow]Note:[/]", end=" ")
    console.print(line, highlight=False, soft_wrap=True, markup=False)
