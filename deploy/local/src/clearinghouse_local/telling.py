"""How the stack speaks to whoever started it: one line a fact, never folded, in colour on a terminal."""

from __future__ import annotations

from rich.console import Console


def say(console: Console, line: str) -> None:
    """One plain line."""
    console.print(line, highlight=False, soft_wrap=True, markup=False)


def step(console: Console, seconds: float, line: str) -> None:
    """What has been reached, so many seconds after the start."""
    console.print(f"[dim]{seconds:5.1f} s[/] ", end=" ")
    say(console, line)


def hindered(console: Console, reason: str) -> None:
    """Why it cannot start, and what to do."""
    console.print("[red]Cannot start:[/]", end=" ")
    say(console, reason)


def noted(console: Console, line: str) -> None:
    """What is lacking and got round."""
    console.print("[yellow]Note:[/]", end=" ")
    say(console, line)
